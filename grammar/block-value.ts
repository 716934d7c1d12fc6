/**
 * When an `if` or a block that ends a block is the value of that block. The builder decides by it, and the printer
 * writes a `;` where the value must not become one.
 */
import type { Expr } from './ast.ts';

/** An `if` has a value when all its branches have one, including an `else`; other expressions always do. */
export function hasValue(expr: Expr): boolean {
  let current: Expr | undefined = expr;
  while (current?.kind === 'if') {
    if (current.then.value === undefined) return false;
    current = current.otherwise?.value;
    // `else if` chains are followed; a longer `else` block has the value of its last expression.
  }
  if (current?.kind === 'block-expression') return current.block.value !== undefined;
  return current !== undefined;
}
