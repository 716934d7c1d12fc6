import { execFileSync } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import { strftime, timeFormatter } from '../../src/types/strftime.ts';

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

const letters = [...'aAbBcCdDeFgGhHIjklmMnpPrRsStTuUVwWxXyYzZ%'].map((letter) => `%${letter}`);
const flagged = ['%-d', '%_m', '%-H', '%^a', '%^b', '%#p', '%#Z', '%05d', '%10a', '%_5H', '%^c', '%Ey', '%Od', '%010a'];
const format = [...letters, ...flagged, 'text', '%Q'].join('|');

/** First and last days of years (ISO weeks), a leap day, both sides of a change of clocks, noon and midnight. */
const instants = [
  0, 951_782_400, 1_104_537_599, 1_230_768_000, 1_293_840_000, 1_699_999_999, 1_711_846_799, 1_711_846_800,
  1_729_990_800, 1_735_689_600, 1_751_328_000, 1_767_225_599, 4_102_444_800,
];

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Asia/Tokyo',
  'Asia/Shanghai',
  'Europe/Moscow',
];

test.each([...zones, 'Australia/Sydney', 'America/Sao_Paulo'])('as date(1) in %s', (TZ) => {
  process.env.TZ = TZ;
  for (const seconds of instants) {
    const expected = execFileSync('date', ['-d', `@${seconds}`, `+${format}`], {
      encoding: 'utf8',
      env: { ...process.env, TZ, LC_ALL: 'C' },
    });
    expect(`${strftime(format, BigInt(seconds) * 1_000_000_000n)}\n`).toBe(expected);
  }
});

test('fractions in the extended dialect only', () => {
  process.env.TZ = 'UTC';
  const time = 1_700_000_000_012_345_678n;
  expect(timeFormatter('%H:%M:%S.%f %k %l', 'extended')(time)).toBe('22:13:20.012345 012345678 012');
  expect(timeFormatter('%%f %%%f', 'extended')(time)).toBe('%f %012345');
  expect(timeFormatter('%f %k %l', 'libc')(time)).toBe('%f 22 10');
});

test('one formatter, many times: the second is kept, the fraction is not', () => {
  process.env.TZ = 'UTC';
  const formatter = timeFormatter('%S.%l', 'extended');
  expect([0n, 1_000_000n, 999_000_000n, 1_000_000_000n, 1n].map((ns) => formatter(60_000_000_000n + ns))).toEqual([
    '00.000',
    '00.001',
    '00.999',
    '01.000',
    '00.000',
  ]);
});

test('no text and no time are marked in the extended dialect', () => {
  expect(timeFormatter('', 'extended')(5n)).toBe('(?)');
  expect(timeFormatter('%Y', 'extended')(0n)).toBe('(?)');
  expect(timeFormatter('', 'libc')(5n)).toBe('');
});
