import { expect, test } from 'vitest';
import { decode } from '../../src/types/decode.ts';
import { compactKey, formatKey, formatValue } from '../../src/types/format.ts';
import { sizeOf } from '../../src/types/layout.ts';
import { stackText } from '../../src/types/stack-text.ts';
import { type StackType, typeName, typesEqual } from '../../src/types/type.ts';
import { bytes, fakeHost } from './fake-host.ts';

const frames = [0xffffffff81002010n, 0xffffffffc0000001n];
const symbol = (address: bigint) => (address === frames[0] ? 'vfs_read+16' : undefined);

test.each([
  ['bpftrace', '        vfs_read+16\n        0xffffffffc0000001\n'],
  ['perf', '\tffffffff81002010 vfs_read+16\n\tffffffffc0000001 [unknown]\n'],
  ['raw', 'ffffffff81002010\nffffffffc0000001\n'],
] as const)('mode %s', (mode, text) => {
  expect(stackText(frames, mode, symbol)).toBe(text);
  expect(stackText([], mode, symbol)).toBe('');
});

const type: StackType = { kind: 'stack', mode: 'bpftrace', limit: 3 };

test('a stack is its number', () => {
  expect([sizeOf(type), typeName(type)]).toEqual([8, 'kstack_bpftrace_3']);
  expect(typesEqual(type, { ...type })).toBe(true);
  expect(typesEqual(type, { ...type, mode: 'raw' })).toBe(false);
  expect(typesEqual(type, { ...type, limit: 4 })).toBe(false);
});

test('values, keys of text output, keys of JSON', () => {
  const value = decode(bytes([42n, 8]), 0, type, fakeHost);
  const pair = { kind: 'tuple', items: [value, { kind: 'int', value: 1n }] } as const;
  expect(formatValue(value, '..')).toBe('\n        stack 42 of bpftrace, 3\n');
  expect(formatValue(pair, '..')).toBe('(\n        stack 42 of bpftrace, 3\n, 1)');
  expect(formatKey(pair, '..')).toBe('\n        stack 42 of bpftrace, 3\n, 1');
  expect(compactKey(value, '..')).toBe('\nstack 42 of bpftrace, 3\n');
});

test('names cannot steer a terminal', () => {
  const value = { kind: 'stack', text: '\n        evil\x1b[2J+1\n' } as const;
  expect(formatValue(value, '..', { safe: true })).toBe('\n        evil\\x1b[2J+1\n');
});
