/** Probes that fire by themselves: interval, profile; and software events. */
import type { VmCase } from '../case.ts';

export const cases: readonly VmCase[] = [
  {
    name: 'interval fires again and again',
    kind: 'interval',
    smoke: true,
    script: 'interval:ms:50 { @n++; if (@n == 4) { printf("four\\n"); exit(); } }',
    expect: { matches: ['^four$', '^@n: 4$'] },
  },
  {
    name: 'intervals of all units keep their time',
    kind: 'interval',
    script: `begin { @start = nsecs; } interval:us:100000 { @us++; } interval:hz:10 { @hz++; }
      interval:s:1 { printf("after %d ms: us %d hz %d\\n", (nsecs - @start) / 1000000, @us, @hz); exit(); }`,
    expect: {
      numbers: [
        { pattern: 'after (\\d+) ms', min: 990, max: 3000 },
        { pattern: ' us (\\d+)', min: 5, max: 30 },
        { pattern: ' hz (\\d+)', min: 5, max: 30 },
      ],
    },
  },
  {
    // A guest on a busy host misses ticks: never too many, but fewer.
    name: 'profile samples a busy program',
    kind: 'profile',
    smoke: true,
    script: 'profile:hz:99 /pid == cpid/ { @samples++; }',
    workload: { program: 'burn', args: ['1000'] },
    expect: { numbers: [{ pattern: '^@samples: (\\d+)', min: 15, max: 130 }] },
  },
  {
    // The hypervisor of the running kernel may send an idle CPU no timer interrupts at all (seen, with bpftrace too).
    name: 'profile fires on every CPU',
    kind: 'profile',
    onlyInGuests: true,
    script: 'profile:ms:10 { @[cpu] = count(); } interval:ms:600 { exit(); }',
    expect: {
      numbers: [
        { pattern: '^@\\[0\\]: (\\d+)', min: 15 },
        { pattern: '^@\\[1\\]: (\\d+)', min: 15 },
      ],
    },
  },
  {
    name: 'page faults of the workload are counted one by one',
    kind: 'software',
    smoke: true,
    script: 'software:page-faults:1 /pid == cpid/ { @faults++; }',
    workload: { program: 'faults', args: ['500'] },
    expect: { numbers: [{ pattern: '^@faults: (\\d+)', min: 500, max: 700 }] },
  },
  {
    name: 'context switches of a sleeping program',
    kind: 'software',
    script: 'software:context-switches:1 /pid == cpid/ { @switches++; }',
    workload: { shell: 'sleep 0.1; sleep 0.1' },
    expect: { numbers: [{ pattern: '^@switches: (\\d+)', min: 2 }] },
  },
];
