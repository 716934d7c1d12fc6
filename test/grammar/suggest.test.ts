import { expect, test } from 'vitest';
import { closest } from '../../grammar/suggest.ts';

const names = ['count', 'sum', 'printf', 'print', 'tracepoint', 'kprobe', 'kretprobe', 'sched'];

test.each([
  ['cuont', 'count'],
  ['coun', 'count'],
  ['counts', 'count'],
  ['pintf', 'printf'],
  ['prin', 'print'],
  ['tracepiont', 'tracepoint'],
  ['krpobe', 'kprobe'],
  ['SCHED', 'sched'],
  ['sun', 'sum'],
  ['x', undefined],
  ['abc', undefined],
  ['histogram', undefined],
  ['', undefined],
])('%j is nearest to %j', (word, expected) => {
  expect(closest(word, names)).toBe(expected);
});

test('the word itself is no suggestion', () => {
  expect(closest('sum', ['sum'])).toBeUndefined();
});

test('of equally near names the first one wins', () => {
  expect(closest('cat', ['bat', 'rat'])).toBe('bat');
});
