/**
 * Scripts with the places of their diagnostics below the lines: `//   ^^^ error[code]`, and `//   | text` for each
 * further place. Scripts are indented by two columns, so that there is room.
 */
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import type { SourceText } from '../../grammar/source.ts';

const mark = /^\/\/ *(?:\^+|\|) /;

/** The text without marks. */
export function bareScript(text: string): string {
  return text
    .split('\n')
    .filter((line) => !mark.test(line))
    .join('\n');
}

export function placesOf(source: SourceText, diagnostics: readonly Diagnostic[]): string {
  const lines = source.text.split('\n').map((line) => ({ line, marks: [] as string[] }));
  for (const diagnostic of diagnostics) {
    const { span = { start: 0, end: 1 } } = diagnostic;
    lines[source.position(span.start).line - 1]?.marks.push(...marksOf(source, diagnostic));
  }
  return Buffer.from(lines.flatMap(({ line, marks }) => [line, ...marks]).join('\n'), 'latin1').toString('utf8');
}

function marksOf(
  source: SourceText,
  { span, severity, code, related = [], expansions = [] }: Diagnostic,
): readonly string[] {
  if (span === undefined) return [`// ^ ${severity}[${code}] about no place`];
  const start = source.position(span.start);
  const end = source.position(span.end);
  const indent = start.column - 1;
  if (indent < 2) throw new Error(`indent the script by two columns: no room for marks below column ${start.column}`);
  const width = end.line === start.line ? Math.max(1, end.column - start.column) : 1;
  const more = end.line === start.line ? '' : ` to line ${end.line}`;
  const front = `//${' '.repeat(indent - 2)}`;
  return [
    `${front}${'^'.repeat(width)} ${severity}[${code}]${more}`,
    ...expansions.map(({ span: place }) => `${front}| in ${source.slice(place)}`),
    ...related.map(({ span: place }) => `${front}| ${source.slice(place).split('\n')[0]}`),
  ];
}
