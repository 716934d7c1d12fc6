/**
 * Comments for the formatter. The lexer skips them, which costs the compiler nothing; they are found again in the gaps
 * between tokens. Each belongs to a token: behind it when it begins on its line, else before the next one. So a
 * comment goes where its token goes and none can be lost.
 */
import type { IToken, TokenType } from 'chevrotain';
import { commentEnd } from './raw-text.ts';
import * as t from './tokens.ts';

export interface Comment {
  readonly text: string;
  /** It begins its line. */
  readonly ownLine: boolean;
  /** An empty line is before it. */
  readonly blankBefore: boolean;
  /** Its line ends behind it. */
  readonly endsLine: boolean;
}

export interface Trivia {
  /** The `#!` line without its end. */
  readonly shebang: string | undefined;
  leading(token: IToken): readonly Comment[];
  trailing(token: IToken): readonly Comment[];
  /** An empty line is straight before the token, behind the comments before it. */
  blankBefore(token: IToken): boolean;
  /** Behind the last token, on lines of their own. */
  readonly atEnd: readonly Comment[];
}

export function readTrivia(text: string, tokens: readonly IToken[]): Trivia {
  const leading = new Map<IToken, readonly Comment[]>();
  const trailing = new Map<IToken, readonly Comment[]>();
  const blankBefore = new Set<IToken>();
  const atEnd: Comment[] = [];
  const head = /^(?:\xef\xbb\xbf)?(?:[ \t\r\n]*(#![^\n]*))?/.exec(text);
  let from = head?.[0].length ?? 0;
  let held: readonly Comment[] = [];
  for (let index = 0; index <= tokens.length; index++) {
    const before = tokens[index - 1];
    const after = tokens[index];
    const gap = joinGaps(held, readGap(text, from, after?.startOffset ?? text.length, before === undefined));
    held = [];
    if (after !== undefined) {
      from = after.startOffset + after.image.length;
      if (gap.endsWithBlank) blankBefore.add(after);
      if (isSeparator(after) && gap.comments.some(breaksLine)) {
        held = gap.comments; // a `,` or `;` goes before the comment, not on a line of its own
        continue;
      }
    }
    const count = countTrailing(gap, before, after);
    const ahead = gap.comments.slice(count);
    if (before !== undefined && count > 0) trailing.set(before, gap.comments.slice(0, count));
    if (after === undefined) atEnd.push(...ahead);
    else if (ahead.length > 0) leading.set(after, ahead);
  }
  return {
    shebang: head?.[1]?.trimEnd(),
    leading: (token) => leading.get(token) ?? none,
    trailing: (token) => trailing.get(token) ?? none,
    blankBefore: (token) => blankBefore.has(token),
    atEnd,
  };
}

const none: readonly Comment[] = [];

interface Gap {
  readonly comments: readonly Comment[];
  readonly hasLineEnd: boolean;
  readonly endsWithBlank: boolean;
}

/** Comments from before a separator come first; nothing stands on a line behind `// ...`. */
function joinGaps(held: readonly Comment[], gap: Gap): Gap {
  if (held.length === 0) return gap;
  const comments = [...held, ...gap.comments].map((comment, index, all) => {
    return all[index - 1]?.text.startsWith('//') ? { ...comment, ownLine: true } : comment;
  });
  return { ...gap, comments, hasLineEnd: true };
}

function readGap(text: string, start: number, end: number, atStart: boolean): Gap {
  const comments: Comment[] = [];
  let hasLineEnd = false;
  let ownLine = atStart;
  for (let at = start; ; ) {
    const blanks = at;
    while (at < end && commentEnd(text, at) === undefined) at++;
    const lineEnds = text.slice(blanks, at).split('\n').length - 1;
    const previous = comments.at(-1);
    if (lineEnds > 0) {
      hasLineEnd = true;
      if (previous !== undefined) comments[comments.length - 1] = { ...previous, endsLine: true };
    }
    const isBlank = lineEnds > 1;
    if (at >= end) return { comments, hasLineEnd, endsWithBlank: isBlank };
    const stop = commentEnd(text, at) ?? end;
    ownLine = lineEnds > 0 || (ownLine && previous === undefined);
    const shown = complete(text.slice(at, Math.min(stop, end)));
    comments.push({ text: shown, ownLine, blankBefore: isBlank, endsLine: shown.startsWith('//') });
    at = Math.min(stop, end);
  }
}

/** A block comment that runs to the end of the script gets an end. */
function complete(comment: string): string {
  const text = comment.trimEnd();
  if (!text.startsWith('/*') || (text.length >= 4 && text.endsWith('*/'))) return text;
  return `${text} */`;
}

/** How many comments of a gap belong to the token before it. */
function countTrailing(gap: Gap, before: IToken | undefined, after: IToken | undefined): number {
  if (before === undefined) return 0;
  const firstOwn = gap.comments.findIndex((comment) => comment.ownLine);
  const onLine = firstOwn < 0 ? gap.comments.length : firstOwn;
  // All on one line: `(/* a */ x` and `a, /* b */ b` speak of what follows.
  const isLast = after !== undefined && isA(after.tokenType, closers) && !isA(before.tokenType, openers);
  if (!gap.hasLineEnd && after !== undefined && !isLast && isA(before.tokenType, speaksAhead)) return 0;
  return onLine;
}

/** Whether a line ends because of the comment, wherever it is put. */
export function breaksLine(comment: Comment): boolean {
  return comment.text.startsWith('//') || (comment.ownLine && comment.endsLine);
}

function isSeparator(token: IToken): boolean {
  return isA(token.tokenType, [t.Comma, t.Semicolon]);
}

function isA(type: TokenType, wanted: readonly TokenType[]): boolean {
  return wanted.includes(type) || (type.CATEGORIES ?? []).some((parent) => wanted.includes(parent));
}

const openers = [t.LParen, t.LSquare, t.LCurly, t.AngleOpen, t.PredicateOpen];
const closers = [t.RParen, t.RSquare, t.RCurly, t.AngleClose, t.PredicateClose];
const speaksAhead = [
  ...[...openers, t.Comma, t.Semicolon, t.Question, t.Colon],
  ...[t.BinaryOperator, t.AssignmentOperator],
];
