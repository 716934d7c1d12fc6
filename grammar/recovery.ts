/**
 * Where to go on after a syntax error: the end of the statement, or the next root item. The lexer has already matched
 * braces with its modes, so a root-level token is never inside a body and is a safe place to stop.
 */
import { EOF, type IToken, type TokenType } from 'chevrotain';
import * as t from './tokens.ts';

/** What a skip function may do: see the next token, and take it. */
export interface TokenSource {
  readonly first: IToken;
  previous(): IToken;
  next(): IToken;
  take(): void;
}

/** To behind the `;` or the closing `}` of the statement, or to the end of the block around it. */
export function skipStatement(source: TokenSource): void {
  // The `;` of `for (i = 0; i < 9; i++)` end nothing.
  let isHeader = source.first.tokenType === t.For;
  for (let depth = 0; ; ) {
    const { tokenType } = source.next();
    if (tokenType === EOF || rootStarts.has(tokenType)) return;
    if (depth === 0 && endsBlock(tokenType)) return;
    source.take();
    if (tokenType === t.LCurly) depth++;
    if (tokenType === t.RParen || tokenType === t.LCurly) isHeader = false;
    if (tokenType === t.RCurly) depth--;
    if (depth > 0) continue;
    if (tokenType === t.Semicolon && !isHeader) return;
    if (tokenType === t.RCurly && !continues.has(source.next().tokenType)) return;
  }
}

/** To the first token of the next root item. */
export function skipRootItem(source: TokenSource): void {
  if (source.next() === source.first) source.take();
  for (;;) {
    const { tokenType } = source.next();
    if (tokenType === EOF) return;
    if (rootStarts.has(tokenType) && endsItem(source.previous())) return;
    source.take();
  }
}

/** A statement at root level is read as attach points, the last of which has the `;`. */
function endsItem({ tokenType, image }: IToken): boolean {
  return itemEnds.has(tokenType) || (tokenType === t.AttachPoint && image.endsWith(';'));
}

const rootStarts = new Set(t.rootStarts);
const itemEnds = new Set([
  ...[t.RCurly, t.StrayRCurly, t.AngleClose, t.AngleCloseEarly, t.Semicolon, t.HeaderSemicolon],
  ...[t.MapHeaderRParen, t.ImportPath, t.CLine, t.CDefinition],
]);
/** Behind a `}` that is inside a statement. */
const continues = new Set([t.Else, t.Semicolon, t.RParen, t.RSquare, t.Comma, t.Assign, t.Dot, t.Question, t.Colon]);

/** Whether no further statement of the block around can begin with this token. */
export function endsBlock(type: TokenType): boolean {
  return (
    type === t.RCurly ||
    type === t.AngleClose ||
    type === t.AngleCloseEarly ||
    type === t.StrayRCurly ||
    type === EOF ||
    rootStarts.has(type)
  );
}
