/** What probes missed, with a number that is known: a kprobe does not fire inside the body of another one. */
import type { VmCase } from '../case.ts';

export const cases: readonly VmCase[] = [
  {
    name: 'events that a kprobe missed are counted and named',
    kind: 'trust report',
    script: `kprobe:f_dupfd /arg0 == 900/ { @[comm] = count(); }
      kprobe:bpf_get_current_comm { @inside = count(); }`,
    args: ['--stats'],
    workload: { program: 'dup', args: ['7'] },
    expect: {
      matches: ['^@\\[dup\\]: 7$'],
      stderr: ['^WARNING: kprobe:bpf_get_current_comm missed 7 events: what it counted is at least this$'],
    },
    variations: [
      {
        on: ['5.10', '6.1'],
        expect: {
          matches: ['^@\\[dup\\]: 7$'],
          absent: ['^Nothing is missing'],
          stderr: [
            '^ *0 +- +0\\.000 +\\? +kprobe:bpf_get_current_comm$',
            '^Nothing is known to be missing in the results\\. Events missed by probes with a \\? are not counted',
          ],
        },
      },
    ],
  },
  {
    name: '--stats: runs and misses of kprobes',
    kind: 'trust report',
    smoke: true,
    args: ['--stats'],
    script: 'kprobe:f_dupfd /arg0 == 900/ { @ = count(); }',
    workload: { program: 'dup', args: ['7'] },
    expect: {
      matches: ['^@: 7$'],
      stderr: ['^ *[1-9]\\d* +\\d+ +[\\d.]+ +0 +kprobe:f_dupfd$', '^Nothing is missing in the results\\.$'],
    },
    variations: [
      {
        on: ['5.10', '6.1'],
        expect: {
          matches: ['^@: 7$'],
          stderr: ['^ *[1-9]\\d* +\\d+ +[\\d.]+ +\\? +kprobe:f_dupfd$', '^Nothing is known to be missing'],
        },
      },
    ],
  },
];
