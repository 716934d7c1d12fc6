/**
 * Bucket arithmetic of hist() and lhist(): which bucket a number falls into, what a bucket covers, and the rows to
 * print. The C in bpf-helpers computes the same indices; counts lie densely, one u64 per bucket (probes-and-stdlib 13).
 */
import type { HistogramRow } from './value.ts';

/** Counts per bucket, summed over all CPUs. */
export type BucketCounts = readonly bigint[] | BigUint64Array;

/**
 * Number of buckets of `hist(n, k)`, k = 0..5: bucket 0 holds the negative numbers, the last one ends at 2^64. For
 * k = 0 these are 66.
 */
export function histBucketCount(k: number): number {
  return ((65 - k) << k) + 1;
}

/** Bucket of any int64 or uint64. */
export function histIndex(n: bigint, k: number): number {
  if (n < 0n) return 0;
  const steps = 1n << BigInt(k);
  if (n < steps) return Number(n) + 1;
  const power = n.toString(2).length - 1;
  const step = Number((n >> BigInt(power - k)) & (steps - 1n));
  return ((power - k + 1) << k) + step + 1;
}

/** Smallest number that is too large for the bucket; 0 for bucket 0. The bucket begins at the bound of the one before. */
export function histUpperBound(bucket: number, k: number): bigint {
  const { mantissa, exponent } = boundParts(bucket, k);
  return BigInt(mantissa) << BigInt(exponent);
}

/** Rows from the first to the last bucket with a count; none when all are zero. */
export function histRows(counts: BucketCounts, k: number): HistogramRow[] {
  return rows(counts, (bucket) => {
    if (bucket === 0) return { low: undefined, high: 0n, label: '(..., 0)' };
    const low = histUpperBound(bucket - 1, k);
    const high = histUpperBound(bucket, k);
    const label = high === low + 1n ? `[${low}]` : `[${histLabel(bucket - 1, k)}, ${histLabel(bucket, k)})`;
    return { low, high, label };
  });
}

/** Number of buckets of `lhist(n, min, max, step)`: the full steps, one below and one for the rest above. */
export function lhistBucketCount(min: bigint, max: bigint, step: bigint): number {
  return Number((max - min) / step) + 2;
}

/** `max` itself falls into the last bucket; so does what lies above the last full step. */
export function lhistIndex(n: bigint, min: bigint, max: bigint, step: bigint): number {
  if (n < min) return 0;
  return 1 + Number(((n > max ? max : n) - min) / step);
}

/** Rows from the first to the last bucket with a count; none when all are zero. */
export function lhistRows(counts: BucketCounts, min: bigint, max: bigint, step: bigint): HistogramRow[] {
  const last = lhistBucketCount(min, max, step) - 1;
  return rows(counts, (bucket) => {
    const high = min + BigInt(bucket) * step;
    const low = high - step;
    if (bucket === 0) return { low: undefined, high, label: `(..., ${lhistLabel(high, step)})` };
    if (bucket === last) return { low, high: undefined, label: `[${lhistLabel(low, step)}, ...)` };
    const label = step === 1n ? `[${low}]` : `[${lhistLabel(low, step)}, ${lhistLabel(high, step)})`;
    return { low, high, label };
  });
}

function rows(counts: BucketCounts, describe: (bucket: number) => Omit<HistogramRow, 'count'>): HistogramRow[] {
  const used: number[] = [];
  counts.forEach((count, bucket) => {
    if (count !== 0n) used.push(bucket);
  });
  const [first, last] = [used[0], used.at(-1)];
  if (first === undefined || last === undefined) return [];
  return Array.from({ length: last - first + 1 }, (_, i) => ({
    ...describe(first + i),
    count: counts[first + i] ?? 0n,
  }));
}

/** The upper bound of a bucket is mantissa * 2^exponent; up to 2 * 2^k every number has its own bucket. */
function boundParts(bucket: number, k: number): { readonly mantissa: number; readonly exponent: number } {
  const steps = 1 << k;
  if (bucket <= 2 * steps) return { mantissa: bucket, exponent: 0 };
  return { mantissa: steps + (bucket & (steps - 1)), exponent: (bucket >> k) - 1 };
}

/** The letter counts whole powers of 1024 in the exponent, not in the value: with k = 3, 1024 is `1024`. */
function histLabel(bucket: number, k: number): string {
  const { mantissa, exponent } = boundParts(bucket, k);
  const letters = ['', 'K', 'M', 'G', 'T', 'P', 'E'];
  return `${mantissa << (exponent % 10)}${letters[Math.floor(exponent / 10)]}`;
}

/** Letters only when every bound of the histogram is made of whole units of 1024. */
function lhistLabel(bound: bigint, step: bigint): string {
  if (step % kilo !== 0n || bound === 0n) return bound.toString();
  if (bound % mega === 0n) return `${bound / mega}M`;
  if (bound % kilo === 0n) return `${bound / kilo}K`;
  return bound.toString();
}

const kilo = 1024n;
const mega = 1048576n;
