/** Tells the report that what is checked next stands in a macro (expand.ts), so that messages name the use as well. */
import type { BlockExpr } from '../../grammar/ast.ts';
import type { Note, Report } from '../../grammar/diagnostic.ts';

export function withinExpansion<T>({ report }: { readonly report: Report }, expr: BlockExpr, body: () => T): T {
  const use = expansionOf(expr);
  return use === undefined ? body() : report.within(use, body);
}

/** The use that a block was expanded from, for messages while the script runs as well. */
export function expansionOf({ expandedFrom, span }: BlockExpr): Note | undefined {
  return expandedFrom === undefined ? undefined : { message: `expanded from ${expandedFrom.name} here`, span };
}
