/**
 * Conversions: implicit ones that assignment and operators make, truth values of conditions, and the table of explicit
 * casts (language reference 4.2, 4.3, 5.3).
 */
import type { Cast } from '../../grammar/ast.ts';
import type { Span } from '../../grammar/source.ts';
import { sizeOf } from '../types/layout.ts';
import type { EnumType, IntType, Type } from '../types/type.ts';
import { boolType, int64, typeName, typesEqual, uint64 } from '../types/type.ts';
import type { TypedExpr } from '../types/typed-tree.ts';
import type { CheckContext } from './check-context.ts';
import { constant, errorExpression, isError } from './check-context.ts';
import { castPointer } from './check-memory.ts';
import { settle } from './promote.ts';

/** Convert to a type that promotion says can hold it; constants stay constants. */
export function convertTo(expression: TypedExpr, type: Type): TypedExpr {
  if (isError(expression) || type.kind === 'error') return expression;
  if (typesEqual(expression.type, type)) return retype(expression, type);
  if (expression.kind === 'constant') {
    if (typeof expression.value === 'bigint' && type.kind === 'int') {
      return { ...expression, value: wrapInteger(expression.value, type), type };
    }
    if (typeof expression.value === 'string' && type.kind === 'string') return { ...expression, type };
    if (typeof expression.value === 'boolean' && type.kind === 'int') {
      return { ...expression, value: expression.value ? 1n : 0n, type };
    }
    if (typeof expression.value === 'bigint' && type.kind === 'bool') {
      return { ...expression, value: expression.value !== 0n, type };
    }
  }
  if (expression.kind === 'tuple' && type.kind === 'tuple') {
    const items = expression.items.map((item, i) => convertTo(item, type.items[i] ?? item.type));
    return { ...expression, items, type };
  }
  if (expression.kind === 'tuple' && type.kind === 'record' && expression.type.kind === 'record') {
    const { fields } = expression.type;
    // Fields are evaluated as they are written, also where the type has them in another order.
    if (type.fields.some((field, i) => field.name !== fields[i]?.name)) {
      const written = convertTo(expression, settle(expression.type));
      return { kind: 'convert', operand: written, type, span: expression.span };
    }
    const items = expression.items.map((item, i) => convertTo(item, type.fields[i]?.type ?? item.type));
    return { ...expression, items, type };
  }
  return { kind: 'convert', operand: expression, type, span: expression.span };
}

/** Same type, but the literal's flexibility is gone. */
function retype(expression: TypedExpr, type: Type): TypedExpr {
  if (expression.type.kind === 'int' && expression.type.flexible && type.kind === 'int' && !type.flexible) {
    return { ...expression, type };
  }
  return expression;
}

/** Two's complement value of an integer in a type. */
export function wrapInteger(value: bigint, type: IntType): bigint {
  return type.signed ? BigInt.asIntN(type.bytes * 8, value) : BigInt.asUintN(type.bytes * 8, value);
}

export function fits(value: bigint, type: IntType): boolean {
  return wrapInteger(value, type) === value;
}

/** An operand of arithmetic as an integer, or undefined when it is none. */
export function asInteger(expression: TypedExpr): TypedExpr | undefined {
  switch (expression.type.kind) {
    case 'int':
      return expression;
    case 'bool':
      return convertTo(expression, int64);
    case 'enum':
      return convertTo(expression, uint64);
    default:
      return undefined;
  }
}

/** The truth of a condition: integers and pointers that are not zero; reports other types. */
export function asCondition(cx: CheckContext, expression: TypedExpr): TypedExpr {
  const { type, span } = expression;
  if (type.kind === 'bool' || type.kind === 'error') return expression;
  if (type.kind === 'int' || type.kind === 'pointer' || type.kind === 'enum') {
    return convertTo(expression, boolType);
  }
  cx.report.error(
    'condition-type',
    span,
    `a condition is an integer, a bool or a pointer, and this is ${typeName(type)}`,
    {
      hint: type.kind === 'string' ? 'compare the string: ... != ""' : undefined,
    },
  );
  return errorExpression(span);
}

/** `(T)E` */
export function checkCast(cx: CheckContext, cast: Cast, operand: TypedExpr, written: Type): TypedExpr {
  if (isError(operand) || written.kind === 'error') return errorExpression(cast.span);
  const type = castPointer(cx, operand, written);
  const from = operand.type;
  // The cast makes a number of the aggregation, of whatever type that has.
  if (operand.kind === 'aggregate-read' && type.kind === 'int')
    return { kind: 'convert', operand, type, span: cast.span };
  if (typesEqual(from, type) && !(from.kind === 'int' && from.flexible)) {
    cx.report.warning(
      'unnecessary-cast',
      cast.span,
      `this cast changes nothing: the expression is ${typeName(type)} already`,
    );
    return { ...operand, span: cast.span };
  }
  if (type.kind === 'enum' && operand.kind === 'constant' && typeof operand.value === 'bigint') {
    return castToConstant(cx, cast, operand.value, type);
  }
  const result = castValue(operand, type);
  if (result?.kind === 'constant') return { ...result, isCast: true, span: cast.span };
  if (result !== undefined) return { ...result, span: cast.span };
  cx.report.error('cast', cast.span, `${typeName(from)} cannot be cast to ${nameOf(type)}`, {
    hint: castHint(from, type),
  });
  return errorExpression(cast.span);
}

/** A literal must be a constant of the enum; what a variable holds is seen when it is printed. */
function castToConstant(cx: CheckContext, cast: Cast, value: bigint, type: EnumType): TypedExpr {
  if (type.values.some((each) => each.value === value)) return { ...constant(value, type, cast.span), isCast: true };
  const names = type.values.slice(0, 6).map((each) => `${each.name} (${each.value})`);
  cx.report.error('enum-value', cast.span, `${typeName(type)} has no constant with the value ${value}`, {
    hint: `it has ${names.join(', ')}${type.values.length > names.length ? ', ...' : ''}`,
  });
  return errorExpression(cast.span);
}

function castHint(from: Type, type: Type): string | undefined {
  if (type.kind === 'array' && type.length === 0 && sizeOf(type.of) > sizeOf(from))
    return `one ${typeName(type.of)} has ${sizeOf(type.of)} bytes, and the value has ${sizeOf(from)}`;
  if (type.kind === 'struct') return `a pointer can: (${typeName(type)} *)`;
  if (type.kind === 'aggregate') return 'aggregations live in maps only: @m = count()';
  if (type.kind === 'string' && from.kind === 'string') return 'a string is not cut by a cast; str(s, n) is';
  if (type.kind === 'string' && (from.kind === 'int' || from.kind === 'pointer'))
    return 'str() reads the string at an address';
  if (from.kind === 'string' && type.kind === 'int') return 'the bytes of a string are an array: (int8[])';
  return undefined;
}

function nameOf(type: Type): string {
  return type.kind === 'none' ? 'void' : typeName(type);
}

function castValue(operand: TypedExpr, type: Type): TypedExpr | undefined {
  const from = operand.type;
  const converted: TypedExpr = { kind: 'convert', operand, type, span: operand.span };
  switch (type.kind) {
    case 'int':
      if (from.kind === 'array') return castsFromArray(from, type) ? converted : undefined;
      return from.kind === 'int' || from.kind === 'bool' || from.kind === 'enum' || from.kind === 'pointer'
        ? convertTo(operand, type)
        : undefined;
    case 'array':
      return castsToArray(from, type) ? converted : undefined;
    case 'bool':
      if (operand.kind === 'constant' && typeof operand.value === 'string')
        return constant(operand.value !== '', type, operand.span);
      if (from.kind === 'string') return converted;
      return from.kind === 'int' || from.kind === 'pointer' || from.kind === 'enum'
        ? convertTo(operand, type)
        : undefined;
    case 'pointer':
      return from.kind === 'int' || from.kind === 'pointer' ? converted : undefined;
    case 'enum':
      return from.kind === 'int' || from.kind === 'enum' ? converted : undefined;
    case 'string':
      return from.kind === 'string' && sizeOf(type) >= sizeOf(from) ? convertTo(operand, type) : undefined;
    case 'symbolic':
      return type.of === 'username' && from.kind === 'int' ? converted : undefined;
    default:
      return undefined;
  }
}

function isIntegerArray(type: Type): boolean {
  return type.kind === 'array' && (type.of.kind === 'int' || type.of.kind === 'bool');
}

function castsFromArray(from: Type, type: Type): boolean {
  return isIntegerArray(from) && sizeOf(from) === sizeOf(type);
}

/** The bytes of an integer as an array, zero behind it when the array is larger; the bytes of a string. */
function castsToArray(from: Type, type: Type): boolean {
  if (!isIntegerArray(type)) return false;
  const [is, wanted] = [sizeOf(from), sizeOf(type)];
  if (from.kind === 'int' || from.kind === 'bool') return is === wanted || (is < wanted && wanted <= 8);
  return (from.kind === 'string' || isIntegerArray(from)) && is === wanted;
}

/** Reports an implicit conversion that cannot keep the value: literals are errors, the rest are warnings. */
export function checkRange(cx: CheckContext, expression: TypedExpr, type: Type, span: Span): void {
  if (expression.kind === 'tuple') {
    const types = itemTypes(type, expression.type);
    for (const [i, item] of expression.items.entries()) checkRange(cx, item, types[i] ?? item.type, item.span);
    return;
  }
  if (expression.type.kind !== 'int' || type.kind !== 'int') return;
  if (expression.kind === 'constant' && typeof expression.value === 'bigint') {
    if (!fits(expression.value, type)) {
      cx.report.error('literal-range', span, `${expression.value} does not fit ${typeName(type)}`, {
        hint: `an explicit cast cuts it: (${typeName(type)})${expression.value}`,
      });
    }
    return;
  }
  const { bytes, signed, flexible } = expression.type;
  // What only literals were assigned to is not negative.
  const kept = flexible
    ? type.bytes >= bytes
    : type.signed === signed
      ? type.bytes >= bytes
      : type.signed && type.bytes > bytes;
  if (!kept) {
    cx.report.warning(
      'narrowing',
      span,
      `a value of type ${typeName(expression.type)} is cut to ${typeName(type)} here; values that do not fit change`,
      { hint: `an explicit cast says that this is meant: (${typeName(type)})` },
    );
  }
}

/** Types of the items of `to` in the order in which `from` has them. */
export function itemTypes(to: Type, from: Type): readonly (Type | undefined)[] {
  if (to.kind === 'tuple') return to.items;
  if (to.kind !== 'record' || from.kind !== 'record') return [];
  return from.fields.map((field) => to.fields.find((candidate) => candidate.name === field.name)?.type);
}
