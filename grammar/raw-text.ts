/**
 * Scanners for the parts of a script that are not made of tokens: blanks and comments, attach points, C definitions.
 * The lexer (tokens.ts) calls them from custom patterns. They are loops over characters, not regular expressions,
 * because a script may be one line of a megabyte and must not exhaust the regular expression stack.
 */

/** Offset of the first character at or after `at` that is neither blank nor comment. */
export function skipTrivia(text: string, at: number): number {
  for (;;) {
    at = skipBlanks(text, at);
    const end = commentEnd(text, at);
    if (end === undefined) return at;
    at = end;
  }
}

export function skipBlanks(text: string, at: number): number {
  while (isBlank(text[at])) at++;
  return at;
}

/** End of the comment that starts at `at`, or undefined. An unterminated block comment runs to the end of the text. */
export function commentEnd(text: string, at: number): number | undefined {
  if (text[at] !== '/') return undefined;
  if (text[at + 1] === '/') return indexOrEnd(text, '\n', at, 0);
  if (text[at + 1] === '*') return indexOrEnd(text, '*/', at + 2, 2);
  return undefined;
}

/**
 * End of the raw attach point that starts at `at` (equal to `at` when there is none). It reaches to a blank, `{` or
 * `,`; `/` and `<` end it only before the first `:`, later they are characters of paths and C++ names.
 */
export function attachPointEnd(text: string, at: number): number {
  let colonSeen = false;
  while (at < text.length) {
    const c = text.charAt(at);
    if (c === '"') {
      at = quotedEnd(text, at) ?? indexOrEnd(text, '\n', at, 0);
      continue;
    }
    if (isBlank(c) || c === '{' || c === ',' || isControl(c)) break;
    if (!colonSeen && (c === '/' || c === '<')) break;
    if (c === ':') colonSeen = true;
    at++;
  }
  return at;
}

/** Whether the text at `at` reads like the start of a probe: used to tell a missing `;` from a comparison. */
export function looksLikeProbe(text: string, at: number): boolean {
  const end = attachPointEnd(text, at);
  const point = text.slice(at, end);
  if (!/^(?:[A-Za-z_*][\w*]*:[^;]*|begin|end)$/i.test(point)) return false;
  const next = text[skipTrivia(text, end)];
  return next === '{' || next === '<' || next === '/' || (next === ',' && point.includes(':'));
}

/** A C definition in the text: where it ends, and whether its body is missing or not closed. */
export interface CDefinitionExtent {
  readonly end: number;
  readonly problem?: 'no-body' | 'not-closed';
}

/** Extent of the `struct`, `union` or `enum` definition at `at`, with trailing attributes and one `;`. */
export function cDefinitionExtent(text: string, at: number): CDefinitionExtent {
  const open = cBodyStart(text, at);
  if (text[open] !== '{') return { end: text[open] === ';' ? open + 1 : Math.max(open, at + 1), problem: 'no-body' };
  let end = balancedEnd(text, open);
  if (end === undefined) return { end: text.length, problem: 'not-closed' };
  for (;;) {
    const next = skipTrivia(text, end);
    if (text[next] === ';') return { end: next + 1 };
    const afterAttribute = attributeEnd(text, next);
    if (afterAttribute === undefined) return { end };
    end = afterAttribute;
  }
}

/** Walks over tag name and attributes to the `{`, or to whatever stands in its place. */
function cBodyStart(text: string, at: number): number {
  for (;;) {
    at = skipTrivia(text, at);
    const word = /^\w+/.exec(text.slice(at, at + 200))?.[0];
    if (word === undefined) return at;
    at = attributeEnd(text, at) ?? at + word.length;
  }
}

function attributeEnd(text: string, at: number): number | undefined {
  if (!text.startsWith('__attribute__', at)) return undefined;
  const open = skipTrivia(text, at + '__attribute__'.length);
  return text[open] === '(' ? balancedEnd(text, open) : undefined;
}

/** Offset behind the bracket that closes the one at `open`; comments and strings do not count. */
function balancedEnd(text: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < text.length; ) {
    const comment = commentEnd(text, at);
    const c = text[at];
    if (comment !== undefined) at = comment;
    else if (c === '"') at = quotedEnd(text, at) ?? indexOrEnd(text, '\n', at, 0);
    else {
      if (c === '{' || c === '(') depth++;
      if (c === '}' || c === ')') depth--;
      at++;
      if (depth === 0) return at;
    }
  }
  return undefined;
}

/** Behind the quote that closes the one at `at`, or undefined when there is none on the line. */
export function quotedEnd(text: string, at: number): number | undefined {
  for (at++; at < text.length; at++) {
    const c = text[at];
    if (c === '"') return at + 1;
    if (c === '\n') return undefined;
    if (c === '\\' && text[at + 1] !== '\n') at++;
  }
  return undefined;
}

/** Offset of the first quote in a raw attach point that is not closed. */
export function openQuote(point: string): number | undefined {
  for (let at = point.indexOf('"'); at >= 0; ) {
    const end = quotedEnd(point, at);
    if (end === undefined) return at;
    at = point.indexOf('"', end);
  }
  return undefined;
}

/** Offset of what was meant as a predicate in a raw attach point: `/pid==1/` at the end; no probe ends with '/'. */
export function predicateInPoint(point: string): number | undefined {
  const part = point.lastIndexOf(':') + 1;
  if (part === 0 || point.includes('"')) return undefined;
  const slash = point.indexOf('/', part);
  return slash > part && point.length > slash + 1 && point.endsWith('/') ? slash : undefined;
}

function indexOrEnd(text: string, what: string, from: number, add: number): number {
  const index = text.indexOf(what, from);
  return index < 0 ? text.length : index + add;
}

function isBlank(c: string | undefined): boolean {
  return c === ' ' || c === '\n' || c === '\t' || c === '\r';
}

function isControl(c: string): boolean {
  return c < ' ' || c === '\x7f';
}
