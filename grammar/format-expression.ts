/**
 * Layout of expressions and types. Long lists break after each comma, long chains of operators behind the operators
 * that bind least, `?:` before `?` and `:`. Parentheses stay as they are written. Comments before a group are printed outside of
 * it, or they would break its lines.
 */
import type { IToken } from 'chevrotain';
import { firstOf } from './build-context.ts';
import type * as cst from './cst.generated.ts';
import { edge, type FormatContext } from './format-context.ts';
import { block } from './format-statement.ts';
import { type Doc, group, indent, line, space } from './layout.ts';
import { binaryOperator } from './operators.ts';

export function expression(format: FormatContext, node: cst.ExpressionCstNode): Doc {
  const { children } = node;
  if (children.branch === undefined) return binary(format, firstOf(children.binary));
  const before = format.leading(edge(node, 'first'));
  const condition = binary(format, firstOf(children.binary));
  const branches = children.branch.map(({ children: branch }): Doc => {
    const question = format.token(firstOf(branch.Question));
    const then = branch.expression?.[0];
    const value = [format.token(firstOf(branch.Colon)), space, binary(format, firstOf(branch.binary))];
    if (then === undefined) return [line, question, value];
    return [line, question, space, expression(format, then), line, value];
  });
  return [before, group([condition, indent(branches)])];
}

function binary(format: FormatContext, { children }: cst.BinaryCstNode): Doc {
  return chain(format, children.term, children.BinaryOperator ?? []);
}

/** `operators[i]` is between `terms[i]` and the next. */
function chain(format: FormatContext, terms: readonly cst.TermCstNode[], operators: readonly IToken[]): Doc {
  const levels = operators.map((token) => binaryOperator(token.image)?.precedence ?? 0);
  const least = Math.min(...levels);
  const before = operators.length === 0 ? '' : format.leading(edge(firstOf(terms), 'first'));
  const parts: Doc[] = [];
  let from = 0;
  for (let index = 0; index <= operators.length; index++) {
    const operator = operators[index];
    if (operator !== undefined && levels[index] !== least) continue;
    const inner = terms.slice(from, index + 1);
    const part = inner.length === 1 ? term(format, firstOf(inner)) : chain(format, inner, operators.slice(from, index));
    parts.push(part, operator === undefined ? '' : [space, format.token(operator), line]);
    from = index + 1;
  }
  return operators.length === 0 ? parts : [before, group([parts[0] ?? '', indent(parts.slice(1))])];
}

export function term(format: FormatContext, { children }: cst.TermCstNode): Doc {
  const prefixes = children.prefix ?? [];
  const base = firstOf(children.primary);
  const parts = prefixes.map((node, index) => prefix(format, node, edge(prefixes[index + 1] ?? base, 'first')));
  parts.push(primary(format, base));
  for (const node of children.postfix ?? []) parts.push(postfix(format, node.children));
  return parts;
}

function prefix(format: FormatContext, { children }: cst.PrefixCstNode, next: IToken): Doc {
  if (children.type !== undefined) {
    const open = format.token(firstOf(children.LParen));
    return [open, type(format, firstOf(children.type)), format.token(firstOf(children.RParen))];
  }
  if (children.Comptime !== undefined) return [format.token(firstOf(children.Comptime)), space];
  const operator = firstOf(children.PrefixOperator);
  // `- -x` is not `--x`, and `& &x` not `&&x`.
  const wouldJoin = /[-&]$/.test(operator.image) && operator.image.at(-1) === next.image.charAt(0);
  return [format.token(operator), wouldJoin ? space : ''];
}

function postfix(format: FormatContext, children: cst.PostfixCstChildren): Doc {
  if (children.expression !== undefined) {
    const brackets = { open: children.LSquare, close: children.RSquare };
    return format.list(brackets, children.expression, (index) => expression(format, index));
  }
  const operator = firstOf(children.Increment ?? children.Decrement ?? children.Dot ?? children.Arrow);
  const member = children.member?.[0]?.children;
  const name = (member?.Word ?? member?.Integer ?? children.Word)?.[0];
  return [format.token(operator), name === undefined ? '' : format.token(name)];
}

function primary(format: FormatContext, { children: it }: cst.PrimaryCstNode): Doc {
  if (it.nameOrCall !== undefined) return nameOrCall(format, firstOf(it.nameOrCall).children);
  if (it.mapAccess !== undefined) return mapAccess(format, firstOf(it.mapAccess).children);
  if (it.parenthesised !== undefined) return parenthesised(format, firstOf(it.parenthesised).children);
  if (it.ifExpression !== undefined) return ifExpression(format, firstOf(it.ifExpression).children);
  if (it.typeQuery !== undefined) return typeQuery(format, firstOf(it.typeQuery).children);
  if (it.typeofOperand !== undefined) return typeofOperand(format, firstOf(it.typeofOperand).children);
  if (it.block !== undefined) return block(format, firstOf(it.block).children, 'value');
  const literal = it.Integer ?? it.StringToken ?? it.True ?? it.False;
  return format.token(firstOf(literal ?? it.Variable ?? it.Positional ?? it.PositionalCount));
}

function nameOrCall(format: FormatContext, children: cst.NameOrCallCstChildren): Doc {
  const name = format.token(firstOf(children.Identifier));
  if (children.RParen === undefined) return name;
  const brackets = { open: children.LParen, commas: children.Comma, close: children.RParen };
  return [name, format.list(brackets, children.expression, (arg) => expression(format, arg))];
}

function mapAccess(format: FormatContext, children: cst.MapAccessCstChildren): Doc {
  const name = format.token(firstOf(children.MapName));
  if (children.expression === undefined) return name;
  const brackets = { open: children.LSquare, commas: children.Comma, close: children.RSquare };
  return [name, format.list(brackets, children.expression, (key) => expression(format, key))];
}

function parenthesised(format: FormatContext, children: cst.ParenthesisedCstChildren): Doc {
  const brackets = { open: children.LParen, close: children.RParen };
  if (children.recordField !== undefined) {
    return format.list({ ...brackets, commas: children.Comma }, children.recordField, ({ children: field }): Doc => {
      const name = format.token(firstOf(field.Word));
      return [name, format.token(firstOf(field.Assign)), expression(format, firstOf(field.expression))];
    });
  }
  const items = children.items?.[0]?.children;
  const comma = items?.Comma?.[0];
  if (items?.expression.length === 1 && comma !== undefined) {
    // `(x,)` is a tuple, `(x)` is not.
    return format.list(brackets, items.expression, (item) => [expression(format, item), format.token(comma)]);
  }
  return format.list({ ...brackets, commas: items?.Comma }, items?.expression, (item) => expression(format, item));
}

export function ifExpression(format: FormatContext, children: cst.IfExpressionCstChildren): Doc {
  const then = block(format, firstOf(children.block).children, 'value');
  const parts: Doc[] = [
    format.token(firstOf(children.If)),
    space,
    condition(format, firstOf(children.condition)),
    space,
    then,
  ];
  for (const { children: it } of children.elseIf ?? []) {
    parts.push(space, format.token(firstOf(it.Else)), space, format.token(firstOf(it.If)), space);
    parts.push(condition(format, firstOf(it.condition)), space, block(format, firstOf(it.block).children, 'value'));
  }
  const otherwise = children.block[1];
  if (otherwise !== undefined) {
    parts.push(space, format.token(firstOf(children.Else)), space, block(format, otherwise.children, 'value'));
  }
  return parts;
}

/** In parentheses, except for `if comptime x`. */
export function condition(format: FormatContext, { children }: cst.ConditionCstNode): Doc {
  const node = firstOf(children.term);
  const { prefix: prefixes, primary: base, postfix: postfixes } = node.children;
  const isBare =
    prefixes !== undefined || postfixes !== undefined || firstOf(base).children.parenthesised === undefined;
  if (isBare && prefixes?.[0]?.children.Comptime === undefined) format.enclose(node, '(', ')');
  return term(format, node);
}

// ----------------------------------------------------------------------------------------------------------- types

function typeQuery(format: FormatContext, children: cst.TypeQueryCstChildren): Doc {
  const word = format.token(firstOf(children.Sizeof ?? children.Typeinfo ?? children.Offsetof));
  const brackets = { open: children.LParen, commas: children.Comma, close: children.RParen };
  const parts = [...(children.typeOrExpression ?? []), ...(children.fieldPath ?? [])];
  const print = (part: cst.TypeOrExpressionCstNode | cst.FieldPathCstNode): Doc => {
    return part.name === 'fieldPath' ? fieldPath(format, part) : typeOrExpression(format, part);
  };
  return [word, format.list(brackets, parts, print)];
}

function fieldPath(format: FormatContext, { children }: cst.FieldPathCstNode): Doc {
  return children.Word.map((name, index): Doc => {
    const dot = children.Dot?.[index];
    return [format.token(name), dot === undefined ? '' : format.token(dot)];
  });
}

function typeofOperand(format: FormatContext, children: cst.TypeofOperandCstChildren): Doc {
  const brackets = { open: children.LParen, close: children.RParen };
  const operand = format.list(brackets, children.typeOrExpression, (node) => typeOrExpression(format, node));
  return [format.token(firstOf(children.Typeof)), operand];
}

function typeOrExpression(format: FormatContext, { children }: cst.TypeOrExpressionCstNode): Doc {
  if (children.type !== undefined) return type(format, firstOf(children.type));
  return expression(format, firstOf(children.expression));
}

export function type(format: FormatContext, { children }: cst.TypeCstNode): Doc {
  const suffixes = (children.typeSuffix ?? []).map(({ children: suffix }): Doc => {
    if (suffix.Star !== undefined) return format.token(firstOf(suffix.Star));
    const length = suffix.Integer === undefined ? '' : format.token(firstOf(suffix.Integer));
    return [format.token(firstOf(suffix.LSquare)), length, format.token(firstOf(suffix.RSquare))];
  });
  if (children.typeofOperand !== undefined) {
    return [typeofOperand(format, firstOf(children.typeofOperand).children), suffixes];
  }
  const tag = children.tagWord?.[0]?.children;
  if (tag === undefined) return [format.token(firstOf(children.Identifier)), suffixes];
  const word = format.token(firstOf(tag.Struct ?? tag.Union ?? tag.Enum));
  return [word, space, format.token(firstOf(children.Word)), suffixes];
}
