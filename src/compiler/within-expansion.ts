/** Tells the report that what is checked next stands in a macro (expand.ts), so that messages name the use as well. */
import type { BlockExpr } from '../../grammar/ast.ts';
import type { Report } from '../../grammar/diagnostic.ts';

export function withinExpansion<T>({ report }: { readonly report: Report }, expr: BlockExpr, body: () => T): T {
  if (expr.expandedFrom === undefined) return body();
  return report.within({ message: `expanded from ${expr.expandedFrom.name} here`, span: expr.span }, body);
}
