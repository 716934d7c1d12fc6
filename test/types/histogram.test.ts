import { expect, test } from 'vitest';
import {
  histBucketCount,
  histIndex,
  histRows,
  histUpperBound,
  lhistBucketCount,
  lhistIndex,
  lhistRows,
} from '../../src/types/histogram.ts';

const largest = (1n << 64n) - 1n;
const precisions = [0, 1, 2, 3, 4, 5];

function hist(values: readonly (number | bigint)[], k: number): string[] {
  const counts = new BigUint64Array(histBucketCount(k));
  for (const value of values) counts[histIndex(BigInt(value), k)] = (counts[histIndex(BigInt(value), k)] ?? 0n) + 1n;
  return histRows(counts, k).map((row) => `${row.label} ${row.count}`);
}

function lhist(values: readonly number[], min: bigint, max: bigint, step: bigint): string[] {
  const counts = Array.from({ length: lhistBucketCount(min, max, step) }, () => 0n);
  for (const value of values) {
    const index = lhistIndex(BigInt(value), min, max, step);
    counts[index] = (counts[index] ?? 0n) + 1n;
  }
  return lhistRows(counts, min, max, step).map((row) => `${row.label} ${row.count}`);
}

test('indices of the language reference', () => {
  expect([-1n, 0n, 1n, 2n, 3n, 4n, 1023n, 1024n].map((n) => histIndex(n, 0))).toEqual([0, 1, 2, 3, 3, 4, 11, 12]);
  expect([0n, 3n, 4n, 7n, 8n, 225n].map((n) => histIndex(n, 2))).toEqual([1, 4, 5, 8, 9, 28]);
  expect([0n, 7n, 8n, 15n, 16n, 17n, 18n].map((n) => histIndex(n, 3))).toEqual([1, 8, 9, 16, 17, 17, 18]);
});

test.each(precisions)('k=%i: bounds grow, meet, and cover every int64 and uint64', (k) => {
  const buckets = histBucketCount(k);
  expect(histIndex(-(1n << 63n), k)).toBe(0);
  expect(histIndex(largest, k)).toBe(buckets - 1);
  expect(histUpperBound(buckets - 1, k)).toBe(largest + 1n);
  expect(histUpperBound(0, k)).toBe(0n);
  for (let bucket = 1; bucket < buckets; bucket++) {
    const low = histUpperBound(bucket - 1, k);
    const high = histUpperBound(bucket, k);
    expect(high > low).toBe(true);
    expect([bucket, histIndex(low, k), histIndex(high - 1n, k)]).toEqual([bucket, bucket, bucket]);
  }
});

test('66 buckets for k=0', () => {
  expect(precisions.map(histBucketCount)).toEqual([66, 129, 253, 497, 977, 1921]);
});

test('rows of hist', () => {
  expect(hist([-5, 0, 1, 1, 2, 3, 900, 1024, 2047, 2048], 0)).toEqual([
    '(..., 0) 1',
    '[0] 1',
    '[1] 2',
    '[2, 4) 2',
    '[4, 8) 0',
    '[8, 16) 0',
    '[16, 32) 0',
    '[32, 64) 0',
    '[64, 128) 0',
    '[128, 256) 0',
    '[256, 512) 0',
    '[512, 1K) 1',
    '[1K, 2K) 2',
    '[2K, 4K) 1',
  ]);
  expect(hist([5, 9, 12, 13], 2)).toEqual(['[5] 1', '[6] 0', '[7] 0', '[8, 10) 1', '[10, 12) 0', '[12, 14) 2']);
  expect(hist([1500], 3)).toEqual(['[1408, 1536) 1']);
  expect(hist([1n << 60n], 0)).toEqual(['[1E, 2E) 1']);
  expect(hist([largest], 0)).toEqual(['[8E, 16E) 1']);
  expect(hist([1536], 1)).toEqual(['[1536, 2K) 1']);
  expect(hist([(11n << 10n) - 1n, 8192], 3)).toEqual(['[8K, 9K) 1', '[9K, 10K) 0', '[10K, 11K) 1']);
  expect(hist([], 0)).toEqual([]);
});

test('rows carry their bounds', () => {
  const counts = [1n, 0n, 0n, 2n];
  expect(histRows(counts, 0)).toEqual([
    { low: undefined, high: 0n, label: '(..., 0)', count: 1n },
    { low: 0n, high: 1n, label: '[0]', count: 0n },
    { low: 1n, high: 2n, label: '[1]', count: 0n },
    { low: 2n, high: 4n, label: '[2, 4)', count: 2n },
  ]);
});

test('rows of lhist', () => {
  expect(lhist([-3, 0, 4, 5, 9, 10, 99], 0n, 10n, 5n)).toEqual(['(..., 0) 1', '[0, 5) 2', '[5, 10) 2', '[10, ...) 2']);
  expect(lhist([3, 3, 4], 0n, 8n, 1n)).toEqual(['[3] 2', '[4] 1']);
  expect(lhist([0, 5000, 9000], 0n, 8192n, 4096n)).toEqual(['[0, 4K) 1', '[4K, 8K) 1', '[8K, ...) 1']);
  expect(lhist([5], 0n, 3n, 1n)).toEqual(['[3, ...) 1']);
  expect(lhist([], 0n, 3n, 1n)).toEqual([]);
});

test('lhist whose step does not divide its range', () => {
  // as bpftrace 0.27.1 shows it
  expect(lhist([-4096], 0n, 1048577n, 8192n)).toEqual(['(..., 0) 1']);
  expect(lhist([1048577, 1048576, 99999999], 0n, 1048577n, 8192n)).toEqual(['[1M, ...) 3']);
  expect(lhist([8, 9, 11], 0n, 10n, 4n)).toEqual(['[8, ...) 3']);
  expect(lhistBucketCount(0n, 10n, 4n)).toBe(4);
});

test('lhist below zero', () => {
  expect(lhist([-9, -8, -1, 0], -8n, 8n, 4n)).toEqual(['(..., -8) 1', '[-8, -4) 1', '[-4, 0) 1', '[0, 4) 1']);
});

test('every number has one lhist bucket, and its bounds hold it', () => {
  const [min, max, step] = [-7n, 40n, 9n];
  for (let n = -20n; n < 60n; n++) {
    const index = lhistIndex(n, min, max, step);
    const counts = Array.from({ length: lhistBucketCount(min, max, step) }, (_, i) => (i === index ? 1n : 0n));
    const [row, ...others] = lhistRows(counts, min, max, step);
    expect(others).toEqual([]);
    expect(row !== undefined && (row.low === undefined || row.low <= n)).toBe(true);
    expect(row !== undefined && (row.high === undefined || n < row.high)).toBe(true);
  }
});
