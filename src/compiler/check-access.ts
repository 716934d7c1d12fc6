/** Parts of values: arguments of the probe, fields of records, items of tuples, elements of arrays and strings. */
import type { Expr, FieldAccess, Index } from '../../grammar/ast.ts';
import { closest } from '../../grammar/suggest.ts';
import { layoutFields } from '../types/layout.ts';
import { int8, typeName, uint64 } from '../types/type.ts';
import type { TypedExpr } from '../types/typed-tree.ts';
import type { CheckContext } from './check-context.ts';
import { constant, errorExpression, isError } from './check-context.ts';
import { checkExpr } from './check-expression.ts';
import { convertTo } from './convert.ts';
import { literalType, settle } from './promote.ts';

export function checkField(cx: CheckContext, expr: FieldAccess): TypedExpr {
  if (expr.object.kind === 'identifier' && expr.object.name === 'args') return checkArgsField(cx, expr);
  const object = checkExpr(cx, expr.object);
  if (isError(object)) return errorExpression(expr.span);
  if (object.type.kind === 'record') {
    const placed = layoutFields(object.type.fields);
    const field = placed.find((candidate) => candidate.name === expr.name);
    if (field !== undefined) {
      const settled = convertTo(object, settle(object.type));
      return { kind: 'member', object: settled, offset: field.offset, type: field.type, span: expr.span };
    }
    const near = closest(
      expr.name,
      placed.map((candidate) => candidate.name),
    );
    cx.report.error('record-field', expr.nameSpan, `the record has no field '${expr.name}'`, {
      hint:
        near === undefined ? `it has ${placed.map((candidate) => candidate.name).join(', ')}` : `did you mean ${near}?`,
    });
    return errorExpression(expr.span);
  }
  if (object.type.kind === 'struct' || object.type.kind === 'pointer') {
    cx.report.error(
      'struct-field',
      expr.span,
      'reading fields of kernel structs is not available in this version of ebtrace',
    );
    return errorExpression(expr.span);
  }
  cx.report.error('field-of', expr.span, `${typeName(object.type)} has no fields`);
  return errorExpression(expr.span);
}

/** In every format file, and in no record that BPF sees (tracepoint-shape.ts leaves them out). */
const commonFields: readonly string[] = ['common_type', 'common_flags', 'common_preempt_count', 'common_pid'];

function checkArgsField(cx: CheckContext, expr: FieldAccess): TypedExpr {
  if (cx.callbacks.length > 0) {
    cx.report.error('args-in-loop', expr.span, 'args cannot be read in the body of a loop', {
      hint: `copy it before: $${expr.name} = args.${expr.name};`,
    });
    return errorExpression(expr.span);
  }
  const { args } = cx.probe.shape;
  if (args === undefined) {
    cx.report.error('args-unavailable', expr.object.span, `${cx.probe.kind.name} probes have no args`, {
      hint: 'args is for probes whose arguments have names: tracepoint',
    });
    return errorExpression(expr.span);
  }
  const field = args.fields.find((candidate) => candidate.name === expr.name);
  if (field === undefined && commonFields.includes(expr.name)) {
    cx.report.error('args-common', expr.nameSpan, `BPF programs cannot read the field ${expr.name}`, {
      hint: expr.name === 'common_pid' ? 'use pid or tid' : undefined,
    });
    return errorExpression(expr.span);
  }
  if (field === undefined) {
    const names = args.fields.map((candidate) => candidate.name);
    const near = closest(expr.name, names);
    cx.report.error(
      'args-field',
      expr.nameSpan,
      `${cx.probe.shape.targets[0]?.name ?? 'this probe'} has no argument '${expr.name}'`,
      {
        hint: near === undefined ? `it has: ${names.join(', ')}` : `did you mean ${near}?`,
      },
    );
    return errorExpression(expr.span);
  }
  if (field.type.kind === 'none' || field.type.kind === 'struct') {
    cx.report.error(
      'args-type',
      expr.nameSpan,
      `the type of ${expr.name} (${field.declaration ?? 'unknown'}) is not available in this version of ebtrace`,
    );
    return errorExpression(expr.span);
  }
  return { kind: 'args-field', field, type: field.type, span: expr.span };
}

export function checkTupleAccess(cx: CheckContext, objectExpr: Expr, index: bigint, expr: Expr): TypedExpr {
  return tupleItem(cx, checkExpr(cx, objectExpr), index, expr);
}

function tupleItem(cx: CheckContext, object: TypedExpr, index: bigint, expr: Expr): TypedExpr {
  if (isError(object)) return errorExpression(expr.span);
  if (object.type.kind !== 'tuple') {
    cx.report.error(
      'tuple-access',
      expr.span,
      `.${index} takes an item of a tuple, and this is ${typeName(object.type)}`,
    );
    return errorExpression(expr.span);
  }
  const { items } = object.type;
  const placed = layoutFields(items.map((item, i) => ({ name: `${i}`, type: item })));
  const field = placed[Number(index)];
  if (index < 0n || field === undefined) {
    cx.report.error('tuple-index', expr.span, `the tuple has ${items.length} items, and .${index} is not one of them`, {
      hint: 'items are counted from 0',
    });
    return errorExpression(expr.span);
  }
  return {
    kind: 'member',
    object: convertTo(object, settle(object.type)),
    offset: field.offset,
    type: field.type,
    span: expr.span,
  };
}

export function checkIndex(cx: CheckContext, expr: Index): TypedExpr {
  const object = checkExpr(cx, expr.object);
  const index = checkExpr(cx, expr.index);
  if (isError(object) || isError(index)) return errorExpression(expr.span);
  const integer = index.type.kind === 'int' ? index : undefined;
  if (
    integer === undefined ||
    (integer.kind === 'constant' && typeof integer.value === 'bigint' && integer.value < 0n)
  ) {
    cx.report.error('index-type', expr.index.span, 'an index is an integer that is not negative');
    return errorExpression(expr.span);
  }
  if (object.type.kind === 'tuple') {
    if (integer.kind === 'constant' && typeof integer.value === 'bigint')
      return tupleItem(cx, object, integer.value, expr);
    cx.report.error(
      'tuple-index-literal',
      expr.index.span,
      'the index of a tuple is a literal: its items have different types',
    );
    return errorExpression(expr.span);
  }
  const { type } = object;
  if (type.kind !== 'array' && type.kind !== 'string') {
    cx.report.error('index-of', expr.span, `${typeName(type)} cannot be indexed`);
    return errorExpression(expr.span);
  }
  const length = type.kind === 'array' ? type.length : type.size;
  if (integer.kind === 'constant' && typeof integer.value === 'bigint' && integer.value >= BigInt(length)) {
    cx.report.error(
      'index-range',
      expr.index.span,
      `index ${integer.value} is outside: there are ${length} elements, counted from 0`,
    );
    return errorExpression(expr.span);
  }
  const element = type.kind === 'array' ? type.of : int8;
  if (
    object.kind === 'constant' &&
    typeof object.value === 'string' &&
    integer.kind === 'constant' &&
    typeof integer.value === 'bigint'
  ) {
    const byte = object.value.charCodeAt(Number(integer.value));
    return constant(BigInt.asIntN(8, BigInt(Number.isNaN(byte) ? 0 : byte)), literalType(0n), expr.span);
  }
  return { kind: 'index', object, index: convertTo(integer, uint64), length, type: element, span: expr.span };
}
