/** AST statements -> typed statements. */
import type { Assign, Block, Call, Expr, For, If, Let, Statement } from '../../grammar/ast.ts';
import type { BinaryOperator } from '../../grammar/operators.ts';
import { aggregation } from '../builtins/aggregations/index.ts';
import { builtin } from '../builtins/index.ts';
import type { Type } from '../types/type.ts';
import { errorType, typeName } from '../types/type.ts';
import type { TypedExpr, TypedStatement } from '../types/typed-tree.ts';
import type { CheckContext, ScopeEntry } from './check-context.ts';
import { declareVariable, errorExpression, isError, lookUpVariable, useVariable, withScope } from './check-context.ts';
import { checkExpr, checkTarget, checkValue } from './check-expression.ts';
import { checkMapPlace, integerOf, isCastable } from './check-map.ts';
import { asCondition, asInteger, checkRange, convertTo } from './convert.ts';
import { promote, promoteIntegers, settle } from './promote.ts';
import { resolveType } from './resolve-type.ts';

const mostUnrolled = 100n;

export function checkStatements(cx: CheckContext, statements: readonly Statement[]): TypedStatement[] {
  const typed: TypedStatement[] = [];
  let ended = false;
  for (const statement of statements) {
    if (ended) {
      cx.report.warning('unreachable', statement.span, 'this is never reached');
      ended = false;
    }
    const result = checkStatement(cx, statement);
    if (result !== undefined) typed.push(result);
    ended = leaves(result);
  }
  return typed;
}

function leaves(statement: TypedStatement | undefined): boolean {
  if (statement?.kind === 'return' || statement?.kind === 'jump') return true;
  return (
    statement?.kind === 'expression' &&
    statement.expression.kind === 'call' &&
    builtin(statement.expression.builtin)?.endsProbe === true
  );
}

function checkStatement(cx: CheckContext, statement: Statement): TypedStatement | undefined {
  switch (statement.kind) {
    case 'let':
      return checkLet(cx, statement);
    case 'assign':
      return checkAssign(cx, statement);
    case 'expression-statement':
      return checkExpressionStatement(cx, statement.expression);
    case 'discard': {
      const expression = checkValue(cx, statement.value);
      return { kind: 'expression', expression, span: statement.span };
    }
    case 'return':
      return checkReturn(cx, statement.value, statement.span);
    case 'jump':
      if (cx.loops.length === 0) {
        cx.report.error('jump-outside-loop', statement.span, `'${statement.to}' is only for the body of a loop`);
        return undefined;
      }
      return { kind: 'jump', to: statement.to, span: statement.span };
    case 'for':
      return checkFor(cx, statement);
    case 'while': {
      // The condition is evaluated inside the callback as well.
      const callback = ++cx.counters.callbacks;
      cx.callbacks.push(callback);
      const condition = asCondition(cx, checkExpr(cx, statement.condition));
      cx.callbacks.pop();
      const body = checkLoopBody(cx, statement.body, callback);
      return { kind: 'while', condition, body, callback, span: statement.span };
    }
    case 'unroll':
      return checkUnroll(cx, statement.count, statement.body, statement.span);
    case 'import-statement':
      cx.report.error('import-statement', statement.span, 'import inside a probe is not available in this version of ebtrace');
      return undefined;
  }
}

function checkLet(cx: CheckContext, statement: Let): TypedStatement | undefined {
  const { variable, span } = statement;
  const before = lookUpVariable(cx, variable.name);
  if (before !== undefined) {
    reportShadowing(cx, variable.name, variable.span, before);
    return undefined;
  }
  const declared = statement.type === undefined ? undefined : declaredType(cx, statement);
  const value = statement.value === undefined ? undefined : checkValue(cx, statement.value);
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
  if (base.by === 'name' && base.keyword === undefined && base.name === 'string' && suffixes.length === 0) return undefined;
  return resolveType(cx, node);
}

function checkAssign(cx: CheckContext, statement: Assign): TypedStatement | undefined {
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
    if (promote(type, value.type) === undefined && !convertible(value.type, type)) return mismatch(cx, entry, type, value, span);
    if (type.kind === 'string' && value.type.kind === 'string' && value.type.size > type.size) {
      cx.report.error('string-range', value.span, `a ${typeName(value.type)} does not fit $${entry.symbol.name}, which is ${typeName(type)}`);
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
  return (to.kind === 'bool' || to.kind === 'int') && (from.kind === 'int' || from.kind === 'bool' || from.kind === 'enum');
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
    cx.report.error('map-type', value.span, `${name} holds ${typeName(known)}, and this is ${typeName(settle(value.type))}`, {
      related: entry.firstValue === undefined ? [] : [{ message: 'the first value is assigned here', span: entry.firstValue }],
      hint: known.kind === 'aggregate' ? 'a map keeps one kind of value; use another map for plain numbers' : undefined,
    });
    return undefined;
  }
  const type = settle(entry.value ?? value.type);
  return { kind: 'assign', target: { kind: 'map', map: name, key, type, span: targetSpan }, value: convertTo(value, type), span };
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
    cx.report.error('aggregation-arguments', call.span, `${call.name}() is given ${args.length} arguments`, {
      hint: `it is written ${rule.signature}`,
    });
    return undefined;
  }
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
        related: entry.firstValue === undefined ? [] : [{ message: 'the first value is assigned here', span: entry.firstValue }],
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
    if (entry.value === undefined) cx.evidence.addValue(entry, { kind: 'int', bytes: 8, signed: true, flexible: true }, target.span);
    if (entry.value?.kind === 'aggregate') {
      cx.report.error('compound-aggregate', span, `${target.name} is a ${entry.value.by}(), and '${operator}=' would replace it by a plain number`);
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

function checkExpressionStatement(cx: CheckContext, expr: Expr): TypedStatement | undefined {
  if (expr.kind === 'if') return checkIfStatement(cx, expr);
  if (expr.kind === 'block-expression') {
    return { kind: 'block', statements: checkBlock(cx, expr.block), span: expr.span };
  }
  const expression = checkExpr(cx, expr);
  if (isError(expression)) return undefined;
  if (expression.type.kind !== 'none' && expr.kind !== 'update' && !discardable(expression)) {
    cx.report.warning('discarded', expr.span, 'the value of this expression is not used', { hint: 'write _ = ...; if that is meant' });
  }
  return { kind: 'expression', expression, span: expr.span };
}

/** delete() says whether the key was there; hardly anybody asks. */
function discardable(expression: TypedExpr): boolean {
  return expression.kind === 'call' && builtin(expression.builtin)?.mapKey === 'optional';
}

function checkIfStatement(cx: CheckContext, expr: If): TypedStatement {
  const condition = asCondition(cx, checkExpr(cx, expr.condition));
  const then = checkBlock(cx, expr.then);
  const otherwise = expr.otherwise === undefined ? [] : checkBlock(cx, expr.otherwise);
  return { kind: 'if', condition, then, otherwise, span: expr.span };
}

/** A block as statements: the value at its end, if any, is a statement too. */
export function checkBlock(cx: CheckContext, block: Block): TypedStatement[] {
  return withScope(cx, () => {
    const statements = checkStatements(cx, block.statements);
    const last = block.value === undefined ? undefined : checkExpressionStatement(cx, block.value);
    return last === undefined ? statements : [...statements, last];
  });
}

function checkReturn(cx: CheckContext, value: Expr | undefined, span: Expr['span']): TypedStatement | undefined {
  if (value === undefined) return { kind: 'return', value: undefined, span };
  const typed = checkExpr(cx, value);
  if (isError(typed)) return undefined;
  const integer = asInteger(typed);
  if (integer === undefined) {
    cx.report.error('return-type', value.span, `a probe returns an integer, and this is ${typeName(typed.type)}`);
    return undefined;
  }
  return { kind: 'return', value: integer, span };
}

function checkUnroll(cx: CheckContext, countExpr: Expr, block: Block, span: Expr['span']): TypedStatement | undefined {
  const count = checkExpr(cx, countExpr);
  cx.loops.push('unroll');
  const body = checkBlock(cx, block);
  cx.loops.pop();
  if (count.kind !== 'constant' || typeof count.value !== 'bigint') {
    if (!isError(count)) cx.report.error('unroll-literal', countExpr.span, 'unroll() needs a literal number of rounds');
    return undefined;
  }
  if (isError(count)) return undefined;
  if (count.value < 1n || count.value > mostUnrolled) {
    cx.report.error('unroll-range', countExpr.span, `unroll() repeats 1 to ${mostUnrolled} times, and this is ${count.value}`, {
      hint: 'a for loop over a range has no such limit: for ($i : 0..1000) { }',
    });
    return undefined;
  }
  return { kind: 'unroll', count: Number(count.value), body, span };
}

function checkFor(cx: CheckContext, statement: For): TypedStatement | undefined {
  const { variable, over, span } = statement;
  const before = lookUpVariable(cx, variable.name);
  if (before !== undefined) reportShadowing(cx, variable.name, variable.span, before);
  if (over.kind === 'range') {
    const start = rangeBound(cx, over.start);
    const end = rangeBound(cx, over.end);
    const callback = ++cx.counters.callbacks;
    const type = start.type.kind === 'int' && end.type.kind === 'int' ? settle(promoteIntegers(start.type, end.type).type) : errorType;
    const { symbol, body } = checkForBody(cx, statement, type, callback);
    if (isError(start) || isError(end) || type.kind !== 'int') return undefined;
    return { kind: 'for-range', variable: symbol, start: convertTo(start, type), end: convertTo(end, type), body, callback, span };
  }
  if (over.kind !== 'map') {
    checkExpr(cx, over);
    cx.report.error('for-over', over.span, 'a for loop goes over a map or a range', { hint: 'for ($kv : @map) { } or for ($i : 0..10) { }' });
    return undefined;
  }
  const entry = cx.evidence.map(over.name, over.span);
  if (entry.keyed === false) {
    cx.report.error('for-scalar', over.span, `${over.name} has no keys, so there is nothing to go over`);
    return undefined;
  }
  const value = entry.value === undefined ? errorType : settle(entry.value);
  if (value.kind === 'aggregate' && !isCastable(value)) {
    cx.report.error('for-aggregate', over.span, `a for loop cannot go over ${over.name}: the value of a ${value.by}() is not one number`);
    return undefined;
  }
  const item = value.kind === 'aggregate' ? integerOf(value) : value;
  const key = entry.key === undefined ? errorType : settle(entry.key);
  const known = item.kind !== 'error' && key.kind !== 'error';
  if (!known && cx.final) cx.report.error('for-undefined-map', over.span, `nothing is ever stored in ${over.name}`);
  const callback = ++cx.counters.callbacks;
  const type: Type = known ? { kind: 'tuple', items: [key, item] } : errorType;
  const { symbol, body } = checkForBody(cx, statement, type, callback);
  return known ? { kind: 'for-map', variable: symbol, map: over.name, body, callback, span } : undefined;
}

function rangeBound(cx: CheckContext, expr: Expr): TypedExpr {
  const bound = checkExpr(cx, expr);
  if (isError(bound) || bound.type.kind === 'int') return bound;
  cx.report.error('range-bound', expr.span, `the ends of a range are integers, and this is ${typeName(bound.type)}`);
  return errorExpression(expr.span);
}

function checkForBody(cx: CheckContext, statement: For, type: Type, callback: number) {
  return withScope(cx, () => {
    cx.callbacks.push(callback);
    const entry = declareVariable(cx, statement.variable.name, statement, type, statement.variable.span, 'loop variable');
    cx.callbacks.pop();
    return { symbol: entry.symbol, body: checkLoopBody(cx, statement.body, callback) };
  });
}

function checkLoopBody(cx: CheckContext, block: Block, callback: number): TypedStatement[] {
  cx.callbacks.push(callback);
  cx.loops.push('callback');
  const body = checkBlock(cx, block);
  cx.loops.pop();
  cx.callbacks.pop();
  return body;
}

function reportShadowing(cx: CheckContext, name: string, span: Expr['span'], before: ScopeEntry): void {
  cx.report.error('shadowing', span, `$${name} exists already, and a variable cannot hide another one`, {
    related: [{ message: `the ${before.how} is here`, span: before.span }],
  });
}

