/** Reading maps: merging CPUs, set and unset scalars, the order of entries, top and divisor, clear and zero. */
import { describe, expect, test } from 'vitest';
import { clearMap, dumpMap, type MapReading, zeroMap } from '../../runtime/maps.ts';
import { knownAggregation } from '../../src/builtins/aggregations/index.ts';
import type { MapPlan } from '../../src/program/program.ts';
import { type AggregateType, int32, int64, stringType, type Type, tupleOf, uint64 } from '../../src/types/type.ts';
import type { Value } from '../../src/types/value.ts';
import { FakeMap } from '../support/fake-bpf.ts';
import { countMap } from '../support/small-program.ts';

const reading: MapReading = {
  values: {
    kernelSymbol: () => undefined,
    userSymbol: () => undefined,
    userName: () => undefined,
    kernelStack: () => '',
    timestamp: () => '',
    cgroupPath: () => '',
    fieldsOf: () => undefined,
  },
  aggregation: (type) => knownAggregation(type.by),
};
const all = { top: 0, divisor: 0n, unset: 'omit' } as const;
const sum: AggregateType = { kind: 'aggregate', by: 'sum', signed: true, parameters: [], castable: true };

function words(...values: readonly (number | bigint)[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setBigInt64(i * 8, BigInt.asIntN(64, BigInt(value)), true);
  });
  return bytes;
}

function plan(key: Type | undefined, value: Type, keySize: number, valueSize: number): MapPlan {
  const shape = key === undefined ? 'scalar' : 'keyed';
  return { ...countMap('@m', 'm'), shape, key, value, keySize, valueSize };
}

function plain(value: Value | undefined): unknown {
  if (value === undefined) return undefined;
  if (value.kind === 'int') return value.value;
  if (value.kind === 'string') return value.bytes;
  if (value.kind === 'tuple') return value.items.map(plain);
  return value.kind;
}

function shown(dump: ReturnType<typeof dumpMap>): unknown {
  if (dump === undefined) return undefined;
  return Array.from(dump.entries, ({ key, value }) => (key === undefined ? plain(value) : [plain(key), plain(value)]));
}

describe('keyed maps', () => {
  const counts = plan(uint64, int64, 8, 8);
  function filled(entries: readonly (readonly [number | bigint, number | bigint])[]): FakeMap {
    const map = new FakeMap(8, 8);
    for (const [key, value] of entries) map.update(words(key), words(value));
    return map;
  }

  test('ascending by value, equal values by key, as signed numbers', () => {
    const map = filled([
      [5, 2],
      [1, -3],
      [4, 1n << 62n],
      [3, 2],
      [2, 2],
    ]);
    expect(shown(dumpMap(counts, map, reading, all))).toEqual([
      [1n, -3n],
      [2n, 2n],
      [3n, 2n],
      [5n, 2n],
      [4n, 1n << 62n],
    ]);
  });

  test('64-bit values that are no exact numbers keep their order', () => {
    const map = filled([
      [1, (1n << 60n) + 1n],
      [2, 1n << 60n],
    ]);
    expect(shown(dumpMap(counts, map, reading, all))).toEqual([
      [2n, 1n << 60n],
      [1n, (1n << 60n) + 1n],
    ]);
  });

  test('top keeps the largest, divisor divides towards zero', () => {
    const map = filled([
      [1, 10],
      [2, 35],
      [3, -25],
    ]);
    expect(shown(dumpMap(counts, map, reading, { top: 2, divisor: 10n, unset: 'omit' }))).toEqual([
      [1n, 1n],
      [2n, 3n],
    ]);
    expect(shown(dumpMap(counts, map, reading, { top: 9, divisor: 10n, unset: 'omit' }))).toEqual([
      [3n, -2n],
      [1n, 1n],
      [2n, 3n],
    ]);
  });

  test('values without an order are sorted by key: strings by bytes, tuples item by item', () => {
    const named = plan(stringType(8), stringType(8), 8, 8);
    const map = new FakeMap(8, 8);
    for (const text of ['b', 'a\xff', 'a']) map.update(Buffer.from(text.padEnd(8, '\0'), 'latin1'), words(0));
    expect(shown(dumpMap(named, map, reading, all))).toEqual([
      ['a', ''],
      ['a\xff', ''],
      ['b', ''],
    ]);

    const pairs = plan(tupleOf([int32, stringType(4)]), stringType(8), 8, 8);
    const tuples = new FakeMap(8, 8);
    for (const [n, text] of [
      [2, 'a'],
      [-1, 'z'],
      [2, 'Z'],
    ] as const) {
      const key = Buffer.alloc(8);
      key.writeInt32LE(n);
      key.write(text, 4, 'latin1');
      tuples.update(key, words(0));
    }
    expect(shown(dumpMap(pairs, tuples, reading, all))).toEqual([
      [[-1n, 'z'], ''],
      [[2n, 'Z'], ''],
      [[2n, 'a'], ''],
    ]);
  });

  test('copies of all CPUs are merged by the aggregation', () => {
    const map = new FakeMap(8, 8, 3);
    map.update(words(1), words(5, -7, 100));
    map.update(words(2), words(1, 2, 3));
    const sums = plan(uint64, sum, 8, 8);
    expect(shown(dumpMap(sums, map, reading, all))).toEqual([
      [2n, 6n],
      [1n, 98n],
    ]);
    expect(shown(dumpMap(sums, map, reading, { ...all, divisor: 3n }))).toEqual([
      [2n, 2n],
      [1n, 32n],
    ]);
  });

  test('clear removes, zero keeps the keys', () => {
    const map = filled([
      [1, 10],
      [2, 35],
    ]);
    zeroMap(counts, map);
    expect(shown(dumpMap(counts, map, reading, all))).toEqual([
      [1n, 0n],
      [2n, 0n],
    ]);
    clearMap(counts, map);
    expect(dumpMap(counts, map, reading, all)).toBeUndefined();
  });
});

describe('scalars', () => {
  const total = plan(undefined, sum, 4, 16);
  const key = new Uint8Array(4);

  test('one that was never written is zero when asked for, and nothing at the end', () => {
    const map = new FakeMap(4, 16, 2);
    map.update(key, words(0, 0, 0, 0));
    expect(dumpMap(total, map, reading, all)).toBeUndefined();
    expect(shown(dumpMap(total, map, reading, { ...all, unset: 'zero' }))).toEqual([0n]);
  });

  test('a histogram that was cleared has nothing to show', () => {
    const hist: AggregateType = { kind: 'aggregate', by: 'hist', signed: true, parameters: [0n], castable: false };
    const wide = 8 * (1 + 1024);
    const map = new FakeMap(4, wide);
    const bytes = new Uint8Array(wide);
    map.update(key, bytes);
    const histogram = plan(undefined, hist, 4, wide);
    expect(dumpMap(histogram, map, reading, { ...all, unset: 'zero' })).toBeUndefined();
    bytes[0] = 1;
    bytes[16] = 5;
    map.update(key, bytes);
    expect(shown(dumpMap(histogram, map, reading, { ...all, unset: 'zero' }))).toEqual(['histogram']);
  });

  test('set on one CPU is set', () => {
    const map = new FakeMap(4, 16, 2);
    map.update(key, words(0, 0, 1, 42));
    expect(shown(dumpMap(total, map, reading, all))).toEqual([42n]);
  });

  test('zero keeps it set, clear does not', () => {
    const map = new FakeMap(4, 16, 2);
    map.update(key, words(1, 5, 0, 0));
    zeroMap(total, map);
    expect(shown(dumpMap(total, map, reading, all))).toEqual([0n]);
    clearMap(total, map);
    expect(dumpMap(total, map, reading, all)).toBeUndefined();
  });
});
