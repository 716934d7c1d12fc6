/**
 * Sort keys of map entries, column by column. 64-bit integers are compared as numbers whenever all of a column are
 * exact as such, which makes sorting 100,000 entries several times faster than with bigint.
 */
import type { Value } from '../src/types/value.ts';

export type Column = (a: number, b: number) => number;

/** Integer and string values; anything else counts as equal. */
export function column(values: readonly Value[]): Column {
  if (values.every((value) => value.kind === 'int')) {
    return byNumber(values.map((value) => (value.kind === 'int' ? BigInt.asIntN(64, value.value) : 0n)));
  }
  const texts = values.map((value) => (value.kind === 'string' ? value.bytes : ''));
  return (a, b) => order(texts[a] ?? '', texts[b] ?? '');
}

export function byNumber(values: readonly bigint[]): Column {
  const exact = Float64Array.from(values, Number);
  if (exact.every((value) => Number.isSafeInteger(value))) return (a, b) => (exact[a] ?? 0) - (exact[b] ?? 0);
  return (a, b) => order(values[a] ?? 0n, values[b] ?? 0n);
}

/** Row numbers `0..count-1` in order: by the first column, where that is equal by the next, and so on. */
export function sortedRows(count: number, columns: readonly Column[]): Uint32Array {
  const rows = Uint32Array.from({ length: count }, (_, i) => i);
  const compare = columns.reduceRight<Column>(
    (rest, first) => (a, b) => first(a, b) || rest(a, b),
    (a, b) => a - b,
  );
  return rows.sort(compare);
}

/** Strings hold one byte per unit, so comparing units compares bytes. */
function order<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
