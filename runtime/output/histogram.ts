/** Rows of hist() and lhist() as text: label, count and a bar that is as long as the largest count allows. */
import type { HistogramRow } from '../../src/types/value.ts';

/** Every row ends with a newline; no rows, no text. */
export function histogramText(rows: readonly HistogramRow[]): string {
  let largest = 0n;
  for (const { count } of rows) if (count > largest) largest = count;
  return rows.map((row) => rowText(row, largest)).join('');
}

const labelWidth = 16;
const countWidth = 8;
const barWidth = 52;

function rowText(row: HistogramRow, largest: bigint): string {
  const bar = '@'.repeat(barLength(row.count, largest)).padEnd(barWidth);
  return `${row.label.padEnd(labelWidth)}${row.count.toString().padStart(countWidth)} |${bar}|\n`;
}

/** In single precision, as the language reference computes it. */
function barLength(count: bigint, largest: bigint): number {
  if (count <= 0n || largest <= 0n) return 0;
  const share = Math.fround(Math.fround(Number(count)) / Math.fround(Number(largest)));
  return Math.trunc(Math.fround(share * barWidth));
}
