/**
 * The one place where errors of the Chevrotain parser become Diagnostics. `errorMessages` makes the exceptions say only
 * what was expected; the sentence around it, the place and the hint are made here from the tokens.
 */
import { EOF, type IParserErrorMessageProvider, type IToken, type TokenType } from 'chevrotain';
import type { DiagnosticExtras, Report } from './diagnostic.ts';
import type { Failure } from './parser-base.ts';
import type { Span } from './source.ts';
import { printable } from './string-literal.ts';
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
  const expected = exception.message;
  const rules = exception.context.ruleStack;
  const after = previous === undefined ? '' : ` after ${describe(previous)}`;
  const span = placeOf(found, previous, expected, report);

  if (found.tokenType === t.AngleCloseEarly && expected === "';'") {
    const message = "';' is missing before the '>' that ends the action";
    report.error('angle-needs-semicolon', span, message, {
      hint: "in '< ... >' every statement ends with ';', so that '>' can be told from a comparison",
    });
  } else if (found.tokenType === EOF && !operandExpected.has(expected)) {
    const open = lastUnclosed(tokens);
    const extras: DiagnosticExtras =
      open === undefined ? {} : { related: [{ message: `this ${describe(open)} is not closed`, span: spanOf(open) }] };
    const end = tokens.at(-1)?.tokenType === t.Greater ? `${rules.includes('angleAction') ? angleHint : ''}` : '';
    report.error('unexpected-end', span, `expected ${expected}${after}, but the script ends here`, {
      ...extras,
      ...(end === '' ? {} : { hint: end }),
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
      hint: "a predicate stands between two '/': /pid == 1/ { ... }",
    });
  } else if (operandExpected.has(expected)) {
    report.error('expected-expression', span, `expected ${expected}${after}, found ${describe(found)}`, {
      hint: operandHint(found, previous),
    });
  } else {
    report.error('unexpected-token', span, `expected ${expected}${after}, found ${describe(found)}`, {
      hint: tokenHint(found, previous, first, expected, rules),
    });
  }
}

const angleHint = "if this '>' should end the action, put ';' before it";
const operandExpected = new Set(['an expression', 'a type or an expression', 'a statement', 'a map key']);

function operandHint(found: IToken, previous: IToken | undefined): string | undefined {
  if (found.tokenType === t.Else) return "'else' follows the '}' of an 'if' directly";
  if (found.image === '+') return "there is no '+' in front of a value";
  if (found.tokenType === t.Assign && previous?.tokenType === t.Assign) return "compare with '=='";
  return undefined;
}

function tokenHint(
  found: IToken,
  previous: IToken | undefined,
  first: IToken,
  expected: string,
  rules: readonly string[],
): string | undefined {
  const type = found.tokenType;
  if (type === t.AttachPoint && previous !== undefined && /:[^:]*\/[^:]*$/.test(previous.image)) {
    return "behind a ':' a '/' belongs to the probe; put a blank before the predicate";
  }
  if (type === t.AttachPoint && expected === "'{'") return "separate probes by ','; a predicate stands between two '/'";
  if (expected === "';'" && previous === first && (type === t.Colon || type === t.LCurly)) {
    return "a probe cannot begin inside another; is a '}' missing above?";
  }
  if (isA(type, t.AssignmentOperator)) {
    return type === t.Assign && !rules.includes('simpleStatement')
      ? "compare with '=='; an assignment is a statement of its own"
      : 'an assignment is a statement of its own, not a value';
  }
  if (type === t.DotDot) return "ranges stand in 'for ($i : a..b)' only";
  return undefined;
}

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
