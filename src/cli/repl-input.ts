/**
 * What a line (or several) typed at the prompt is: a command, a script, statements without a probe, or the beginning of
 * something longer. The grammar decides; nothing is run or printed here.
 */
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { Report } from '../../grammar/diagnostic.ts';
import { parse } from '../../grammar/index.ts';
import { SourceText, type Span } from '../../grammar/source.ts';

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
  if (script.problem === undefined) return { kind: 'script', text, forms: [asScript] };
  const statements = attempt(text, asStatements);
  if (statements.problem === undefined) {
    return { kind: 'script', text, forms: statements.isValue ? [asValue, asStatements] : [asStatements] };
  }
  if (endsEarly(text, asScript) || endsEarly(text, { prefix: asStatements.prefix, suffix: '' })) {
    return { kind: 'incomplete' };
  }
  // Neither: the reading that gets further is the one whose errors help.
  const further = script.problem >= statements.problem ? asScript : asStatements;
  return { kind: 'script', text, forms: [further] };
}

export function sourceOf(text: string, { prefix, suffix }: Form): SourceText {
  return new SourceText(inputName, prefix + text + suffix);
}

/** The same message about the text as it was typed, and that text. */
export function asTyped(
  diagnostic: Diagnostic,
  text: string,
  { prefix }: Form,
): { readonly diagnostic: Diagnostic; readonly source: SourceText } {
  const place = (offset: number): number => Math.min(Math.max(0, offset - prefix.length), text.length);
  const move = ({ start, end }: Span): Span => ({ start: place(start), end: place(end) });
  const { span, related, ...rest } = diagnostic;
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
  /** Offset in the text of the first error; undefined when there is none. */
  readonly problem: number | undefined;
  /** The text is one expression. */
  readonly isValue: boolean;
}

function attempt(text: string, form: Form): Attempt {
  const source = sourceOf(text, form);
  const report = new Report(source);
  const script = parse(source, report);
  if (report.hasErrors) {
    const starts = report.diagnostics.map((entry) => (entry.span?.start ?? form.prefix.length) - form.prefix.length);
    return { problem: Math.min(...starts), isValue: false };
  }
  const [item, ...more] = script.items;
  const isValue =
    item?.kind === 'probe' && more.length === 0 && item.body.statements.length === 0 && item.body.value !== undefined;
  return { problem: undefined, isValue };
}

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

const openEnds = new Set(['unexpected-end', 'unclosed-c-definition', 'unclosed-comment']);
