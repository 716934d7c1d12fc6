import { expect, test } from 'vitest';
import type { RecordField } from '../../src/types/decode.ts';
import { compileEventFormatter } from '../../src/types/event-formatter.ts';
import { layoutTuple } from '../../src/types/layout.ts';
import { parseFormat } from '../../src/types/printf.ts';
import {
  boolType,
  type EnumType,
  int8,
  int16,
  int32,
  int64,
  pointerTo,
  stringType,
  symbolic,
  type Type,
  tupleOf,
  uint8,
  uint16,
  uint32,
  uint64,
} from '../../src/types/type.ts';
import { bytes, fakeHost, type Part } from './fake-host.ts';

/** A record with its 8-byte header somewhere in a larger view, arguments laid out as a tuple. */
function format(text: string, values: readonly (readonly [Type, ...Part[]])[], safe = false): string {
  const types = values.map(([type]) => type);
  const layout = layoutTuple(types);
  const parts: Part[] = ['junk', '!!!!', [1, 4], [0, 4]];
  let at = 0;
  values.forEach(([, ...value], i) => {
    for (; at < (layout.offsets[i] ?? 0); at++) parts.push(0);
    at += bytes(...value).byteLength;
    parts.push(...value);
  });
  const fields: RecordField[] = types.map((type, i) => ({
    type,
    offset: 8 + (layout.offsets[i] ?? 0),
    storage: 'inline',
  }));
  const fixedSize = 8 + Math.ceil(layout.size / 8) * 8;
  const formatter = compileEventFormatter(parseFormat(text), fields, fixedSize, '..', fakeHost, { safe });
  return formatter(bytes(...parts, '\0\0\0\0\0\0\0\0'), 8, fixedSize);
}

const i64 = (value: number | bigint): readonly [Type, Part] => [int64, [value, 8]];
const u64 = (value: number | bigint): readonly [Type, Part] => [uint64, [value, 8]];
const buf = (text: string): readonly [Type, Part, Part] => [
  { kind: 'buffer', size: text.length },
  [text.length, 4],
  text,
];
const pointer = (value: number | bigint): readonly [Type, Part] => [pointerTo(int8, 'kernel'), [value, 8]];
const state: EnumType = { kind: 'enum', name: 'state', bytes: 4, values: [{ name: 'RUNNING', value: 1n }] };

test.each<[string, (readonly [Type, ...Part[]])[], string]>([
  ['plain %%\n', [], 'plain %\n'],
  // language.md 16 and probes-and-stdlib.md 21
  [
    '%5d|%-5d|%05d|%x|%X|%#x|%o|%c|%%\n',
    [i64(42), i64(42), i64(42), i64(255), i64(255), i64(255), i64(8), i64(65)],
    '   42|42   |00042|ff|FF|0xff|10|A|%\n',
  ],
  ['%d %lld\n', [i64(0x1_0000_0001), i64(0x1_0000_0001)], '1 4294967297\n'],
  ['[%6s|%-6s|%06d]\n', [[stringType(3), 'ab\0'], [stringType(3), 'ab\0'], i64(42)], '[    ab|ab    |000042]\n'],
  ['%r %rx %rh\n', [buf('A\n'), buf('A\n'), buf('A\n')], 'A\\x0a \\x41\\x0a 41 0a\n'],
  ['%gr', [i64(0xcc0)], 'GFP_KERNEL'],
  ['%x', [[uint16, [0xefbe, 2]]], 'efbe'],
  // the same as bpftrace 0.27.1
  ['%gr %gr %gr', [i64(0), i64(0x400dc0), i64(0x80000000)], '0 GFP_KERNEL_ACCOUNT|__GFP_ZERO 0x80000000'],
  ['[%10s]', [[tupleOf([int8, stringType(3)]), 1, 'ab\0']], '[         (1, ab)]'],
  ['[%-10s]', [[tupleOf([int8, stringType(3)]), 1, 'ab\0']], '[(         1, ab)]'],
  ['[%10s]', [[{ kind: 'record', fields: [{ name: 'a', type: int8 }] }, 1]], '[        { .a = 1 }]'],
  ['[%10s]', [[{ kind: 'array', of: int8, length: 2 }, 4, 3]], '[         [4,3]]'],
  [
    '[%06d][%-06d][%+d][%+06d][%#06x]',
    [i64(-42), i64(-42), i64(5), i64(42), i64(255)],
    '[000-42][-42000][+5][000+42][000xff]',
  ],
  [
    '[%06s][%-06s]',
    [
      [stringType(3), 'ab\0'],
      [stringType(3), 'ab\0'],
    ],
    '[0000ab][ab0000]',
  ],
  ['[%5c][%-5c][%c]', [i64(65), i64(65), i64(0x141)], '[    A][A    ][A]'],
  ['[%p][%20p][%-20p]', [u64(0), u64(255), u64(255)], '[0][                0xff][0xff                ]'],
  ['[%8s][%-8s]', [[boolType, 1], pointer(16)], '[    true][0x10    ]'],
  ['[%#o][%#x]', [i64(8), i64(0)], '[010][0]'],
  ['%hhd %hd %hhu %hx', [i64(0x1ff), i64(0x1ffff), i64(-1), i64(-1)], '-1 -1 255 ffff'],
  [
    '[%d %u %x]',
    [
      [boolType, 1],
      [boolType, 0],
      [int8, 0xff],
    ],
    '[1 0 ffffffff]',
  ],
  ['[%lx][%ld][%+u][%+ld]', [i64(-1), u64(18446744073709551615n), i64(5), u64(5)], '[ffffffffffffffff][-1][5][+5]'],
  ['[%20r][%-8rx][%10rh]', [buf('A\n'), buf('A\n'), buf('A\n')], '[               A\\x0a][\\x41\\x0a][     41 0a]'],
  ['[%10s]', [buf('A\n')], '[     A\\x0a]'],
  ['[%+s]', [i64(5)], '[5]'],
  // cutting, for every width of argument
  ['%x %hx %hhx %jx', Array.from({ length: 4 }, () => u64(0x12345678abcdefn)), '78abcdef cdef ef 12345678abcdef'],
  ['%d %u %ld %lu', Array.from({ length: 4 }, () => [int8, 0xf9] as const), '-7 4294967289 -7 18446744073709551609'],
  [
    '%d %u %ld %lu',
    Array.from({ length: 4 }, () => [uint32, [0xffff_ffff, 4]] as const),
    '-1 4294967295 4294967295 4294967295',
  ],
  ['%d %u %lu', Array.from({ length: 3 }, () => [int16, [-2, 2]] as const), '-2 4294967294 18446744073709551614'],
  [
    '%d %hhd %u',
    [
      [uint8, 200],
      [uint8, 200],
      [uint8, 200],
    ],
    '200 -56 200',
  ],
  [
    '%lx %lo %lX',
    [
      [int32, [-1, 4]],
      [int32, [-1, 4]],
      [int32, [-1, 4]],
    ],
    'ffffffffffffffff 1777777777777777777777 FFFFFFFFFFFFFFFF',
  ],
  [
    '%s %s %s',
    [
      [int8, 0xf9],
      [uint16, [65535, 2]],
      [uint32, [4294967295, 4]],
    ],
    '-7 65535 4294967295',
  ],
  ['%s %s', [i64(-9223372036854775808n), u64(18446744073709551615n)], '-9223372036854775808 18446744073709551615'],
  [
    '%s %s %p',
    [pointer(0xffff_8881_0000_0010n), pointer(0), [int8, 0xff]],
    '0xffff888100000010 0x0 0xffffffffffffffff',
  ],
  [
    '%s %s %d',
    [
      [state, [1, 4]],
      [state, [9, 4]],
      [state, [1, 4]],
    ],
    'RUNNING 9 1',
  ],
  ['[%-9s]', [[state, [1, 4]]], '[RUNNING  ]'],
  [
    '%s %s',
    [
      [boolType, 1],
      [boolType, 0],
    ],
    'true false',
  ],
  [
    '%s|%s|%s',
    [
      [stringType(4), 'hell'],
      [stringType(4), '\0xyz'],
      [stringType(20), 'twenty bytes at most'],
    ],
    'hell..||twenty bytes at most..',
  ],
  ['%.1s|%*d', [[stringType(4), 'abc\0'], i64(5)], 'abc|5'],
  ['%s', [[symbolic('inet'), [2, 8], 127, 0, 0, 1, '\0\0\0\0\0\0\0\0\0\0\0\0']], '127.0.0.1'],
  ['%s', [[symbolic('ksym'), [0xffff_8000n, 8]]], 'vfs_read'],
  [
    '%s',
    [[{ kind: 'struct', table: 't', name: 'struct nowhere', size: 8 }, [0, 8]]],
    '!{the members of struct nowhere are not known}',
  ],
])('%j %#', (text, values, expected) => {
  expect(format(text, values)).toBe(expected);
});

test('64-bit integers are exact wherever the ways of reading them meet', () => {
  const edges = [0n, 1n, 1n << 31n, 1n << 32n, 10n ** 9n, 10n ** 10n, 1n << 52n, 1n << 53n, 1n << 60n, 1n << 63n];
  for (const edge of edges) {
    for (const near of [-2n, -1n, 0n, 1n, 2n]) {
      for (const n of [edge + near, -(edge + near)]) {
        const signed = BigInt.asIntN(64, n);
        const unsigned = BigInt.asUintN(64, n);
        expect(format('%ld %lu %lx %lo %s %s', [i64(n), i64(n), i64(n), i64(n), i64(n), u64(n)])).toBe(
          `${signed} ${unsigned} ${unsigned.toString(16)} ${unsigned.toString(8)} ${signed} ${unsigned}`,
        );
        expect(format('%d %u', [i64(n), i64(n)])).toBe(`${BigInt.asIntN(32, n)} ${BigInt.asUintN(32, n)}`);
      }
    }
  }
});

test('strings of every length', () => {
  for (let length = 0; length < 40; length++) {
    const text = '0123456789abcdefghijklmnopqrstuvwxyz\xe9\xff!!'.slice(0, length);
    expect(format('<%s>', [[stringType(length + 1), text, 0]])).toBe(`<${text}>`);
  }
});

const tailFields: RecordField[] = [
  { type: stringType(64), offset: 8, storage: 'tail' },
  { type: int32, offset: 12, storage: 'inline' },
  { type: stringType(64), offset: 16, storage: 'tail' },
];

test('strings of the tail, whole and cut, event after event', () => {
  const formatter = compileEventFormatter(parseFormat('%s %d [%6s]\n'), tailFields, 24, '..', fakeHost);
  const first = bytes([1, 4], [5, 4], [3, 4], [7, 4], [0x8000_0002, 4], [0, 4], 'ab\0', 'xy', '\0\0\0');
  expect(formatter(first, 0, 29)).toBe('ab 7 [  xy..]\n');
  const second = bytes('........', [1, 4], [4, 4], [0, 4], [-1, 4], [4, 4], [0, 4], 'abc\0');
  expect(formatter(second, 8, 28)).toBe(' -1 [   abc]\n');
  expect(formatter(first, 0, 29)).toBe('ab 7 [  xy..]\n');
});

test('a tail that ends too early is named in the text', () => {
  const formatter = compileEventFormatter(parseFormat('%s %d %s'), tailFields, 24, '..', fakeHost);
  const record = bytes([1, 4], [5, 4], [300, 4], [7, 4], [2, 4], [0, 4], 'ab\0');
  expect(formatter(record, 0, 27)).toBe('!{string ends behind its event} 7 !{string ends behind its event}');
});

test('safe formatting cleans arguments and leaves the format alone', () => {
  const red: readonly [Type, Part] = [stringType(6), '\x1b[31m\0'];
  expect(format('\x1b[1m%s\x1b[0m', [red], true)).toBe('\x1b[1m\\x1b[31m\x1b[0m');
  expect(format('%s', [red])).toBe('\x1b[31m');
  expect(format('%c', [i64(0x1b)], true)).toBe('\\x1b');
  const formatter = compileEventFormatter(parseFormat('%s'), tailFields.slice(0, 1), 16, '..', fakeHost, {
    safe: true,
  });
  expect(formatter(bytes([1, 4], [2, 4], [2, 4], [0, 4], '\x07\0'), 0, 18)).toBe('\\x07');
});

test('a view that does not begin at the start of its buffer', () => {
  const whole = bytes('....', [1, 4], [0, 4], 'a text of more than sixteen bytes', 0);
  const view = new DataView(whole.buffer, 4);
  const field: RecordField = { type: stringType(34), offset: 8, storage: 'inline' };
  expect(compileEventFormatter(parseFormat('%s'), [field], 48, '..', fakeHost)(view, 0, 42)).toBe(
    'a text of more than sixteen bytes',
  );
});
