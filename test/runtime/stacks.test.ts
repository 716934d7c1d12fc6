/** The frames behind the numbers of stacks, and the tables that user space empties. */
import { expect, test } from 'vitest';
import type { BpfMap } from '../../runtime/bpf.ts';
import { stackStore } from '../../runtime/symbols/stacks.ts';

/** The table of a kernel: number -> frames, as many words as the limit. */
class Table implements BpfMap {
  readonly keySize = 8;
  readonly copies = 1;
  readonly maxEntries = 8;
  readonly valueSize: number;
  readonly stacks = new Map<bigint, readonly bigint[]>();
  lookups = 0;

  constructor(limit: number) {
    this.valueSize = limit * 8;
  }

  lookup(key: Uint8Array): Uint8Array | undefined {
    this.lookups++;
    const frames = this.stacks.get(numberIn(key));
    return frames && words(frames, this.valueSize);
  }

  update(): void {
    throw new Error('only programs store stacks');
  }

  delete(key: Uint8Array): boolean {
    return this.stacks.delete(numberIn(key));
  }

  entries() {
    const all = [...this.stacks];
    const values = new Uint8Array(all.length * this.valueSize);
    for (const [i, [, frames]] of all.entries()) values.set(words(frames, this.valueSize), i * this.valueSize);
    const keys = words(
      all.map(([id]) => id),
      all.length * 8,
    );
    return { count: all.length, keys, values };
  }
}

function words(numbers: readonly bigint[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  for (const [i, number] of numbers.entries()) view.setBigUint64(i * 8, number, true);
  return bytes;
}

function numberIn(key: Uint8Array): bigint {
  return new DataView(key.buffer, key.byteOffset, 8).getBigUint64(0, true);
}

/** A number as programs make it: hash above, number of frames in the low 11 bits. */
const numberOf = (hash: bigint, frames: number): bigint => (hash << 11n) | BigInt(frames);

function connected() {
  const table = new Table(3);
  const stored = new Uint32Array(2);
  const told: string[] = [];
  const store = stackStore([{ limit: 3, symbol: 'eb_stacks_3', maxEntries: 8 }], ({ code }) => told.push(code));
  store.connect({ map: () => table, sharedWords: () => stored });
  return { store, table, stored, told };
}

test('frames are those that the number counts, looked up once', () => {
  const { store, table } = connected();
  table.stacks.set(numberOf(5n, 2), [0xffff_ffff_8100_0001n, 2n]);
  table.stacks.set(numberOf(6n, 3), [1n, 2n, 3n]);
  for (let i = 0; i < 3; i++) expect(store.framesOf(3, numberOf(5n, 2))).toEqual([0xffff_ffff_8100_0001n, 2n]);
  expect(store.framesOf(3, numberOf(6n, 3))).toEqual([1n, 2n, 3n]);
  expect(table.lookups).toBe(2);
  expect(store.framesOf(3, numberOf(7n, 1))).toBeUndefined();
  expect(store.framesOf(4, numberOf(5n, 2)), 'another table').toBeUndefined();
});

test('a table is emptied when half of it was filled since the last time, and nothing is forgotten', () => {
  const { store, table, stored } = connected();
  const fill = (from: number, to: number): void => {
    for (let i = from; i < to; i++) table.stacks.set(numberOf(BigInt(i), 1), [BigInt(i)]);
    stored[0] = to;
    store.makeRoom();
  };
  fill(1, 3);
  expect(table.stacks.size).toBe(2);
  fill(3, 5);
  expect(table.stacks.size).toBe(0);
  fill(5, 7);
  expect(table.stacks.size).toBe(2);
  for (let i = 1; i < 7; i++) expect(store.framesOf(3, numberOf(BigInt(i), 1))).toEqual([BigInt(i)]);
});

test('one number for two stacks is told, even when the first has left the table', () => {
  const { store, table, stored, told } = connected();
  for (const [round, frame] of [7n, 7n, 8n].entries()) {
    table.stacks.set(numberOf(5n, 1), [frame]);
    stored[0] = 4 * (round + 1);
    store.makeRoom();
    expect(told).toEqual(round < 2 ? [] : ['stack-number-twice']);
  }
});

test('the counter may overflow', () => {
  const { store, table, stored } = connected();
  stored[0] = 0xffff_fffe;
  store.makeRoom();
  table.stacks.set(numberOf(1n, 1), [9n]);
  stored[0] = 1;
  store.makeRoom();
  expect(table.stacks.size, 'three since the last time').toBe(1);
  stored[0] = 2;
  store.makeRoom();
  expect(table.stacks.size, 'four').toBe(0);
});

test('a script without stacks asks for nothing', () => {
  const store = stackStore([]);
  store.connect({
    map: () => {
      throw new Error('there is no table');
    },
    sharedWords: () => {
      throw new Error('there is no counter');
    },
  });
  store.makeRoom();
  expect(store.framesOf(127, 1n)).toBeUndefined();
});
