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
  {
    name: 'fentry: what it missed, and which map refused how many updates, in JSON',
    kind: 'trust report',
    args: ['-f', 'json', '--stats'],
    script: `config = { max_map_keys = 3 } fentry:f_dupfd /pid == cpid && args.from == 900/ { @[comm] = count(); @k[nsecs] = 1; @n[nsecs] = count(); }
      fentry:bpf_get_current_comm { @inside[comm] = count(); }`,
    workload: { program: 'dup', args: ['7'] },
    expect: {
      matches: [
        '"complete": false',
        '"fentry:vmlinux:f_dupfd", "attach_points": 1, "runs": \\d+, "run_time_ns": [1-9]\\d*, "missed": 0\\}',
        '"fentry:vmlinux:bpf_get_current_comm", "attach_points": 1, "runs": 7, "run_time_ns": [1-9]\\d*, "missed": 7\\}',
        '"refused_updates": \\{"@k": 4, "@n": 4\\}',
      ],
    },
    refusals: [{ on: ['5.10'], message: 'bpf_get_current_comm cannot be traced so: BPF programs call it themselves' }],
  },
  {
    name: 'returns that a kretprobe has no room for are counted',
    kind: 'trust report',
    script: 'kretprobe:do_nanosleep { @ = count(); } kprobe:hrtimer_nanosleep { @all = count(); }',
    // The kernel keeps ten calls in mind on machines with up to five CPUs; one for each CPU when it is not preemptible, as 5.10 is.
    workload: { shell: 'i=0; while [ $i -lt 30 ]; do sleep 5 & i=$((i + 1)); done; wait' },
    expect: {
      matches: ['^@: 10$', '^@all: 30$'],
      stderr: ['^WARNING: kretprobe:do_nanosleep missed 20 events: what it counted is at least this$'],
    },
    variations: [
      { on: ['5.10'], expect: { matches: ['^@: 2$', '^@all: 30$'] } },
      { on: ['6.1'], expect: { matches: ['^@: 10$', '^@all: 30$'] } },
    ],
  },
];
