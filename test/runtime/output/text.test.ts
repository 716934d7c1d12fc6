import { expect, test } from 'vitest';
import { histogramText } from '../../../runtime/output/histogram.ts';
import { TextOutput } from '../../../runtime/output/text.ts';
import { histRows } from '../../../src/types/histogram.ts';
import type { MapEntry, Value } from '../../../src/types/value.ts';
import { int, outputTo, place, remark, string, tuple } from './recorder.ts';

const output = (safe = false) => outputTo((options) => new TextOutput({ ...options, safe }));
const keyed = (entries: readonly (readonly [Value, Value])[]): MapEntry[] =>
  entries.map(([key, value]) => ({ key, value }));

/** hist of -5,0,1,1,2,3,900,1024,2047,2048 as in the language reference. */
const example = `\
(..., 0)               1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
[0]                    1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
[1]                    2 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
[2, 4)                 2 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
[4, 8)                 0 |                                                    |
[8, 16)                0 |                                                    |
[16, 32)               0 |                                                    |
[32, 64)               0 |                                                    |
[64, 128)              0 |                                                    |
[128, 256)             0 |                                                    |
[256, 512)             0 |                                                    |
[512, 1K)              1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
[1K, 2K)               2 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
[2K, 4K)               1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
`;
const exampleRows = histRows([1n, 1n, 2n, 2n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 1n, 2n, 1n], 0);

test('histogram rows', () => {
  expect(histogramText(exampleRows)).toBe(example);
  expect(histogramText([])).toBe('');
});

test('bars are cut, not rounded, and numbers may outgrow their column', () => {
  const rows = histRows([0n, 3n, 2n, 1234567890123n], 0);
  expect(histogramText(rows)).toBe(
    `[0]                    3 |${' '.repeat(52)}|\n` +
      `[1]                    2 |${' '.repeat(52)}|\n` +
      `[2, 4)          1234567890123 |${'@'.repeat(52)}|\n`,
  );
  expect(histogramText(histRows([0n, 3n, 2n], 0)).split('\n')[1]).toBe(
    `[1]                    2 |${'@'.repeat(34)}${' '.repeat(18)}|`,
  );
});

test('values and texts', () => {
  const { output: out, results, remarks } = output();
  out.text('printf', 'a\n');
  out.text('time', '12:00:00\n');
  out.text('cat', 'file');
  out.text('join', 'ls -l');
  out.text('syscall', 'out\n');
  out.value(tuple(int(7), string('ab')));
  out.value(string('cut', true));
  expect(results()).toBe('a\n12:00:00\nfilels -l\nout\n\n(7, ab)\ncut..\n');
  expect(remarks()).toBe('');
});

test('maps', () => {
  const { output: out, results } = output();
  out.map({ name: '@n', keyed: false, entries: [{ key: undefined, value: int(42) }] });
  out.map({ name: '@', keyed: true, entries: keyed([[tuple(int(1), string('ab')), int(7)]]) });
  out.map({ name: '@t', keyed: true, entries: keyed([[tuple(int(1), tuple(int(2), int(3))), int(7)]]) });
  out.map({ name: '@none', keyed: true, entries: [] });
  out.map({
    name: '@s',
    keyed: true,
    entries: keyed([[int(1), { kind: 'stats', count: 2n, average: 5n, total: 11n }]]),
  });
  out.map({ name: '@k', keyed: true, entries: keyed([[{ kind: 'text', text: '\n        f+1\n' }, int(5)]]) });
  expect(results()).toBe(
    '@n: 42\n@[1, ab]: 7\n@t[1, (2, 3)]: 7\n@s[1]: { .count = 2, .average = 5, .total = 11 }\n@k[\n        f+1\n]: 5\n',
  );
});

test('histograms of maps have a line of their own around them', () => {
  const { output: out, results } = output();
  const histogram: Value = { kind: 'histogram', rows: exampleRows };
  out.map({ name: '@h', keyed: false, entries: [{ key: undefined, value: histogram }] });
  out.map({ name: '@h', keyed: true, entries: keyed([[string('sh'), histogram]]) });
  out.map({ name: '@z', keyed: false, entries: [{ key: undefined, value: { kind: 'histogram', rows: [] } }] });
  expect(results()).toBe(`@h:\n${example}\n@h[sh]:\n${example}\n@z:\n\n`);
});

test('remarks go to stderr, the end of the run is two newlines', () => {
  const { output: out, results, remarks } = output();
  out.attached(1);
  out.attached(2);
  out.lostEvents(5n, 5n);
  out.message('error', 'bad 5', place);
  out.message('warning', 'odd', { ...place, file: 'é.bt' });
  out.warning(remark({ count: 3n }));
  out.totalLostEvents(12n);
  out.endOfRun();
  expect(remarks()).toBe(
    'Attached 1 probe\nAttached 2 probes\nLost 5 events\n' +
      'stdin:1:9-28: ERROR: bad 5\n\xc3\xa9.bt:1:9-28: WARNING: odd\n' +
      'rendered warning helper-failed Bad address\nrendered warning lost-events Total lost event count: 12\n',
  );
  expect(results()).toBe('\n\n');
});

test('results that were written before a remark leave before it', () => {
  const { output: out, flushes } = output();
  out.text('printf', 'a\n');
  out.lostEvents(1n, 6n);
  expect(flushes()).toEqual(['results']);
  out.flush();
  expect(flushes()).toEqual(['results', 'results', 'remarks']);
});

test('on a terminal texts of the traced system are cleaned, those of the script are not', () => {
  const { output: out, results } = output(true);
  out.text('printf', '\x1b[31mred\n');
  out.text('cat', '\x1b[31m\n');
  out.text('join', 'a\x07');
  out.value(string('\x1b]0;title'));
  out.map({ name: '@', keyed: true, entries: keyed([[string('\x1b'), string('\r')]]) });
  expect(results()).toBe('\x1b[31mred\n\\x1b[31m\na\\x07\n\\x1b]0;title\n@[\\x1b]: \\x0d\n');
});
