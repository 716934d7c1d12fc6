/**
 * Layout of blocks and statements: one statement a line, `{` on the line of what it belongs to, one empty line kept
 * between statements. Every statement gets its `;`, but for a last expression that is the value of its block.
 */
import type { IToken } from 'chevrotain';
import { firstOf } from './build-context.ts';
import type { BlockUse } from './build-statement.ts';
import type * as cst from './cst.generated.ts';
import type { FormatContext } from './format-context.ts';
import { condition, expression, ifExpression, term, type } from './format-expression.ts';
import { type Doc, hard, linesOfBlock, space } from './layout.ts';

export function block(format: FormatContext, { LCurly, RCurly, statements }: cst.BlockCstChildren, use: BlockUse): Doc {
  return braces(format, firstOf(LCurly), statementLines(format, firstOf(statements), use), firstOf(RCurly));
}

/** `{ lines }`; an empty one is `{}`. The comments before the `}` belong inside. */
export function braces(format: FormatContext, open: IToken, lines: readonly Doc[], close: IToken): Doc {
  const isEmpty = lines.length === 0 && !format.hasLeading(close);
  const last = format.hasLeading(close) ? [hard, format.leading(close)] : '';
  return [format.token(open, '{'), linesOfBlock([lines, last]), isEmpty ? '' : hard, format.bare(close, '}')];
}

/** Each statement with the line end before it. */
export function statementLines(format: FormatContext, list: cst.StatementsCstNode, use: BlockUse): readonly Doc[] {
  const nodes = list.children.statement ?? [];
  return nodes.map((node, index): Doc => {
    const isLast = index === nodes.length - 1;
    return [format.lineBefore(node), statement(format, node, isLast && use === 'value')];
  });
}

function statement(format: FormatContext, node: cst.StatementCstNode, mayBeValue: boolean): Doc {
  const it = node.children;
  if (it.forStatement !== undefined) return forStatement(format, firstOf(it.forStatement).children);
  if (it.whileStatement !== undefined) {
    const { While, ...rest } = firstOf(it.whileStatement).children;
    return conditional(format, firstOf(While), rest);
  }
  if (it.unrollStatement !== undefined) {
    const { Unroll, ...rest } = firstOf(it.unrollStatement).children;
    return conditional(format, firstOf(Unroll), rest);
  }
  if (it.ifStatement !== undefined) {
    const { ifExpression: inner, Semicolon } = firstOf(it.ifStatement).children;
    return [ifExpression(format, firstOf(inner).children), optionalEnd(format, Semicolon, mayBeValue)];
  }
  if (it.blockStatement !== undefined) {
    const { block: inner, Semicolon } = firstOf(it.blockStatement).children;
    return [block(format, firstOf(inner).children, 'value'), optionalEnd(format, Semicolon, mayBeValue)];
  }
  const simple = it.simpleStatement?.[0]?.children;
  const end = semicolonOf(it);
  const isValue = mayBeValue && simple !== undefined && simple.AssignmentOperator === undefined;
  if (end === undefined && !isValue) format.enclose(node, '', ';');
  return [plainStatement(format, it), end === undefined ? '' : format.token(end)];
}

function semicolonOf(it: cst.StatementCstChildren): IToken | undefined {
  const { letStatement, returnStatement, jumpStatement, discardStatement, importStatement, simpleStatement } = it;
  const nodes = [letStatement, returnStatement, jumpStatement, discardStatement, importStatement, simpleStatement];
  const [end] = nodes.flatMap((node) => node?.[0]?.children.statementEnd ?? []);
  return end?.children.Semicolon?.[0];
}

/** Without its end. */
function plainStatement(format: FormatContext, it: cst.StatementCstChildren): Doc {
  const assigned = (operator: IToken, value: cst.ExpressionCstNode): Doc => {
    return [space, format.token(operator), space, expression(format, value)];
  };
  if (it.letStatement !== undefined) {
    const { Let, Variable, Colon, type: typeNode, Assign, expression: value } = firstOf(it.letStatement).children;
    const parts: Doc[] = [format.token(firstOf(Let)), space, format.token(firstOf(Variable))];
    if (typeNode !== undefined) parts.push(format.token(firstOf(Colon)), space, type(format, firstOf(typeNode)));
    if (value !== undefined) parts.push(assigned(firstOf(Assign), firstOf(value)));
    return parts;
  }
  if (it.returnStatement !== undefined) {
    const { Return, expression: value } = firstOf(it.returnStatement).children;
    return [format.token(firstOf(Return)), value === undefined ? '' : [space, expression(format, firstOf(value))]];
  }
  if (it.jumpStatement !== undefined) {
    const { Break, Continue } = firstOf(it.jumpStatement).children;
    return format.token(firstOf(Break ?? Continue));
  }
  if (it.discardStatement !== undefined) {
    const { Underscore, Assign, expression: value } = firstOf(it.discardStatement).children;
    return [format.token(firstOf(Underscore)), assigned(firstOf(Assign), firstOf(value))];
  }
  if (it.importStatement !== undefined) {
    const { Import, StringToken } = firstOf(it.importStatement).children;
    return [format.token(firstOf(Import)), space, format.token(firstOf(StringToken))];
  }
  const { expression: sides, AssignmentOperator } = firstOf(it.simpleStatement).children;
  const target = expression(format, firstOf(sides));
  const value = sides[1];
  return value === undefined ? target : [target, assigned(firstOf(AssignmentOperator), value)];
}

function forStatement(format: FormatContext, children: cst.ForStatementCstChildren): Doc {
  const header = firstOf(children.forHeader);
  const { Variable, Colon, term: terms, DotDot } = header.children;
  if (children.LParen === undefined) format.enclose(header, '(', ')');
  const over: Doc[] = [term(format, firstOf(terms))];
  const end = terms[1];
  if (end !== undefined) over.push(format.token(firstOf(DotDot)), term(format, end));
  const variable = [format.token(firstOf(Variable)), space, format.token(firstOf(Colon)), space];
  return [
    ...[format.token(firstOf(children.For)), space],
    ...[children.LParen === undefined ? '' : format.token(firstOf(children.LParen)), variable, over],
    ...[children.RParen === undefined ? '' : format.token(firstOf(children.RParen)), space],
    block(format, firstOf(children.block).children, 'body'),
    optionalEnd(format, children.Semicolon, false),
  ];
}

interface Conditional {
  readonly condition: cst.ConditionCstNode[];
  readonly block: cst.BlockCstNode[];
  readonly Semicolon?: IToken[];
}

function conditional(
  format: FormatContext,
  word: IToken,
  { condition: head, block: body, Semicolon }: Conditional,
): Doc {
  return [
    ...[format.token(word), space, condition(format, firstOf(head)), space],
    ...[block(format, firstOf(body).children, 'body'), optionalEnd(format, Semicolon, false)],
  ];
}

/** A `;` behind a `}` stays only where it may keep the block from being a value. */
function optionalEnd(format: FormatContext, semicolon: IToken[] | undefined, isNeeded: boolean): Doc {
  const token = semicolon?.[0];
  return token === undefined ? '' : format.token(token, isNeeded ? ';' : '');
}
