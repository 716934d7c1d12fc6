/**
 * The configuration of a run: defaults, then the script's `config = { }` block, then the environment. Rules and names:
 * language.md section 11; the options themselves are the table in options.ts.
 */
import type { ConfigBlock, ConfigEntry } from '../../grammar/ast.ts';
import type { Report } from '../../grammar/diagnostic.ts';
import { parseInteger } from '../../grammar/integer.ts';
import type { Span } from '../../grammar/source.ts';
import { closest } from '../../grammar/suggest.ts';
import { type Config, defaultConfig, type OptionKind, type OptionName, optionNames, options } from './options.ts';

/** Later sources win; a value that is wrong is reported and leaves what was there before. */
export function resolveConfig(
  block: ConfigBlock | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  report: Report,
): Config {
  const values = new Map<OptionName, OptionValue>();
  for (const entry of block?.entries ?? []) applyEntry(entry, values, report);
  for (const prefix of ['BPFTRACE_', 'EBTRACE_']) applyEnvironment(prefix, environment, values, report);
  return Object.assign(defaultConfig(), Object.fromEntries(values));
}

type OptionValue = number | boolean | string;

/** Old names, in blocks only. */
const renamed: ReadonlyMap<string, string> = new Map([
  ['strlen', 'max_strlen'],
  ['no_cpp_demangle', 'cpp_demangle'],
  ['cat_bytes_max', 'max_cat_bytes'],
  ['map_keys_max', 'max_map_keys'],
]);

/** Once meant something in the language; scripts that set them still run. */
const obsolete: ReadonlySet<string> = new Set([
  'max_type_res_iterations',
  'symbol_source',
  'unstable_addr',
  'unstable_import',
  'unstable_macro',
  'unstable_map_decl',
]);

const environmentOnly: ReadonlySet<string> = new Set([
  'btf',
  'clang',
  'color',
  'kernel_build',
  'kernel_source',
  'vmlinux',
]);

function applyEntry(entry: ConfigEntry, values: Map<OptionName, OptionValue>, report: Report): void {
  const written = entry.name.toLowerCase().replace(/^(bpftrace|ebtrace)_/, '');
  const current = renamed.get(written);
  if (current !== undefined) {
    report.warning('option-renamed', entry.nameSpan, `The option ${written} is now called ${current}`);
  }
  const name = current ?? written;
  if (isOption(name)) {
    if (isInert(name)) reportInert(`option ${name}`, entry.nameSpan, report);
    const value = readValue(name, entry.value, { what: name, span: entry.valueSpan }, report);
    if (value !== undefined) values.set(name, value);
  } else if (environmentOnly.has(name)) {
    report.error('option-environment-only', entry.nameSpan, `The option ${name} can only be set in the environment`, {
      hint: `Run with EBTRACE_${name.toUpperCase()}=... instead.`,
    });
  } else if (obsolete.has(name)) {
    report.warning('option-obsolete', entry.nameSpan, `The option ${name} is no longer needed and has no effect`);
  } else {
    const near = closest(name, optionNames);
    report.error('unknown-option', entry.nameSpan, `There is no config option '${entry.name}'`, {
      hint: near === undefined ? `Options are ${optionNames.join(', ')}.` : `Did you mean '${near}'?`,
    });
  }
}

function applyEnvironment(
  prefix: string,
  environment: Readonly<Record<string, string | undefined>>,
  values: Map<OptionName, OptionValue>,
  report: Report,
): void {
  for (const name of optionNames) {
    const variable = prefix + name.toUpperCase();
    const text = environment[variable];
    if (text === undefined) continue;
    if (isInert(name)) reportInert(`environment variable ${variable}`, undefined, report);
    // Script text is bytes (grammar/source.ts), so text that joins it becomes bytes as well.
    const bytes = Buffer.from(text, 'utf8').toString('latin1');
    const value = readValue(name, bytes, { what: `Environment variable ${variable}`, span: undefined }, report);
    if (value !== undefined) values.set(name, value);
  }
}

function isInert(name: OptionName): boolean {
  return 'inert' in options[name];
}

function reportInert(what: string, span: Span | undefined, report: Report): void {
  report.warning('option-unsupported', span, `The ${what} has no effect in this version of ebtrace`);
}

function isOption(name: string): name is OptionName {
  return Object.hasOwn(options, name);
}

// ---------------------------------------------------------------------------------------------------- values

/** Where a value stands: the option in a block, or a variable of the environment, which has no place in the script. */
interface Origin {
  readonly what: string;
  readonly span: Span | undefined;
}

function readValue(
  name: OptionName,
  written: string | bigint | boolean,
  origin: Origin,
  report: Report,
): OptionValue | undefined {
  const kind: OptionKind = options[name].value;
  const value = convert(kind, written);
  if (value === undefined) {
    report.error('option-value', origin.span, `${origin.what} must be ${expected(kind)}, got '${written}'`);
  }
  return value;
}

function convert(kind: OptionKind, written: string | bigint | boolean): OptionValue | undefined {
  switch (kind.kind) {
    case 'number': {
      const number = typeof written === 'string' ? integerIn(written) : written;
      if (typeof number !== 'bigint') return undefined;
      const inRange = number >= (kind.minimum ?? 0n) && (kind.maximum === undefined || number <= kind.maximum);
      return inRange ? Number(number) : undefined;
    }
    case 'boolean':
      return typeof written === 'boolean' ? written : booleans.get(String(written).toLowerCase());
    case 'string':
      return typeof written === 'string' ? written : undefined;
    case 'choice': {
      const text = String(written).toLowerCase();
      const found = kind.values.find((choice) => choice.toLowerCase() === text);
      return (
        found ?? (kind.aliases !== undefined && Object.hasOwn(kind.aliases, text) ? kind.aliases[text] : undefined)
      );
    }
  }
}

function integerIn(text: string): bigint | undefined {
  const result = parseInteger(text);
  return 'value' in result ? result.value : undefined;
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['true', true],
  ['on', true],
  ['yes', true],
  ['0', false],
  ['false', false],
  ['off', false],
  ['no', false],
]);

/** What would be right, for messages. */
function expected(kind: OptionKind): string {
  switch (kind.kind) {
    case 'number': {
      const minimum = kind.minimum ?? 0n;
      return kind.maximum === undefined ? `a number from ${minimum} on` : `a number from ${minimum} to ${kind.maximum}`;
    }
    case 'boolean':
      return 'true or false (also 1 or 0, on or off, yes or no)';
    case 'string':
      return 'a string';
    case 'choice':
      return `one of ${kind.values.map((choice) => `'${choice}'`).join(', ')}`;
  }
}
