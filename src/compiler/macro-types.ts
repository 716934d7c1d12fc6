/**
 * Type parameters of macros: `t` of `macro first(t, p) { *((t*)p) }`, called as `first(typeof(uint32), arg0)`, wherever
 * the macro writes a type: `(t)x`, `let $x: t`, `t*`, `t[4]`, `struct t`.
 */
import type { Expr, TypeNode } from '../../grammar/ast.ts';
import type { Report } from '../../grammar/diagnostic.ts';

/** The type with the argument put in; undefined when it names no parameter. */
export function parameterType(
  args: ReadonlyMap<string, { readonly expr: Expr }>,
  type: TypeNode,
  report: Report,
): TypeNode | undefined {
  const { base } = type;
  const given = base.by === 'name' ? args.get(base.name)?.expr : undefined;
  if (base.by !== 'name' || given === undefined) return undefined;
  const { keyword, name } = base;
  const argument = typeOf(given);
  if (argument !== undefined) {
    if (keyword === undefined)
      return { ...argument, suffixes: [...argument.suffixes, ...type.suffixes], span: type.span };
    const inner = argument.base;
    const fits = inner.by === 'name' && (inner.keyword === undefined || inner.keyword === keyword);
    if (fits && argument.suffixes.length === 0) return { ...type, base: { ...inner, keyword } };
  }
  const shown = keyword === undefined ? name : `${keyword} ${name}`;
  report.error('macro-type-parameter', given.span, `this cannot be the ${name} of the type '${shown}' in the macro`, {
    related: [{ message: 'the type is here', span: type.span }],
    hint: keyword === undefined ? 'pass a type: typeof(uint32)' : `pass its name alone: typeof(name)`,
  });
  return { ...type, base: { by: 'typeof', operand: { kind: 'error', span: type.span } }, suffixes: [] };
}

/** A bare word can only have been meant as a type where the macro takes one. */
function typeOf(expr: Expr): TypeNode | undefined {
  if (expr.kind === 'type-argument') return expr.type;
  if (expr.kind !== 'identifier') return undefined;
  return { kind: 'type', base: { by: 'name', keyword: undefined, name: expr.name }, suffixes: [], span: expr.span };
}
