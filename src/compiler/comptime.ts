/**
 * `comptime E`, and `if comptime E`, which chooses a branch before types are inferred: the other one is not checked at
 * all. Where E asks for types (`sizeof($x)`) it is answered only when inference has come to rest without either branch,
 * and what it asked about is locked: the chosen branch must not change the answer (language reference 3.2, 5.3).
 */
import type { Comptime, Expr, If } from '../../grammar/ast.ts';
import type { TypedExpr } from '../types/typed-tree.ts';
import type { CheckContext } from './check-context.ts';
import { errorExpression, isError, lookUpVariable } from './check-context.ts';
import { checkExpr } from './check-expression.ts';
import { asCondition } from './convert.ts';
import { anyNode } from './walk.ts';

export function checkComptime(cx: CheckContext, expr: Comptime): TypedExpr {
  const operand = checkExpr(cx, expr.operand);
  const known = literalOf(operand);
  if (known !== undefined) return known;
  if (!isError(operand)) {
    cx.report.error('comptime', expr.span, 'comptime needs something that is known when the script is compiled');
  }
  return errorExpression(expr.span);
}

/** A block without statements is its value, as macros often are. */
function literalOf(value: TypedExpr): TypedExpr | undefined {
  if (value.kind === 'constant') return isError(value) ? undefined : value;
  if (value.kind === 'block' && value.statements.length === 0 && value.value !== undefined)
    return literalOf(value.value);
  return value.kind === 'tuple' && value.items.every((item) => literalOf(item) !== undefined) ? value : undefined;
}

/** The branch that is taken; `unknown` while that cannot be told, or was reported; undefined for an ordinary `if`. */
export function chosenBranch(cx: CheckContext, expr: If): 'then' | 'otherwise' | 'unknown' | undefined {
  const { condition } = expr;
  if (condition.kind !== 'comptime') return undefined;
  const asksTypes = anyNode(condition.operand, ({ kind }) => typeDependent.has(kind)) !== undefined;
  const decided = asksTypes ? cx.evidence.decision(cx.program, expr) : undefined;
  const value = asCondition(cx, checkComptime(cx, condition));
  if (decided?.answer !== undefined) return decided.answer ? 'then' : 'otherwise';
  if (value.kind !== 'constant' || isError(value)) return 'unknown';
  if (decided !== undefined && !cx.final) {
    if (!cx.assumeTypes || !cx.evidence.isAtRest(decided)) return 'unknown';
    decided.answer = value.value === true;
    lockOperands(cx, condition.operand);
  }
  return value.value === true ? 'then' : 'otherwise';
}

const typeDependent: ReadonlySet<string> = new Set(['variable', 'map', 'map-element', 'type-query', 'call']);

function lockOperands(cx: CheckContext, condition: Expr): void {
  anyNode(condition, (node) => {
    if (!('name' in node) || typeof node.name !== 'string') return false;
    if (node.kind === 'variable') {
      const entry = lookUpVariable(cx, node.name);
      if (entry !== undefined) cx.evidence.lockVariable(cx.program, entry.node, condition.span);
    }
    if (node.kind === 'map' || node.kind === 'map-element') cx.evidence.lockMap(node.name, condition.span);
    return false;
  });
}
