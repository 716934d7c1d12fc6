/**
 * What a line (or several) typed at the prompt is: a command, a script, statements without a probe, or the beginning of
 * something longer. The grammar decides; nothing is run or printed here.
 */
import type { Block } from '../../grammar/ast.ts';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { Report } from '../../grammar/diagnostic.ts';
import { parse } from '../../grammar/index.ts';
import { SourceText, type Span } from '../../grammar/source.ts';
import { findProvider } from '../probes/index.ts';

export type Entry =
  | { readonly kind: 'empty' }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'command'; readonly name: string; readonly argument: string }
  /** `forms` are to be tried in order: the first that compiles is meant, else the last one's errors are shown. */
  | { readonly kind: 'script'; readonly text: string; readonly forms: readonly Form[] };

/** What is put around the text to make it a script. */
export interface Form {
  readonly prefix: string;
  readonly suffix: string;
}

/** Places in the prompt's text are given in a file of this name. */
const inputName = 'input';

// The line end closes a comment at the end of the text.
const asScript: Form = { prefix: '', suffix: '' };
const asStatements: Form = { prefix: 'begin { ', suffix: '\n}' };
const asValue: Form = { prefix: 'begin { print(', suffix: '\n); }' };

/** `text` is a byte string. */
export function readEntry(text: string): Entry {
  const trimmed = text.trim();
  if (trimmed === '') return { kind: 'empty' };
  const command = /^:(\S*)\s*([\s\S]*)$/.exec(trimmed);
  if (command !== null) return { kind: 'command', name: command[1] ?? '', argument: command[2] ?? '' };
  const script = attempt(text, asScript);
  // Definitions wait for their probe; an empty line says that there is none.
  if (script.isReadable && !script.hasProbe && !/\n\s*$/.test(text)) return { kind: 'incomplete' };
  if (script.isReadable) return { kind: 'script', text, forms: [asScript] };
  const statements = attempt(text, asStatements);
  if (statements.isReadable) {
    return { kind: 'script', text, forms: statements.isValue ? [asValue, asStatements] : [asStatements] };
  }
  const isOpen =
    (beginsScript(trimmed) && endsEarly(text, asScript)) || endsEarly(text, { ...asStatements, suffix: '' });
  if (isOpen) return { kind: 'incomplete' };
  return { kind: 'script', text, forms: [beginsScript(trimmed) ? asScript : asStatements] };
}

export function sourceOf(text: string, { prefix, suffix }: Form): SourceText {
  return new SourceText(inputName, prefix + text + suffix);
}

/**
 * The same message about the text as it was typed, and that text. `source` is the text with the form around it and
 * imported scripts behind it; messages about those stay as they are.
 */
export function asTyped(
  diagnostic: Diagnostic,
  text: string,
  { prefix, suffix }: Form,
  source: SourceText,
): { readonly diagnostic: Diagnostic; readonly source: SourceText } {
  const place = (offset: number): number => Math.min(Math.max(0, offset - prefix.length), text.length);
  const move = ({ start, end }: Span): Span => ({ start: place(start), end: place(end) });
  const { span, related, ...rest } = diagnostic;
  const imported = prefix.length + text.length + suffix.length;
  if ([diagnostic, ...(related ?? [])].some((place) => (place.span?.start ?? 0) > imported)) {
    return { diagnostic, source };
  }
  return {
    source: new SourceText(inputName, text),
    diagnostic: {
      ...rest,
      ...(span === undefined ? {} : { span: move(span) }),
      ...(related === undefined ? {} : { related: related.map((note) => ({ ...note, span: move(note.span) })) }),
    },
  };
}

interface Attempt {
  readonly isReadable: boolean;
  readonly hasProbe: boolean;
  /** The text is one expression. */
  readonly isValue: boolean;
}

function attempt(text: string, form: Form): Attempt {
  const report = new Report(sourceOf(text, form));
  const script = parse(report.source, report);
  if (report.hasErrors) return { isReadable: false, hasProbe: false, isValue: false };
  const [item, ...more] = script.items;
  const hasProbe = script.items.some(({ kind }) => kind === 'probe');
  return {
    isReadable: true,
    hasProbe,
    isValue: item?.kind === 'probe' && more.length === 0 && isOneExpression(item.body),
  };
}

function isOneExpression({ statements, value }: Block): boolean {
  if (value !== undefined) return statements.length === 0;
  const [only, ...more] = statements;
  return only?.kind === 'expression-statement' && more.length === 0;
}

/** Almost any text may be the unfinished name of a probe; only known kinds of probes are waited for. */
function beginsScript(text: string): boolean {
  const word = /^#|^[A-Za-z*]*/.exec(text)?.[0] ?? '';
  return rootWords.has(word) || findProvider(word).found !== 'nothing';
}

/** What root items other than probes begin with. */
const rootWords = new Set(['#', 'config', 'enum', 'fn', 'import', 'let', 'macro', 'struct', 'union']);

/** Whether all that is wrong is that the text stops: brackets, comments or expressions are still open. */
function endsEarly(text: string, form: Form): boolean {
  const source = sourceOf(text, form);
  const report = new Report(source);
  parse(source, report);
  const [first] = report.diagnostics;
  if (first === undefined) return false;
  if (openEnds.has(first.code)) return true;
  return first.span !== undefined && first.span.start >= source.text.trimEnd().length;
}

const openEnds = new Set(['unexpected-end', 'unclosed-c-definition']);
