/** Watchpoints: on a variable of a program, and on one of the kernel. */
import type { VmCase } from '../case.ts';

export const cases: readonly VmCase[] = [
  {
    // The kernel may write there too, for example when it clears the page.
    name: 'writes of a variable are seen, and only in the process of -c',
    kind: 'watchpoint',
    smoke: true,
    workload: { program: 'watched', args: ['10'] },
    script: 'watchpoint:0x10000000:8:w { @[comm, pid == cpid] = count(); }',
    expect: { numbers: [{ pattern: '^@\\[watched, (?:true|1)\\]: (\\d+)$', min: 10, max: 60 }] },
  },
  {
    name: 'reads count with rw',
    kind: 'watchpoint',
    workload: { program: 'watched', args: ['10'] },
    script: 'watchpoint:0x10000000:8:rw { @ = count(); }',
    expect: { numbers: [{ pattern: '^@: (\\d+)$', min: 20, max: 200 }] },
  },
  {
    name: 'more watchpoints than debug registers',
    kind: 'watchpoint',
    workload: { shell: 'true' },
    script: [1, 2, 3, 4, 5].map((i) => `watchpoint:0x1000000${i}:1:w { }`).join(' '),
    expect: { status: 255, stderr: ['all debug registers of the processor are in use'] },
  },
  {
    name: 'an address that is no multiple of the length',
    kind: 'watchpoint',
    workload: { shell: 'true' },
    script: 'watchpoint:0x10000001:8:w { }',
    expect: { status: 255, stderr: ['the processor cannot watch this address with this length'] },
  },
];
