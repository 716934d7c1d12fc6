import { expect, test } from 'vitest';
import { parseInteger } from '../../grammar/integer.ts';

function check(text: string, expected: bigint | RegExp): void {
  const result = parseInteger(text);
  if (typeof expected === 'bigint') expect(result, text).toEqual({ value: expected });
  else expect('problem' in result ? result.problem : result.value, text).toMatch(expected);
}

test('bases', () => {
  check('0', 0n);
  check('1234', 1234n);
  check('0x1f', 31n);
  check('0X1F', 31n);
  check('0755', 0o755n);
  check('0b101', 5n);
  check('0B11', 3n);
  check('00', 0n);
  check('08', /octal/);
  check('019', /octal/);
  check('0b102', /digits 0 and 1/);
  check('0b', /digits 0 and 1/);
  check('0x', /digits are missing/);
  check('0xfg', /'g' is no hexadecimal digit/);
});

test('underscores', () => {
  check('1_000_000', 1_000_000n);
  check('1__0', 10n);
  check('0xff_ff', 0xffffn);
  check('0b1_1', 3n);
  check('1_', /behind the last/);
  check('1_ms', /behind the last/);
  check('0xff_', /behind the last/);
  check('1e1_', /behind the last/);
});

test('range', () => {
  check('18446744073709551615', 2n ** 64n - 1n);
  check('0xffffffffffffffff', 2n ** 64n - 1n);
  check('18446744073709551616', /above the largest integer, 18446744073709551615/);
  check('0x10000000000000000', /above/);
  check(`0${'7'.repeat(30)}`, /above/);
  check(`0b1${'0'.repeat(63)}`, 2n ** 63n);
  check(`0b1${'0'.repeat(64)}`, /above/);
  check('9'.repeat(1_000_000), /above/);
  check(`${'0'.repeat(1000)}7`, 7n);
});

test('scientific', () => {
  check('3e9', 3_000_000_000n);
  check('3E9', 3_000_000_000n);
  check('1e1', 10n);
  check('2e3ms', 2_000_000_000n);
  check('1e19', 10n ** 19n);
  check('2e19', /above/);
  check('1e20', /above/);
  check('1e999999999999', /above/);
  check('12e4', /one digit from 1 to 9, not '12'/);
  check('0e4', /one digit/);
  check('1e0', /from 1 on/);
  check('1e', /from 1 on/);
});

test('C suffixes check the range, in either case', () => {
  for (const suffix of ['u', 'l', 'll', 'ul', 'ull', 'U', 'L', 'LL', 'UL', 'ULL']) check(`5${suffix}`, 5n);
  check('4294967295u', 4294967295n);
  check('4294967296u', /does not fit the suffix 'u', at most 4294967295/);
  check('9223372036854775808l', /suffix 'l'/);
  check('18446744073709551615ull', 2n ** 64n - 1n);
  check('0xffUL', /'UL' is no hexadecimal digit/);
  check('5lu', /'lu' is no integer suffix/);
  check('5x', /'x' is no integer suffix/);
});

test('durations are nanoseconds', () => {
  check('7ns', 7n);
  check('7us', 7_000n);
  check('7ms', 7_000_000n);
  check('7s', 7_000_000_000n);
  check('7m', 420_000_000_000n);
  check('7h', 25_200_000_000_000n);
  check('7d', 604_800_000_000_000n);
  check('213504d', /above/);
  check('7S', /no integer suffix/);
});

test('not an integer at all', () => {
  check('', /starts with a digit/);
  check('-5', /starts with a digit/);
  check('1 2', /no blanks/);
  check('x', /starts with a digit/);
});
