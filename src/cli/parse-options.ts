/**
 * argv -> values of the options, and the words that are left. commander splits the words by the rules of GNU getopt
 * (options may follow other words until `--`) and writes the help; which values an option takes is checked here against
 * its row.
 */
import { Command as Commander, CommanderError, Option } from 'commander';
import { closest } from '../../grammar/suggest.ts';
import { helpEnd, usageLines } from './help.ts';
import {
  type OptionName,
  type OptionRow,
  type OptionValues,
  optionFlags,
  optionGroups,
  optionNames,
  optionRow,
} from './options.ts';
import { UsageMistake } from './usage-mistake.ts';

export type ParsedOptions =
  /** Help or version, as text. */
  | { readonly kind: 'show'; readonly text: string }
  | {
      readonly kind: 'values';
      readonly values: OptionValues;
      /** How often each option stands there. */
      readonly times: (name: OptionName) => number;
      /** Words that are no options, without `--`. */
      readonly words: readonly string[];
      /** How many of them stand behind `--`. */
      readonly afterDashes: number;
      /** The text takes 3 ms to make. */
      readonly usage: () => string;
    };

export interface HelpForm {
  readonly version: string;
  readonly columns: number;
}

/** Throws UsageMistake. */
export async function parseOptions(argv: readonly string[], form: HelpForm): Promise<ParsedOptions> {
  const end = await dashesIn(argv, form);
  const { commander, given } = await declare(form);
  let shown = '';
  commander.configureOutput({ writeOut: (text) => (shown += text), writeErr: () => undefined });
  try {
    commander.parse(argv.slice(0, end), { from: 'user' });
  } catch (ended) {
    if (!(ended instanceof CommanderError)) throw ended;
    if (ended.exitCode === 0) return { kind: 'show', text: shown };
    const spelled = spelledOut(argv, ended);
    if (spelled === undefined) throw commanderMistake(ended);
    return parseOptions(spelled, form);
  }
  for (const [name, words] of given) await checkRow(optionRow(name), words);
  const after = argv.slice(end + 1);
  return {
    kind: 'values',
    values: valuesOf(given),
    times: (name) => given.get(name)?.length ?? 0,
    words: [...commander.args, ...after],
    afterDashes: after.length,
    usage: () => commander.helpInformation(),
  };
}

/**
 * Index of the `--` that ends the options, or the length. One that is the argument of an option (`-e --`) does not end
 * anything: without it that option lacks its argument.
 */
async function dashesIn(argv: readonly string[], form: HelpForm): Promise<number> {
  for (let at = argv.indexOf('--'); at >= 0; at = argv.indexOf('--', at + 1)) {
    const { commander } = await declare(form);
    commander.configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
    try {
      commander.parse(argv.slice(0, at), { from: 'user' });
    } catch (ended) {
      if (!(ended instanceof CommanderError)) throw ended;
      if (ended.code === 'commander.optionMissingArgument') continue;
    }
    return at;
  }
  return argv.length;
}

/** Each option that was given, with its arguments; a switch has an empty one each time. */
type Given = Map<OptionName, string[]>;

async function declare({ version, columns }: HelpForm): Promise<{ commander: Commander; given: Given }> {
  const commander = new Commander('ebtrace')
    .usage(usageLines)
    .argument('[words...]')
    .helpOption('-h, --help', 'show this help')
    .version(`ebtrace v${version}`, '-V, --version', 'show the version')
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureHelp({
      helpWidth: columns,
      visibleArguments: () => [],
      // Its own description adds defaults and choices; ours has them in it.
      optionDescription: (option) => option.description,
    })
    .addHelpText('after', () => helpEnd(columns));
  const given: Given = new Map();
  const names = [...optionNames].sort((a, b) => rank(a) - rank(b));
  for (const name of names) {
    const row = optionRow(name);
    const value = row.value === undefined ? '' : row.unavailable === undefined ? ` <${row.value}>` : ` [${row.value}]`;
    const choices = row.choices === undefined ? '' : ` (${(await row.choices()).join(', ')})`;
    const option = new Option(optionFlags(row) + value, row.doc + choices).helpGroup(`${row.group}:`);
    if (row.unavailable !== undefined) option.hideHelp();
    commander.addOption(option);
    // commander keeps one value for --warnings and --no-warnings; each occurrence is what counts here.
    commander.on(`option:${option.name()}`, (word: unknown) => {
      given.set(name, [...(given.get(name) ?? []), typeof word === 'string' ? word : '']);
    });
  }
  return { commander, given };
}

/** Help shows groups in the order in which their first options were declared. */
function rank(name: OptionName): number {
  return optionGroups.indexOf(optionRow(name).group);
}

function valuesOf(given: Given): OptionValues {
  const entries = optionNames.map((name) => {
    const row = optionRow(name);
    const words = given.get(name) ?? [];
    if (row.value === undefined) return [name, words.length > 0];
    if (row.repeats === undefined) return [name, words.at(-1)];
    const all = row.repeats === 'commas' ? words.flatMap((word) => word.split(',')) : words;
    return [name, all.map((word) => row.aliases?.[word] ?? word)];
  });
  // The entries were made of the rows that the type is made of.
  return Object.fromEntries(entries) as OptionValues;
}

async function checkRow(row: OptionRow, given: readonly string[]): Promise<void> {
  if (row.unavailable !== undefined) {
    throw new UsageMistake(`${optionFlags(row)} is known from bpftrace and refused: ${row.unavailable}`);
  }
  if (row.choices === undefined) return;
  const choices = await row.choices();
  const words = row.repeats === 'commas' ? given.flatMap((word) => word.split(',')) : given;
  const wrong = words.find((word) => !choices.includes(word) && row.aliases?.[word] === undefined);
  if (wrong === undefined) return;
  const near = closest(wrong, choices);
  throw new UsageMistake(
    `'${wrong}' is no ${row.value ?? 'VALUE'} for ${optionFlags(row)}`,
    `${near === undefined ? '' : `did you mean '${near}'? `}one of: ${choices.join(', ')}`,
  );
}

/** The same words with an abbreviated option written in full, if it can be only one. */
function spelledOut(argv: readonly string[], error: CommanderError): readonly string[] | undefined {
  const word = unknownOption(error);
  const [, name, value = ''] = /^(--[^=]+)(=[\s\S]*)?$/.exec(word ?? '') ?? [];
  if (word === undefined || name === undefined) return undefined;
  const all = [...longOptions(() => true), '--help', '--version'];
  const [full, ...more] = all.filter((each) => each.startsWith(name));
  if (full === undefined || more.length > 0) return undefined;
  return argv.with(argv.indexOf(word), full + value);
}

function longOptions(isWanted: (row: OptionRow) => boolean): readonly string[] {
  const rows = optionNames.map(optionRow).filter(isWanted);
  return rows.flatMap(({ long }) => (long === undefined ? [] : `--${long}`));
}

/** commander says `error: unknown option '--frob'`. */
function unknownOption(error: CommanderError): string | undefined {
  return error.code === 'commander.unknownOption' ? /'([\s\S]*)'/.exec(error.message)?.[1] : undefined;
}

function commanderMistake(error: CommanderError): UsageMistake {
  const message = error.message.replace(/^error: /, '');
  const word = unknownOption(error);
  const known = longOptions((row) => row.unavailable === undefined);
  const near = word === undefined ? undefined : closest(word, [...known, '--help', '--version']);
  return new UsageMistake(
    message,
    near === undefined ? undefined : `did you mean '${near}'? ebtrace --help shows all options`,
  );
}
