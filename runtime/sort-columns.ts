/**
 * Sort keys of map entries, column by column, straight from the bytes of the map. 64-bit integers are compared as
 * numbers whenever all of a column are exact as such, which makes sorting 100,000 entries several times faster than
 * with bigint.
 */
import { latin1, lengthToNul } from '../src/types/byte-text.ts';

export type Column = (a: number, b: number) => number;

/** Where a column is: in row i at `offset + i * stride`. */
export interface ColumnPlace {
  readonly count: number;
  readonly view: DataView;
  readonly stride: number;
  readonly offset: number;
}

export function integers(place: ColumnPlace, bytes: 1 | 2 | 4 | 8, signed: boolean): Column {
  const { count, view, stride, offset } = place;
  const exact = new Float64Array(count);
  const read = readers[`${signed ? 's' : 'u'}${bytes}`];
  let isExact = true;
  for (let row = 0, at = offset; row < count; row++, at += stride) {
    const value = read(view, at);
    exact[row] = value;
    isExact &&= value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
  }
  if (isExact) return byExact(exact);
  return numbers(count, (row) => {
    const at = offset + row * stride;
    return signed ? view.getBigInt64(at, true) : view.getBigUint64(at, true);
  });
}

/** Bytes up to a NUL, compared as bytes. */
export function strings({ count, view, stride, offset }: ColumnPlace, size: number): Column {
  const texts = Array.from({ length: count }, (_, row) => {
    const at = offset + row * stride;
    return latin1(view, at, lengthToNul(view, at, size));
  });
  return (a, b) => order(texts[a] ?? '', texts[b] ?? '');
}

export function numbers(count: number, at: (row: number) => bigint): Column {
  const exact = new Float64Array(count);
  let isExact = true;
  for (let row = 0; row < count; row++) {
    const value = Number(at(row));
    exact[row] = value;
    isExact &&= Number.isSafeInteger(value);
  }
  if (isExact) return byExact(exact);
  const values = Array.from({ length: count }, (_, row) => at(row));
  return (a, b) => order(values[a] ?? 0n, values[b] ?? 0n);
}

/** Row numbers `0..count-1` in order: by the first column, where that is equal by the next, and so on. */
export function sortedRows(count: number, columns: readonly Column[]): Uint32Array {
  const rows = Uint32Array.from({ length: count }, (_, i) => i);
  if (columns.length === 0) return rows;
  const compare = columns.reduceRight<Column>(
    (rest, first) => (a, b) => first(a, b) || rest(a, b),
    (a, b) => a - b,
  );
  return rows.sort(compare);
}

function byExact(exact: Float64Array): Column {
  return (a, b) => (exact[a] ?? 0) - (exact[b] ?? 0);
}

/** Exact or beyond the safe integers. */
const readers: { readonly [F in `${'s' | 'u'}${1 | 2 | 4 | 8}`]: (view: DataView, at: number) => number } = {
  s1: (view, at) => view.getInt8(at),
  u1: (view, at) => view.getUint8(at),
  s2: (view, at) => view.getInt16(at, true),
  u2: (view, at) => view.getUint16(at, true),
  s4: (view, at) => view.getInt32(at, true),
  u4: (view, at) => view.getUint32(at, true),
  s8: (view, at) => view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true),
  u8: (view, at) => view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true),
};

/** Strings hold one byte per unit, so comparing units compares bytes. */
function order<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
