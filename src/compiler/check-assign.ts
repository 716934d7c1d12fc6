/** Declarations and assignments: what a variable or map holds is the promotion of all that is assigned to it. */
import type { Assign, Call, Expr, Let } from '../../grammar/ast.ts';
import type { BinaryOperator } from '../../grammar/operators.ts';
import { aggregation } from '../builtins/aggregations/index.ts';
import type { Type } from '../types/type.ts';
import { errorType, int8, int64, typeName } from '../types/type.ts';
import type { TypedExpr, TypedStatement } from '../types/typed-tree.ts';
import type { CheckContext, ScopeEntry } from './check-context.ts';
import { declareVariable, errorExpression, isError, lookUpVariable, useVariable } from './check-context.ts';
import { checkExpr, checkTarget, checkValue } from './check-expression.ts';
import { checkMapPlace, integerOf } from './check-map.ts';
import { asInteger, checkRange, convertTo } from './convert.ts';
import { promote, settle } from './promote.ts';
import { resolveType } from './resolve-type.ts';

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
    // Nothing was ever assigned: the value is 0.
    if (cx.evidence.variable(cx.program, statement) === undefined)
      cx.evidence.addVariable(cx.program, statement, int64);
  }
  const known = declared ?? cx.evidence.variable(cx.program, statement) ?? value?.type ?? errorType;
  const entry = declareVariable(cx, variable.name, statement, known, variable.span, 'declaration', declared);
  const converted = value === undefined ? undefined : assignToVariable(cx, entry, value, span);
  if (value !== undefined) entry.assigned = true;
  return { kind: 'declare', variable: entry.symbol, value: converted, span };
}

/** The type of `let $x: T`; an unsized `string` takes its size from the values. */
function declaredType(cx: CheckContext, statement: Let): Type | undefined {
  const node = statement.type;
  if (node === undefined) return undefined;
  const { base, suffixes } = node;
  if (base.by === 'name' && base.keyword === undefined && base.name === 'string' && suffixes.length === 0)
    return undefined;
  return resolveType(cx, node);
}

export function checkAssign(cx: CheckContext, statement: Assign): TypedStatement | undefined {
  const { target, operator, span } = statement;
  if (operator !== '=') return checkCompound(cx, statement, operator.slice(0, -1) as BinaryOperator);
  if ((target.kind === 'map' || target.kind === 'map-element') && statement.value.kind === 'call') {
    const entry = aggregation(statement.value.name);
    if (entry !== undefined) return checkAggregate(cx, target, statement.value, span);
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
    if (place !== undefined && isError(value)) place.entry.firstValue ??= value.span;
    if (place === undefined || isError(value)) return undefined;
    return assignToMap(cx, target.name, target.span, place, value, span);
  }
  checkTarget(cx, target);
  checkExpr(cx, statement.value);
  return undefined;
}

function assignToVariable(cx: CheckContext, entry: ScopeEntry, value: TypedExpr, span: Expr['span']): TypedExpr {
  if (isError(value)) return value;
  if (entry.declaredType !== undefined) {
    const type = entry.declaredType;
    if (type.kind === 'error') return errorExpression(span);
    if (promote(type, value.type) === undefined && !convertible(value.type, type))
      return mismatch(cx, entry, type, value, span);
    if (type.kind === 'string' && value.type.kind === 'string' && value.type.size > type.size) {
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
  if (!cx.evidence.addVariable(cx.program, entry.node, value.type)) {
    return mismatch(cx, entry, settle(cx.evidence.variable(cx.program, entry.node) ?? entry.symbol.type), value, span);
  }
  const type = settle(cx.evidence.variable(cx.program, entry.node) ?? value.type);
  return convertTo(value, type);
}

function convertible(from: Type, to: Type): boolean {
  return (
    (to.kind === 'bool' || to.kind === 'int') && (from.kind === 'int' || from.kind === 'bool' || from.kind === 'enum')
  );
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
  const { config, world, report, probe } = cx;
  const checked = rule.check({ name: call.name, span: call.span, args, probe, config, world, report });
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
