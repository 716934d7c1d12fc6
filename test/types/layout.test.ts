import { expect, test } from 'vitest';
import { alignOf, alignUp, layoutFields, layoutTuple, sizeOf } from '../../src/types/layout.ts';
import {
  boolType,
  errorType,
  int8,
  int16,
  int32,
  int64,
  noneType,
  pointerTo,
  type SymbolicKind,
  stringType,
  symbolic,
  type Type,
  tupleOf,
  uint8,
  uint64,
} from '../../src/types/type.ts';

const struct = (size: number): Type => ({ kind: 'struct', table: 'vmlinux', name: 'struct s', size });

test.each<[string, Type, number, number]>([
  ['int8', int8, 1, 1],
  ['int16', int16, 2, 2],
  ['int32', int32, 4, 4],
  ['uint64', uint64, 8, 8],
  ['bool', boolType, 1, 1],
  ['string', stringType(64), 64, 1],
  ['pointer', pointerTo(int8, 'kernel'), 8, 8],
  ['enum', { kind: 'enum', name: 'e', bytes: 4, values: [] }, 4, 4],
  ['array', { kind: 'array', of: int16, length: 3 }, 6, 2],
  ['empty array', { kind: 'array', of: int32, length: 0 }, 0, 4],
  ['buffer', { kind: 'buffer', size: 8 }, 12, 1],
  ['struct of 24', struct(24), 24, 8],
  ['struct of 12', struct(12), 12, 8],
  ['packed struct of 7', struct(7), 7, 8],
  ['empty struct', struct(0), 0, 8],
  ['struct in a tuple', tupleOf([int8, struct(12), int8]), 32, 8],
  ['none', noneType, 0, 1],
  ['count', { kind: 'aggregate', by: 'count', signed: false, parameters: [], castable: true }, 8, 8],
  [
    'record',
    {
      kind: 'record',
      fields: [
        { name: 'a', type: int8 },
        { name: 'b', type: int32 },
      ],
    },
    8,
    4,
  ],
  ['tuple in tuple', tupleOf([int8, tupleOf([int8, int16])]), 6, 2],
  ['empty tuple', tupleOf([]), 0, 1],
])('%s', (_, type, size, align) => {
  expect([sizeOf(type), alignOf(type)]).toEqual([size, align]);
});

test.each<[SymbolicKind, number, number]>([
  ['ksym', 8, 8],
  ['username', 8, 8],
  ['usym', 16, 1],
  ['timestamp', 16, 1],
  ['cgroup-path', 16, 1],
  ['inet', 24, 1],
  ['mac', 6, 1],
])('%s', (kind, size, align) => {
  expect([sizeOf(symbolic(kind)), alignOf(symbolic(kind))]).toEqual([size, align]);
});

test('tuples are laid out as C lays out structs', () => {
  expect(layoutTuple([int8, int64, int8, int64])).toEqual({ offsets: [0, 8, 16, 24], size: 32, align: 8 });
  expect(layoutTuple([int32, int16, int8])).toEqual({ offsets: [0, 4, 6], size: 8, align: 4 });
  expect(layoutTuple([int8, stringType(3), int16])).toEqual({ offsets: [0, 1, 4], size: 6, align: 2 });
  expect(layoutTuple([uint8, symbolic('inet')])).toEqual({ offsets: [0, 1], size: 25, align: 1 });
});

test('deep nesting takes no time', () => {
  let type: Type = int8;
  for (let depth = 0; depth < 200; depth++) type = tupleOf([type]);
  expect(sizeOf(type)).toBe(1);
});

test('fields carry their offsets', () => {
  expect(
    layoutFields([
      { name: 'set', type: uint8 },
      { name: 'value', type: int64 },
    ]),
  ).toEqual([
    { name: 'set', type: uint8, offset: 0 },
    { name: 'value', type: int64, offset: 8 },
  ]);
});

test('alignUp', () => {
  expect([alignUp(0, 8), alignUp(1, 8), alignUp(8, 8), alignUp(9, 2)]).toEqual([0, 8, 8, 10]);
});

test('what has no layout is refused', () => {
  expect(() => sizeOf(errorType)).toThrow('the error type has no layout');
});
