/**
 * argv -> Command. commander splits the words by the rules of GNU getopt (options may follow positional arguments until
 * `--`) and writes the help; what the values mean and which of them exclude each other is decided here. Mistakes come
 * back as a Diagnostic, nothing is printed.
 */
import { Command as Commander, CommanderError, Option } from 'commander';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { closest } from '../../grammar/suggest.ts';
import {
  type bufferings,
  type DebugStage,
  debugStages,
  type OptionName,
  type OptionRow,
  type OptionValues,
  optionFlags,
  optionNames,
  optionRow,
} from './options.ts';

export type Command =
  /** Finished text for stdout: help or version. */
  | { readonly kind: 'show'; readonly text: string }
  /** Nothing was asked for: the REPL on a terminal, else the usage as an error. */
  | { readonly kind: 'nothing'; readonly settings: Settings; readonly usage: string }
  | { readonly kind: 'info'; readonly settings: Settings }
  | {
      readonly kind: 'list';
      readonly patterns: string;
      readonly script: Script | undefined;
      readonly settings: Settings;
    }
  | { readonly kind: 'run'; readonly script: Script; readonly settings: Settings };

export interface Script {
  readonly from: { readonly text: string } | { readonly file: string } | 'stdin';
  /** Values of $1, $2 ... as byte strings. */
  readonly positionals: readonly string[];
}

export interface Settings {
  readonly pid: number | undefined;
  readonly command: string | undefined;
  readonly output: string | undefined;
  /** Name of an entry of the table of output formats. */
  readonly format: string;
  readonly buffering: (typeof bufferings)[number];
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly stages: ReadonlySet<DebugStage>;
  readonly emitC: string | undefined;
  readonly emitElf: string | undefined;
  readonly dryRun: boolean;
  readonly unsafe: boolean;
  readonly probeFilter: RegExp | undefined;
  readonly warnings: boolean;
  readonly clang: string | undefined;
  readonly host: string | undefined;
  readonly record: string | undefined;
}

export type Parsed =
  | { readonly ok: true; readonly value: Command }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

export interface ParseEnvironment {
  readonly version: string;
  /** Width of help. */
  readonly columns: number;
  /** Whether a word behind -l names a script. */
  readonly isFile: (path: string) => boolean;
}

/** `argv` without node and the program. */
export async function parseCommandLine(argv: readonly string[], environment: ParseEnvironment): Promise<Parsed> {
  try {
    return { ok: true, value: await parse(argv, environment) };
  } catch (mistake) {
    if (mistake instanceof UsageMistake) return { ok: false, diagnostic: usageDiagnostic(mistake) };
    throw mistake;
  }
}

class UsageMistake extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint: string | undefined = 'ebtrace --help shows all options') {
    super(message);
    this.hint = hint;
  }
}

function usageDiagnostic({ message, hint }: UsageMistake): Diagnostic {
  return { severity: 'error', code: 'usage', message: `USAGE: ${message}`, ...(hint === undefined ? {} : { hint }) };
}

async function parse(argv: readonly string[], environment: ParseEnvironment): Promise<Command> {
  const { commander, options } = await declare(environment);
  let shown = '';
  commander.configureOutput({ writeOut: (text) => (shown += text), writeErr: () => undefined });
  try {
    commander.parse(argv, { from: 'user' });
  } catch (ended) {
    if (!(ended instanceof CommanderError)) throw ended;
    if (ended.exitCode === 0) return { kind: 'show', text: shown };
    throw commanderMistake(ended);
  }
  const values = Object.fromEntries(optionNames.map((name) => [name, givenValue(commander, options[name])]));
  // The options were declared from the rows that the type is made of.
  return decide(withDefaults(values as Partial<OptionValues>), commander.args, commander, environment);
}

/** For commander `--no-warnings` is `--warnings` turned off; both share an attribute. */
function givenValue(commander: Commander, option: Option): unknown {
  const attribute = option.attributeName();
  if (commander.getOptionValueSource(attribute) !== 'cli') return undefined;
  const value: unknown = commander.getOptionValue(attribute);
  // An option whose value may be left out, and was, is true.
  return typeof value === 'boolean' ? value !== option.negate : value;
}

async function declare(
  environment: ParseEnvironment,
): Promise<{ commander: Commander; options: { readonly [K in OptionName]: Option } }> {
  const commander = new Commander('ebtrace')
    .usage(
      '[options] FILE [ARGUMENT...]\n       ebtrace [options] -e PROGRAM [ARGUMENT...]\n       ebtrace -l [PATTERN | FILE]',
    )
    .argument('[words...]')
    .helpOption('-h, --help', 'show this help')
    .version(`ebtrace v${environment.version}`, '-V, --version', 'show the version')
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureHelp({
      helpWidth: environment.columns,
      visibleArguments: () => [],
      optionDescription: (option) => describe(option),
    })
    .addHelpText('after', () => helpEnd);
  const options = {} as { [K in OptionName]: Option };
  for (const name of optionNames) {
    const row = optionRow(name);
    const value = row.value === undefined ? '' : row.unavailable ? ` [${row.value}]` : ` <${row.value}>`;
    const choices = row.choices === undefined ? '' : ` (${(await row.choices()).join(', ')})`;
    const option = new Option(optionFlags(row) + value, row.doc + choices);
    if (row.list) option.argParser((word: string, before: readonly string[] = []) => [...before, ...word.split(',')]);
    if (row.unavailable) option.hideHelp();
    options[name] = option;
    commander.addOption(option);
  }
  return { commander, options };
}

/** commander's own description adds defaults and choices; ours has them in it. */
function describe(option: Option): string {
  return option.description;
}

const helpEnd = `
FILE is a script; - reads it from stdin. Words behind it are its parameters $1, $2 ...; a parameter that begins with a
dash goes behind --. On a terminal, ebtrace alone starts a prompt.

Options of the language (config = { ... }) can also be set in the environment: EBTRACE_MAX_MAP_KEYS=100000 ebtrace ...
EBTRACE_COLOR is auto, always or never.

Examples:
  ebtrace -e 'tracepoint:sched:sched_switch { @[args.prev_pid] = count(); }'
  ebtrace -l 'tracepoint:syscalls:*open*'
  ebtrace -c 'ls -l' -e 'tracepoint:syscalls:sys_enter_openat /pid == cpid/ { printf("%s\\n", str(args.filename)); }'`;

/** commander says `error: unknown option '--frob'`. */
function commanderMistake(error: CommanderError): UsageMistake {
  const message = error.message.replace(/^error: /, '');
  const word = error.code === 'commander.unknownOption' ? /'(.*)'/.exec(message)?.[1] : undefined;
  const known = optionNames.flatMap((name) => {
    const { long, unavailable } = optionRow(name);
    return long === undefined || unavailable ? [] : `--${long}`;
  });
  const near = word === undefined ? undefined : closest(word, [...known, '--help', '--version']);
  return new UsageMistake(
    message,
    near === undefined ? undefined : `did you mean '${near}'? ebtrace --help shows all options`,
  );
}

function withDefaults(values: Partial<OptionValues>): OptionValues {
  const complete = optionNames.map((name) => {
    const row = optionRow(name);
    const absent = row.list ? [] : row.value === undefined ? false : undefined;
    return [name, values[name] ?? absent];
  });
  return Object.fromEntries(complete) as unknown as OptionValues;
}

async function decide(
  values: OptionValues,
  words: readonly string[],
  commander: Commander,
  environment: ParseEnvironment,
): Promise<Command> {
  const settings = await readSettings(values);
  if (values.info) return { kind: 'info', settings };
  if (values.list) return decideList(values, words, settings, environment);
  if (values.program !== undefined) {
    return { kind: 'run', script: { from: { text: values.program }, positionals: parameters(words) }, settings };
  }
  const [file, ...rest] = words;
  if (file === undefined) {
    if (Object.values(values).some((value) => value !== undefined && value !== false && !isEmptyList(value))) {
      throw new UsageMistake('there is no script: give a FILE, or its text with -e');
    }
    return { kind: 'nothing', settings, usage: commander.helpInformation() };
  }
  return { kind: 'run', script: { from: origin(file), positionals: parameters(rest) }, settings };
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Several patterns may be words of their own or separated by commas. */
function decideList(
  values: OptionValues,
  words: readonly string[],
  settings: Settings,
  { isFile }: ParseEnvironment,
): Command {
  if (values.program !== undefined) {
    const script = { from: { text: values.program }, positionals: parameters(words) };
    return { kind: 'list', patterns: '', script, settings };
  }
  const [first, ...rest] = words;
  if (first !== undefined && (first === '-' || isFile(first))) {
    const script = { from: origin(first), positionals: parameters(rest) };
    return { kind: 'list', patterns: '', script, settings };
  }
  return { kind: 'list', patterns: words.map(byteString).join(','), script: undefined, settings };
}

function origin(file: string): Script['from'] {
  return file === '-' ? 'stdin' : { file };
}

function parameters(words: readonly string[]): readonly string[] {
  const named = words.find((word) => /^--./.test(word));
  if (named !== undefined) {
    throw new UsageMistake(
      `unexpected program option: ${named}`,
      'getopt() is not available in this version of ebtrace, so scripts have no options of their own',
    );
  }
  return words.map(byteString);
}

function byteString(word: string): string {
  return Buffer.from(word, 'utf8').toString('latin1');
}

async function readSettings(values: OptionValues): Promise<Settings> {
  for (const name of optionNames) await checkRow(optionRow(name), values[name]);
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
    verbose: values.verbose,
    stages: readStages(values.debug),
    emitC: values.emitC,
    emitElf: values.emitElf,
    dryRun: values.dryRun,
    unsafe: values.unsafe,
    probeFilter: values.probeFilter === undefined ? undefined : readRegex(values.probeFilter),
    warnings: !values.noWarnings,
    clang: values.clang,
    host: values.host,
    record: values.record,
  };
}

async function checkRow(row: OptionRow, value: OptionValues[OptionName]): Promise<void> {
  if (row.unavailable && value !== undefined && value !== false) {
    throw new UsageMistake(`${optionFlags(row)} is not available in this version of ebtrace`);
  }
  if (row.choices === undefined || value === undefined || typeof value === 'boolean') return;
  const words = typeof value === 'string' ? [value] : value;
  if (words.length === 0) return;
  const choices = await row.choices();
  const wrong = words.find((word) => !choices.includes(word));
  if (wrong === undefined) return;
  throw new UsageMistake(
    `'${wrong}' is no ${row.value ?? 'VALUE'} for ${optionFlags(row)}`,
    `one of: ${choices.join(', ')}`,
  );
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
