import { expect, test } from 'vitest';
import { outputFormatNames, outputFormats } from '../../../runtime/output/index.ts';
import type { Output } from '../../../runtime/output/output.ts';
import { histRows, lhistRows } from '../../../src/types/histogram.ts';
import type { MapEntry, Value } from '../../../src/types/value.ts';
import { int, outputTo, place, remark, string, tuple } from './recorder.ts';

/** All lines; each must be JSON. */
function lines(act: (output: Output) => void): string[] {
  const { output, results } = outputTo(outputFormats.json);
  act(output);
  const text = results();
  const all = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  for (const line of all) expect(() => JSON.parse(line)).not.toThrow();
  return all;
}

const scalar = (name: string, value: Value) => ({ name, keyed: false, entries: [{ key: undefined, value }] });
const keyed = (name: string, entries: readonly (readonly [Value, Value])[]) => ({
  name,
  keyed: true,
  entries: entries.map(([key, value]): MapEntry => ({ key, value })),
});

test('the table of formats', () => {
  expect(outputFormatNames).toEqual(['text', 'json']);
});

test('notices', () => {
  expect(
    lines((out) => {
      out.attached(2);
      out.lostEvents(5n, 5n);
      out.endOfRun();
    }),
  ).toEqual([
    '{"type": "attached_probes", "count": 2, "data": {"probes": 2}}',
    '{"type": "lost_events", "count": 5, "data": {"events": 5}}',
  ]);
});

test('remarks', () => {
  expect(
    lines((out) => {
      out.message('error', 'bad 5', place);
      out.message('warning', 'odd "x"', place);
      out.warning(remark());
      out.warning(remark({ count: 7n }));
      out.warning(remark({ type: 'runtime_error', message: 'Divide or modulo by 0 detected.', helper: undefined }));
    }),
  ).toEqual([
    '{"type": "errorf", "msg": "bad 5", "filename": "stdin", "line": 1, "col": 9}',
    '{"type": "warnf", "msg": "odd \\"x\\"", "filename": "stdin", "line": 1, "col": 9}',
    '{"type": "helper_error", "msg": "Bad address", "helper": "probe_read_user", "retcode": -14, "filename": "stdin", "line": 1, "col": 9}',
    '{"type": "helper_error", "msg": "Bad address", "helper": "probe_read_user", "retcode": -14, "filename": "stdin", "line": 1, "col": 9, "count": 7}',
    '{"type": "runtime_error", "msg": "Divide or modulo by 0 detected.", "filename": "stdin", "line": 1, "col": 9}',
  ]);
});

test('the total of lost events is a remark for people', () => {
  const { output, results, remarks } = outputTo(outputFormats.json);
  output.totalLostEvents(9n);
  expect([results(), remarks()]).toEqual(['', 'rendered warning lost-events Total lost event count: 9\n']);
});

test('texts', () => {
  expect(
    lines((out) => {
      out.text('printf', 'a "b"\n');
      out.text('time', '12:00:01\n');
      out.text('cat', 'x\ty');
      out.text('join', 'ls -l');
      out.text('syscall', 'out\r\n');
    }),
  ).toEqual([
    '{"type": "printf", "data": "a \\"b\\"\\n"}',
    '{"type": "time", "data": "12:00:01\\n"}',
    '{"type": "cat", "data": "x\\ty"}',
    '{"type": "join", "data": "ls -l"}',
    '{"type": "syscall", "data": "out\\r\\n"}',
  ]);
});

test.each<[Value, string]>([
  [int(-7), '-7'],
  [int(9007199254740992n), '9007199254740992'],
  [int(9007199254740993n), '"9007199254740993"'],
  [int(-9007199254740993n), '"-9007199254740993"'],
  [int(1n << 63n), '9223372036854775808'],
  [int((1n << 64n) - 1n), '"18446744073709551615"'],
  [{ kind: 'bool', value: true }, 'true'],
  [{ kind: 'pointer', value: 16n }, '16'],
  [{ kind: 'enum', value: 1n, name: 'RUNNING' }, '1'],
  [{ kind: 'average', value: -2n }, '-2'],
  [string('x'), '"x"'],
  [string('cut', true), '"cut.."'],
  [{ kind: 'text', text: '\n        f+1\n' }, '"\\n        f+1\\n"'],
  [{ kind: 'buffer', bytes: 'A\0\xff' }, '[65,0,-1]'],
  [{ kind: 'array', items: [int(1), int(2)] }, '[1,2]'],
  [tuple(int(1), string('x'), tuple()), '[1,"x",[]]'],
  [
    {
      kind: 'record',
      fields: [
        { name: 'm', value: int(2) },
        { name: 'n', value: string('b') },
      ],
    },
    '{"m": 2, "n": "b"}',
  ],
  [{ kind: 'stats', count: 2n, average: 6n, total: 12n }, '{"count": 2, "average": 6, "total": 12}'],
  [{ kind: 'none' }, 'null'],
])('value %#', (value, json) => {
  expect(lines((out) => out.value(value))).toEqual([`{"type": "value", "data": ${json}}`]);
});

test.each([
  ['"\\\n\r\t', '\\"\\\\\\n\\r\\t'],
  ['\x01\x1b\0', '\\u0001\\u001b\\u0000'],
  ['\xc3\xa9\xe2\x82\xac', '\xc3\xa9\xe2\x82\xac'],
  ['\xff\xc3', '\xef\xbf\xbd\xef\xbf\xbd'],
  ['\xc2\x9b31m', '\\u009b31m'],
])('string %j', (bytes, escaped) => {
  expect(lines((out) => out.text('printf', bytes))).toEqual([`{"type": "printf", "data": "${escaped}"}`]);
});

test('maps', () => {
  const avg = (value: bigint): Value => ({ kind: 'average', value });
  expect(
    lines((out) => {
      out.map(scalar('@n', int(42)));
      out.map(
        keyed('@n', [
          [string('bash'), int(1)],
          [string('sh'), int(2)],
        ]),
      );
      out.map(keyed('@', [[tuple(int(1), string('a b')), tuple({ kind: 'bool', value: true }, int(-1))]]));
      out.map(keyed('@e', [[{ kind: 'enum', value: 1n, name: 'RUNNING' }, int(1)]]));
      out.map(keyed('@a', [[{ kind: 'array', items: [int(1), int(2)] }, int(1)]]));
      out.map(keyed('@q', [[string('"\xff'), int(1)]]));
      out.map(keyed('@empty', []));
      out.map(scalar('@a', avg(7n)));
      out.map(keyed('@a', [[int(1), avg(7n)]]));
      out.map(scalar('@s', { kind: 'stats', count: 2n, average: 6n, total: 12n }));
    }),
  ).toEqual([
    '{"type": "map", "data": {"@n": 42}}',
    '{"type": "map", "data": {"@n": {"bash": 1, "sh": 2}}}',
    '{"type": "map", "data": {"@": {"1,a b": [true,-1]}}}',
    '{"type": "map", "data": {"@e": {"RUNNING": 1}}}',
    '{"type": "map", "data": {"@a": {"[1,2]": 1}}}',
    '{"type": "map", "data": {"@q": {"\\"\xef\xbf\xbd": 1}}}',
    '{"type": "stats", "data": {"@a": 7}}',
    '{"type": "stats", "data": {"@a": {"1": 7}}}',
    '{"type": "stats", "data": {"@s": {"count": 2, "average": 6, "total": 12}}}',
  ]);
});

test('histograms', () => {
  const rows = (...counts: readonly bigint[]): Value => ({ kind: 'histogram', rows: histRows(counts, 0) });
  const top: Value = {
    kind: 'histogram',
    rows: histRows(
      Array.from({ length: 66 }, (_, i) => (i === 65 ? 1n : 0n)),
      0,
    ),
  };
  expect(
    lines((out) => {
      out.map(scalar('@h', rows(0n, 0n, 0n, 1n, 0n, 1n)));
      out.map(scalar('@h', rows(1n, 0n)));
      out.map(keyed('@h', [[string('sh'), rows(0n, 2n)]]));
      out.map(scalar('@h', rows()));
      out.map(scalar('@h', { kind: 'histogram', rows: lhistRows([1n, 0n, 2n], 0n, 100n, 100n) }));
      out.map(scalar('@h', top));
    }),
  ).toEqual([
    '{"type": "hist", "data": {"@h": [{"min": 2, "max": 3, "count": 1},{"min": 4, "max": 7, "count": 0},{"min": 8, "max": 15, "count": 1}]}}',
    '{"type": "hist", "data": {"@h": [{"max": -1, "count": 1}]}}',
    '{"type": "hist", "data": {"@h": {"sh": [{"min": 0, "max": 0, "count": 2}]}}}',
    '{"type": "hist", "data": {"@h": []}}',
    '{"type": "hist", "data": {"@h": [{"max": -1, "count": 1},{"min": 0, "max": 99, "count": 0},{"min": 100, "count": 2}]}}',
    '{"type": "hist", "data": {"@h": [{"min": 9223372036854775808, "max": "18446744073709551615", "count": 1}]}}',
  ]);
});
