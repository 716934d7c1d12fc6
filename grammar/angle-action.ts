/**
 * Decides what `>` means directly inside an action written `< statements >`: its end, or a comparison. The end is a
 * `>` where a statement could begin: after the opening `<`, after `;`, or after the `}` that ends a statement. The lexer
 * asks while it runs, because behind the end another mode (attach points) begins.
 */
import type { IToken, TokenType } from 'chevrotain';
import { looksLikeProbe, skipTrivia } from './raw-text.ts';

/** Token types the tracker must know; passed in because tokens.ts imports this file. */
export interface AngleTokens {
  readonly open: TokenType;
  readonly semicolon: TokenType;
  readonly question: TokenType;
  readonly openBrackets: readonly TokenType[];
  readonly closeBrackets: readonly TokenType[];
  readonly openCurly: readonly TokenType[];
  readonly closeCurly: readonly TokenType[];
  /** First words of statements that end with `}`; `else` is one, it follows such a `}`. */
  readonly blockWords: readonly TokenType[];
}

/** Reads the tokens of one lexer run once each, however often it is asked. */
export class AngleTracker {
  readonly #types: AngleTokens;
  #read = 0;
  #inside = false;
  #curlies = 0;
  #brackets = 0;
  #first: TokenType | undefined;
  #ternary = false;

  constructor(types: AngleTokens) {
    this.#types = types;
  }

  /** A `>` at `offset` closes the action. */
  closes(tokens: readonly IToken[]): boolean {
    this.#advance(tokens);
    return this.#inside && this.#first === undefined;
  }

  /**
   * A `>` at `offset` was surely meant to close the action, only the `;` before it is missing: nothing follows, or a
   * probe does. Never true for a statement that has a `?`, where `a:b` may follow, or that ends with a block.
   */
  closesEarly(tokens: readonly IToken[], text: string, offset: number): boolean {
    this.#advance(tokens);
    if (!this.#inside || this.#brackets > 0 || this.#ternary || this.#endsWithBlock()) return false;
    const next = skipTrivia(text, offset + 1);
    return next >= text.length || looksLikeProbe(text, next);
  }

  #advance(tokens: readonly IToken[]): void {
    for (; this.#read < tokens.length; this.#read++) {
      const token = tokens[this.#read];
      if (token !== undefined) this.#add(token.tokenType);
    }
  }

  #add(type: TokenType): void {
    const types = this.#types;
    if (type === types.open) {
      this.#inside = true;
      this.#curlies = 0;
      this.#beginStatement();
    } else if (types.openCurly.includes(type)) {
      this.#first ??= type;
      this.#curlies++;
    } else if (types.closeCurly.includes(type)) {
      this.#curlies--;
      if (this.#curlies === 0 && this.#brackets <= 0 && this.#endsWithBlock()) this.#beginStatement();
    } else if (this.#curlies === 0) {
      if (type === types.semicolon) this.#beginStatement();
      else this.#inStatement(type);
    }
  }

  #inStatement(type: TokenType): void {
    this.#first ??= type;
    if (this.#types.openBrackets.includes(type)) this.#brackets++;
    if (this.#types.closeBrackets.includes(type)) this.#brackets--;
    if (type === this.#types.question) this.#ternary = true;
  }

  #endsWithBlock(): boolean {
    const first = this.#first;
    if (first === undefined) return false;
    return this.#types.blockWords.includes(first) || this.#types.openCurly.includes(first);
  }

  #beginStatement(): void {
    this.#first = undefined;
    this.#brackets = 0;
    this.#ternary = false;
  }
}
