/**
 * CST -> AST for blocks and statements. Imports build-expression.ts and is imported by it: blocks are expressions.
 */
import type * as ast from './ast.ts';
import { hasValue } from './block-value.ts';
import { type BuildContext, firstOf, spanOf, stringValue } from './build-context.ts';
import { buildType, expression, ifExpression, term } from './build-expression.ts';
import type * as cst from './cst.generated.ts';
import type { AssignmentOperator } from './operators.ts';
import { joinSpans, type Span } from './source.ts';

/**
 * What becomes of a last expression without `;`: the value of the block in block expressions, macros and branches of
 * `if`, just a statement in bodies of probes, loops and functions.
 */
export type BlockUse = 'value' | 'body';

export function valueBlock(build: BuildContext, node: cst.BlockCstNode): ast.Block {
  return block(build, node, 'value');
}

export function bodyBlock(build: BuildContext, node: cst.BlockCstNode): ast.Block {
  return block(build, node, 'body');
}

function block(build: BuildContext, { children }: cst.BlockCstNode, use: BlockUse): ast.Block {
  const span = joinSpans(spanOf(firstOf(children.LCurly)), spanOf(firstOf(children.RCurly)));
  return statementList(build, firstOf(children.statements), use, span);
}

export function statementList(build: BuildContext, list: cst.StatementsCstNode, use: BlockUse, span: Span): ast.Block {
  const nodes = list.children.statement ?? [];
  const statements = nodes.map((node) => statement(build, node.children));
  const value = use === 'value' ? trailingValue(nodes.at(-1)?.children, statements.at(-1)) : undefined;
  if (value !== undefined) statements.pop();
  return { kind: 'block', statements, value, span };
}

function trailingValue(
  last: cst.StatementCstChildren | undefined,
  built: ast.Statement | undefined,
): ast.Expr | undefined {
  if (last === undefined || built?.kind !== 'expression-statement') return undefined;
  if (last.simpleStatement !== undefined) {
    const end = firstOf(firstOf(last.simpleStatement).children.statementEnd);
    return end.children.Semicolon === undefined ? built.expression : undefined;
  }
  const own = last.ifStatement?.[0]?.children ?? last.blockStatement?.[0]?.children;
  return own !== undefined && own.Semicolon === undefined && hasValue(built.expression) ? built.expression : undefined;
}

function statement(build: BuildContext, children: cst.StatementCstChildren): ast.Statement {
  const it = children;
  if (it.simpleStatement !== undefined) return simple(build, firstOf(it.simpleStatement).children);
  if (it.letStatement !== undefined) return letStatement(build, firstOf(it.letStatement).children);
  if (it.ifStatement !== undefined) return ifStatement(build, firstOf(it.ifStatement).children);
  if (it.forStatement !== undefined) return forStatement(build, firstOf(it.forStatement).children);
  if (it.whileStatement !== undefined) return whileStatement(build, firstOf(it.whileStatement).children);
  if (it.unrollStatement !== undefined) return unrollStatement(build, firstOf(it.unrollStatement).children);
  if (it.returnStatement !== undefined) return returnStatement(build, firstOf(it.returnStatement).children);
  if (it.jumpStatement !== undefined) return jump(firstOf(it.jumpStatement).children);
  if (it.discardStatement !== undefined) return discard(build, firstOf(it.discardStatement).children);
  if (it.importStatement !== undefined) return importStatement(build, firstOf(it.importStatement).children);
  const inner = valueBlock(build, firstOf(firstOf(it.blockStatement).children.block));
  return expressionStatement({ kind: 'block-expression', block: inner, span: inner.span });
}

function expressionStatement(expr: ast.Expr): ast.ExpressionStatement {
  return { kind: 'expression-statement', expression: expr, span: expr.span };
}

const assignmentOperators: ReadonlyMap<string, AssignmentOperator> = new Map(
  (['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>='] as const).map((text) => [text, text]),
);

function simple(build: BuildContext, children: cst.SimpleStatementCstChildren): ast.Statement {
  const target = expression(build, firstOf(children.expression));
  const operator = assignmentOperators.get(children.AssignmentOperator?.[0]?.image ?? '');
  const right = children.expression[1];
  if (operator === undefined || right === undefined) return expressionStatement(target);
  const value = expression(build, right);
  return { kind: 'assign', operator, target, value, span: joinSpans(target.span, value.span) };
}

function letStatement(build: BuildContext, children: cst.LetStatementCstChildren): ast.Let {
  const name = firstOf(children.Variable);
  const type = children.type === undefined ? undefined : buildType(build, firstOf(children.type));
  const value = children.expression === undefined ? undefined : expression(build, firstOf(children.expression));
  const nameSpan = spanOf(name);
  return {
    kind: 'let',
    variable: { kind: 'variable', name: name.image.slice(1), span: nameSpan },
    type,
    value,
    span: joinSpans(spanOf(firstOf(children.Let)), (value ?? type)?.span ?? nameSpan),
  };
}

function ifStatement(build: BuildContext, children: cst.IfStatementCstChildren): ast.Statement {
  return expressionStatement(ifExpression(build, firstOf(children.ifExpression)));
}

function forStatement(build: BuildContext, children: cst.ForStatementCstChildren): ast.For {
  const header = firstOf(children.forHeader).children;
  const variable = firstOf(header.Variable);
  const start = term(build, firstOf(header.term));
  const endNode = header.term[1];
  let over: ast.For['over'] = start;
  if (endNode !== undefined) {
    const end = term(build, endNode);
    over = { kind: 'range', start, end, span: joinSpans(start.span, end.span) };
  }
  const body = bodyBlock(build, firstOf(children.block));
  return {
    kind: 'for',
    variable: { kind: 'variable', name: variable.image.slice(1), span: spanOf(variable) },
    over,
    body,
    span: joinSpans(spanOf(firstOf(children.For)), body.span),
  };
}

function whileStatement(build: BuildContext, children: cst.WhileStatementCstChildren): ast.While {
  const condition = term(build, firstOf(firstOf(children.condition).children.term));
  const body = bodyBlock(build, firstOf(children.block));
  return { kind: 'while', condition, body, span: joinSpans(spanOf(firstOf(children.While)), body.span) };
}

function unrollStatement(build: BuildContext, children: cst.UnrollStatementCstChildren): ast.Unroll {
  const count = term(build, firstOf(firstOf(children.condition).children.term));
  const body = bodyBlock(build, firstOf(children.block));
  return { kind: 'unroll', count, body, span: joinSpans(spanOf(firstOf(children.Unroll)), body.span) };
}

function returnStatement(build: BuildContext, children: cst.ReturnStatementCstChildren): ast.Return {
  const value = children.expression === undefined ? undefined : expression(build, firstOf(children.expression));
  const span = spanOf(firstOf(children.Return));
  return { kind: 'return', value, span: value === undefined ? span : joinSpans(span, value.span) };
}

function jump(children: cst.JumpStatementCstChildren): ast.Jump {
  if (children.Break !== undefined) return { kind: 'jump', to: 'break', span: spanOf(firstOf(children.Break)) };
  return { kind: 'jump', to: 'continue', span: spanOf(firstOf(children.Continue)) };
}

function discard(build: BuildContext, children: cst.DiscardStatementCstChildren): ast.Discard {
  const value = expression(build, firstOf(children.expression));
  return { kind: 'discard', value, span: joinSpans(spanOf(firstOf(children.Underscore)), value.span) };
}

function importStatement(build: BuildContext, children: cst.ImportStatementCstChildren): ast.ImportStatement {
  const path = firstOf(children.StringToken);
  const span = joinSpans(spanOf(firstOf(children.Import)), spanOf(path));
  return { kind: 'import-statement', path: stringValue(build, path), span };
}
