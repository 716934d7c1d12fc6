/** Declarations and assignments: what a variable or map holds is the promotion of all that is assigned to it. */
import type { Assign, Block, Call, Expr, Let, TypeNode } from '../../grammar/ast.ts';
import type { BinaryOperator } from '../../grammar/operators.ts';
import { aggregation } from '../builtins/aggregations/index.ts';
import type { Type } from '../types/type.ts';
import { errorType, int8, int64, stringType, typeName } from '../types/type.ts';
import type { TypedExpr, TypedStatement } from '../types/typed-tree.ts';
import type { CheckContext, ScopeEntry } from './check-context.ts';
import { declareVariable, errorExpression, isError, lookUpVariable, useVariable, withScope } from './check-context.ts';
import { checkExpr, checkTarget, checkValue } from './check-expression.ts';
import { checkMapPlace, integerOf } from './check-map.ts';
import { checkStatements } from './check-statement.ts';
import { asInteger, checkRange, convertTo, itemTypes } from './convert.ts';
import type { MapEvidence } from './evidence.ts';
import { promote, settle } from './promote.ts';
import { isUnsizedString, resolveType } from './resolve-type.ts';
import { expansionOf, withinExpansion } from './within-expansion.ts';

export function checkLet(cx: CheckContext, statement: Let): TypedStatement | undefined {
  const { variable, span } = statement;
  const before = lookUpVariable(cx, variable.name);
  if (before !== undefined) {
    reportShadowing(cx, variable.name, variable.span, before);
    return undefined;
  }
  const declared = statement.type === undefined ? undefined : declaredType(cx, statement);
  const value = statement.value === undefined ? undefined : checkValue(cx, statement.value);
  if (cx.assumeTypes && declared === undefined && value === undefined) {
    // Nothing was ever assigned: the value is 0, or "".
    const zero = isUnsizedStringLet(statement) ? stringType(1) : int64;
    if (cx.evidence.variable(cx.program, statement) === undefined) cx.evidence.addVariable(cx.program, statement, zero);
  }
  const known = declared ?? cx.evidence.variable(cx.program, statement) ?? value?.type ?? errorType;
  const entry = declareVariable(cx, variable.name, statement, known, variable.span, 'declaration', declared);
  const converted = value === undefined ? undefined : assignToVariable(cx, entry, value, span);
  // A type that is no type has been reported; that is enough.
  if (value !== undefined || declared?.kind === 'error') entry.assigned = true;
  return { kind: 'declare', variable: entry.symbol, value: converted, span };
}

/** The type of `let $x: T`; an unsized `string` takes its size from the values. */
function declaredType(cx: CheckContext, statement: Let): Type | undefined {
  const node = statement.type;
  if (node === undefined || isUnsizedString(node)) return undefined;
  const type = resolveType(cx, node);
  if (type.kind !== 'none' && type.kind !== 'aggregate') return type;
  cx.report.error(
    'declaration-type',
    node.span,
    type.kind === 'none'
      ? `$${statement.variable.name} cannot be void: a variable has a value`
      : `a variable cannot hold ${typeName(type)}, only a map can`,
    { hint: type.kind === 'aggregate' && type.castable ? 'declare it as int64 or uint64 for its number' : undefined },
  );
  return errorType;
}

/** `let $s: string`, whose values are strings of any size. */
function isUnsizedStringLet(node: object): boolean {
  return 'kind' in node && node.kind === 'let' && 'type' in node && isTypeNode(node.type) && isUnsizedString(node.type);
}

function isTypeNode(value: unknown): value is TypeNode {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'type';
}

export function checkAssign(cx: CheckContext, statement: Assign): TypedStatement | undefined {
  const { target, operator, span } = statement;
  if (operator !== '=') return checkCompound(cx, statement, operator.slice(0, -1) as BinaryOperator);
  if (target.kind === 'map' || target.kind === 'map-element') {
    const aggregate = aggregateAssigned(cx, target, statement.value, span);
    if (aggregate !== undefined) return aggregate.statement;
  }
  if (target.kind === 'variable') {
    const value = checkValue(cx, statement.value);
    const entry = lookUpVariable(cx, target.name);
    if (entry === undefined) {
      const known = cx.evidence.variable(cx.program, statement) ?? value.type;
      const declared = declareVariable(cx, target.name, statement, known, target.span, 'assignment');
      return { kind: 'declare', variable: declared.symbol, value: assignToVariable(cx, declared, value, span), span };
    }
    entry.assigned = true;
    const converted = assignToVariable(cx, entry, value, span);
    const variable = useVariable(cx, entry);
    return { kind: 'assign', target: { kind: 'variable', variable, span: target.span }, value: converted, span };
  }
  if (target.kind === 'map' || target.kind === 'map-element') {
    const place = checkMapPlace(cx, target);
    const value = checkValue(cx, statement.value);
    if (place !== undefined && copiesAggregate(cx, place.entry, value)) return undefined;
    if (place !== undefined && isError(value)) place.entry.firstValue ??= value.span;
    if (place === undefined || isError(value)) return undefined;
    return assignToMap(cx, target.name, target.span, place, value, span);
  }
  checkTarget(cx, target);
  checkExpr(cx, statement.value);
  return undefined;
}

/**
 * A map that holds integers takes the number of an aggregation; alone that would make a map of integers where another
 * aggregation may have been meant.
 */
function copiesAggregate(cx: CheckContext, target: MapEvidence, value: TypedExpr): boolean {
  if (value.kind !== 'aggregate-read') return false;
  if (target.value?.kind === 'int') return false;
  if (!cx.assumeTypes || target.value !== undefined) return !cx.assumeTypes;
  target.firstValue ??= value.span;
  const { by } = value.aggregate;
  cx.report.error('aggregate-copy', value.span, `${value.map} is a ${by}(), which cannot be copied to another map`, {
    hint: `for its number write (${typeName(value.type)})${value.map}${value.key === undefined ? '' : '[...]'}; to keep another one write ${target.name} = ${by}(...)`,
  });
  return true;
}

interface MaybeStatement {
  readonly statement: TypedStatement | undefined;
}

/** The right side is an aggregation, or a block (as macros are) that ends in one; undefined when it is something else. */
function aggregateAssigned(
  cx: CheckContext,
  target: Expr & { kind: 'map' | 'map-element' },
  value: Expr,
  span: Expr['span'],
): MaybeStatement | undefined {
  if (value.kind === 'call' && aggregation(value.name) !== undefined && !cx.functions.has(value.name))
    return { statement: checkAggregate(cx, target, value, span) };
  if (value.kind !== 'block-expression' || !endsInAggregation(value.block)) return undefined;
  return withinExpansion(cx, value, () =>
    withScope(cx, () => {
      const statements = checkStatements(cx, value.block.statements);
      const last = value.block.value;
      const aggregate = last === undefined ? undefined : aggregateAssigned(cx, target, last, span)?.statement;
      if (aggregate === undefined) return { statement: undefined };
      const expansion = expansionOf(value);
      return { statement: { kind: 'block', statements: [...statements, aggregate], expansion, span } };
    }),
  );
}

function endsInAggregation({ value }: Block): boolean {
  if (value?.kind === 'block-expression') return endsInAggregation(value.block);
  return value?.kind === 'call' && aggregation(value.name) !== undefined;
}

function assignToVariable(cx: CheckContext, entry: ScopeEntry, value: TypedExpr, span: Expr['span']): TypedExpr {
  if (isError(value)) return value;
  if (entry.declaredType !== undefined) {
    const type = entry.declaredType;
    if (type.kind === 'error') return errorExpression(span);
    if (promote(type, value.type) === undefined && !convertible(value.type, type))
      return mismatch(cx, entry, type, value, span);
    if (cutsString(value.type, type)) {
      cx.report.error(
        'string-range',
        value.span,
        `a ${typeName(value.type)} does not fit $${entry.symbol.name}, which is ${typeName(type)}`,
      );
      return errorExpression(span);
    }
    checkRange(cx, value, type, value.span);
    return convertTo(value, type);
  }
  const known = cx.evidence.variable(cx.program, entry.node);
  const onlyStrings = isUnsizedStringLet(entry.node) && value.type.kind !== 'string';
  if (onlyStrings || !cx.evidence.addVariable(cx.program, entry.node, value.type)) {
    const type = onlyStrings ? (known ?? stringType(1)) : (known ?? entry.symbol.type);
    const lock = cx.evidence.variableLock(cx.program, entry.node);
    if (lock !== undefined && !onlyStrings && reportLock(cx, `$${entry.symbol.name}`, type, value, lock))
      return errorExpression(span);
    return mismatch(cx, entry, settle(type), value, span);
  }
  const type = settle(cx.evidence.variable(cx.program, entry.node) ?? value.type);
  checkRange(cx, value, type, value.span);
  return convertTo(value, type);
}

/** A string of `from` is longer than there is room in `to`. */
function cutsString(from: Type, to: Type): boolean {
  if (from.kind === 'string' && to.kind === 'string') return from.size > to.size;
  return itemTypes(to, from).some((type, i) => {
    const item = from.kind === 'tuple' ? from.items[i] : from.kind === 'record' ? from.fields[i]?.type : undefined;
    return type !== undefined && item !== undefined && cutsString(item, type);
  });
}

/** Beyond promotion: the number of an enum's constant. */
function convertible(from: Type, to: Type): boolean {
  return to.kind === 'int' && from.kind === 'enum';
}

/** True, and reported, when only a comptime condition stands against the wider type. */
function reportLock(cx: CheckContext, what: string, type: Type, value: TypedExpr, lock: Expr['span']): boolean {
  const wider = promote(type, value.type);
  if (wider === undefined) return false;
  cx.report.error(
    'type-locked',
    value.span,
    `this would make ${what} ${typeName(settle(wider))}, and a comptime condition has taken it as ${typeName(settle(type))}`,
    {
      related: [{ message: 'the condition is here', span: lock }],
      hint: `a cast keeps the type: (${typeName(settle(type))})`,
    },
  );
  return true;
}

function mismatch(cx: CheckContext, entry: ScopeEntry, type: Type, value: TypedExpr, span: Expr['span']): TypedExpr {
  cx.report.error(
    'variable-type',
    value.span,
    `$${entry.symbol.name} holds ${typeName(type)}, and this is ${typeName(settle(value.type))}`,
    { related: [{ message: `the ${entry.how} is here`, span: entry.span }] },
  );
  return errorExpression(span);
}

function assignToMap(
  cx: CheckContext,
  name: string,
  targetSpan: Expr['span'],
  place: NonNullable<ReturnType<typeof checkMapPlace>>,
  value: TypedExpr,
  span: Expr['span'],
): TypedStatement | undefined {
  const { entry, key } = place;
  if (!cx.evidence.addValue(entry, value.type, value.span)) {
    const known = settle(entry.value ?? errorType);
    if (entry.locked !== undefined && reportLock(cx, name, known, value, entry.locked)) return undefined;
    cx.report.error(
      'map-type',
      value.span,
      `${name} holds ${typeName(known)}, and this is ${typeName(settle(value.type))}`,
      {
        related:
          entry.firstValue === undefined
            ? []
            : [{ message: 'the first value is assigned here', span: entry.firstValue }],
        hint:
          known.kind === 'aggregate' ? 'a map keeps one kind of value; use another map for plain numbers' : undefined,
      },
    );
    return undefined;
  }
  const type = settle(entry.value ?? value.type);
  checkRange(cx, value, type, value.span);
  return {
    kind: 'assign',
    target: { kind: 'map', map: name, key, type, span: targetSpan },
    value: convertTo(value, type),
    span,
  };
}

/** `@m[k] = count()` */
function checkAggregate(
  cx: CheckContext,
  target: Expr & { kind: 'map' | 'map-element' },
  call: Call,
  span: Expr['span'],
): TypedStatement | undefined {
  const rule = aggregation(call.name);
  if (rule === undefined) return undefined;
  const place = checkMapPlace(cx, target);
  const args = call.args.map((arg) => checkValue(cx, arg));
  const [least, most] = rule.arity;
  if (args.length < least || args.length > most) {
    cx.report.error(
      'aggregation-arguments',
      call.span,
      `${call.name}() is given ${args.length} argument${args.length === 1 ? '' : 's'}`,
      {
        hint: `it is written ${rule.signature}`,
      },
    );
    return undefined;
  }
  if (place !== undefined) place.entry.firstValue ??= call.span;
  if (place === undefined || args.some(isError)) return undefined;
  const { config, world, report, probe, named } = cx;
  const checked = rule.check({ name: call.name, span: call.span, args, probe, config, world, report, named });
  const type: Type = {
    kind: 'aggregate',
    by: rule.name,
    signed: checked.signed,
    parameters: checked.parameters,
    castable: rule.castable,
  };
  const { entry, key } = place;
  if (!cx.evidence.addValue(entry, type, call.span)) {
    const known = settle(entry.value ?? errorType);
    const sameKind = known.kind === 'aggregate' && known.by === rule.name;
    cx.report.error(
      'aggregation-mix',
      call.span,
      sameKind
        ? `${target.name} is a ${rule.name}() with other parameters elsewhere`
        : `${target.name} holds ${typeName(known)}, and ${call.name}() cannot be mixed with it`,
      {
        related:
          entry.firstValue === undefined
            ? []
            : [{ message: 'the first value is assigned here', span: entry.firstValue }],
      },
    );
    return undefined;
  }
  const settled = entry.value;
  if (settled?.kind !== 'aggregate') return undefined;
  const wide = checked.values.map((value) => convertTo(asInteger(value) ?? value, integerOf(settled)));
  return { kind: 'aggregate', map: target.name, key, aggregate: settled, args: wide, span };
}

/** `x op= E` is `x = x op E`; the key of a map is evaluated once (emit-map.ts sees that it is the same). */
function checkCompound(cx: CheckContext, statement: Assign, operator: BinaryOperator): TypedStatement | undefined {
  const { target, span } = statement;
  if (target.kind === 'map' || target.kind === 'map-element') {
    const entry = cx.evidence.map(target.name, target.span);
    if (!cx.assumeTypes) {
      // What plain assignments say comes first, wherever they stand.
      checkMapPlace(cx, target);
      checkExpr(cx, statement.value);
      return undefined;
    }
    if (entry.value === undefined) cx.evidence.addValue(entry, int8, target.span);
    if (entry.value?.kind === 'aggregate') {
      cx.report.error(
        'compound-aggregate',
        span,
        `${target.name} is a ${entry.value.by}(), and '${operator}=' would replace it by a plain number`,
      );
      return undefined;
    }
  }
  const binary: Expr = {
    kind: 'binary',
    operator,
    operatorSpan: { start: target.span.end, end: statement.value.span.start },
    left: target,
    right: statement.value,
    span,
  };
  const typed = checkAssign(cx, { ...statement, operator: '=', value: binary });
  if (typed?.kind !== 'assign' || typed.target.kind !== 'map') return typed;
  return { ...typed, value: shareKey(typed.value, typed.target.key) };
}

/** Make the read of `x op= E` use the very key object of the target. */
function shareKey(value: TypedExpr, key: TypedExpr | undefined): TypedExpr {
  if (value.kind === 'convert') return { ...value, operand: shareKey(value.operand, key) };
  if (value.kind === 'binary') return { ...value, left: shareKey(value.left, key) };
  if (value.kind === 'map-read') return { ...value, key };
  return value;
}

export function reportShadowing(cx: CheckContext, name: string, span: Expr['span'], before: ScopeEntry): void {
  cx.report.error('shadowing', span, `$${name} exists already, and a variable cannot hide another one`, {
    related: [{ message: `the ${before.how} is here`, span: before.span }],
  });
}
