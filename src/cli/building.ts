/**
 * What all commands that compile a script share: the request, what building is given, and how its stages and messages
 * are shown.
 */
import type { Checked, Diagnostic } from '../../grammar/diagnostic.ts';
import type { SourceText } from '../../grammar/source.ts';
import type { BuildEnv, BuildStage } from '../build.ts';
import type { World } from '../world/world.ts';
import type { Settings } from './command-line.ts';
import { formatStage } from './format-stages.ts';
import type { Machine } from './machine.ts';
import type { DebugStage } from './options.ts';
import { bytes, type Screen } from './screen.ts';

export interface RunRequest {
  readonly source: SourceText;
  /** Values of $1, $2 ... as byte strings. */
  readonly positionals: readonly string[];
  readonly settings: Settings;
  /** Shows diagnostics about `source`. */
  readonly render: (diagnostic: Diagnostic) => string;
}

export interface RunEnvironment {
  readonly machine: Machine;
  readonly screen: Screen;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** A signal came before anything was attached. Without it the process ends at once. */
  readonly onInterrupt?: () => void;
}

export function buildEnvironment(
  { settings, positionals }: Pick<RunRequest, 'settings' | 'positionals'>,
  { variables }: Pick<RunEnvironment, 'variables'>,
  world: World,
  onStage: (stage: BuildStage) => void,
): BuildEnv {
  const { unsafe, probeFilter } = settings;
  return { world, environment: variables, positionals, unsafe, probeFilter, onStage };
}

export function reportBuild(
  built: Checked<unknown>,
  { settings, render }: Pick<RunRequest, 'settings' | 'render'>,
  screen: Screen,
): void {
  const wanted = built.diagnostics.filter((entry) => settings.warnings || entry.severity === 'error');
  for (const entry of wanted) screen.err.write(bytes(render(entry)));
  screen.err.flush();
}

/** Stages wait until the last build, so that each is shown once, and complete. */
export class StageTexts {
  readonly #wanted: ReadonlySet<DebugStage>;
  #texts = new Map<BuildStage['name'], string>();

  constructor(wanted: ReadonlySet<DebugStage>) {
    this.#wanted = wanted;
  }

  keep(stage: BuildStage): void {
    if (this.#wanted.has(stage.name)) this.#texts.set(stage.name, formatStage(stage));
  }

  /** Prints what was not printed yet. */
  print(screen: Screen): void {
    for (const text of this.#texts.values()) screen.out.write(text);
    screen.out.flush();
    this.#texts = new Map();
  }
}
