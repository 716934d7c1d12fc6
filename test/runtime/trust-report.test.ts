/** What the trust report says about counts and failures, and how the formats show it. */
import { expect, test } from 'vitest';
import { SourceText } from '../../grammar/source.ts';
import type { ProgramCounts } from '../../runtime/bpf.ts';
import { outputFormats } from '../../runtime/output/index.ts';
import { missedEvents, type TrustReport, trustReport } from '../../runtime/trust-report.ts';
import type { Program, SitePlan } from '../../src/program/program.ts';
import { FakeBpf } from '../support/fake-bpf.ts';
import { probe, smallProgram } from '../support/small-program.ts';
import { outputTo } from './output/recorder.ts';

const sourceText = 'begin {\n  @m[1] = 2; printf("x");\n  @m[2] = 3 / 0;\n}\n';
const spanOf = (text: string) => ({ start: sourceText.indexOf(text), end: sourceText.indexOf(text) + text.length });
const sites: readonly SitePlan[] = [
  { kind: 'map-full', map: '@m', helper: 'map_update_elem', onlyWithK: false, span: spanOf('@m[1]') },
  { kind: 'map-full', map: '@m', helper: 'map_update_elem', onlyWithK: false, span: spanOf('@m[2]') },
  { kind: 'lost-event', onlyWithK: false, span: spanOf('printf("x")') },
  { kind: 'divide-by-zero', onlyWithK: false, span: spanOf('3 / 0') },
  { kind: 'loop-limit', onlyWithK: false, span: spanOf('begin') },
  { kind: 'nested', onlyWithK: true, span: spanOf('3 / 0'), program: 'p' },
];

function reportOf(
  failed: readonly bigint[],
  counts: ProgramCounts = { runs: 0n, runTime: 0n, recursionMisses: undefined },
  missed: ReadonlyMap<string, bigint | undefined> = new Map([['p', 0n]]),
): TrustReport {
  const base: Program = smallProgram({
    sourceText,
    sites,
    probes: [{ ...probe('p', { kind: 'raw-tracepoint', targets: [{ name: 'x' }] }), name: 'tracepoint:a:*', count: 3 }],
    events: [{ id: 0, builtin: 'printf', fields: [], fixedSize: 8, literals: [], span: spanOf('printf("x")') }],
  });
  const object = new FakeBpf({ counts: () => counts }).load(base, {
    params: new Uint8Array(),
    logSize: 0,
    verifierLog: false,
    ringBytes: 0,
  });
  return trustReport({
    program: base,
    object,
    source: new SourceText('s.bt', sourceText),
    counted: true,
    missed: missedEvents(base, object, missed),
    failed,
  });
}

const shown = (format: keyof typeof outputFormats, report: TrustReport) => {
  const { output, results, remarks } = outputTo(outputFormats[format]);
  output.trust(report);
  return { results: results(), remarks: remarks() };
};

test('all is there: a table of the probes and one sentence', () => {
  const report = reportOf([0n, 0n, 0n, 0n], { runs: 4n, runTime: 6_000_002n, recursionMisses: 0n });
  expect(report).toMatchObject({ complete: true, losses: [], failures: [] });
  expect(shown('text', report)).toEqual({
    results: '',
    remarks: [
      'RUNS   NS/RUN  TOTAL MS  MISSED  PROBE',
      '   4  1500001     6.000       0  tracepoint:a:* (3 probes)',
      'Nothing is missing in the results.',
      '',
    ].join('\n'),
  });
});

test('refused updates are summed up by map, lost events by call; neither is complete', () => {
  const report = reportOf([2n, 3n, 1n, 0n]);
  expect(report.complete).toBe(false);
  expect(shown('text', { ...report, counted: false }).remarks.split('\n')).toEqual([
    'rendered warning incomplete @m is at least this: 5 updates found no room',
    'rendered warning incomplete 1 event of printf() at s.bt:2:14 is missing in the output',
    '',
  ]);
});

test('a failure with a substitute value does not make numbers incomplete', () => {
  const report = reportOf([0n, 0n, 0n, 7n]);
  expect(report.complete).toBe(true);
  expect(report.failures).toMatchObject([{ kind: 'divide-by-zero', count: 7n, place: { line: 3, column: 11 } }]);
});

test('a loop that was ended early counts too little', () => {
  const report = reportOf([0n, 0n, 0n, 0n, 2n]);
  expect(report).toMatchObject({ complete: false, failures: [] });
  expect(shown('text', { ...report, counted: false }).remarks.split('\n')).toEqual([
    'rendered warning incomplete the loop at s.bt:1:1 was ended early 2 times: what it counts is at least this',
    '',
  ]);
  expect(JSON.parse(shown('json', report).results)).toMatchObject({
    complete: false,
    data: { cut_loops: [{ count: 2, line: 1, col: 1 }] },
  });
});

test('misses of the program and of its links are added', () => {
  const report = reportOf([], { runs: 9n, runTime: 1n, recursionMisses: 2n }, new Map([['p', 40n]]));
  expect(report).toMatchObject({ complete: false, probes: [{ missed: 42n }] });
  expect(shown('text', report).remarks).toContain('tracepoint:a:* missed 42 events: what it counted is at least this');
});

test('hits that a guard left out are missed by their probe, also where the kernel does not count others', () => {
  const failed = [0n, 0n, 0n, 0n, 0n, 5n];
  expect(reportOf(failed, { runs: 9n, runTime: 1n, recursionMisses: 2n })).toMatchObject({
    complete: false,
    probes: [{ missed: 7n }],
    failures: [],
  });
  expect(reportOf(failed)).toMatchObject({ complete: false, probes: [{ missed: 5n }] });
});

test.each([
  ['the kernel does not tell for links', 0n, undefined],
  ['nor for programs', undefined, 0n],
])('what is not counted is not said to be zero: %s', (_, recursionMisses, byLinks) => {
  const report = reportOf([], { runs: 1n, runTime: 1n, recursionMisses }, new Map([['p', byLinks]]));
  expect(report).toMatchObject({ complete: true, probes: [{ missed: undefined }] });
  expect(shown('text', report).remarks.split('\n').slice(1)).toEqual([
    '   1       1     0.000       ?  tracepoint:a:* (3 probes)',
    'Nothing is known to be missing in the results. Events missed by probes with a ? are not counted by this kernel.',
    '',
  ]);
  expect(JSON.parse(shown('json', report).results).data.probes).toMatchObject([{ missed: null }]);
});

test('a program without a link is run by us and misses nothing', () => {
  const report = reportOf([], { runs: 1n, runTime: 1n, recursionMisses: undefined }, new Map());
  expect(report.probes).toMatchObject([{ missed: 0n }]);
});

test('JSON: one line, run counts only where they were counted', () => {
  const report = reportOf([2n, 0n, 1n, 7n], { runs: 4n, runTime: 20n, recursionMisses: 0n });
  const line = shown('json', report).results;
  expect(line).toBe(
    '{"type": "trust_report", "complete": false, "data": {"probes": [{"probe": "tracepoint:a:*", "attach_points": 3, "runs": 4, "run_time_ns": 20, "missed": 0}], ' +
      '"refused_updates": {"@m": 2}, "lost_events": [{"call": "printf", "count": 1, "filename": "s.bt", "line": 2, "col": 14}], ' +
      '"cut_loops": [], "failures": [{"kind": "divide-by-zero", "count": 7, "filename": "s.bt", "line": 3, "col": 11}]}}\n',
  );
  expect(JSON.parse(shown('json', { ...report, counted: false }).results).data.probes).toEqual([
    { probe: 'tracepoint:a:*', attach_points: 3, missed: 0 },
  ]);
});
