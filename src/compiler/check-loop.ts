/** Loops: their bodies, except those of unroll, become callbacks with variables of their own. */
import type { Block, Expr, For, Return } from '../../grammar/ast.ts';
import type { Type } from '../types/type.ts';
import { errorType, typeName } from '../types/type.ts';
import type { TypedExpr, TypedStatement } from '../types/typed-tree.ts';
import { reportShadowing } from './check-assign.ts';
import type { CheckContext } from './check-context.ts';
import { declareVariable, errorExpression, isError, lookUpVariable, withScope } from './check-context.ts';
import { checkExpr } from './check-expression.ts';
import { integerOf, isCastable } from './check-map.ts';
import { checkBlock } from './check-statement.ts';
import { convertTo } from './convert.ts';
import { promoteIntegers } from './promote.ts';
import { type AnyNode, anyNode } from './walk.ts';

const mostUnrolled = 100n;
/** Statements, in all unrolls of a probe or function: clang takes a second for a thousand. */
const mostCopied = 10_000;

export function checkUnroll(
  cx: CheckContext,
  countExpr: Expr,
  block: Block,
  span: Expr['span'],
): TypedStatement | undefined {
  const count = checkExpr(cx, countExpr);
  const literal = count.kind === 'constant' && typeof count.value === 'bigint' ? count.value : undefined;
  const rounds = literal !== undefined && literal >= 1n && literal <= mostUnrolled ? Number(literal) : 1;
  const body = checkBlock({ ...cx, inUnroll: true, copies: (cx.copies ?? 1) * rounds }, block);
  if (literal === undefined) {
    if (!isError(count)) cx.report.error('unroll-literal', countExpr.span, 'unroll() needs a literal number of rounds');
    return undefined;
  }
  if (isError(count)) return undefined;
  if (literal < 1n || literal > mostUnrolled) {
    cx.report.error(
      'unroll-range',
      countExpr.span,
      `unroll() repeats 1 to ${mostUnrolled} times, and this is ${literal}`,
      {
        hint: 'a for loop over a range has no such limit: for ($i : 0..1000) { }',
      },
    );
    return undefined;
  }
  if (cx.counters.copied > mostCopied) {
    // Said once: not of those around it and behind it too.
    cx.counters.copied = Number.NEGATIVE_INFINITY;
    cx.report.error(
      'unroll-size',
      countExpr.span,
      `unroll() would write more than ${mostCopied} statements, with those that other unrolls repeat`,
      { hint: 'make it a loop: for ($i : 0..N) { }' },
    );
    return undefined;
  }
  return { kind: 'unroll', count: rounds, body, span };
}

export function checkFor(cx: CheckContext, statement: For): TypedStatement | undefined {
  const { variable, over, span } = statement;
  const before = lookUpVariable(cx, variable.name);
  if (before !== undefined) reportShadowing(cx, variable.name, variable.span, before);
  if (over.kind === 'range') {
    const start = rangeBound(cx, over.start);
    const end = rangeBound(cx, over.end);
    const callback = ++cx.counters.callbacks;
    const bounds =
      start.type.kind === 'int' && end.type.kind === 'int' ? promoteIntegers(start.type, end.type).type : errorType;
    // The body may assign to the variable, as to any other.
    cx.evidence.addVariable(cx.program, statement, bounds);
    const known = cx.evidence.variable(cx.program, statement) ?? bounds;
    const type = isError(start) || isError(end) ? errorType : known;
    const { symbol, body } = checkForBody(cx, statement, type, callback);
    if (isError(start) || isError(end) || type.kind !== 'int') return undefined;
    return {
      kind: 'for-range',
      variable: symbol,
      start: convertTo(start, type),
      end: convertTo(end, type),
      body,
      callback,
      span,
    };
  }
  if (over.kind !== 'map') {
    cx.report.error('for-over', over.span, 'a for loop goes over a map or a range', {
      hint: 'for ($kv : @map) { } or for ($i : 0..10) { }',
    });
    return undefined;
  }
  if (!cx.world.features.forEachMapElem) {
    cx.report.error('for-map-kernel', over.span, 'this kernel cannot go over the keys of a map', {
      hint: `a loop over a map needs bpf_for_each_map_elem (Linux 5.13); print(${over.name}) prints all of it`,
    });
  }
  const entry = cx.evidence.map(over.name, over.span);
  if (entry.keyed === false) {
    cx.report.error('for-scalar', over.span, `${over.name} has no keys, so there is nothing to go over`);
    return undefined;
  }
  const value = entry.value ?? errorType;
  if (value.kind === 'aggregate' && !isCastable(value)) {
    cx.report.error(
      'for-aggregate',
      over.span,
      `a for loop cannot go over ${over.name}: the value of a ${value.by}() is not one number`,
    );
    return undefined;
  }
  if (value.kind === 'aggregate') entry.isFolded = true;
  const item = value.kind === 'aggregate' ? integerOf(value) : value;
  const key = entry.key ?? errorType;
  const known = item.kind !== 'error' && key.kind !== 'error';
  if (!known && cx.final && !cx.incomplete && entry.firstValue === undefined)
    cx.report.error('for-undefined-map', over.span, `nothing is ever stored in ${over.name}`);
  const callback = ++cx.counters.callbacks;
  const type: Type = known ? { kind: 'tuple', items: [key, item] } : errorType;
  // An entry has the types of the map, whatever the body assigns to its variable.
  const { symbol, body } = checkForBody(cx, statement, type, callback, known ? type : undefined);
  return known ? { kind: 'for-map', variable: symbol, map: over.name, body, callback, span } : undefined;
}

function rangeBound(cx: CheckContext, expr: Expr): TypedExpr {
  const bound = checkExpr(cx, expr);
  if (isError(bound) || bound.type.kind === 'int') return bound;
  cx.report.error('range-bound', expr.span, `the ends of a range are integers, and this is ${typeName(bound.type)}`);
  return errorExpression(expr.span);
}

/** `declaredType`: what is assigned to the variable in the body is converted to it. */
function checkForBody(cx: CheckContext, statement: For, type: Type, callback: number, declaredType?: Type) {
  return withScope(cx, () => {
    cx.callbacks.push(callback);
    const entry = declareVariable(
      cx,
      statement.variable.name,
      statement,
      type,
      statement.variable.span,
      'loop variable',
      declaredType,
    );
    cx.callbacks.pop();
    return { symbol: entry.symbol, body: checkLoopBody(cx, statement.body, callback) };
  });
}

export function checkLoopBody(cx: CheckContext, block: Block, callback: number): TypedStatement[] {
  if (cx.callbacks.length === 0) checkReturns(cx, block);
  cx.callbacks.push(callback);
  // A callback is written once, wherever the loop stands.
  const { copies: _, ...once } = cx;
  const body = checkBlock(once, block);
  cx.callbacks.pop();
  return body;
}

/** Either all returns of a loop have a value or none has. */
function checkReturns(cx: CheckContext, body: Block): void {
  let first: Return | undefined;
  const isOther = (node: AnyNode): boolean => {
    if (!isReturn(node)) return false;
    first = first === undefined || node.span.start < first.span.start ? node : first;
    return false;
  };
  anyNode(body, isOther);
  const other = anyNode(body, (node) => isReturn(node) && (node.value === undefined) !== (first?.value === undefined));
  if (first === undefined || other === undefined || !isReturn(other)) return;
  cx.report.error('mixed-returns', other.span, 'returns in one loop all have a value or none has', {
    related: [{ message: first.value === undefined ? 'this one has none' : 'this one has one', span: first.span }],
  });
}

function isReturn(node: AnyNode): node is Return {
  return node.kind === 'return';
}
