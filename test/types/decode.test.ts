import { expect, test } from 'vitest';
import { decode, decodeEvent } from '../../src/types/decode.ts';
import { formatValue } from '../../src/types/format.ts';
import {
  boolType,
  type EnumType,
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
  uint16,
  uint64,
} from '../../src/types/type.ts';
import { bytes, fakeHost } from './fake-host.ts';

const text = (view: DataView, type: Type) => formatValue(decode(view, 0, type, fakeHost), '..');

const state: EnumType = {
  kind: 'enum',
  name: 'state',
  bytes: 4,
  values: [
    { name: 'RUNNING', value: 0n },
    { name: 'ALSO_RUNNING', value: 0n },
    { name: 'BROKEN', value: -1n },
  ],
};

test.each<[Type, DataView, string]>([
  [int8, bytes([-7, 1]), '-7'],
  [uint8, bytes([249, 1]), '249'],
  [int16, bytes([-2, 2]), '-2'],
  [uint16, bytes([65535, 2]), '65535'],
  [int32, bytes([-2147483648, 4]), '-2147483648'],
  [int64, bytes([-9223372036854775808n, 8]), '-9223372036854775808'],
  [uint64, bytes([18446744073709551615n, 8]), '18446744073709551615'],
  [boolType, bytes(2), 'true'],
  [boolType, bytes(0), 'false'],
  [pointerTo(int8, 'kernel'), bytes([0xffff_8881n, 8]), '0xffff8881'],
  [pointerTo(int8, 'none'), bytes([0, 8]), '0x0'],
  [stringType(6), bytes('hi\0xyz'), 'hi'],
  [stringType(4), bytes('hell'), 'hell..'],
  [stringType(1), bytes(0), ''],
  [stringType(0), bytes('x'), ''],
  [stringType(40), bytes('0123456789012345678901234567890123456\0xx'), '0123456789012345678901234567890123456'],
  [state, bytes([0, 4]), 'RUNNING'],
  [state, bytes([-1, 4]), 'BROKEN'],
  [state, bytes([7, 4]), '7'],
  [{ kind: 'array', of: uint8, length: 4 }, bytes([0x01020304, 4]), '[4,3,2,1]'],
  [{ kind: 'array', of: { kind: 'array', of: int8, length: 2 }, length: 2 }, bytes(1, 2, 3, 4), '[[1,2],[3,4]]'],
  [tupleOf([int8, int32]), bytes(5, 0, 0, 0, [-1, 4]), '(5, -1)'],
  [tupleOf([int64, stringType(3), tupleOf([int16])]), bytes([7, 8], 'ab\0', 0, [1, 2], [0, 2]), '(7, ab, (1))'],
  [tupleOf([]), bytes(), '()'],
  [
    {
      kind: 'record',
      fields: [
        { name: 'lo', type: int8 },
        { name: 'hi', type: stringType(2) },
      ],
    },
    bytes(1, 'x\0'),
    '{ .lo = 1, .hi = x }',
  ],
  [{ kind: 'record', fields: [] }, bytes(), '{}'],
  [{ kind: 'buffer', size: 6 }, bytes([4, 4], 'hi\0\xff!!'), 'hi\\x00\\xff'],
  [{ kind: 'buffer', size: 2 }, bytes([9, 4], 'ab'), 'ab'],
  [
    { kind: 'struct', table: 't', name: 'struct q', size: 16 },
    bytes([0x2d, 4], 'abc', 0, [0, 8]),
    '{ .a = 5, .b = 5, .c = abc.., .loc = null }',
  ],
  [noneType, bytes(), 'null'],
])('%o', (type, view, expected) => {
  expect(text(view, type)).toBe(expected);
});

const inet = (family: number, address: readonly number[]) =>
  bytes([family, 8], ...address, ...Array.from({ length: 16 - address.length }, () => 0));
const groups = (...values: readonly number[]) => values.flatMap((value) => [value >> 8, value & 0xff]);

test.each<[SymbolicKind, DataView, string]>([
  ['ksym', bytes([0xffff_8000n, 8]), 'vfs_read'],
  ['ksym', bytes([0xdead, 8]), '0xdead'],
  ['usym', bytes([0x1000, 8], [42, 4], [0, 4]), 'main_of_42'],
  ['usym', bytes([0x1001, 8], [42, 4], [0, 4]), '0x1001'],
  ['username', bytes([0, 8]), 'root'],
  ['username', bytes([12345, 8]), ''],
  ['timestamp', bytes([3, 4], [1, 4], [99, 8]), 'time(3,1,99)'],
  ['cgroup-path', bytes([2, 8], [17, 8]), 'unified:/2/17'],
  ['mac', bytes(0xaa, 0xbb, 0xcc, 0, 0x11, 0x22), 'AA:BB:CC:00:11:22'],
  ['inet', inet(2, [10, 0, 0, 1]), '10.0.0.1'],
  ['inet', inet(2, [127, 0, 0, 1]), '127.0.0.1'],
  ['inet', inet(10, groups(0, 0, 0, 0, 0, 0, 0, 1)), '::1'],
  ['inet', inet(10, groups(0, 0, 0, 0, 0, 0, 0, 0)), '::'],
  ['inet', inet(10, groups(0xfe80, 0, 0, 0, 0, 0, 0, 1)), 'fe80::1'],
  ['inet', inet(10, groups(0x2001, 0xdb8, 0, 1, 1, 1, 1, 1)), '2001:db8:0:1:1:1:1:1'],
  ['inet', inet(10, groups(0x2001, 0, 0, 1, 0, 0, 0, 1)), '2001:0:0:1::1'],
  ['inet', inet(10, groups(0x2001, 0xdb8, 0, 0, 1, 0, 0, 1)), '2001:db8::1:0:0:1'],
  ['inet', inet(10, groups(0x2001, 1, 2, 3, 4, 5, 0, 0)), '2001:1:2:3:4:5::'],
  ['inet', inet(10, groups(0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0201)), '::ffff:192.0.2.1'],
  ['inet', inet(1, [1, 2, 3, 4]), ''],
])('%s %#', (kind, view, expected) => {
  expect(text(view, symbolic(kind))).toBe(expected);
});

test('signed bit-fields keep their sign, bits beyond eight bytes are reached', () => {
  const host = {
    ...fakeHost,
    fieldsOf: () => [
      { name: 's', type: int32, offset: 0, bits: { shift: 4, width: 4 } },
      { name: 'flag', type: boolType, offset: 1, bits: { shift: 0, width: 1 } },
      { name: 'wide', type: uint64, offset: 0, bits: { shift: 7, width: 64 } },
    ],
  };
  const view = bytes(0xf0, 1, 0, 0, 0, 0, 0, 0, 0x40);
  const value = decode(view, 0, { kind: 'struct', table: 't', name: 'x', size: 9 }, host);
  expect(formatValue(value, '')).toBe(`{ .s = -1, .flag = true, .wide = ${(1n << 63n) | 3n} }`);
});

test('an event has its strings one behind the other in the tail', () => {
  const view = bytes('....', [1, 4], [12, 4], [3, 4], [7, 4], [0x8000_0002, 4], [0, 4], 'ab\0', 'xy', '####');
  const fields = [
    { type: stringType(64), offset: 12, storage: 'tail' },
    { type: int32, offset: 16, storage: 'inline' },
    { type: stringType(64), offset: 20, storage: 'tail' },
    { type: stringType(64), offset: 24, storage: 'tail' },
  ] as const;
  const shifted = fields.map((field) => ({ ...field, offset: field.offset - 4 }));
  expect(decodeEvent(view, 4, 29, shifted, 24, fakeHost)).toEqual([
    { kind: 'string', bytes: 'ab', truncated: false },
    { kind: 'int', value: 7n },
    { kind: 'string', bytes: 'xy', truncated: true },
    { kind: 'string', bytes: '', truncated: false },
  ]);
  expect(() => decodeEvent(view, 4, 26, shifted, 24, fakeHost)).toThrow('string ends behind its event');
});

test('types without values of their own are refused', () => {
  const sum: Type = { kind: 'aggregate', by: 'sum', signed: true, parameters: [], castable: true };
  expect(() => decode(bytes([0, 8]), 0, sum, fakeHost)).toThrow('sum()');
  expect(() => decode(bytes([0, 8]), 0, errorType, fakeHost)).toThrow('error type');
  expect(() => decode(bytes(1), 0, int64, fakeHost)).toThrow(RangeError);
});
