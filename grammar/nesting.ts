/**
 * Limits on nesting. The parser and every later pass are recursive functions, so brackets without end would exhaust the
 * JavaScript stack; the limits turn that into a message. Brackets are counted in the token list before the parser runs,
 * chains of operators (`a + b + c ...`, `- - - x`) by build-ast.ts.
 */
import type { IToken, TokenType } from 'chevrotain';
import type { Report } from './diagnostic.ts';
import type { Span } from './source.ts';
import * as t from './tokens.ts';

/** Depth of brackets, blocks and nested `?:`. The parser needs about 4 KB of stack for each. */
export const maxBracketDepth = 100;

/** Depth of the AST, which includes operators of one chain. */
export const maxTreeDepth = 500;

/** Levels that a prefix operator counts for: each is a pair of brackets in the C that is made of it. */
export const prefixDepth = maxTreeDepth / maxBracketDepth;

/** The first token that is nested deeper than `maxBracketDepth`. */
export function firstTooDeep(tokens: readonly IToken[]): IToken | undefined {
  const open: TokenType[] = [];
  for (const token of tokens) {
    const type = token.tokenType;
    if (openers.has(type)) {
      open.push(type);
      if (open.length > maxBracketDepth) return token;
    } else if (type === t.Colon) {
      if (open.at(-1) === t.Question) open.pop();
    } else if (closers.has(type)) {
      while (open.at(-1) === t.Question) open.pop();
      if (type !== t.Semicolon) open.pop();
    }
  }
  return undefined;
}

export function reportTooDeep(span: Span, report: Report): void {
  report.error('nested-too-deeply', span, 'this is nested too deeply', {
    hint: `at most ${maxBracketDepth} brackets and ${maxTreeDepth} operators may be inside each other; use variables for parts`,
  });
}

const openers = new Set([t.LParen, t.LSquare, t.LCurly, t.HeaderLCurly, t.BodyInPredicate, t.Question]);
const closers = new Set([t.RParen, t.MapHeaderRParen, t.RSquare, t.RCurly, t.StrayRCurly, t.Semicolon]);
