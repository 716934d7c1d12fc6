import { expect, test } from 'vitest';
import { Report } from '../../grammar/diagnostic.ts';
import { SourceText } from '../../grammar/source.ts';
import { resolveAttachPoint } from '../../src/probes/attach-point.ts';
import { findProvider, probeKinds } from '../../src/probes/index.ts';
import { diagnosticLines } from '../support/diagnostic-lines.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const world = fixtureWorld();
const usage = { args: false, probe: false, fields: new Set<string>() };

/** Attach point -> names of its targets with how they are attached, or the diagnostics. */
function check(text: string, expected: readonly string[]): void {
  const report = new Report(new SourceText('stdin', text));
  const span = { start: 0, end: text.length };
  const lines = resolveAttachPoint({ kind: 'attach-point', text, span }, [], report).flatMap(({ kind, args }) => {
    const pattern = kind.parse(args, report);
    if (pattern === undefined) return [];
    return kind.shape(kind.match(pattern, world), usage, world).map(({ targets, attach }) => {
      const { kind: _, ...details } = attach;
      const values = JSON.stringify(details, (_key, value) => (typeof value === 'bigint' ? Number(value) : value));
      return `${targets.map((target) => target.name).join()} ${attach.kind} ${values.replaceAll('"', '')}`;
    });
  });
  expect([...lines, ...diagnosticLines(report)]).toEqual(expected);
}

const clock = (every: string): string => `perf-event {type:1,config:0,every:${every},cpus:one,followsPid:false}`;

test.each<[string, string]>([
  ['begin', 'begin run-once {when:begin}'],
  ['BEGIN:*', 'begin run-once {when:begin}'],
  ['END', 'end run-once {when:end}'],
  ['self:signal:SIGUSR1', 'self:signal:SIGUSR1 run-once {when:signal}'],
  ['interval:s:2', `interval:s:2 ${clock('{by:period,period:2000000000}')}`],
  ['interval:ms:250', `interval:ms:250 ${clock('{by:period,period:250000000}')}`],
  ['interval:us:0x10', `interval:us:16 ${clock('{by:period,period:16000}')}`],
  ['interval:us:1_000', `interval:us:1000 ${clock('{by:period,period:1000000}')}`],
  ['interval:hz:1e2', `interval:hz:100 ${clock('{by:frequency,hertz:100}')}`],
  ['interval:1s', `interval:us:1000000 ${clock('{by:period,period:1000000000}')}`],
  ['i:1500000', `interval:us:1500 ${clock('{by:period,period:1500000}')}`],
  ['i:1us', `interval:us:1 ${clock('{by:period,period:1000}')}`],
  [
    'profile:hz:99',
    'profile:hz:99 perf-event {type:1,config:0,every:{by:frequency,hertz:99},cpus:all,followsPid:true}',
  ],
  [
    'p:10ms',
    'profile:us:10000 perf-event {type:1,config:0,every:{by:period,period:10000000},cpus:all,followsPid:true}',
  ],
  [
    'software:page-faults',
    'software:page-faults perf-event {type:1,config:2,every:{by:period,period:100},cpus:all,followsPid:true}',
  ],
  [
    'software:cpu:100000',
    'software:cpu:100000 perf-event {type:1,config:0,every:{by:period,period:100000},cpus:all,followsPid:true}',
  ],
  ['s:cs:', 'software:cs perf-event {type:1,config:3,every:{by:period,period:1000},cpus:all,followsPid:true}'],
])('%s', (text, expected) => check(text, [expected]));

const rates = "[Write 'interval:UNIT:N' or 'interval:DURATION'.]";

test.each<[string, string]>([
  ['begin:x', "error 0-7 probe-parts: begin takes no parts, got 1 [Write 'begin'.]"],
  ['self:signal', "error 0-11 probe-parts: self takes 2 parts after its name, got 1 [Write 'self:signal:SIGUSR1'.]"],
  ['self:alarm:SIGUSR1', "error 5-10 self-trigger: 'alarm' is nothing that self reacts to; it knows 'signal'"],
  ['self:signal:SIGINT', "error 12-18 self-signal: self:signal reacts to SIGUSR1 only, not to 'SIGINT'"],
  ['interval', `error 0-8 probe-parts: interval takes 1 or 2 parts after its name, got 0 ${rates}`],
  ['i:s:1:2', `error 0-7 probe-parts: interval takes 1 or 2 parts after its name, got 3 ${rates}`],
  ['i:m:1', "error 2-3 time-unit: 'm' is not a unit of time of interval probes [Units are hz, ms, s, us.]"],
  ['i:s', "error 2-3 rate-missing: The number of 's' between two runs is missing [Write 'interval:s:1'.]"],
  ['i:s:0', 'error 4-5 rate-zero: The rate of interval probes must be at least 1'],
  ['i:s:', "error 4-4 probe-number: '' is no number: an integer starts with a digit and has no blanks"],
  ['i:s:-1', "error 4-6 probe-number: '-1' is no number: an integer starts with a digit and has no blanks"],
  [
    'i:ms:5ms',
    "error 5-8 rate-unit-twice: '5ms' has a unit of time of its own " +
      "[Write 'interval:5ms' or 'interval:ms:N' with a plain number N.]",
  ],
  ['p:10ns', 'error 2-6 rate-too-short: The shortest time between two runs of profile is 1us, got 10 nanoseconds'],
  ['i:s:10000000000', "error 0-15 rate-too-large: The rate 's:10000000000' is too large"],
  [
    'software:page-fault',
    "error 9-19 counted-event: There is no software event 'page-fault' [Did you mean 'page-faults'?]",
  ],
  ['software:cpu:0', 'error 13-14 event-count: The count of a software event is 1 to 2^63-1, got 0'],
  [
    'tracepoint:sched',
    "error 0-16 probe-parts: tracepoint takes 2 parts after its name, got 1 [Write 'tracepoint:CATEGORY:EVENT'.]",
  ],
])('%s is refused', (text, expected) => check(text, [expected]));

test('the table is sorted and says each word once', () => {
  const names = probeKinds.map((kind) => kind.name);
  expect(names).toEqual([...names].sort());
  const words = probeKinds.flatMap((kind) => [kind.name, ...kind.aliases]);
  expect(new Set(words).size).toBe(words.length);
  for (const kind of probeKinds) {
    for (const word of [kind.name, kind.name.toUpperCase(), ...kind.aliases]) {
      expect(findProvider(word)).toEqual({ found: 'kind', kind });
    }
  }
});
