/** Counters of the processor. QEMU emulates them on arm64 only. */
import type { VmCase } from '../case.ts';

const noCounters = 'this machine has no such event source \\(many virtual machines have no hardware counters\\)';

export const cases: readonly VmCase[] = [
  {
    name: 'cycles of a busy program',
    kind: 'hardware',
    smoke: true,
    workload: { program: 'burn', args: ['300'] },
    script: 'hardware:cycles:1000000 { @ = count(); }',
    expect: { numbers: [{ pattern: '^@: (\\d+)$', min: 5 }] },
    refusals: [{ on: ['5.10', '6.1', '6.12', '7.2'], message: noCounters }],
  },
  {
    name: '-l hardware:*',
    kind: 'hardware',
    args: ['-l', 'hardware:c*'],
    expect: {
      stdout: ['cache-misses', 'cache-references', 'cpu-cycles', 'cycles']
        .map((name) => `hardware:${name}:`)
        .join('\n'),
    },
  },
];
