/**
 * argv -> Command: which command the options ask for, and where its script and the script's parameters are. Mistakes
 * come back as a Diagnostic, nothing is printed.
 */
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import type { OptionValues } from './options.ts';
import { type HelpForm, type ParsedOptions, parseOptions } from './parse-options.ts';
import { readSettings, type Settings } from './settings.ts';
import { UsageMistake, usageDiagnostic } from './usage-mistake.ts';

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

export interface Script extends Parameters {
  readonly from: { readonly text: string } | { readonly file: string } | 'stdin';
}

/** What stands behind the script, as byte strings. */
export interface Parameters {
  /** Values of $1, $2 ... */
  readonly positionals: readonly string[];
  /** `--name=value` behind `--`; `true` without a value. */
  readonly named: ReadonlyMap<string, string | true>;
}

export type Parsed =
  | { readonly ok: true; readonly value: Command }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

export interface ParseEnvironment extends HelpForm {
  /** Whether a word behind -l names a script. */
  readonly isFile: (path: string) => boolean;
}

/** `argv` without node and the program. */
export async function parseCommandLine(argv: readonly string[], environment: ParseEnvironment): Promise<Parsed> {
  try {
    const parsed = await parseOptions(argv, environment);
    return { ok: true, value: parsed.kind === 'show' ? parsed : decide(parsed, environment) };
  } catch (mistake) {
    if (mistake instanceof UsageMistake) return { ok: false, diagnostic: usageDiagnostic(mistake) };
    throw mistake;
  }
}

type Values = Extract<ParsedOptions, { kind: 'values' }>;

function decide(parsed: Values, environment: ParseEnvironment): Command {
  const { values, times, usage } = parsed;
  const settings = readSettings(values, times);
  const words = parsed.words.map((text, i): Word => {
    return { text, mayBeNamed: i >= parsed.words.length - parsed.afterDashes };
  });
  if (values.info) return { kind: 'info', settings };
  if (values.list) return decideList(values, words, settings, environment);
  if (values.program !== undefined) {
    return { kind: 'run', script: { from: { text: values.program }, ...parameters(words) }, settings };
  }
  const [file, ...rest] = words;
  if (file === undefined) {
    if (Object.values(values).some((value) => value !== undefined && value !== false && !isEmptyList(value))) {
      throw new UsageMistake('there is no script: give a FILE, or its text with -e');
    }
    return { kind: 'nothing', settings, usage: usage() };
  }
  return { kind: 'run', script: { from: origin(file), ...parameters(rest) }, settings };
}

interface Word {
  readonly text: string;
  /** It stands behind `--`. */
  readonly mayBeNamed: boolean;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Several patterns may be words of their own or separated by commas. */
function decideList(
  values: OptionValues,
  words: readonly Word[],
  settings: Settings,
  { isFile }: ParseEnvironment,
): Command {
  if (values.program !== undefined) {
    const script = { from: { text: values.program }, ...parameters(words) };
    return { kind: 'list', patterns: '', script, settings };
  }
  const [first, ...rest] = words;
  if (first !== undefined && (first.text === '-' || isFile(first.text))) {
    const script = { from: origin(first), ...parameters(rest) };
    return { kind: 'list', patterns: '', script, settings };
  }
  return { kind: 'list', patterns: words.map((word) => byteString(word.text)).join(','), script: undefined, settings };
}

function origin({ text }: Word): Script['from'] {
  return text === '-' ? 'stdin' : { file: text };
}

/** Of a name that is given twice the last one counts. A value may have `=` in it. */
function parameters(words: readonly Word[]): Parameters {
  const positionals: string[] = [];
  const named = new Map<string, string | true>();
  for (const { text, mayBeNamed } of words) {
    const [, name, value] = (mayBeNamed ? /^--([^=]+)(?:=([\s\S]*))?$/.exec(text) : null) ?? [];
    if (name === undefined) positionals.push(byteString(text));
    else named.set(byteString(name), value === undefined ? true : byteString(value));
  }
  return { positionals, named };
}

function byteString(word: string): string {
  return Buffer.from(word, 'utf8').toString('latin1');
}
