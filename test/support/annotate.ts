/**
 * A script with its diagnostics written below the lines they are about, as comments:
 *
 *     begin { print($x); }
 *     //            ^^ error[undefined-variable]: $x is not assigned anywhere before this
 *
 * Tests write the whole text and compare it with what `annotate` makes of the bare script. Comments stand on lines of
 * their own, so the text with them is the same script.
 */
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { SourceText } from '../../grammar/source.ts';
import { type BuildEnv, compile } from '../../src/build.ts';

const annotation = /^\s*\/\/ *[|^]/;

/** The text without annotations. */
export function bareScript(text: string): string {
  return text
    .split('\n')
    .filter((line) => !annotation.test(line))
    .join('\n');
}

export function annotate(text: string, env: BuildEnv): string {
  const source = SourceText.fromUnicode('stdin', bareScript(text));
  const { diagnostics } = compile(source, env);
  const lines = source.text.split('\n').map((line) => ({ line, notes: [] as string[] }));
  for (const diagnostic of diagnostics) lines[place(source, diagnostic)]?.notes.push(...note(source, diagnostic));
  return lines.flatMap(({ line, notes }) => [line, ...notes]).join('\n');
}

/** Index of the line that the diagnostic is written below: the first of its span. */
function place(source: SourceText, diagnostic: Diagnostic): number {
  return diagnostic.span === undefined ? 0 : source.position(diagnostic.span.start).line - 1;
}

function note(source: SourceText, diagnostic: Diagnostic): readonly string[] {
  const { span = { start: 0, end: 1 }, severity, code, message, hint, related = [] } = diagnostic;
  const start = source.position(span.start);
  const end = source.position(span.end);
  const indent = start.column - 1;
  if (indent < 2) throw new Error(`indent the script by two columns: no room for carets below column ${start.column}`);
  const width = end.line === start.line ? Math.max(1, end.column - start.column) : 1;
  const more = end.line === start.line ? '' : `... to line ${end.line}`;
  return [
    `//${' '.repeat(indent - 2)}${'^'.repeat(width)}${more} ${severity}[${code}]: ${message}`,
    ...related.map(
      (entry) =>
        `//${' '.repeat(indent - 2)}| ${entry.message}: ${source.text.slice(entry.span.start, entry.span.end)}`,
    ),
    ...(hint === undefined ? [] : [`//${' '.repeat(indent - 2)}| hint: ${hint}`]),
  ];
}
