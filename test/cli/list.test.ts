import { expect, test } from 'vitest';
import { Report } from '../../grammar/diagnostic.ts';
import { parse } from '../../grammar/index.ts';
import { SourceText } from '../../grammar/source.ts';
import { listProbes, listScriptProbes } from '../../src/cli/list.ts';
import { matchProbes } from '../../src/compiler/match-probes.ts';
import { defaultConfig } from '../../src/config/options.ts';
import { readKernelBtf } from '../../src/world/kernel-types.ts';
import { fixtureFiles, fixtureWorld } from '../support/fixture-world.ts';

const world = fixtureWorld();
const kernelBtf = () => readKernelBtf(fixtureFiles());

function check(patterns: string, lines: readonly string[], warnings: readonly string[] = []): void {
  expect(listProbes(patterns, { verbose: false }, world, kernelBtf)).toEqual({ lines, warnings });
}

const block = [
  'tracepoint:block:block_io_start',
  'tracepoint:block:block_rq_complete',
  'tracepoint:block:block_rq_issue',
];

const rawBlock = block.map((line) => line.replace('tracepoint:block:', 'rawtracepoint:vmlinux:'));

test.each<[string, readonly string[]]>([
  ['tracepoint:block:*', block],
  ['t:block_*', block],
  ['T*:block:*', block],
  ['tr*:block:*', block],
  ['block_*', [...rawBlock, ...block]],
  ['block_rq_issue', ['rawtracepoint:vmlinux:block_rq_issue', 'tracepoint:block:block_rq_issue']],
  ['kprobe:vfs_read*', ['kprobe:vfs_read', 'kprobe:vfs_readv']],
  ['software:cpu*', ['software:cpu-clock:', 'software:cpu-migrations:', 'software:cpu:']],
  ['cpu-clock,netif*', ['software:cpu-clock:', 'rawtracepoint:vmlinux:netif_rx', 'tracepoint:net:netif_rx']],
  ['interval:*', ['interval:hz:', 'interval:ms:', 'interval:s:', 'interval:us:']],
  ['p:hz', ['profile:hz:']],
  ['self:*', ['self:signal:SIGUSR1']],
  ['begin', []],
  ['tracepoint:nosuch:*', []],
])('-l %j', (patterns, lines) => check(patterns, lines));

test('-l alone lists all kinds with many probes', () => {
  const { lines, warnings } = listProbes('', { verbose: false }, world, kernelBtf);
  expect(warnings).toEqual([]);
  expect(lines).toContain('software:page-faults:');
  expect(lines).toContain('tracepoint:sched:sched_switch');
  expect(lines).toContain('kprobe:vfs_read');
  expect(lines).toContain('fentry:vmlinux:takes_pair');
  const kinds = [...new Set(lines.map((line) => line.split(':')[0]))];
  expect(kinds).toEqual(['fentry', 'hardware', 'iter', 'kprobe', 'rawtracepoint', 'software', 'tracepoint']);
  expect(lines.filter((line) => line.startsWith('tracepoint:'))).toHaveLength(28);
});

test.each<[string, readonly string[]]>([
  ['uprobe:*', ['uprobe probes are not available in this version of ebtrace']],
  ['trcepoint:*', ["There is no kind of probe 'trcepoint'; did you mean 'tracepoint'?"]],
  [
    'frob:*',
    [
      "There is no kind of probe 'frob'; kinds are begin, bench, end, fentry, fexit, hardware, interval, iter, kprobe, kretprobe, profile, rawtracepoint, self, software, test, tracepoint, watchpoint",
    ],
  ],
  ['script.bt', ["There is no file 'script.bt'; looking for probes of that name"]],
])('-l %j warns', (patterns, warnings) => check(patterns, [], warnings));

test('-l of a kind that the machine does not have says what is missing, unless all kinds were asked for', () => {
  const none = { ...world, perfEventSource: () => undefined };
  expect(listProbes('kprobe:vfs_*', { verbose: false }, none, kernelBtf)).toEqual({
    lines: [],
    warnings: [
      "This kernel has no kprobes (CONFIG_KPROBE_EVENTS). Tracepoints may tell the same: ebtrace -l 'tracepoint:*' lists them.",
    ],
  });
  expect(listProbes('*:vfs_*', { verbose: false }, none, kernelBtf).warnings).toEqual([]);
});

test('-lv shows the fields without the common ones', () => {
  expect(listProbes('t:sched:sched_wakeup', { verbose: true }, world, kernelBtf).lines).toEqual([
    'tracepoint:sched:sched_wakeup',
    '    char comm[16]',
    '    pid_t pid',
    '    int prio',
    '    int target_cpu',
  ]);
});

test.each<[string, readonly string[]]>([
  ['struct path', ['struct path']],
  [
    'struct *path,enum *',
    ['struct path', 'enum hrtimer_mode', 'enum signed_enum', 'enum skb_drop_reason', 'enum wide_enum'],
  ],
  ['union sig*', ['union sigval_union']],
  ['enum', ['enum hrtimer_mode', 'enum signed_enum', 'enum skb_drop_reason', 'enum wide_enum']],
  ['struct path,t:block_rq_issue', ['struct path', 'tracepoint:block:block_rq_issue']],
  ['struct nosuch', []],
  ['union path', []],
])('types: -l %j', (patterns, lines) => check(patterns, lines));

test('-lv shows the definitions of types', () => {
  const { lines } = listProbes('struct qstr,enum signed_enum', { verbose: true }, world, kernelBtf);
  expect(lines.join('\n')).toMatch(
    /^vmlinux: struct qstr \{\n\tunion \{\n\t\tstruct \{\n\t\t\tu32 hash;\n\t\t\tu32 len;\n\t\t\};\n\t\tu64 hash_len;\n\t\};\n\tconst unsigned char \*name;\n\};\n\nvmlinux: enum signed_enum \{\n(\t\w+ = -?\d+,\n)+\};\n$/,
  );
});

test('types of a kernel that tells none', () => {
  expect(listProbes('struct path', { verbose: false }, world, () => [])).toEqual({
    lines: [],
    warnings: ["'struct path': this kernel does not tell its types (CONFIG_DEBUG_INFO_BTF)"],
  });
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
