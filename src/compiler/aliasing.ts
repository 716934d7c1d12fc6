/**
 * May a value be put together in the very place of the variable it is assigned to? `$t = ($t.1, $t.0)` would read an item
 * that is overwritten already. Asked by emit-context.ts and emit-expression.ts of values in memory.
 */
import type { TypedExpr, VariableSymbol } from '../types/typed-tree.ts';

/** The value depends on what the variable holds, or may: once a script has an address, anything can lead there. */
export function dependsOn(value: TypedExpr, variable: VariableSymbol): boolean {
  if (value.kind === 'constant' || value.kind === 'variable') return false;
  return variable.addressed || mentions(value, variable.id);
}

/** There are statements in it, which may change variables and maps that were read before. */
export function hasStatements(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false;
  return ('kind' in node && node.kind === 'block') || Object.values(node).some(hasStatements);
}

function mentions(node: unknown, id: number): boolean {
  if (typeof node !== 'object' || node === null) return false;
  if ('variable' in node && isSymbol(node.variable) && node.variable.id === id) return true;
  return Object.values(node).some((part) => mentions(part, id));
}

function isSymbol(node: unknown): node is VariableSymbol {
  return typeof node === 'object' && node !== null && 'id' in node && 'callback' in node;
}
