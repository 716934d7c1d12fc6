/**
 * What all commands that compile a script share: the request, what building is given, and how its stages and messages
 * are shown.
 */
import { type Checked, type Diagnostic, Report } from '../../grammar/diagnostic.ts';
import type { SourceText } from '../../grammar/source.ts';
import type { BuildEnv, BuildStage } from '../build.ts';
import type { Clang } from '../clang/clang.ts';
import type { World } from '../world/world.ts';
import type { Parameters } from './command-line.ts';
import { formatStage } from './format-stages.ts';
import type { Machine } from './machine.ts';
import type { DebugStage } from './options.ts';
import { bytes, type Screen } from './screen.ts';
import type { Settings } from './settings.ts';

export interface RunRequest extends Parameters {
  readonly source: SourceText;
  /** That imports are relative to. */
  readonly folder: string;
  readonly settings: Settings;
  /** Shows diagnostics about `source`, or about a text that begins with it and has imported scripts behind it. */
  readonly render: (diagnostic: Diagnostic, source: SourceText) => string;
}

export interface RunEnvironment {
  readonly machine: Machine;
  readonly screen: Screen;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** A signal came before anything was attached. Without it the process ends at once. */
  readonly onInterrupt?: () => void;
  /** Runs follow each other on a terminal: no blank lines before their maps. */
  readonly isPrompt?: boolean;
}

export function buildEnvironment(
  { settings, folder, positionals, named }: Pick<RunRequest, 'settings' | 'folder' | keyof Parameters>,
  { machine, variables }: Pick<RunEnvironment, 'machine' | 'variables'>,
  world: World,
  onStage?: (stage: BuildStage) => void,
): BuildEnv {
  const { unsafe, mode, probeFilter, includeFolders, includeFiles } = settings;
  return {
    world,
    files: machine.files,
    scriptFolder: folder,
    environment: variables,
    positionals,
    namedParameters: named,
    unsafe,
    reportReads: settings.warnings === 'all',
    probeFilter,
    requested: mode === 'test' || mode === 'bench' ? mode : undefined,
    includeFolders,
    includeFiles,
    onStage,
  };
}

export function reportBuild(
  built: Checked<unknown>,
  { settings, render }: Pick<RunRequest, 'settings' | 'render'>,
  screen: Screen,
): void {
  const wanted = built.diagnostics.filter((entry) => settings.warnings !== 'none' || entry.severity === 'error');
  for (const entry of wanted) screen.err.write(bytes(render(entry, built.source)));
  screen.err.flush();
}

/** Stages wait until the last build, so that each is shown once, and complete. */
export class StageTexts {
  readonly #wanted: ReadonlySet<DebugStage>;
  #texts = new Map<DebugStage, string>();

  constructor(wanted: ReadonlySet<DebugStage>) {
    this.#wanted = wanted;
  }

  keep(stage: BuildStage): void {
    if (this.#wanted.has(stage.name)) this.#texts.set(stage.name, formatStage(stage));
  }

  /** What clang makes of the finished C, if it is wanted. */
  async translate(c: string, clang: Clang, source: SourceText): Promise<void> {
    for (const form of ['llvm', 'asm'] as const) {
      if (!this.#wanted.has(form)) continue;
      const { translate } = await import('../clang/translate.ts');
      const text = await translate(c, form, clang, new Report(source));
      if (text !== undefined) this.#texts.set(form, `# ${form}\n${text}\n`);
    }
  }

  /** Prints what was not printed yet. */
  print(screen: Screen): void {
    for (const text of this.#texts.values()) screen.out.write(text);
    screen.out.flush();
    this.#texts = new Map();
  }
}
