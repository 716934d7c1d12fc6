/**
 * THE renderer of diagnostics: the one place where a Diagnostic becomes text, and but for the REPL's prompt the one
 * place with colours. The form is that of the language reference, section 13: place, kind and message; the source line;
 * a marker; further places; hints; the uses of macros that led there. Numbers in places count bytes, as everywhere; the
 * marker is as wide as the characters look.
 */
import kleur from 'kleur';
import type { Diagnostic, Severity } from '../../grammar/diagnostic.ts';
import type { SourceText, Span } from '../../grammar/source.ts';

export interface DiagnosticStyle {
  readonly colour: boolean;
}

/** Unicode text with a line end behind every line. Without `source` there is no place and no source line. */
export function renderDiagnostic(
  diagnostic: Diagnostic,
  source: SourceText | undefined,
  style: DiagnosticStyle,
): string {
  const lines = located(diagnostic.severity, diagnostic.message, diagnostic.span, source, style);
  for (const note of diagnostic.related ?? []) {
    lines.push(...located(diagnostic.severity, note.message, note.span, source, style));
  }
  if (diagnostic.hint !== undefined) lines.push(`HINT: ${messageText(diagnostic.hint)}`);
  for (const use of diagnostic.expansions ?? []) {
    lines.push(...located(diagnostic.severity, use.message, use.span, source, style));
  }
  return lines.map((line) => `${line}\n`).join('');
}

function located(
  severity: Severity,
  message: string,
  span: Span | undefined,
  source: SourceText | undefined,
  style: DiagnosticStyle,
): string[] {
  const headline = `${severity.toUpperCase()}: ${messageText(message)}`;
  if (span === undefined || source === undefined) return [paint(severity, headline, style)];
  const start = source.position(span.start);
  const end = source.position(Math.max(span.end, span.start));
  const { file, line: firstLine } = source.locate(span.start);
  const name = visible(file);
  if (start.line !== end.line && end.column > 1) {
    const place = `${name}:${firstLine}-${firstLine + end.line - start.line}`;
    return [paint(severity, `${place}: ${headline}`, style), ...wholeLines(source, start.line, end.line)];
  }
  // A span up to the start of the next line ends with its own.
  const line = source.line(start.line);
  const from = start.column - 1;
  const to = Math.max(from + 1, start.line === end.line ? end.column - 1 : line.length);
  const place = `${name}:${firstLine}:${from + 1}-${to + 1}`;
  return [paint(severity, `${place}: ${headline}`, style), ...markedLine(line, from, to)];
}

function paint(severity: Severity, text: string, { colour }: DiagnosticStyle): string {
  if (!colour) return text;
  kleur.enabled = true;
  return severity === 'error' ? kleur.red(text) : kleur.yellow(text);
}

// ------------------------------------------------------------------------------------------------ source lines

/** Lines longer than this are cut around the marked part. In bytes; most characters are one. */
const longestLine = 200;
/** What is kept in front of the marked part of a line that is cut. */
const lead = 60;
const ellipsis = '...';

function markedLine(line: string, from: number, to: number): string[] {
  let start = 0;
  let end = line.length;
  if (line.length > longestLine) {
    start = from > lead ? characterStart(line, from - lead) : 0;
    end = Math.min(line.length, characterStart(line, start + longestLine));
  }
  const before = (start > 0 ? ellipsis : '') + sourceText(line.slice(start, from));
  const marked = sourceText(line.slice(from, Math.min(to, end)));
  const after = sourceText(line.slice(Math.min(to, end), end)) + (end < line.length ? ellipsis : '');
  const marker = `${' '.repeat(width(before))}${'~'.repeat(Math.max(1, width(marked)))}`;
  return [before + marked + after, marker];
}

/** Most lines of a range that are shown. */
const mostLines = 12;

function wholeLines(source: SourceText, first: number, last: number): string[] {
  const shown = (number: number): string => {
    const line = source.line(number);
    return line.length > longestLine
      ? sourceText(line.slice(0, characterStart(line, longestLine))) + ellipsis
      : sourceText(line);
  };
  const numbers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  if (numbers.length <= mostLines) return numbers.map(shown);
  const half = mostLines / 2;
  return [...numbers.slice(0, half).map(shown), ellipsis, ...numbers.slice(-half).map(shown)];
}

/** The nearest offset at or before `offset` that is not inside a UTF-8 sequence. */
function characterStart(line: string, offset: number): number {
  let at = offset;
  while (at > 0 && offset - at < 4 && /[\x80-\xbf]/.test(line.charAt(at))) at--;
  return at;
}

/** Bytes as people see them: UTF-8 decoded, tabs as four blanks, what would not be seen made visible. */
function sourceText(bytes: string): string {
  return visible(unicode(bytes).replaceAll('\t', '    '));
}

function unicode(bytes: string): string {
  return /[\x80-\xff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}

/** Control characters, and those that reorder or hide text. */
const unseen = /[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function visible(text: string): string {
  return text.replace(unseen, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** In characters; the marker stands in a fixed-width font. */
function width(text: string): number {
  return [...text].length;
}

// ------------------------------------------------------------------------------------------------ messages

/**
 * Messages quote the script, whose text is a byte string, and the system, whose text is Unicode. A message that reads as
 * UTF-8 byte by byte is taken as that.
 */
function messageText(message: string): string {
  return message
    .split('\n')
    .map((line) => visible(unicodeIfBytes(line).replaceAll('\t', '    ')))
    .join('\n');
}

function unicodeIfBytes(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\x00-\xff]/.test(text)) return text;
  const decoded = unicode(text);
  return decoded.includes('\ufffd') ? text : decoded;
}
