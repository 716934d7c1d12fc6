/** Operators on pointers: `*p`, `&x`, steps of `+`, `-`, `++` and `--`, comparison (language reference 4.4 and 5.2). */
import type { Binary, MapReference, Unary } from '../../grammar/ast.ts';
import type { Span } from '../../grammar/source.ts';
import { sizeOf } from '../types/layout.ts';
import type { PointerType, Type } from '../types/type.ts';
import { boolType, noneType, typeName, typesEqual, uint64 } from '../types/type.ts';
import type { TypedExpr } from '../types/typed-tree.ts';
import type { CheckContext } from './check-context.ts';
import { constant, errorExpression, isError, lookUpVariable, useVariable } from './check-context.ts';
import { checkExpr } from './check-expression.ts';
import { checkMapRead } from './check-map.ts';
import { addressType, hasTarget, readAt, spaceOf } from './check-memory.ts';
import { convertTo } from './convert.ts';

/** `*p`: what the pointer points to; of an integer eight bytes at that address. */
export function checkDereference(cx: CheckContext, expr: Unary, operand: TypedExpr): TypedExpr {
  const { type } = operand;
  if (type.kind === 'int') return readAt(operand, spaceOf(cx, operand), uint64, expr.span);
  if (type.kind === 'pointer') {
    return hasTarget(cx, type, expr.span)
      ? readAt(operand, type.space, type.to, expr.span)
      : errorExpression(expr.span);
  }
  cx.report.error(
    'dereference',
    expr.span,
    `'*' reads what a pointer or an integer points to, and this is ${typeName(type)}`,
  );
  return errorExpression(expr.span);
}

/** `&$x` is an address of BPF memory and counts as an assignment. */
export function checkAddressOf(cx: CheckContext, expr: Unary): TypedExpr {
  const { operand, span } = expr;
  if (operand.kind === 'variable') {
    const entry = lookUpVariable(cx, operand.name);
    if (entry !== undefined) {
      entry.assigned = true;
      entry.symbol.addressed = true;
    }
    const read = checkExpr(cx, operand);
    if (read.kind !== 'variable') return errorExpression(span);
    const variable = entry === undefined ? read.variable : useVariable(cx, entry);
    return { kind: 'address-of', of: { kind: 'variable', variable }, type: addressType(variable.type), span };
  }
  if (operand.kind === 'map') return addressOfMap(cx, operand, span);
  checkExpr(cx, operand);
  cx.report.error('address-of', span, "'&' takes the address of a $variable or of a @map", {
    hint: operand.kind === 'map-element' ? 'for one value: $value = @map[key]; then &$value' : undefined,
  });
  return errorExpression(span);
}

/** The address of a scalar map is that of its value; that of other maps leads to the kernel's `struct bpf_map`. */
function addressOfMap(cx: CheckContext, operand: MapReference, span: Span): TypedExpr {
  const entry = cx.evidence.map(operand.name, operand.span);
  // Elsewhere it may be used with a key: `&` says nothing about that.
  if (entry.keyed === undefined && !cx.assumeTypes) return errorExpression(span);
  const of = { kind: 'map', map: operand.name } as const;
  if (entry.keyed === true || entry.value?.kind === 'aggregate') {
    return { kind: 'address-of', of, type: addressType(noneType), span };
  }
  const read = checkMapRead(cx, operand);
  return isError(read) ? read : { kind: 'address-of', of, type: addressType(read.type), span };
}

/** Bytes of one step of a pointer; void pointers go by single bytes. Undefined (reported) when that is not known. */
export function stepOf(cx: CheckContext, type: PointerType, span: Span): bigint | undefined {
  if (type.to.kind === 'none') return 1n;
  return hasTarget(cx, type, span) ? BigInt(Math.max(1, sizeOf(type.to))) : undefined;
}

/** `p + n`, `n + p` and `p - n`, in steps of what the pointer points to; undefined when it is none of these. */
export function movePointer(cx: CheckContext, expr: Binary, left: TypedExpr, right: TypedExpr): TypedExpr | undefined {
  const { operator, span, operatorSpan } = expr;
  const swapped = operator === '+' && right.type.kind === 'pointer';
  const [pointer, steps] = swapped ? [right, left] : [left, right];
  if ((operator !== '+' && operator !== '-') || pointer.type.kind !== 'pointer' || steps.type.kind !== 'int')
    return undefined;
  const { type } = pointer;
  const step = stepOf(cx, type, span);
  if (step === undefined) return errorExpression(span);
  const common = { kind: 'binary', signed: false, type: uint64, operatorSpan, span } as const;
  const count = convertTo(steps, uint64);
  const distance: TypedExpr =
    count.kind === 'constant' && typeof count.value === 'bigint'
      ? constant(BigInt.asUintN(64, count.value * step), uint64, span)
      : { ...common, operator: '*', left: count, right: constant(step, uint64, span) };
  const address: TypedExpr = { ...common, operator, left: toAddress(pointer), right: distance };
  return { kind: 'convert', operand: address, type, span };
}

/** Comparison of addresses: pointers, integers, symbols; undefined when an operand is something else. */
export function compareAddresses(
  cx: CheckContext,
  expr: Binary,
  left: TypedExpr,
  right: TypedExpr,
): TypedExpr | undefined {
  const { operator, span, operatorSpan } = expr;
  if (operator === '&&' || operator === '||' || !isAddress(left.type) || !isAddress(right.type)) return undefined;
  if (left.type.kind === 'pointer' && right.type.kind === 'pointer') warnAboutPointers(cx, expr, left.type, right.type);
  const operands = { left: toAddress(left), right: toAddress(right) };
  return { kind: 'binary', operator, signed: false, ...operands, operatorSpan, type: boolType, span };
}

function isAddress(type: Type): boolean {
  return (
    type.kind === 'pointer' ||
    type.kind === 'int' ||
    (type.kind === 'symbolic' && (type.of === 'ksym' || type.of === 'username'))
  );
}

function warnAboutPointers(cx: CheckContext, expr: Binary, left: PointerType, right: PointerType): void {
  const differ = !typesEqual(withoutSpace(left.to), withoutSpace(right.to));
  if (differ && left.to.kind !== 'none' && right.to.kind !== 'none') {
    cx.report.warning(
      'pointer-types',
      expr.span,
      `pointers to different types are compared: ${typeName(left)} and ${typeName(right)}`,
      { hint: 'cast one of them to the type of the other' },
    );
  }
  if (left.space !== right.space && left.space !== 'none' && right.space !== 'none') {
    cx.report.warning(
      'address-spaces',
      expr.span,
      `a ${left.space} address is compared with a ${right.space} address: they are never the same place`,
      { hint: 'kptr() and uptr() say where a pointer points' },
    );
  }
}

function withoutSpace(type: Type): Type {
  return type.kind === 'pointer' ? { kind: 'pointer', to: withoutSpace(type.to), space: 'none' } : type;
}

function toAddress(expression: TypedExpr): TypedExpr {
  return expression.type.kind === 'int'
    ? convertTo(expression, uint64)
    : { kind: 'convert', operand: expression, type: uint64, span: expression.span };
}
