/** Parts of values: arguments of the probe, fields of records, items of tuples, elements of arrays and strings. */
import type { Expr, FieldAccess, Index } from '../../grammar/ast.ts';
import type { Span } from '../../grammar/source.ts';
import { closest } from '../../grammar/suggest.ts';
import type { ArgsSource } from '../probes/probe-kind.ts';
import { layoutFields } from '../types/layout.ts';
import type { Field, Type } from '../types/type.ts';
import { int8, typeName, uint64 } from '../types/type.ts';
import type { TypedExpr } from '../types/typed-tree.ts';
import type { CheckContext } from './check-context.ts';
import { constant, errorExpression, isError, refuseInFunction } from './check-context.ts';
import { checkExpr } from './check-expression.ts';
import { elementAt, hasTarget, hasValue, lookThrough, membersOf, partOf } from './check-memory.ts';
import { asInteger, convertTo } from './convert.ts';
import { literalType } from './promote.ts';

export function checkField(cx: CheckContext, expr: FieldAccess): TypedExpr {
  if (isArgs(expr.object)) return checkArgsField(cx, expr);
  const object = lookThrough(checkExpr(cx, expr.object));
  if (isError(object)) return errorExpression(expr.span);
  const { type } = object;
  if (type.kind === 'record') {
    const placed = layoutFields(type.fields);
    const field = placed.find((candidate) => candidate.name === expr.name);
    if (field !== undefined) return literalField(object, field.name) ?? partOf(object, field, expr.span);
    cx.report.error('record-field', expr.nameSpan, `the record has no field '${expr.name}'`, {
      hint: nearestName(expr.name, placed),
    });
    return errorExpression(expr.span);
  }
  if (type.kind !== 'struct') {
    const address = type.kind === 'int' && type.bytes === 8;
    cx.report.error('field-of', expr.span, `${typeName(type)} has no fields`, {
      hint: address ? 'cast an address to a pointer to a struct: ((struct task_struct *)$x)->pid' : undefined,
    });
    return errorExpression(expr.span);
  }
  const fields = membersOf(cx, type, expr.object.span);
  if (fields === undefined) return errorExpression(expr.span);
  const field = fields.find((candidate) => candidate.name === expr.name);
  if (field === undefined) {
    cx.report.error('struct-field', expr.nameSpan, `${typeName(type)} has no member '${expr.name}'`, {
      hint: nearestName(expr.name, fields),
    });
    return errorExpression(expr.span);
  }
  return hasValue(cx, field, type, expr.nameSpan) ? partOf(object, field, expr.span) : errorExpression(expr.span);
}

/** The field of a record that is all literals, such as `config`, is a literal. */
function literalField(object: TypedExpr, name: string): TypedExpr | undefined {
  if (object.kind !== 'tuple' || object.type.kind !== 'record') return undefined;
  if (!object.items.every((item) => item.kind === 'constant')) return undefined;
  return object.items[object.type.fields.findIndex((field) => field.name === name)];
}

/** `args`, and `*args`, which is the same. */
function isArgs(expr: Expr): boolean {
  if (expr.kind === 'unary' && expr.operator === '*') return isArgs(expr.operand);
  return expr.kind === 'identifier' && expr.name === 'args';
}

/** More names than these are not listed in a hint. */
const mostListed = 12;

function nearestName(name: string, fields: readonly Field[]): string | undefined {
  const names = fields.map((field) => field.name);
  const near = closest(name, names);
  if (near !== undefined) return `did you mean ${near}?`;
  return names.length > 0 && names.length <= mostListed ? `it has ${names.join(', ')}` : undefined;
}

/** In every format file, and in no record that BPF sees (tracepoint-shape.ts leaves them out). */
const commonFields: readonly string[] = ['common_type', 'common_flags', 'common_preempt_count', 'common_pid'];

/** `args` as a whole: a record of all its fields that have values. */
export function checkArgsRecord(cx: CheckContext, span: Span): TypedExpr {
  const args = argsSource(cx, span);
  if (args === undefined) return errorExpression(span);
  const fields = args.fields.filter(isReadable);
  if (fields.length === 0) {
    cx.report.error('args-empty', span, `${cx.probe.shape.targets[0]?.name ?? 'this probe'} has no arguments`);
    return errorExpression(span);
  }
  const items = fields.map((field): TypedExpr => ({ kind: 'args-field', field, type: field.type, span }));
  const type: Type = { kind: 'record', fields: fields.map((field) => ({ name: field.name, type: field.type })) };
  return { kind: 'tuple', items, type, span };
}

/** Undefined, and reported, where there is no `args`. */
function argsSource(cx: CheckContext, argsSpan: Span): ArgsSource | undefined {
  if (refuseInFunction(cx, 'args', argsSpan)) return undefined;
  const { args } = cx.probe.shape;
  if (args !== undefined) return args;
  if (cx.probe.shape.context.by === 'words' && cx.world.functionTypes() === undefined) {
    cx.report.error(
      'args-no-btf',
      argsSpan,
      'this kernel has no type information (BTF), which has the names of arguments',
      {
        hint: 'arg0, arg1 ... are the arguments in their order',
      },
    );
    return undefined;
  }
  cx.report.error('args-unavailable', argsSpan, `${cx.probe.kind.name} probes have no args`, {
    hint: 'args is for probes whose arguments have names: tracepoint, rawtracepoint, fentry, fexit',
  });
  return undefined;
}

/** Floating-point numbers and structs without a definition have no values here. */
function isReadable({ type }: Field): boolean {
  return type.kind !== 'none' && !(type.kind === 'struct' && type.size === 0);
}

function checkArgsField(cx: CheckContext, expr: FieldAccess): TypedExpr {
  const args = argsSource(cx, expr.object.span);
  if (args === undefined) return errorExpression(expr.span);
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
  if (!isReadable(field)) {
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
  const field = layoutFields(items.map((item, i) => ({ name: `[${i}]`, type: item })))[Number(index)];
  if (index < 0n || field === undefined) {
    cx.report.error('tuple-index', expr.span, `the tuple has ${items.length} items, and .${index} is not one of them`, {
      hint: 'items are counted from 0',
    });
    return errorExpression(expr.span);
  }
  return partOf(object, field, expr.span);
}

export function checkIndex(cx: CheckContext, expr: Index): TypedExpr {
  const object = checkExpr(cx, expr.object);
  const given = checkExpr(cx, expr.index);
  if (isError(object) || isError(given)) return errorExpression(expr.span);
  const index = given.type.kind === 'enum' ? asInteger(given) : given;
  const known = index?.kind === 'constant' && typeof index.value === 'bigint' ? index.value : undefined;
  if (index?.type.kind !== 'int' || (known !== undefined && known < 0n)) {
    cx.report.error('index-type', expr.index.span, 'an index is an integer that is not negative');
    return errorExpression(expr.span);
  }
  const { type } = object;
  if (type.kind === 'tuple') {
    if (known !== undefined) return tupleItem(cx, object, known, expr);
    cx.report.error(
      'tuple-index-literal',
      expr.index.span,
      'the index of a tuple is a literal: its items have different types',
    );
    return errorExpression(expr.span);
  }
  if (index.type.signed && !index.type.flexible && known === undefined) {
    cx.report.warning('signed-index', expr.index.span, `this index is ${typeName(index.type)} and may be negative`, {
      hint: 'negative elements do not exist; (uint64) says that it is not negative',
    });
  }
  if (type.kind === 'pointer') {
    if (!hasTarget(cx, type, expr.object.span)) return errorExpression(expr.span);
    return elementAt(object, convertTo(index, uint64), type.to, undefined, expr.span);
  }
  if (type.kind !== 'array' && type.kind !== 'string') {
    cx.report.error('index-of', expr.span, `${typeName(type)} cannot be indexed`);
    return errorExpression(expr.span);
  }
  const length = type.kind === 'array' ? type.length : type.size;
  const element = type.kind === 'array' ? type.of : int8;
  if (type.kind === 'array' && length === 0) {
    if (object.kind === 'dereference')
      return elementAt(object, convertTo(index, uint64), element, undefined, expr.span);
    cx.report.error(
      'flexible-array',
      expr.span,
      'the elements of this array lie behind the struct and were not copied',
      {
        hint: 'read them through the pointer to the struct',
      },
    );
    return errorExpression(expr.span);
  }
  if (known !== undefined && known >= BigInt(length)) {
    cx.report.error(
      'index-range',
      expr.index.span,
      `index ${known} is outside: there are ${length} elements, counted from 0`,
    );
    return errorExpression(expr.span);
  }
  if (object.kind === 'constant' && typeof object.value === 'string' && known !== undefined) {
    const byte = object.value.charCodeAt(Number(known));
    return constant(BigInt.asIntN(8, BigInt(Number.isNaN(byte) ? 0 : byte)), literalType(0n), expr.span);
  }
  return elementAt(object, convertTo(index, uint64), element, length, expr.span);
}
