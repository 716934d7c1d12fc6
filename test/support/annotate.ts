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
import { type BuildEnv, compile, plan } from '../../src/build.ts';
import { createClang } from '../../src/clang/clang.ts';
import type { Definitions } from '../../src/world/definitions.ts';

const annotation = /^\s*\/\/ *[|^]/;

/** The text without annotations. */
export function bareScript(text: string): string {
  return text
    .split('\n')
    .filter((line) => !annotation.test(line))
    .join('\n');
}

/** `definitions`: what the script would know from C and from imported objects. */
export function annotate(text: string, env: BuildEnv, definitions?: Definitions): string {
  const source = SourceText.fromUnicode('stdin', bareScript(text));
  return withNotes(source, compile(source, env, definitions).diagnostics);
}

/** For scripts with C of their own. The cache is off. */
export async function annotateWithClang(text: string, env: BuildEnv): Promise<string> {
  const source = SourceText.fromUnicode('stdin', bareScript(text));
  const clang = createClang({ env: { ...process.env, EBTRACE_CACHE: '0' } });
  return withNotes(source, (await plan(source, env, clang)).diagnostics);
}

function withNotes(source: SourceText, diagnostics: readonly Diagnostic[]): string {
  const lines = source.text.split('\n').map((line) => ({ line, notes: [] as string[] }));
  for (const diagnostic of diagnostics) lines[place(source, diagnostic)]?.notes.push(...note(source, diagnostic));
  return lines.flatMap(({ line, notes }) => [line, ...notes]).join('\n');
}

/** Index of the line that the diagnostic is written below: the first of its span. */
function place(source: SourceText, diagnostic: Diagnostic): number {
  return diagnostic.span === undefined ? 0 : source.position(diagnostic.span.start).line - 1;
}

function note(source: SourceText, diagnostic: Diagnostic): readonly string[] {
  const { span = { start: 0, end: 1 }, severity, code, message, hint, related = [], expansions = [] } = diagnostic;
  const start = source.position(span.start);
  const end = source.position(span.end);
  const indent = start.column - 1;
  if (indent < 2) throw new Error(`indent the script by two columns: no room for carets below column ${start.column}`);
  const width = end.line === start.line ? Math.max(1, end.column - start.column) : 1;
  const more = end.line === start.line ? '' : `... to line ${end.line}`;
  return [
    `//${' '.repeat(indent - 2)}${'^'.repeat(width)}${more} ${severity}[${code}]: ${message}`,
    ...[...related, ...expansions].map(
      (entry) =>
        `//${' '.repeat(indent - 2)}| ${entry.message}: ${source.text.slice(entry.span.start, entry.span.end)}`,
    ),
    ...(hint === undefined ? [] : [`//${' '.repeat(indent - 2)}| hint: ${hint}`]),
  ];
}
