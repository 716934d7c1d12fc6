/**
 * Reports what the lexer could not make sense of: characters that begin no token, strings without an end, `$` without a
 * name, C definitions without a body. Runs over the token list, before the parser, so that these are reported even when
 * the statement around them cannot be parsed.
 */
import type { ILexingResult } from 'chevrotain';
import type { Report } from './diagnostic.ts';
import { openQuote, predicateInPoint } from './raw-text.ts';
import type { Span } from './source.ts';
import { printable } from './string-literal.ts';
import * as t from './tokens.ts';

/** After so many, the rest is not listed one by one. */
const maxErrors = 20;

/**
 * Whether the source from `start` on is no text at all: a NUL byte, or more than one control character in ten. Reports it as one error,
 * because hundreds of unexpected characters would explain nothing.
 */
export function reportNotText(report: Report, start: number): boolean {
  const text = report.source.text.slice(start);
  let at = text.indexOf('\0');
  if (at < 0) {
    const sample = text.slice(0, 4096);
    const controls = sample.match(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g)?.length ?? 0;
    if (controls * 10 <= sample.length) return false;
    at = sample.search(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/);
  }
  const byte = printable(text.charAt(at));
  report.error(
    'not-text',
    { start: start + at, end: start + at + 1 },
    `this is not a text file: byte ${at} is ${byte}`,
    {
      hint: 'give ebtrace a script, not a compiled program',
    },
  );
  return true;
}

/** Reports and returns the places, in order, so that syntax errors which only follow from them can be left out. */
export function reportLexicalErrors(lexed: ILexingResult, report: Report): readonly Span[] {
  const problems: { readonly span: Span; readonly report: () => void }[] = [];
  let quoted: Span | undefined;
  for (const { offset, length } of lexed.errors) {
    const span = { start: offset, end: offset + length };
    // The second quote of 'x' is no second mistake.
    const closes = quoted !== undefined && report.source.slice(span).startsWith("'");
    if (quoted !== undefined && closes && !report.source.text.slice(quoted.end, span.start).includes('\n')) {
      quoted = undefined;
      continue;
    }
    quoted = report.source.slice(span).startsWith("'") ? span : undefined;
    problems.push({ span, report: () => reportCharacters(span, report) });
  }
  for (const token of lexed.tokens) {
    const span = { start: token.startOffset, end: token.startOffset + token.image.length };
    if (token.tokenType === t.BadString) problems.push({ span, report: () => reportString(span, report) });
    else if (token.tokenType === t.BadVariable) problems.push({ span, report: () => reportVariable(span, report) });
    else if (token.tokenType === t.AttachPoint) {
      const quote = openQuote(token.image);
      const predicate = predicateInPoint(token.image);
      if (quote !== undefined) problems.push({ span, report: () => reportQuote(span, quote, report) });
      else if (predicate !== undefined) problems.push({ span, report: () => reportPredicate(span, predicate, report) });
    } else if (token.tokenType === t.CLine && token.image.startsWith('#!')) {
      problems.push({ span, report: () => reportShebang(span, report) });
    } else if (token.tokenType === t.CDefinition && token.payload !== undefined) {
      problems.push({ span, report: () => reportCDefinition(span, token.payload === 'not-closed', report) });
    }
  }
  problems.sort((a, b) => a.span.start - b.span.start);
  for (const problem of problems.slice(0, maxErrors)) problem.report();
  const next = problems[maxErrors];
  if (next !== undefined) {
    const count = problems.length - maxErrors;
    report.error('many-bad-characters', next.span, `${count} more places with unexpected characters, from here on`);
  }
  return problems.map((problem) => problem.span);
}

function reportCharacters(span: Span, report: Report): void {
  const text = report.source.slice(span);
  const shown = printable(text.length > 12 ? text.slice(0, 12) : text);
  const what = text.length === 1 ? 'unexpected character' : 'unexpected characters';
  report.error('unexpected-character', span, `${what} '${shown}'${text.length > 12 ? '...' : ''}`, {
    hint: characterHint(text),
  });
}

function characterHint(text: string): string | undefined {
  if (text.startsWith('#'))
    return "lines with '#' are for the C preprocessor and stand before the first probe; comments begin with //";
  if (text.startsWith("'")) return "strings stand in double quotes; a character is written as its number, 97 for 'a'";
  if (/^\xe2\x80[\x98-\x9f]/.test(text)) return 'this is a typographic quote; use the plain double quote "';
  if (text.startsWith('\xc2\xa0')) return 'this is a non-breaking blank; use a plain blank';
  return undefined;
}

function reportString(span: Span, report: Report): void {
  report.error('unterminated-string', span, "the string has no closing '\"' on its line");
}

function reportQuote(span: Span, quote: number, report: Report): void {
  const at = { start: span.start + quote, end: span.end };
  report.error('unterminated-quote', at, "the '\"' in this probe is not closed on its line");
}

function reportPredicate(span: Span, slash: number, report: Report): void {
  const at = { start: span.start + slash, end: span.end };
  report.error('predicate-needs-blank', at, "behind a ':' a '/' belongs to the probe, so this is no predicate", {
    hint: 'put a blank before the predicate',
  });
}

function reportShebang(span: Span, report: Report): void {
  report.error('misplaced-shebang', span, "a '#!' line is the first line of a script");
}

function reportVariable(span: Span, report: Report): void {
  const name = report.source.slice(span).slice(1).trim();
  report.error('bad-variable', span, "a name must follow '$' directly", {
    hint: name === '' ? undefined : `write $${name}`,
  });
}

function reportCDefinition(span: Span, notClosed: boolean, report: Report): void {
  if (notClosed) {
    report.error(
      'unclosed-c-definition',
      { start: span.start, end: span.start + 6 },
      "this C definition has no closing '}'",
    );
  } else {
    report.error('c-definition-without-body', span, "a C definition here needs a body in '{ }'", {
      hint: 'put other C declarations into a header and #include it',
    });
  }
}
