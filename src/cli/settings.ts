/** Values of the options -> Settings: what they mean for a command, and which of them exclude each other. */
import type { Warnings } from '../../runtime/sites.ts';
import { type bufferings, type DebugStage, debugStages, modes, type OptionName, type OptionValues } from './options.ts';
import { UsageMistake } from './usage-mistake.ts';

export interface Settings {
  readonly pid: number | undefined;
  readonly command: string | undefined;
  readonly output: string | undefined;
  /** Name of an entry of the table of output formats. */
  readonly format: string;
  readonly buffering: (typeof bufferings)[number];
  readonly quiet: boolean;
  /** --stats */
  readonly statistics: boolean;
  readonly verbose: boolean;
  readonly stages: ReadonlySet<DebugStage>;
  readonly includeFolders: readonly string[];
  readonly includeFiles: readonly string[];
  /** What is done with the script. */
  readonly mode: Mode;
  readonly emitC: string | undefined;
  readonly emitElf: string | undefined;
  readonly emitLlvm: string | undefined;
  readonly dryRun: boolean;
  readonly unsafe: boolean;
  readonly probeFilter: RegExp | undefined;
  /** Features of the kernel that are not to be used. */
  readonly withoutFeatures: readonly string[];
  /** File with the functions that can be traced. */
  readonly traceable: string | undefined;
  readonly warnings: Warnings;
  readonly clang: string | undefined;
  readonly host: string | undefined;
  readonly record: string | undefined;
}

export type Mode = 'run' | (typeof modes)[number];

/** Throws UsageMistake. `times`: how often an option was given. */
export function readSettings(values: OptionValues, times: (name: OptionName) => number): Settings {
  if (values.pid !== undefined && values.command !== undefined) {
    throw new UsageMistake('-c and -p cannot be used together', 'trace either a new command or a process that runs');
  }
  return {
    pid: values.pid === undefined ? undefined : readPid(values.pid),
    command: values.command,
    output: values.output,
    format: values.format ?? 'text',
    buffering: values.buffering === 'full' || values.buffering === 'none' ? values.buffering : 'line',
    quiet: values.quiet,
    statistics: values.stats,
    verbose: values.verbose,
    stages: readStages(values.debug),
    includeFolders: values.includeFolder,
    includeFiles: values.include,
    mode: readMode(values),
    emitC: values.emitC,
    emitElf: values.emitElf,
    emitLlvm: values.emitLlvm,
    dryRun: values.dryRun,
    unsafe: values.unsafe,
    probeFilter: values.probeFilter === undefined ? undefined : readRegex(values.probeFilter),
    withoutFeatures: values.noFeature,
    traceable: values.traceable,
    warnings: readWarnings(values, times('warnings')),
    clang: values.clang,
    host: values.host,
    record: values.record,
  };
}

function readWarnings({ warnings, noWarnings }: OptionValues, times: number): Warnings {
  if (times > 1) {
    throw new UsageMistake('-k is given twice', 'one -k reports both failed reads and missing map keys');
  }
  if (warnings && noWarnings) {
    throw new UsageMistake('-k and --no-warnings cannot be used together', 'ask either for more warnings or for none');
  }
  return noWarnings ? 'none' : warnings ? 'all' : 'default';
}

/** Each of these options is short for a mode. */
function readMode({ mode, fmt, test, bench }: OptionValues): Mode {
  const asked: { readonly option: string; readonly mode: Mode }[] = [];
  if (fmt) asked.push({ option: '--fmt', mode: 'format' });
  if (test) asked.push({ option: '--test', mode: 'test' });
  if (bench) asked.push({ option: '--bench', mode: 'bench' });
  const named = modes.find((known) => known === mode);
  if (mode !== undefined && named === undefined) throw new Error(`--mode has no choice '${mode}'`);
  if (named !== undefined) asked.push({ option: `--mode ${named}`, mode: named });
  const [first] = asked;
  const other = asked.find((each) => each.mode !== first?.mode);
  if (first !== undefined && other !== undefined) {
    throw new UsageMistake(
      `${first.option} and ${other.option} cannot be used together`,
      'they ask for different things',
    );
  }
  return first?.mode ?? 'run';
}

/** PID_MAX_LIMIT of 64-bit kernels. */
const largestPid = 4_194_304;

function readPid(text: string): number {
  if (!/^-?\d+$/.test(text)) throw new UsageMistake(`'${text}' is not a process id`, '-p takes a decimal number');
  const pid = Number(text);
  if (pid >= 1 && pid <= largestPid) return pid;
  throw new UsageMistake(`process id out of range: ${text}`, `process ids are 1 to ${largestPid}`);
}

function readStages(words: readonly string[]): ReadonlySet<DebugStage> {
  const all = Object.keys(debugStages) as DebugStage[];
  return new Set(all.filter((stage) => words.includes(stage) || words.includes('all')));
}

function readRegex(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageMistake(
      `--probe-filter: ${error.message.replace(/^Invalid/, 'invalid')}`,
      'it takes a JavaScript regular expression',
    );
  }
}
