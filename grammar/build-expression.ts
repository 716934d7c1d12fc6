/**
 * CST -> AST for expressions and types. The CST has flat lists of operators; the order by operators.ts is made here.
 * A grouping `(x)` is `x` with the span of the parentheses.
 */
import type { IToken } from 'chevrotain';
import type * as ast from './ast.ts';
import { type BuildContext, deeper, firstOf, integerValue, spanOf, stringValue } from './build-context.ts';
import { valueBlock } from './build-statement.ts';
import type * as cst from './cst.generated.ts';
import type { Report } from './diagnostic.ts';
import { prefixDepth } from './nesting.ts';
import { type BinaryOperator, binaryOperators, type UnaryOperator } from './operators.ts';
import { joinSpans, type Span } from './source.ts';
import { BadString } from './tokens.ts';

export function expression(build: BuildContext, { children }: cst.ExpressionCstNode): ast.Expr {
  const head = firstOf(children.binary);
  const branches = children.branch;
  if (branches === undefined) return binary(build, head);
  const at = (): Span => spanOf(firstOf(firstOf(branches).children.Question));
  return deeper(build, branches.length, at, () => conditional(build, head, branches)) ?? zero(at());
}

/** `a ? b : c ? d : e` is right-associative: built from the last branch on. */
function conditional(build: BuildContext, head: cst.BinaryCstNode, branches: cst.BranchCstNode[]): ast.Expr {
  const conditions = [binary(build, head), ...branches.map((branch) => binary(build, firstOf(branch.children.binary)))];
  const thens = branches.map(({ children }) =>
    children.expression === undefined ? undefined : expression(build, firstOf(children.expression)),
  );
  return conditions.reduceRight((otherwise, condition, index) => {
    return {
      kind: 'conditional',
      condition,
      then: thens[index],
      otherwise,
      span: joinSpans(condition.span, otherwise.span),
    };
  });
}

function binary(build: BuildContext, { children }: cst.BinaryCstNode): ast.Expr {
  const operators = children.BinaryOperator;
  if (operators === undefined) return term(build, firstOf(children.term));
  const at = (): Span => spanOf(firstOf(operators));
  return deeper(build, operators.length, at, () => orderOperators(build, children.term, operators)) ?? zero(at());
}

interface Pending {
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly precedence: number;
}

const rows = new Map(binaryOperators.map((row) => [row.text as string, row]));

/** Operator precedence with two stacks; all operators are left-associative. */
function orderOperators(build: BuildContext, terms: readonly cst.TermCstNode[], tokens: readonly IToken[]): ast.Expr {
  const operands: ast.Expr[] = [];
  const pending: Pending[] = [];
  const reduceWhile = (precedence: number): void => {
    for (let top = pending.at(-1); top !== undefined && top.precedence >= precedence; top = pending.at(-1)) {
      pending.pop();
      const right = operands.pop();
      const left = operands.pop();
      if (left === undefined || right === undefined) throw new Error('an operator lacks an operand');
      const { operator, operatorSpan } = top;
      operands.push({ kind: 'binary', operator, operatorSpan, left, right, span: joinSpans(left.span, right.span) });
    }
  };
  terms.forEach((node, index) => {
    operands.push(term(build, node));
    const token = tokens[index];
    const row = token === undefined ? undefined : rows.get(token.image);
    if (token === undefined || row === undefined) return;
    reduceWhile(row.precedence);
    pending.push({ operator: row.text, operatorSpan: spanOf(token), precedence: row.precedence });
  });
  reduceWhile(0);
  return firstOf(operands);
}

/** A primary with its prefixes and postfixes; postfixes bind tighter. */
export function term(build: BuildContext, { children }: cst.TermCstNode): ast.Expr {
  const prefixes = children.prefix ?? [];
  const postfixes = children.postfix ?? [];
  const base = firstOf(children.primary);
  if (prefixes.length + postfixes.length === 0) return primary(build, base);
  const at = (): Span =>
    spanOf(prefixes.length > 0 ? prefixToken(firstOf(prefixes)) : postfixToken(firstOf(postfixes)));
  const build1 = (): ast.Expr => {
    let expr = primary(build, base);
    if (base.children.Integer !== undefined && isFloat(build, expr, postfixes[0]))
      expr = { kind: 'error', span: expr.span };
    for (const node of postfixes) expr = postfix(build, expr, node.children);
    for (const node of prefixes.toReversed()) expr = prefix(build, node, expr);
    return expr;
  };
  return deeper(build, prefixes.length * prefixDepth + postfixes.length, at, build1) ?? zero(at());
}

/** `1.5`, which is reported. */
function isFloat(build: BuildContext, integer: ast.Expr, next: cst.PostfixCstNode | undefined): boolean {
  const fraction = next?.children.member?.[0]?.children.Integer?.[0];
  if (fraction === undefined) return false;
  const span = joinSpans(integer.span, spanOf(fraction));
  build.report.error('no-floats', span, 'there are no numbers with a fraction', {
    hint: 'use a smaller unit, such as 1500ms for one and a half seconds',
  });
  return true;
}

const unaryOperators: ReadonlyMap<string, UnaryOperator> = new Map(
  (['!', '~', '-', '*', '&'] as const).map((text) => [text, text]),
);

function prefixToken({ children }: cst.PrefixCstNode): IToken {
  return firstOf(children.PrefixOperator ?? children.Comptime ?? children.LParen);
}

function prefix(build: BuildContext, node: cst.PrefixCstNode, operand: ast.Expr): ast.Expr {
  const { children } = node;
  const token = prefixToken(node);
  const span = joinSpans(spanOf(token), operand.span);
  if (children.type !== undefined) {
    return { kind: 'cast', type: buildType(build, firstOf(children.type)), operand, span };
  }
  if (children.Comptime !== undefined) return { kind: 'comptime', operand, span };
  const operator = unaryOperators.get(token.image);
  if (operator !== undefined) return { kind: 'unary', operator, operand, span };
  return { kind: 'update', operator: token.image === '++' ? '++' : '--', position: 'prefix', target: operand, span };
}

function postfixToken({ children }: cst.PostfixCstNode): IToken {
  return firstOf(children.Increment ?? children.Decrement ?? children.LSquare ?? children.Dot ?? children.Arrow);
}

function postfix(build: BuildContext, object: ast.Expr, children: cst.PostfixCstChildren): ast.Expr {
  if (children.expression !== undefined) {
    const index = expression(build, firstOf(children.expression));
    return { kind: 'index', object, index, span: joinSpans(object.span, spanOf(firstOf(children.RSquare))) };
  }
  const member = children.member?.[0]?.children;
  if (member?.Integer !== undefined) return tupleAccess(build, object, firstOf(member.Integer));
  const name = (member?.Word ?? children.Word)?.[0];
  if (name !== undefined) {
    const nameSpan = spanOf(name);
    return { kind: 'field', object, name: name.image, nameSpan, span: joinSpans(object.span, nameSpan) };
  }
  const token = firstOf(children.Increment ?? children.Decrement);
  const operator = token.image === '++' ? '++' : '--';
  return { kind: 'update', operator, position: 'postfix', target: object, span: joinSpans(object.span, spanOf(token)) };
}

function tupleAccess(build: BuildContext, object: ast.Expr, token: IToken): ast.TupleAccess {
  const span = spanOf(token);
  if (!/^(?:0|[1-9][0-9]{0,8})$/.test(token.image)) {
    build.report.error('bad-tuple-index', span, `'${token.image}' is no position in a tuple; use 0, 1, 2 ...`);
  }
  return { kind: 'tuple-access', object, index: Number.parseInt(token.image, 10), span: joinSpans(object.span, span) };
}

function primary(build: BuildContext, { children: it }: cst.PrimaryCstNode): ast.Expr {
  if (it.nameOrCall !== undefined) return nameOrCall(build, firstOf(it.nameOrCall).children);
  if (it.mapAccess !== undefined) return mapAccess(build, firstOf(it.mapAccess).children);
  if (it.parenthesised !== undefined) return parenthesised(build, firstOf(it.parenthesised).children);
  if (it.ifExpression !== undefined) return ifExpression(build, firstOf(it.ifExpression));
  if (it.typeQuery !== undefined) return typeQuery(build, firstOf(it.typeQuery).children);
  if (it.block !== undefined) {
    const block = valueBlock(build, firstOf(it.block));
    return { kind: 'block-expression', block, span: block.span };
  }
  if (it.typeofOperand !== undefined) {
    const { base, span } = typeofBase(build, firstOf(it.typeofOperand).children);
    return { kind: 'type-argument', type: typeArgument(base, span), span };
  }
  return literalOrVariable(build, it);
}

function literalOrVariable(build: BuildContext, it: cst.PrimaryCstChildren): ast.Expr {
  const token = firstOf(
    it.Integer ?? it.StringToken ?? it.True ?? it.False ?? it.Variable ?? it.Positional ?? it.PositionalCount,
  );
  const span = spanOf(token);
  if (it.Integer !== undefined) {
    const value = integerValue(build, token);
    return value === undefined ? { kind: 'error', span } : { kind: 'integer', value, span };
  }
  if (it.StringToken !== undefined && token.tokenType === BadString) return { kind: 'error', span };
  if (it.StringToken !== undefined) return { kind: 'string', value: stringValue(build, token), span };
  if (it.Variable !== undefined) return { kind: 'variable', name: token.image.slice(1).trim(), span };
  if (it.PositionalCount !== undefined) return { kind: 'positional-count', span };
  if (it.Positional !== undefined) return positional(build, token);
  return { kind: 'boolean', value: it.True !== undefined, span };
}

function positional(build: BuildContext, token: IToken): ast.PositionalParameter {
  const index = Number.parseInt(token.image.slice(1), 10);
  if (index < 1 || !Number.isSafeInteger(index)) {
    build.report.error('bad-positional', spanOf(token), 'positional parameters are $1, $2 and so on', {
      hint: index === 0 ? 'there is no $0; $# is their number' : undefined,
    });
  }
  return { kind: 'positional', index, span: spanOf(token) };
}

function nameOrCall(build: BuildContext, children: cst.NameOrCallCstChildren): ast.Expr {
  const token = firstOf(children.Identifier);
  const nameSpan = spanOf(token);
  const name = token.image;
  if (children.RParen === undefined) return { kind: 'identifier', name, span: nameSpan };
  const args = (children.expression ?? []).map((argument) => expression(build, argument));
  return { kind: 'call', name, nameSpan, args, span: joinSpans(nameSpan, spanOf(firstOf(children.RParen))) };
}

function mapAccess(build: BuildContext, children: cst.MapAccessCstChildren): ast.Expr {
  const token = firstOf(children.MapName);
  const nameSpan = spanOf(token);
  const name = token.image;
  if (children.expression === undefined) return { kind: 'map', name, span: nameSpan };
  const keys = children.expression.map((key) => expression(build, key));
  return { kind: 'map-element', name, nameSpan, keys, span: joinSpans(nameSpan, spanOf(firstOf(children.RSquare))) };
}

function parenthesised(build: BuildContext, children: cst.ParenthesisedCstChildren): ast.Expr {
  const span = joinSpans(spanOf(firstOf(children.LParen)), spanOf(firstOf(children.RParen)));
  if (children.recordField !== undefined) {
    const names = new Map<string, Span>();
    const fields = children.recordField.map(({ children: field }) => {
      const name = firstOf(field.Word);
      const first = names.get(name.image);
      if (first === undefined) names.set(name.image, spanOf(name));
      else reportSecondField(name, first, build.report);
      return { name: name.image, nameSpan: spanOf(name), value: expression(build, firstOf(field.expression)) };
    });
    return { kind: 'record', fields, span };
  }
  const list = children.items?.[0]?.children;
  if (list === undefined) return { kind: 'tuple', items: [], span };
  const items = list.expression.map((item) => expression(build, item));
  if (list.Comma === undefined) return { ...firstOf(items), span };
  return { kind: 'tuple', items, span };
}

function reportSecondField(name: IToken, first: Span, report: Report): void {
  report.error('duplicate-record-field', spanOf(name), `this record has a field '${name.image}' already`, {
    related: [{ message: 'the first one', span: first }],
  });
}

/** `else if` becomes a block whose value is the inner `if`, built from the last one on. */
export function ifExpression(build: BuildContext, { children }: cst.IfExpressionCstNode): ast.If {
  const elseIfs = children.elseIf ?? [];
  const head = spanOf(firstOf(children.If));
  const chain = [children, ...elseIfs.map((node) => node.children)];
  const parts = deeper(
    build,
    chain.length,
    () => head,
    () =>
      chain.map((part) => ({
        start: spanOf(firstOf(part.If)),
        condition: term(build, firstOf(firstOf(part.condition).children.term)),
        then: valueBlock(build, firstOf(part.block)),
      })),
  );
  const elseNode = children.block[1];
  let otherwise = elseNode === undefined || parts === undefined ? undefined : valueBlock(build, elseNode);
  let inner: ast.If | undefined;
  for (const { start, condition, then } of (parts ?? []).toReversed()) {
    if (inner !== undefined) otherwise = { kind: 'block', statements: [], value: inner, span: inner.span };
    inner = { kind: 'if', condition, then, otherwise, span: joinSpans(start, (otherwise ?? then).span) };
  }
  if (inner !== undefined) return inner;
  const empty: ast.Block = { kind: 'block', statements: [], value: undefined, span: head };
  return { kind: 'if', condition: zero(head), then: empty, otherwise: undefined, span: head };
}

function typeQuery(build: BuildContext, children: cst.TypeQueryCstChildren): ast.TypeQuery {
  const token = firstOf(children.Sizeof ?? children.Typeinfo ?? children.Offsetof);
  let query: ast.TypeQuery['query'] = 'sizeof';
  if (children.Typeinfo !== undefined) query = 'typeinfo';
  else if (children.Offsetof !== undefined) query = 'offsetof';
  return {
    kind: 'type-query',
    query,
    operand: typeOrExpression(build, firstOf(children.typeOrExpression)),
    path: (children.fieldPath?.[0]?.children.Word ?? []).map((name) => name.image),
    span: joinSpans(spanOf(token), spanOf(firstOf(children.RParen))),
  };
}

function typeOrExpression(build: BuildContext, { children }: cst.TypeOrExpressionCstNode): ast.TypeNode | ast.Expr {
  if (children.type !== undefined) return buildType(build, firstOf(children.type));
  return expression(build, firstOf(children.expression));
}

export function buildType(build: BuildContext, { children }: cst.TypeCstNode): ast.TypeNode {
  const { base, span } = typeBase(build, children);
  const suffixes = (children.typeSuffix ?? []).map(({ children: suffix }): ast.TypeSuffix & { end: Span } => {
    if (suffix.Star !== undefined) return { kind: 'pointer', end: spanOf(firstOf(suffix.Star)) };
    const length = suffix.Integer === undefined ? undefined : (integerValue(build, firstOf(suffix.Integer)) ?? 1n);
    return { kind: 'array', length, end: spanOf(firstOf(suffix.RSquare)) };
  });
  const last = suffixes.at(-1);
  return {
    kind: 'type',
    base,
    suffixes: suffixes.map((s) => (s.kind === 'pointer' ? { kind: s.kind } : { kind: s.kind, length: s.length })),
    span: last === undefined ? span : joinSpans(span, last.end),
  };
}

interface TypeBase {
  readonly base: ast.TypeNode['base'];
  readonly span: Span;
}

function typeBase(build: BuildContext, children: cst.TypeCstChildren): TypeBase {
  if (children.typeofOperand !== undefined) return typeofBase(build, firstOf(children.typeofOperand).children);
  const tag = children.tagWord?.[0]?.children;
  if (tag === undefined) {
    const name = firstOf(children.Identifier);
    return { base: { by: 'name', keyword: undefined, name: name.image }, span: spanOf(name) };
  }
  const name = firstOf(children.Word);
  const keyword = tag.Struct !== undefined ? 'struct' : tag.Union !== undefined ? 'union' : 'enum';
  const start = spanOf(firstOf(tag.Struct ?? tag.Union ?? tag.Enum));
  return { base: { by: 'name', keyword, name: name.image }, span: joinSpans(start, spanOf(name)) };
}

function typeofBase(build: BuildContext, children: cst.TypeofOperandCstChildren): TypeBase {
  const operand = typeOrExpression(build, firstOf(children.typeOrExpression));
  const span = joinSpans(spanOf(firstOf(children.Typeof)), spanOf(firstOf(children.RParen)));
  return { base: { by: 'typeof', operand }, span };
}

/** `typeof(T)` over a type is that type; over an expression it stays a `typeof`. */
function typeArgument(base: ast.TypeNode['base'], span: Span): ast.TypeNode {
  if (base.by === 'typeof' && base.operand.kind === 'type') return base.operand;
  return { kind: 'type', base, suffixes: [], span };
}

/** Stands for an expression that was refused. */
function zero(span: Span): ast.IntegerLiteral {
  return { kind: 'integer', value: 0n, span };
}
