/**
 * Whether what has been reported so far may have cost the script names: definitions that could not be read, C that clang
 * refuses, imports that are not there. Then later passes say nothing about names they do not know.
 */
import type { Script } from '../../grammar/ast.ts';
import type { Report } from '../../grammar/diagnostic.ts';
import type { Span } from '../../grammar/source.ts';

/** Mistakes within a probe, function or macro that was read nevertheless cost no names. */
export function mayLackNames({ items }: Script, { diagnostics }: Report): boolean {
  return diagnostics.some(
    ({ severity, span }) =>
      severity === 'error' && (span === undefined || !items.some((item) => contains(item.span, span))),
  );
}

/** A definition in C that the grammar could not make sense of: clang would only stumble over the same place. */
export function hasBrokenC({ preamble }: Script, report: Report): boolean {
  return preamble.some(({ span }) => report.hasErrorIn(span));
}

function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
