/**
 * What clang says about the user's C -> Diagnostics at the script. A message about a place in the script keeps that
 * place; one about a header is shown at the line that includes it, with the header's name and line; names that clang
 * does not know may be types of the kernel, which c-definitions.ts asks here for.
 */
import type { Report } from '../../grammar/diagnostic.ts';
import type { SourceText, Span } from '../../grammar/source.ts';
import { type CSource, pseudoFile } from './c-source.ts';
import { failureHint } from './clang-messages.ts';
import type { ClangLocation } from './find-clang.ts';

export interface CError {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in bytes. */
  readonly column: number;
  readonly text: string;
  /** The outermost file that the place was included from. */
  readonly includedFrom?: { readonly file: string; readonly line: number } | undefined;
  /** What clang adds: where the first definition is, what a macro was expanded to. */
  readonly notes: readonly CNote[];
}

type CNote = Omit<CError, 'notes'>;

export interface FailedRun {
  readonly clang: ClangLocation;
  /** How it ended. */
  readonly failure: string;
  readonly errors: readonly CError[];
  readonly stderr: string;
  /** Folders in which headers were looked for. */
  readonly searched: readonly string[];
}

/** Reports at least one error. */
export function reportCErrors(run: FailedRun, c: CSource, report: Report): void {
  const faultyIncludes = new Set<string>();
  for (const [i, error] of run.errors.entries()) {
    const before = run.errors[i - 1];
    // Where clang gave up on a line, it looks for the end of the declaration as well.
    const isSameLine = before?.file === error.file && before.line === error.line;
    if (isSameLine && error.text.startsWith("expected ';'")) continue;
    const { span, inside } = placeOf(error, c, report.source);
    if (error.includedFrom !== undefined) {
      // One header that does not fit the others may have a hundred of them, which say no more than the first.
      const include = `${error.includedFrom.file}:${error.includedFrom.line}`;
      if (faultyIncludes.has(include)) continue;
      faultyIncludes.add(include);
    }
    const header = /^'(.*)' file not found/.exec(error.text)?.[1];
    if (header !== undefined) {
      report.error('header-not-found', span, `there is no header '${header}'${inside}`, {
        hint: `-I DIR names another folder to look in; looked in ${run.searched.join(', ')}`,
      });
      continue;
    }
    const unknown = unknownNames([error])[0]?.name;
    report.error('c-definition', span, `in the C code${inside}: ${error.text}`, {
      related: error.notes.flatMap((note) => {
        const place = placeOf(note, c, report.source);
        return place.span === undefined || !isOwnFile(note.file) ? [] : [{ message: note.text, span: place.span }];
      }),
      hint: unknown === undefined ? undefined : `include the header that defines ${unknown}, or define it here`,
    });
  }
  if (run.errors.length > 0) return;
  const text = run.stderr.trim().split('\n').at(-1) ?? '';
  report.error(
    'c-unreadable',
    undefined,
    `${run.clang.path} could not read the C code (${run.failure})${text && `: ${text}`}`,
    {
      hint: failureHint(
        run.failure,
        'Check that it runs and is a clang, and that the temporary folder (TMPDIR) has space.',
      ),
    },
  );
}

/**
 * Errors with the notes that follow them; each place with the one that included its file. clang says who included a file
 * at the first message of several in a row, and not at all for notes.
 */
export function parseCErrors(stderr: string): readonly CError[] {
  const errors: (CError & { readonly notes: CNote[] })[] = [];
  let includedFrom: CError['includedFrom'];
  let isNew = true;
  let isError = false;
  for (const line of stderr.split('\n')) {
    const including = /^(?:In file included|\s+) from (.+?):(\d+)[:,]/.exec(line);
    if (including !== null) {
      if (isNew) includedFrom = undefined;
      isNew = false;
      includedFrom ??= { file: including[1] ?? '', line: Number(including[2]) };
      continue;
    }
    const message = /^(.+?):(\d+):(\d+): (?:fatal )?(error|warning|note): (.*)$/.exec(line);
    if (message === null) continue;
    const [, file = '', number, column, severity, words = ''] = message;
    // The name of a warning that is an error says nothing to somebody who did not choose the options.
    const text = words.replace(/ \[-W[^\]]*\]$/, '');
    const from = isOwnFile(file) ? undefined : includedFrom;
    const place = { file, line: Number(number), column: Number(column), text, includedFrom: from };
    if (severity !== 'note') isError = severity === 'error';
    if (severity === 'error') errors.push({ ...place, notes: [] });
    else if (isError) errors.at(-1)?.notes.push(place);
    isNew = true;
  }
  return errors;
}

/** Of the text that c-source.ts makes, as against a header. */
function isOwnFile(file: string): boolean {
  return Object.values<string>(pseudoFile).includes(file) || file === 'definitions.c';
}

export interface UnknownName {
  readonly kind: 'struct' | 'union' | 'enum' | 'typedef' | 'constant';
  readonly name: string;
}

/** The names that clang missed a definition of. */
export function unknownNames(errors: readonly CError[]): readonly UnknownName[] {
  return errors.flatMap(({ text }): readonly UnknownName[] => {
    const type = /^unknown type name '(\w+)'/.exec(text);
    if (type !== null) return [{ kind: 'typedef', name: type[1] ?? '' }];
    const constant = /^use of undeclared identifier '(\w+)'/.exec(text);
    if (constant !== null) return [{ kind: 'constant', name: constant[1] ?? '' }];
    const [, kind, name = ''] =
      /incomplete (?:element )?type '(?:const |volatile )*(struct|union|enum) (\w+)/.exec(text) ?? [];
    return kind === 'struct' || kind === 'union' || kind === 'enum' ? [{ kind, name }] : [];
  });
}

interface Place {
  readonly span: Span | undefined;
  /** Words for the message about a place that is not in the script. */
  readonly inside: string;
}

function placeOf(error: CNote, c: CSource, source: SourceText): Place {
  const top = error.includedFrom ?? error;
  const inside = error.includedFrom === undefined ? '' : ` of ${error.file}, line ${error.line}`;
  if (top.file === pseudoFile.script) {
    const line = lineSpan(source, top.line);
    if (line === undefined || error.includedFrom !== undefined) return { span: line, inside };
    const start = line.lineStart + error.column - 1;
    // Clang points behind the last character when something is missing there.
    return { span: wordAt(source, Math.max(line.start, Math.min(start, line.end - 1))), inside };
  }
  if (top.file === pseudoFile.imported) return { span: c.headers[top.line - 1]?.span, inside };
  const option = top.file === pseudoFile.includeOption ? c.includeFiles[top.line - 1] : undefined;
  return { span: undefined, inside: inside === '' && option !== undefined ? ` (--include ${option})` : inside };
}

/** The line without the white space around its text. */
function lineSpan(source: SourceText, line: number): (Span & { readonly lineStart: number }) | undefined {
  if (line < 1 || line > source.lineCount) return undefined;
  let lineStart = 0;
  for (let number = 1; number < line; number++) lineStart = source.text.indexOf('\n', lineStart) + 1;
  const text = source.line(line);
  const start = lineStart + (text.length - text.trimStart().length);
  return { lineStart, start, end: Math.max(start, lineStart + text.trimEnd().length) };
}

/** The word, or the name of a header in its quotes. */
function wordAt(source: SourceText, start: number): Span {
  const word = /^(?:\w+|<[^<>\n]*>|"[^"\n]*")/.exec(source.text.slice(start, start + 256));
  return { start, end: start + (word?.[0].length ?? 1) };
}
