/**
 * The one place where errors of the Chevrotain parser become Diagnostics. `errorMessages` makes the exceptions say only
 * what was expected; the sentence around it, the place and the hint are made here from the tokens.
 */
import { EOF, type IParserErrorMessageProvider, type IToken, type TokenType } from 'chevrotain';
import type { Note, Report } from './diagnostic.ts';
import type { Failure } from './parser-base.ts';
import { commentEnd, skipBlanks } from './raw-text.ts';
import type { Span } from './source.ts';
import { printable } from './string-literal.ts';
import { hintFor, type Mistake } from './syntax-hints.ts';
import * as t from './tokens.ts';

/** What a rule expects where none of its alternatives begins; the message of its exceptions. */
const expectations: Readonly<Record<string, string>> = {
  rootItem: 'a probe',
  action: "'{'",
  statement: 'a statement',
  statementEnd: "';'",
  primary: 'an expression',
  mapAccess: 'a map key',
  configValue: 'a string, a number or a word',
  macroParameter: 'a parameter ($name, @name or name)',
  rootLet: "a map such as '@name'",
  forStatement: "a '$' variable",
  member: 'a field name',
  fieldPath: 'a field name',
  type: 'a type',
  parenthesised: 'an expression',
  typeOrExpression: 'a type or an expression',
};

export const errorMessages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, ruleName }) =>
    ruleName === 'probe' && expected === t.AttachPoint ? 'a probe' : (expected.LABEL ?? expected.name),
  buildNoViableAltMessage: ({ ruleName }) => expectations[ruleName] ?? 'something else',
  buildEarlyExitMessage: ({ ruleName }) => expectations[ruleName] ?? 'something else',
  buildNotAllInputParsedMessage: () => 'the end of the script',
};

/**
 * Reports syntax errors, except those inside whose text a lexical error was reported already, and except a missing end
 * of a root item that had errors before.
 */
export function reportSyntaxErrors(
  failures: readonly Failure[],
  tokens: readonly IToken[],
  lexical: readonly Span[],
  report: Report,
): void {
  let failedItem: number | undefined;
  for (const failure of failures) {
    const found = failure.exception.token;
    const atEnd = found.tokenType === EOF;
    const from = atEnd ? report.source.text.length : found.startOffset;
    const start = failure.before === undefined ? 0 : spanOf(failure.before).end;
    const follows = lexical.some((span) => span.start >= start && span.start <= from);
    const endOfFailedItem = atEnd && failure.item === failedItem;
    failedItem = failure.item;
    if (!follows && !endOfFailedItem) reportFailure(failure, tokens, report);
  }
}

/** Tells that the parser gave up counting. */
export function reportTooManyErrors(report: Report): void {
  report.error('too-many-errors', undefined, 'there are more syntax errors; correct these first');
}

function reportFailure(failure: Failure, tokens: readonly IToken[], report: Report): void {
  const { exception, first, previous } = failure;
  const found = exception.token;
  const rules = exception.context.ruleStack;
  const expected = expectedIn(exception.message, rules, previous);
  const mistake: Mistake = { found, previous, first, expected, rules };
  const after = previous === undefined ? '' : ` after ${describe(previous)}`;
  const span = placeOf(found, previous, expected, report);

  if (found.tokenType === t.AngleCloseEarly && expected === "';'") {
    const message = "';' is missing before the '>' that ends the action";
    report.error('angle-needs-semicolon', span, message, {
      hint: "in '< ... >' every statement ends with ';', so that '>' can be told from a comparison",
    });
  } else if (found.tokenType === EOF && !operandExpected.has(expected)) {
    const related = [...unclosedComment(tokens, report), ...unclosedBracket(tokens)];
    const end = tokens.at(-1)?.tokenType === t.Greater ? `${rules.includes('angleAction') ? angleHint : ''}` : '';
    report.error('unexpected-end', span, `expected ${expected}${after}, but the script ends here`, {
      ...(related.length === 0 ? {} : { related }),
      hint: end === '' ? hintFor(mistake) : end,
    });
  } else if (expected === 'a statement' && found.tokenType === t.Semicolon) {
    report.error('empty-statement', span, "a statement is missing before this ';'", { hint: "remove the ';'" });
  } else if (expected === "'{'" && isOperator(found.tokenType) && isConditionOf(rules)) {
    report.error('condition-needs-parentheses', span, `a condition with '${found.image}' needs parentheses`, {
      hint: 'without parentheses a condition is one value, such as $x or !$done',
    });
  } else if (found.tokenType === t.StrayRCurly && expected === 'a probe') {
    report.error('unmatched-brace', span, "this '}' closes nothing");
  } else if (expected === "'/'" && rules.at(-1) === 'predicate') {
    report.error('unclosed-predicate', span, `expected '/' to close the predicate, found ${describe(found)}`, {
      hint: hintFor(mistake) ?? "a predicate stands between two '/': /pid == 1/ { ... }",
    });
  } else if (operandExpected.has(expected)) {
    report.error('expected-expression', span, `expected ${expected}${after}, found ${describe(found)}`, {
      hint: hintFor(mistake),
    });
  } else {
    const related = /^'[)\]]'$/.test(expected) ? openedAbove(tokens, found, report) : [];
    report.error('unexpected-token', span, `expected ${expected}${after}, found ${describe(found)}`, {
      hint: hintFor(mistake),
      ...(related.length === 0 ? {} : { related }),
    });
  }
}

/** Where an empty list could end or begin, the thing that was tried there is what was expected. */
function expectedIn(expected: string, rules: readonly string[], previous: IToken | undefined): string {
  if (expected !== "')'" || previous?.tokenType !== t.LParen) return expected;
  if (rules.at(-1) === 'fn') return "a parameter ($name: type) or ')'";
  return rules.at(-1) === 'macro' ? `${expectations.macroParameter} or ')'` : expected;
}

const angleHint = "if this '>' should end the action, put ';' before it";
const operandExpected = new Set(['an expression', 'a type or an expression', 'a statement', 'a map key']);

/** The found token; for a missing `;` or bracket at the end of a line, the end of that line. */
function placeOf(found: IToken, previous: IToken | undefined, expected: string, report: Report): Span {
  const { text } = report.source;
  if (found.tokenType === EOF) {
    const end = previous === undefined ? text.length : spanOf(previous).end;
    return { start: end, end: Math.min(end + 1, text.length) };
  }
  if (previous !== undefined && /^'[;)\]]'$/.test(expected)) {
    const { end } = spanOf(previous);
    if (text.slice(end, found.startOffset).includes('\n')) return { start: end, end: end + 1 };
  }
  return spanOf(found);
}

function isConditionOf(rules: readonly string[]): boolean {
  const owner = rules.at(-1) === 'block' ? rules.at(-2) : undefined;
  return owner === 'ifExpression' || owner === 'elseIf' || owner === 'whileStatement' || owner === 'unrollStatement';
}

function isOperator(type: TokenType): boolean {
  return type === t.Question || isA(type, t.BinaryOperator);
}

function isA(type: TokenType, category: TokenType): boolean {
  return (type.CATEGORIES ?? []).includes(category);
}

/** The bracket that is not closed, when it is on another line than what was found in place of its end. */
function openedAbove(tokens: readonly IToken[], found: IToken, report: Report): readonly Note[] {
  const notes = unclosedBracket(tokens.slice(0, tokens.indexOf(found)));
  const lineOf = (offset: number): number => report.source.position(offset).line;
  return notes.filter(({ span }) => lineOf(span.start) !== lineOf(found.startOffset));
}

function unclosedBracket(tokens: readonly IToken[]): readonly Note[] {
  const open = lastUnclosed(tokens);
  return open === undefined ? [] : [{ message: `this ${describe(open)} is not closed`, span: spanOf(open) }];
}

/** A comment behind the last token that swallows the rest of the script. */
function unclosedComment(tokens: readonly IToken[], report: Report): readonly Note[] {
  const { text } = report.source;
  const last = tokens.at(-1);
  for (let at = last === undefined ? 0 : spanOf(last).end; ; ) {
    const start = skipBlanks(text, at);
    const end = commentEnd(text, start);
    if (end === undefined) return [];
    const isBlock = text.startsWith('/*', start);
    if (isBlock && (end - start < 4 || !text.startsWith('*/', end - 2))) {
      return [{ message: 'this comment is not closed', span: { start, end: start + 2 } }];
    }
    at = end;
  }
}

/** The innermost bracket without a partner. */
function lastUnclosed(tokens: readonly IToken[]): IToken | undefined {
  const open: IToken[] = [];
  for (const token of tokens) {
    if (openers.has(token.tokenType)) open.push(token);
    else if (closers.has(token.tokenType)) open.pop();
  }
  return open.at(-1);
}

const openers = new Set([t.LParen, t.LSquare, t.LCurly, t.HeaderLCurly, t.BodyInPredicate, t.AngleOpen]);
const closers = new Set([t.RParen, t.MapHeaderRParen, t.RSquare, t.RCurly, t.AngleClose, t.AngleCloseEarly]);

function describe(token: IToken): string {
  if (token.tokenType === EOF) return 'the end of the script';
  const image = token.image.length > 40 ? `${token.image.slice(0, 37)}...` : token.image;
  return `'${printable(image)}'`;
}

function spanOf(token: IToken): Span {
  return { start: token.startOffset, end: token.startOffset + token.image.length };
}
