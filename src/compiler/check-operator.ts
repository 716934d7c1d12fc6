/** Operators: unary, `++`/`--`, binary, comparison; literals are folded on the way. */
import type { Binary, Expr, Unary, Update } from '../../grammar/ast.ts';
import { binaryOperator } from '../../grammar/operators.ts';
import type { IntType, Type } from '../types/type.ts';
import { boolType, int64, typeName, typesEqual, uint64 } from '../types/type.ts';
import type { Constant, TypedExpr } from '../types/typed-tree.ts';
import type { CheckContext } from './check-context.ts';
import { constant, errorExpression, isError, lookUpVariable } from './check-context.ts';
import { checkExpr, checkString, checkTarget } from './check-expression.ts';
import { checkAddressOf, checkDereference, compareAddresses, movePointer, stepOf } from './check-pointer.ts';
import { asCondition, asInteger, convertTo, wrapInteger } from './convert.ts';
import { foldIntegers, foldStrings, foldUnary } from './fold.ts';
import { literalType, promote, promoteIntegers, settle } from './promote.ts';

export function checkUnary(cx: CheckContext, expr: Unary): TypedExpr {
  if (expr.operator === '&') return checkAddressOf(cx, expr);
  const operand = checkExpr(cx, expr.operand);
  if (isError(operand)) return errorExpression(expr.span);
  if (expr.operator === '*') return checkDereference(cx, expr, operand);
  if (expr.operator === '!') {
    if (operand.type.kind !== 'int' && operand.type.kind !== 'bool') return badOperand(cx, expr, operand);
    if (operand.kind === 'constant') return constant(!operand.value || operand.value === 0n, boolType, expr.span);
    return { kind: 'unary', operator: '!', operand: convertTo(operand, boolType), type: boolType, span: expr.span };
  }
  if (operand.kind === 'constant' && typeof operand.value === 'bigint' && isLiteral(operand)) {
    const folded = foldUnary(expr.operator, operand.value);
    if ('value' in folded && typeof folded.value === 'bigint')
      return constant(folded.value, literalType(folded.value), expr.span);
    if ('problem' in folded)
      cx.report.error('fold-unary', expr.span, `'${expr.operator}' cannot be worked out: ${folded.problem}`);
    return errorExpression(expr.span);
  }
  const integer = asInteger(operand);
  if (integer === undefined || integer.type.kind !== 'int') return badOperand(cx, expr, operand);
  const type = integer.type.signed ? int64 : uint64;
  const wide = convertTo(integer, type);
  if (wide.kind === 'constant' && typeof wide.value === 'bigint') {
    const value = wrapInteger(expr.operator === '-' ? -wide.value : ~wide.value, type);
    return { ...constant(value, type, expr.span), isCast: true };
  }
  return { kind: 'unary', operator: expr.operator, operand: wide, type, span: expr.span };
}

/**
 * Literals are folded in unlimited precision and are literals again. A cast gives a constant its type for good, and it
 * is computed like a variable of that type: `~(uint32)1` and `(uint64)5 - 6` have 64 bits and a sign.
 */
function isLiteral(value: Constant): boolean {
  return value.isCast !== true;
}

function badOperand(cx: CheckContext, expr: Unary, operand: TypedExpr): TypedExpr {
  cx.report.error('unary-operand', expr.span, `'${expr.operator}' does not work on ${typeName(operand.type)}`, {
    hint: expr.operator === '!' && operand.type.kind === 'pointer' ? 'compare the pointer with 0' : undefined,
  });
  return errorExpression(expr.span);
}

export function checkUpdate(cx: CheckContext, expr: Update): TypedExpr {
  const isMap = expr.target.kind === 'map' || expr.target.kind === 'map-element';
  if (isMap && (expr.target.kind === 'map' || expr.target.kind === 'map-element')) {
    if (!cx.assumeTypes) {
      checkTarget(cx, expr.target);
      return errorExpression(expr.span);
    }
    const entry = cx.evidence.map(expr.target.name, expr.target.span);
    const known = entry.value;
    if (known === undefined || known.kind === 'int') {
      const signed = known?.kind === 'int' && !known.flexible ? known.signed : true;
      cx.evidence.addValue(entry, { kind: 'int', bytes: 8, signed }, expr.target.span);
    }
  }
  const target = checkTarget(cx, expr.target);
  if (target === undefined) return errorExpression(expr.span);
  if (target.kind === 'variable' && expr.target.kind === 'variable') {
    const entry = lookUpVariable(cx, expr.target.name);
    const type = target.variable.type;
    if (entry !== undefined && type.kind === 'int' && entry.declaredType === undefined) {
      cx.evidence.addVariable(cx.program, entry.node, { kind: 'int', bytes: 8, signed: type.signed });
    }
  }
  const type = target.kind === 'variable' ? target.variable.type : target.type;
  if (type.kind === 'error') return errorExpression(expr.span);
  if (type.kind !== 'int' && type.kind !== 'pointer') {
    cx.report.error(
      'update-type',
      expr.span,
      `'${expr.operator}' works on integers and pointers, and this is ${typeName(type)}`,
    );
    return errorExpression(expr.span);
  }
  const step = type.kind === 'pointer' ? stepOf(cx, type, expr.span) : 1n;
  if (step === undefined) return errorExpression(expr.span);
  const by = expr.operator === '++' ? step : -step;
  return { kind: 'update', by, returns: expr.position === 'prefix' ? 'new' : 'old', target, type, span: expr.span };
}

export function checkBinary(cx: CheckContext, expr: Binary): TypedExpr {
  // A long chain of operators is a left-leaning tree: walk it with a loop, deep recursion would end on the stack.
  const chain: Binary[] = [];
  let first: Expr = expr;
  while (first.kind === 'binary') {
    chain.push(first);
    first = first.left;
  }
  let left = checkExpr(cx, first);
  for (const node of chain.reverse()) left = combine(cx, node, left, checkExpr(cx, node.right));
  return left;
}

function combine(cx: CheckContext, expr: Binary, left: TypedExpr, right: TypedExpr): TypedExpr {
  const { operator, span, operatorSpan } = expr;
  if (operator === '&&' || operator === '||') {
    const a = asCondition(cx, left);
    const b = asCondition(cx, right);
    if (isError(a) || isError(b)) return errorExpression(span);
    if (a.kind === 'constant' && b.kind === 'constant') {
      return constant(
        operator === '&&' ? a.value === true && b.value === true : a.value === true || b.value === true,
        boolType,
        span,
      );
    }
    return { kind: 'logical', operator, left: a, right: b, type: boolType, span };
  }
  if (isError(left) || isError(right)) return errorExpression(span);
  const kind = binaryOperator(operator)?.kind;
  const comparison = kind === 'ordering' || kind === 'equality';
  if (left.kind === 'constant' && right.kind === 'constant') {
    const typed = comparison ? isUnsigned(left) || isUnsigned(right) : !isLiteral(left) || !isLiteral(right);
    const folded = typed ? undefined : foldConstants(cx, expr, left, right);
    if (folded !== undefined) return folded;
  }
  const a = asInteger(left);
  const b = asInteger(right);
  if (a !== undefined && b !== undefined && a.type.kind === 'int' && b.type.kind === 'int') {
    const shift = kind === 'shift';
    const both = promoteIntegers(a.type, b.type).type;
    const signed = shift
      ? a.type.signed && !(a.kind === 'constant' && a.type.flexible)
      : isSigned(a.type, b.type, both.signed);
    const wide = signed ? int64 : uint64;
    const operands = { left: convertTo(a, wide), right: shift ? convertTo(b, uint64) : convertTo(b, wide) };
    const type = operator === '-' ? int64 : wide;
    const areBools = left.type.kind === 'bool' && right.type.kind === 'bool';
    if (operands.left.kind === 'constant' && operands.right.kind === 'constant') {
      const folded = foldConstants(cx, expr, operands.left, operands.right, type);
      if (folded !== undefined) return areBools ? convertTo(folded, boolType) : folded;
    }
    if (comparison) return { kind: 'binary', operator, signed, ...operands, operatorSpan, type: boolType, span };
    const result: TypedExpr = { kind: 'binary', operator, signed, ...operands, operatorSpan, type, span };
    return areBools ? convertTo(result, boolType) : result;
  }
  const moved = movePointer(cx, expr, left, right);
  if (moved !== undefined) return moved;
  if (comparison) {
    const compared = compareAddresses(cx, expr, left, right) ?? compareOthers(expr, left, right, kind === 'equality');
    if (compared !== undefined) return compared;
  }
  cx.report.error(
    'binary-operands',
    span,
    `'${operator}' does not work on ${typeName(settle(left.type))} and ${typeName(settle(right.type))}`,
    {
      related: [
        { message: `left: ${typeName(settle(left.type))}`, span: left.span },
        { message: `right: ${typeName(settle(right.type))}`, span: right.span },
      ],
      hint:
        left.type.kind === 'array' && right.type.kind === 'array'
          ? 'arrays of one integer type and size are equal or not (== and !=); their elements can be computed with'
          : undefined,
    },
  );
  return errorExpression(span);
}

/** Signed if either operand is, where literals take the sign of the other side. */
function isSigned(
  a: { signed: boolean; flexible?: true },
  b: { signed: boolean; flexible?: true },
  promoted: boolean,
): boolean {
  if (a.flexible || b.flexible) return promoted;
  return a.signed || b.signed;
}

function isUnsigned(value: TypedExpr): boolean {
  return value.type.kind === 'int' && !value.type.signed;
}

/** `as`: the type of the result when it is not a literal. */
function foldConstants(
  cx: CheckContext,
  expr: Binary,
  left: Constant,
  right: Constant,
  as?: IntType,
): TypedExpr | undefined {
  const { operator, span } = expr;
  const { value: a } = left;
  const { value: b } = right;
  if (operator === '&&' || operator === '||') return undefined;
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    const folded = foldIntegers(operator, a, b, as === undefined ? 'checked' : 'none');
    if ('problem' in folded) {
      cx.report.error('fold', span, `this cannot be worked out when the script is compiled: ${folded.problem}`);
      return errorExpression(span);
    }
    if (typeof folded.value === 'boolean') return constant(folded.value, boolType, span);
    if (as !== undefined) return { ...constant(wrapInteger(folded.value, as), as, span), isCast: true };
    const sum = constant(folded.value, literalType(folded.value), span);
    // str($1 + 2) is the text without its first two bytes, also when it reads as a number.
    const skips = operator === '+' && left.positional !== undefined && b >= 0n;
    return skips ? { ...sum, positional: left.positional.slice(Number(b)) } : sum;
  }
  if (typeof a === 'string' && typeof b === 'string') {
    const folded = foldStrings(operator, a, b);
    if (typeof folded === 'boolean') return constant(folded, boolType, span);
    if (typeof folded === 'string') return checkString(cx, folded, span);
  }
  if (typeof a === 'string' && typeof b === 'bigint' && operator === '+' && b >= 0n) {
    if (b >= BigInt(a.length) && a !== '') {
      cx.report.warning(
        'always-empty',
        span,
        `the string has ${a.length} byte${a.length === 1 ? '' : 's'}, so nothing is left behind byte ${b}`,
      );
    }
    return checkString(cx, a.slice(Number(b > BigInt(a.length) ? a.length : b)), span);
  }
  return undefined;
}

/** Comparisons of what is not an integer. */
function compareOthers(expr: Binary, left: TypedExpr, right: TypedExpr, equality: boolean): TypedExpr | undefined {
  const { operator, span, operatorSpan } = expr;
  if (operator === '&&' || operator === '||') return undefined;
  if (!equality) return undefined;
  const sameStacks = left.type.kind === 'stack' && typesEqual(left.type, right.type);
  if (sameStacks || (left.type.kind === 'string' && right.type.kind === 'string')) {
    return { kind: 'binary', operator, signed: false, left, right, operatorSpan, type: boolType, span };
  }
  const memory = (type: Type): boolean =>
    type.kind === 'tuple' ||
    type.kind === 'record' ||
    type.kind === 'struct' ||
    (type.kind === 'array' && type.of.kind === 'int') ||
    type.kind === 'buffer' ||
    (type.kind === 'symbolic' && (type.of === 'mac' || type.of === 'inet' || type.of === 'timestamp'));
  if (!memory(left.type) || !memory(right.type)) return undefined;
  const both = promote(left.type, right.type);
  if (both === undefined) return undefined;
  const type = settle(both);
  return {
    kind: 'binary',
    operator,
    signed: false,
    left: convertTo(left, type),
    right: convertTo(right, type),
    operatorSpan,
    type: boolType,
    span,
  };
}
