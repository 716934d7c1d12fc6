/** test and bench probes: programs of the type XDP that the tool runs itself. */
import type { VmCase } from '../case.ts';

export const cases: readonly VmCase[] = [
  {
    name: 'tests pass and fail by what they return, errorf() and exit()',
    kind: 'test',
    smoke: true,
    args: ['--test'],
    script: `test:passes { printf("unseen"); @m[1] = 2; if (@m[1] != 2) { return 1; } return 0; }
      test:returns { printf("seen\\n"); return 256; } test:reports { errorf("wrong"); } test:exits { exit(2); } end { printf("end\\n"); }`,
    expect: {
      status: 1,
      matches: [
        'Running 4 tests\\.$',
        '       OK \\]\\S* passes \\(',
        '^seen\\n\\S+  FAILED  \\]\\S* returns',
        'ERROR: wrong\\n\\S+  FAILED  \\]\\S* reports \\(',
        '4 tests ran\\.$',
        '  PASSED  \\]\\S* 1 test\\.$',
        '3 tests, listed below:$',
        '^end$',
      ],
      absent: ['unseen', '@m'],
    },
  },
  {
    name: 'benchmarks are repeated until they have taken a millisecond',
    kind: 'bench',
    smoke: true,
    args: ['--bench'],
    script: 'bench:increment { @n++; } bench:skipped { return 1; }',
    expect: {
      matches: ['^Benchmark {32}Time\\(ns\\) {7}Iterations$', '^-{66}$'],
      numbers: [
        { pattern: '^increment {32}(\\d+) ', min: 1 },
        { pattern: '^increment {32}\\d+ +(\\d+)$', min: 10 },
      ],
      absent: ['skipped'],
    },
  },
];
