/** How a run ends, and what is said about what was lost. */
import type { VmCase } from '../case.ts';

export const cases: readonly VmCase[] = [
  {
    name: 'SIGINT ends the run: end bodies, maps, status 0',
    kind: 'life cycle',
    smoke: true,
    script: 'begin { printf("ready\\n"); @x = 5; } interval:s:60 { @never = 1; } end { printf("end\\n"); }',
    signal: { when: '^ready$', name: 'SIGINT' },
    expect: { stdout: 'ready\nend\n\n\n@x: 5' },
  },
  {
    name: 'lost events are counted: delivered and lost are all there were',
    kind: 'life cycle',
    env: { EBTRACE_PERF_RB_PAGES: '1' },
    script: `tracepoint:syscalls:sys_enter_lseek /pid == cpid/ { @n++;
      printf("a line that is long enough to fill the ring buffer before anybody has read from it %d\\n", @n); }`,
    workload: { program: 'lseek', args: ['20000'] },
    expect: { matches: ['^@n: 20000$'], stderr: ['[Ll]ost \\d+'] },
  },
  {
    name: 'the workload ends the run, and its status is not ours',
    kind: 'life cycle',
    script: 'tracepoint:syscalls:sys_enter_exit_group /pid == cpid/ { printf("exit %d\\n", args.error_code); }',
    workload: { shell: 'exit 7' },
    expect: { matches: ['^exit 7$'] },
  },
];
