/**
 * What the grammar in parser.ts needs besides rules: lookahead over more than one token, and recovery. A syntax error
 * ends one statement or one root item: `attempt` notes it and goes on behind it. Chevrotain's own recovery is off,
 * because it inserts and deletes tokens and then complains about the result.
 */
import { CstParser, EOF, type IRecognitionException, type IToken, isRecognitionException } from 'chevrotain';
import { isBuiltinWord } from './builtin-words.ts';
import { endsBlock, skipRootItem, type TokenSource } from './recovery.ts';
import { errorMessages } from './syntax-errors.ts';
import * as t from './tokens.ts';

/** One syntax error. */
export interface Failure {
  readonly exception: IRecognitionException;
  /** First token of the statement or root item that was given up. */
  readonly first: IToken;
  /** The token before that. */
  readonly before: IToken | undefined;
  /** The token before the one that did not fit. */
  readonly previous: IToken | undefined;
  /** Number of the root item, to tell follow-up errors. */
  readonly item: number;
}

/** After so many syntax errors the rest of the script is skipped. */
export const maxFailures = 20;

export class ParserBase extends CstParser {
  failures: Failure[] = [];
  #item = 0;

  constructor(options: { readonly validate: boolean }) {
    super(t.allTokens, {
      maxLookahead: 1,
      recoveryEnabled: false,
      nodeLocationTracking: 'none',
      errorMessageProvider: errorMessages,
      skipValidations: !options.validate,
    });
  }

  /** Chevrotain calls this for every new input. */
  override reset(): void {
    super.reset();
    this.failures = [];
    this.#item = 0;
  }

  // ----------------------------------------------------------------------------------------------------- lookahead

  /**
   * Whether the `(` ahead begins a cast. A name in parentheses is one when no builtin word and followed by something
   * that begins an expression; `(struct s)`, `(t*)`, `(t[])` and `(typeof(x))` always are.
   */
  protected startsCast(): boolean {
    const type = this.typeAhead(2);
    if (type === undefined) return false;
    if (type.end === undefined) return true;
    if (this.LA(type.end).tokenType !== t.RParen) return false;
    return type.certain || this.startsOperand(type.end + 1);
  }

  /** Whether a type is ahead, and not an expression, in `sizeof(...)` and the like. */
  protected startsType(): boolean {
    const type = this.typeAhead(1);
    if (type === undefined) return false;
    if (type.end === undefined || type.certain) return true;
    const next = this.LA(type.end).tokenType;
    return next === t.RParen || next === t.Comma;
  }

  /** Reads over a type at LA(at). `end` is absent for `typeof`, whose operand may be of any length. */
  private typeAhead(at: number): { readonly end: number | undefined; readonly certain: boolean } | undefined {
    const first = this.LA(at);
    if (first.tokenType === t.Typeof) return { end: undefined, certain: true };
    let certain = false;
    if (first.tokenType === t.Struct || first.tokenType === t.Union || first.tokenType === t.Enum) {
      if (!isWord(this.LA(at + 1))) return undefined;
      certain = true;
      at++;
    } else if (!isNameOfType(first)) return undefined;
    for (at++; ; at++) {
      const type = this.LA(at).tokenType;
      if (type === t.Star) {
        const next = this.LA(at + 1).tokenType;
        if (next === t.RParen || next === t.Comma) certain = true;
      } else if (type === t.LSquare && this.LA(at + 1).tokenType === t.RSquare) {
        certain = true;
        at++;
      } else if (type === t.LSquare && this.LA(at + 2).tokenType === t.RSquare) {
        if (this.LA(at + 1).tokenType !== t.Integer) return undefined;
        at += 2;
      } else return { end: at, certain };
    }
  }

  private startsOperand(at: number): boolean {
    const { tokenType } = this.LA(at);
    if (tokenType !== t.Increment && tokenType !== t.Decrement) return operandStarts.has(tokenType);
    // `(t)++$x` is a cast, `(name)++` and `(name)++ - 1` are not.
    const next = this.LA(at + 1).tokenType;
    return operandStarts.has(next) && !(next.CATEGORIES ?? []).includes(t.BinaryOperator);
  }

  // ------------------------------------------------------------------------------------------------------ recovery

  /** Runs a rule; when it fails, notes the error and lets `skip` find the place to go on. */
  protected attempt(rule: () => void, skip: (source: TokenSource) => void): void {
    const first = this.LA(1);
    const before = this.LA(0);
    if (skip === skipRootItem) this.#item++;
    try {
      rule();
    } catch (error) {
      if (!isSyntaxError(error)) throw error;
      this.noteFailure(error, first, before);
      const source: TokenSource = {
        first,
        previous: () => this.LA(0),
        next: () => this.LA(1),
        take: () => {
          this.SKIP_TOKEN();
        },
      };
      if (this.failures.length < maxFailures) skip(source);
      else while (this.LA(1).tokenType !== EOF) this.SKIP_TOKEN();
    }
  }

  private noteFailure(exception: IRecognitionException, first: IToken, before: IToken): void {
    // Chevrotain has the end-of-file token for "nothing before".
    const real = (token: IToken): IToken | undefined => (token.tokenType === EOF ? undefined : token);
    const previous = first === exception.token ? undefined : real(this.LA(0));
    this.failures.push({ exception, first, before: real(before), previous, item: this.#item });
  }

  protected atBlockEnd(): boolean {
    return endsBlock(this.LA(1).tokenType);
  }
}

function isSyntaxError(error: unknown): error is IRecognitionException {
  return error instanceof Error && isRecognitionException(error);
}

const operandStarts = new Set([
  ...[t.Integer, t.StringToken, t.BadString, t.Variable, t.BadVariable, t.MapName, t.Positional, t.PositionalCount],
  ...[t.LParen, t.Minus, t.Not, t.Tilde, t.Star, t.Ampersand],
  ...t.allTokens.filter((type) => type === t.Identifier || isWordType(type)),
]);

function isWordType(type: IToken['tokenType']): boolean {
  return (type.CATEGORIES ?? []).some((parent) => parent === t.Word || parent === t.Identifier);
}

function isWord(token: IToken): boolean {
  return isWordType(token.tokenType);
}

function isNameOfType(token: IToken): boolean {
  const { tokenType } = token;
  const named = tokenType === t.Identifier || (tokenType.CATEGORIES ?? []).includes(t.Identifier);
  return named && !isBuiltinWord(token.image);
}
