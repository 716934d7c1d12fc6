/**
 * LANGUAGE.md: the fragments of docs/language/ in the order of their names, with tables that are made from the
 * registries in place of lines such as `<!-- table: probes -->`. What is prose is written in the fragments; what a
 * registry knows is not written twice. `npm run docs` writes the file, test/docs.test.ts compares it.
 */
import { binaryOperators } from '../grammar/operators.ts';
import { SourceText } from '../grammar/source.ts';
import { outputFormatNames } from '../runtime/output/index.ts';
import { compile } from '../src/build.ts';
import { aggregations } from '../src/builtins/aggregations/index.ts';
import type { Builtin } from '../src/builtins/builtin.ts';
import { builtins } from '../src/builtins/index.ts';
import { environmentRows } from '../src/cli/environment.ts';
import { optionNames as commandLineNames, debugStages, optionFlags, optionRow } from '../src/cli/options.ts';
import { type OptionKind, optionNames, options } from '../src/config/options.ts';
import { probeKinds } from '../src/probes/index.ts';
import { type Type, typeName } from '../src/types/type.ts';
import { currentKernelFeatures } from '../src/world/features.ts';
import { emptyHostFiles } from '../src/world/host-files.ts';
import { hostWorld } from '../src/world/host-world.ts';
import { codesInSources, diagnosticRows, elsewhere } from './diagnostics/diagnostics.ts';

export interface Fragment {
  readonly name: string;
  readonly text: string;
}

/** The whole manual; throws when a fragment asks for a table that does not exist. */
export async function manual(fragments: readonly Fragment[]): Promise<string> {
  const inOrder = [...fragments].sort((a, b) => (a.name < b.name ? -1 : 1));
  const text = inOrder.map((fragment) => fragment.text.trim()).join('\n\n');
  const filled = await fill(text);
  return `${notice}\n\n${filled.replace('<!-- contents -->', contents(filled))}\n`;
}

const notice = '<!-- Made by `npm run docs` from docs/language/ and the registries in src/; edit those. -->';

type Generator = () => string | Promise<string>;

const generators: { readonly [marker: string]: Generator } = {
  'table: probes': probes,
  'table: operators': operators,
  'table: aggregations': () =>
    table(
      ['Aggregation', 'Keeps', 'Example'],
      aggregations.map(({ signature, doc }) => [code(signature), doc.summary, code(doc.example)]),
    ),
  'table: variables': () =>
    table(
      ['Variable', 'Type', 'Meaning', 'Example'],
      builtins
        .filter((entry) => entry.variable)
        .map((entry) => [code(entry.signature), typeOf(entry), entry.doc.summary, code(entry.doc.example)]),
    ),
  'sections: functions': () =>
    builtins
      .filter((entry) => !entry.variable)
      .map(functionSection)
      .join('\n\n'),
  'table: options': () =>
    table(
      ['Option', 'Default', 'Values', 'Meaning'],
      optionNames.map((name) => {
        const { value, default: preset, doc } = options[name];
        return [code(name), code(typeof preset === 'string' ? `"${preset}"` : `${preset}`), allowed(value), doc];
      }),
    ),
  'table: command-line': commandLine,
  'table: diagnostics': diagnostics,
  'table: diagnostics elsewhere': () =>
    table(
      ['Code', 'Meaning'],
      Object.entries(elsewhere).map(([name, about]) => [code(name), about]),
    ),
  'table: environment': () =>
    table(
      ['Variable', 'Value', 'Meaning'],
      environmentRows.map(({ names, value, doc }) => [names.map(code).join(', '), value, doc]),
    ),
  'table: refused-options': () =>
    table(
      ['Option', 'Why'],
      commandLineNames.map(optionRow).flatMap((row) => {
        return row.unavailable === undefined ? [] : [[code(optionFlags(row)), row.unavailable]];
      }),
    ),
  'inline: units': () => listed('interval').join(', '),
  'inline: software': () => `Events are ${listed('software').join(', ')}.`,
  'inline: debug-stages': () => Object.keys(debugStages).map(code).join(', '),
  'inline: formats': () => outputFormatNames.map(code).join(', '),
};

async function fill(text: string): Promise<string> {
  let filled = '';
  let from = 0;
  for (const match of text.matchAll(/<!-- ((?:table|sections|inline): [\w -]+?) -->/g)) {
    const generator = generators[match[1] ?? ''];
    if (generator === undefined)
      throw new Error(`docs/language asks for '${match[1]}', which docs/manual.ts does not make`);
    filled += text.slice(from, match.index) + (await generator());
    from = match.index + match[0].length;
  }
  return filled + text.slice(from);
}

/** Links to the headings of the second level. */
function contents(text: string): string {
  const headings = [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1] ?? '');
  return headings.map((heading) => `* [${heading}](#${anchor(heading)})`).join('\n');
}

/** As GitHub makes them. */
export function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

// ---------------------------------------------------------------------------------------------------- tables

function probes(): string {
  const rows = probeKinds.map((kind) => [
    kind.syntax.map(code).join(' '),
    kind.aliases.map(code).join(' '),
    kind.doc.summary,
    code(kind.doc.example),
  ]);
  return table(['Attach point', 'Alias', 'Runs', 'Example'], rows);
}

/** Prefix and postfix forms are not binary operators and stand around the table of those. */
function operators(): string {
  const levels = [...new Set(binaryOperators.map((row) => row.precedence))].sort((a, b) => b - a);
  const binary = levels.map((level) => {
    const rows = binaryOperators.filter((row) => row.precedence === level);
    const kinds = [...new Set(rows.map((row) => row.kind))].join(', ');
    return [rows.map((row) => code(row.text)).join(' '), kinds];
  });
  return table(
    ['Operators', 'Kind'],
    [
      [
        `${code('f()')} ${code('.name')} ${code('->name')} ${code('.0')} ${code('[i]')} ${code('x++')} ${code('x--')}`,
        'parts of values',
      ],
      [`${code('++x')} ${code('--x')} ${code('*')} ${code('!')} ${code('~')} ${code('-')} ${code('(T)')}`, 'prefix'],
      ...binary,
      [code('c ? a : b'), 'choice, from the right'],
    ],
  );
}

function functionSection(entry: Builtin): string {
  return `### ${entry.name}\n\n${code(entry.signature)}: ${entry.doc.summary}\n\n\`\`\`bt\n${entry.doc.example}\n\`\`\``;
}

async function commandLine(): Promise<string> {
  const rows = await Promise.all(
    commandLineNames.flatMap((name) => {
      const row = optionRow(name);
      if (row.unavailable) return [];
      return [
        (async (): Promise<string[]> => {
          const choices = row.choices === undefined ? [] : await row.choices();
          const suffix = choices.length === 0 ? '' : `: ${choices.map(code).join(', ')}`;
          return [code(`${optionFlags(row)}${row.value === undefined ? '' : ` ${row.value}`}`), `${row.doc}${suffix}`];
        })(),
      ];
    }),
  );
  return table(['Option', 'Meaning'], rows);
}

/** What the compiler says about each example; throws with the names of codes that have none, or one that is wrong. */
async function diagnostics(): Promise<string> {
  const rows = await diagnosticRows();
  const known = new Set([...rows.map((row) => row.code), ...Object.keys(elsewhere)]);
  const without = codesInSources().filter((name) => !known.has(name));
  const silent = rows.filter((row) => row.said === undefined).map((row) => row.code);
  if (without.length > 0) throw new Error(`docs/diagnostics/ has no example for ${without.join(', ')}`);
  if (silent.length > 0) throw new Error(`examples in docs/diagnostics/ do not lead to ${silent.join(', ')}`);
  return table(
    ['Code', 'Example', 'Message'],
    rows.map(({ code: name, example, said }) => {
      const script = (example.shown ?? example.script).split('\n').map(code).join('<br>');
      const given = Object.entries(example.named ?? {}).map(([option, value]) => code(`-- --${option}=${value}`));
      const about = example.about === undefined ? '' : ` (${example.about})`;
      const hint = said?.hint === undefined || example.localHint ? '' : `<br>Hint: ${plain(said.hint)}`;
      return [code(name), [script, ...given].join('<br>'), `${plain(said?.message ?? '')}${about}${hint}`];
    }),
  );
}

/** Text in which nothing is Markdown. */
function plain(text: string): string {
  const unicode = Buffer.from(text, 'latin1').toString('utf8');
  return unicode.replace(/[\\`*_<>[\]]/g, (mark) => `\\${mark}`);
}

function allowed(kind: OptionKind): string {
  switch (kind.kind) {
    case 'number':
      return `${kind.minimum ?? 0n} to ${kind.maximum}`;
    case 'choice':
      return kind.values.map((value) => code(value)).join(', ');
    default:
      return kind.kind;
  }
}

// ---------------------------------------------------------------------------------------------------- questions

/** No machine: what is asked here is the same on all. */
const nowhere = hostWorld(emptyHostFiles, { arch: 'x86_64', features: currentKernelFeatures });

/** Names in the listing of a kind whose probes do not depend on the machine. */
function listed(name: string): readonly string[] {
  const kind = probeKinds.find((candidate) => candidate.name === name);
  if (kind === undefined) throw new Error(`there is no probe kind '${name}'`);
  return kind.list([], nowhere).map(({ line }) => code(line.split(':')[1] ?? ''));
}

/** Asked of the checker: the type of `$x = variable`. Lengths of strings depend on the probe. */
function typeOf(entry: Builtin): string {
  let found: Type | undefined;
  compile(SourceText.fromUnicode('docs', `begin { $x = ${entry.name}; print($x); }`), {
    world: nowhere,
    environment: {},
    positionals: [],
    unsafe: false,
    onStage: (stage) => {
      const first = stage.name === 'types' ? stage.typed.programs[0]?.body[0] : undefined;
      if (first?.kind === 'declare') found = first.variable.type;
    },
  });
  if (found === undefined) throw new Error(`${entry.name} has no type in a begin probe`);
  return found.kind === 'string' ? 'string' : typeName(found);
}

// ---------------------------------------------------------------------------------------------------- Markdown

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map((row) => line(row.map(cell)))].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}
