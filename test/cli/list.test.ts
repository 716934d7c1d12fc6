import { expect, test } from 'vitest';
import { Report } from '../../grammar/diagnostic.ts';
import { parse } from '../../grammar/index.ts';
import { SourceText } from '../../grammar/source.ts';
import { listProbes, listScriptProbes } from '../../src/cli/list.ts';
import { matchProbes } from '../../src/compiler/match-probes.ts';
import { defaultConfig } from '../../src/config/options.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const world = fixtureWorld();

function check(patterns: string, lines: readonly string[], warnings: readonly string[] = []): void {
  expect(listProbes(patterns, { verbose: false }, world)).toEqual({ lines, warnings });
}

const block = [
  'tracepoint:block:block_io_start',
  'tracepoint:block:block_rq_complete',
  'tracepoint:block:block_rq_issue',
];

test.each<[string, readonly string[]]>([
  ['tracepoint:block:*', block],
  ['t:block_*', block],
  ['T*:block:*', block],
  ['*:block:*', block],
  ['block_*', block],
  ['block_rq_issue', ['tracepoint:block:block_rq_issue']],
  ['software:cpu*', ['software:cpu-clock:', 'software:cpu-migrations:', 'software:cpu:']],
  ['cpu-clock,netif*', ['software:cpu-clock:', 'tracepoint:net:netif_rx']],
  ['interval:*', ['interval:hz:', 'interval:ms:', 'interval:s:', 'interval:us:']],
  ['p:hz', ['profile:hz:']],
  ['self:*', ['self:signal:SIGUSR1']],
  ['begin', []],
  ['tracepoint:nosuch:*', []],
])('-l %j', (patterns, lines) => check(patterns, lines));

test('-l alone lists all kinds with many probes', () => {
  const { lines, warnings } = listProbes('', { verbose: false }, world);
  expect(warnings).toEqual([]);
  expect(lines).toContain('software:page-faults:');
  expect(lines).toContain('tracepoint:sched:sched_switch');
  expect(lines).toEqual([...lines].sort());
  expect(lines).toHaveLength(14 + 28);
});

test.each<[string, readonly string[]]>([
  ['kprobe:*', ['kprobe probes are not available in this version of ebtrace']],
  ['trcepoint:*', ["There is no kind of probe 'trcepoint'; did you mean 'tracepoint'?"]],
  ['frob:*', ["There is no kind of probe 'frob'; kinds are begin, end, interval, profile, self, software, tracepoint"]],
  ['script.bt', ["There is no file 'script.bt'; looking for probes of that name"]],
  ['struct task_struct', ["'struct task_struct': types cannot be listed in this version of ebtrace"]],
])('-l %j warns', (patterns, warnings) => check(patterns, [], warnings));

test('-lv shows the fields without the common ones', () => {
  expect(listProbes('t:sched:sched_wakeup', { verbose: true }, world).lines).toEqual([
    'tracepoint:sched:sched_wakeup',
    '    char comm[16]',
    '    pid_t pid',
    '    int prio',
    '    int target_cpu',
  ]);
});

test('probes of a script, wildcards expanded, special probes left out', () => {
  const script = 'BEGIN { } interval:s:1 { } tracepoint:*:*_read, s:faults:10 { } self:signal:SIGUSR1 { }';
  const report = new Report(new SourceText('stdin', script));
  const env = { world, positionals: [], config: defaultConfig() };
  const programs = matchProbes(parse(report.source, report), env, report);
  expect(report.diagnostics).toEqual([]);
  expect(listScriptProbes(programs, { verbose: false }, world).lines).toEqual([
    'interval:s:',
    'tracepoint:syscalls:sys_enter_read',
    'tracepoint:syscalls:sys_exit_read',
    'software:faults:',
  ]);
});
