/** AST statements -> typed statements. */
import type { Block, Expr, If, Statement } from '../../grammar/ast.ts';
import type { Span } from '../../grammar/source.ts';
import { builtin } from '../builtins/index.ts';
import { typeName } from '../types/type.ts';
import type { TypedExpr, TypedStatement } from '../types/typed-tree.ts';
import { checkAssign, checkLet } from './check-assign.ts';
import type { CheckContext } from './check-context.ts';
import { isError, withScope } from './check-context.ts';
import { checkExpr, checkValue } from './check-expression.ts';
import { checkFunctionReturn } from './check-function.ts';
import { checkFor, checkLoopBody, checkUnroll } from './check-loop.ts';
import { chosenBranch } from './comptime.ts';
import { asCondition, asInteger } from './convert.ts';
import { isGateOpen } from './gates.ts';
import { expansionOf, withinExpansion } from './within-expansion.ts';

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
  cx.counters.copied += cx.copies ?? 0;
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
      if (cx.function !== undefined) return checkFunctionReturn({ ...cx, function: cx.function }, statement);
      return checkReturn(cx, statement.value, statement.span);
    case 'jump':
      if (cx.callbacks.length === 0 && !cx.inUnroll) {
        cx.report.error('jump-outside-loop', statement.span, `'${statement.to}' is only for the body of a loop`);
        return undefined;
      }
      return {
        kind: 'jump',
        to: statement.to,
        of: cx.callbacks.length === 0 ? 'unroll' : 'loop',
        span: statement.span,
      };
    case 'for':
      return checkFor(cx, statement);
    case 'while': {
      cx.report.warning('while-deprecated', statement.span, 'while is deprecated in the language and may go away', {
        hint: 'a for loop over a range can be left with break: for ($i : 0..1000) { if (...) { break; } }',
      });
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
      if (isGateOpen(cx, 'unstable_import_statement', statement.span)) {
        cx.report.error('import-statement', statement.span, 'import cannot stand in a block', {
          hint: 'move it to the top of the script',
        });
      }
      return undefined;
  }
}

/** `place` is where a value that nobody uses is reported: for one that a macro ends with, the use of the macro. */
function checkExpressionStatement(cx: CheckContext, expr: Expr, place = expr.span): TypedStatement | undefined {
  if (expr.kind === 'if') return checkIfStatement(cx, expr);
  if (expr.kind === 'block-expression') {
    const valuePlace = expr.expandedFrom === undefined ? undefined : place;
    const statements = withinExpansion(cx, expr, () => checkBlock(cx, expr.block, valuePlace));
    return { kind: 'block', statements, expansion: expansionOf(expr), span: expr.span };
  }
  const expression = checkExpr(cx, expr);
  if (isError(expression)) return undefined;
  if (expression.type.kind !== 'none' && expr.kind !== 'update' && !discardable(expression)) {
    cx.report.warning('discarded', place, 'the value of this expression is not used', {
      hint: 'write _ = ...; if that is meant',
    });
  }
  warnAboutAsynchrony(cx, expression);
  const unused = expression.kind === 'call' ? { ...expression, resultUnused: true as const } : expression;
  return { kind: 'expression', expression: unused, span: expr.span };
}

/** What user space does with a whole map happens after the loop, once for each round: all rounds see the last state. */
function warnAboutAsynchrony(cx: CheckContext, expression: TypedExpr): void {
  if (expression.kind !== 'call' || builtin(expression.builtin)?.event === undefined) return;
  const map = expression.args.find((arg) => arg.kind === 'map-reference');
  if (map?.kind !== 'map-reference' || cx.callbacks.length === 0) return;
  cx.report.warning(
    'map-event-in-loop',
    expression.span,
    `${expression.builtin}(${map.map}) is done in user space, mostly after the loop, and sees the map as it is then`,
    { hint: 'move it behind the loop' },
  );
}

/** Functions are called for their effects too; delete() says whether the key was there, and hardly anybody asks. */
function discardable(expression: TypedExpr): boolean {
  if (expression.kind === 'function-call') return true;
  return expression.kind === 'call' && builtin(expression.builtin)?.mapKey === 'optional';
}

function checkIfStatement(cx: CheckContext, expr: If): TypedStatement | undefined {
  const chosen = chosenBranch(cx, expr);
  if (chosen === 'unknown') return undefined;
  if (chosen !== undefined) {
    const block = expr[chosen];
    return block === undefined ? undefined : { kind: 'block', statements: checkBlock(cx, block), span: expr.span };
  }
  const condition = asCondition(cx, checkExpr(cx, expr.condition));
  const then = checkBlock(cx, expr.then);
  const otherwise = expr.otherwise === undefined ? [] : checkBlock(cx, expr.otherwise);
  return { kind: 'if', condition, then, otherwise, span: expr.span };
}

/** A block as statements: the value at its end, if any, is a statement too. */
export function checkBlock(cx: CheckContext, block: Block, valuePlace?: Span): TypedStatement[] {
  return withScope(cx, () => {
    const statements = checkStatements(cx, block.statements);
    const last = block.value === undefined ? undefined : checkExpressionStatement(cx, block.value, valuePlace);
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
