import { expect, test } from 'vitest';
import { compactKey, escapeBytes, formatKey, formatValue, sanitize } from '../../src/types/format.ts';
import type { Value } from '../../src/types/value.ts';

const int = (value: number | bigint): Value => ({ kind: 'int', value: BigInt(value) });
const string = (bytes: string, truncated = false): Value => ({ kind: 'string', bytes, truncated });
const tuple = (...items: readonly Value[]): Value => ({ kind: 'tuple', items });
const record = (fields: { readonly [name: string]: Value }): Value => ({
  kind: 'record',
  fields: Object.entries(fields).map(([name, value]) => ({ name, value })),
});

test.each<[string, Value]>([
  ['-7', int(-7)],
  ['true', { kind: 'bool', value: true }],
  ['hell..', string('hell', true)],
  ['0xffff8881', { kind: 'pointer', value: 0xffff_8881n }],
  ['RUNNING', { kind: 'enum', value: 0n, name: 'RUNNING' }],
  ['3', { kind: 'enum', value: 3n, name: undefined }],
  ['[1,2]', { kind: 'array', items: [int(1), int(2)] }],
  ['(1, ab, (2, 3))', tuple(int(1), string('ab'), tuple(int(2), int(3)))],
  ['(1)', tuple(int(1))],
  ['()', tuple()],
  ['{ .f = 1, .g = { .h = x } }', record({ f: int(1), g: record({ h: string('x') }) })],
  ['{}', record({})],
  ['hi\\x00\\xff', { kind: 'buffer', bytes: 'hi\0\xff' }],
  ['10.0.0.1', { kind: 'text', text: '10.0.0.1' }],
  ['-3', { kind: 'average', value: -3n }],
  ['{ .count = 3, .average = 5, .total = 15 }', { kind: 'stats', count: 3n, average: 5n, total: 15n }],
  ['null', { kind: 'none' }],
])('%s', (expected, value) => {
  expect(formatValue(value, '..')).toBe(expected);
});

test('the trailer is the one of the configuration and may be empty', () => {
  expect(formatValue(string('abc', true), '')).toBe('abc');
  expect(formatValue(tuple(string('abc', true)), '~')).toBe('(abc~)');
});

test('keys lose the parentheses of their tuple only', () => {
  expect(formatKey(tuple(int(1), tuple(int(2), int(3))), '')).toBe('1, (2, 3)');
  expect(formatKey(string('(x)'), '')).toBe('(x)');
});

test('compact keys have no blanks but those of strings', () => {
  expect(compactKey(tuple(int(1), string('a b')), '')).toBe('1,a b');
  expect(compactKey(tuple(tuple(int(1), int(2)), string('z')), '')).toBe('(1,2),z');
  expect(compactKey(tuple(record({ a: int(1), b: string('x y') }), string('q', true)), '..')).toBe('{.a=1,.b=x y},q..');
});

test('escapeBytes', () => {
  expect(escapeBytes('A\n~\x7f ')).toBe('A\\x0a~\\x7f ');
});

test.each([
  ['plain text\t\n', 'plain text\t\n'],
  ['\x1b[31mred\x07', '\\x1b[31mred\\x07'],
  ['a\rb\x7f', 'a\\x0db\\x7f'],
  ['\xc2\x9b31m', '\\xc2\\x9b31m'],
  ['\x9b31m', '\\x9b31m'],
  // é, €, and an emoji whose bytes look like C1 controls
  ['\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80', '\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80'],
  ['cut \xe2\x82', 'cut \xe2\\x82'],
])('sanitize %j', (raw, clean) => {
  expect(sanitize(raw)).toBe(clean);
});

test('safe text cleans strings, the unsafe does not', () => {
  const value = tuple(string('\x1b['), { kind: 'text', text: '\x1b]' });
  expect(formatValue(value, '..', { safe: true })).toBe('(\\x1b[, \\x1b])');
  expect(formatValue(value, '..')).toBe('(\x1b[, \x1b])');
  expect(formatKey(value, '..', { safe: true })).toBe('\\x1b[, \\x1b]');
});
