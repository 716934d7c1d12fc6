/** Tracepoints, attached as raw ones where possible and as perf events. */
import type { VmCase } from '../case.ts';

export const cases: readonly VmCase[] = [
  {
    name: 'arguments of a system call',
    kind: 'tracepoint',
    smoke: true,
    script: 'tracepoint:syscalls:sys_enter_lseek /pid == cpid/ { @[args.offset, args.whence] = count(); }',
    workload: { program: 'lseek', args: ['3'] },
    expect: { matches: ['^@\\[1000, 0\\]: 3$'] },
  },
  {
    name: 'result of a system call',
    kind: 'tracepoint',
    script: 'tracepoint:syscalls:sys_exit_lseek /pid == cpid/ { @[args.ret, probe] = count(); }',
    workload: { program: 'lseek', args: ['5'] },
    expect: { matches: ['^@\\[1000, tracepoint:syscalls:sys_exit_lseek\\]: 5$'] },
  },
  {
    name: 'string arguments of a system call',
    kind: 'tracepoint',
    smoke: true,
    script: `tracepoint:syscalls:sys_enter_openat /pid == cpid/ { printf("open %s\\n", str(args.filename)); }`,
    workload: { shell: 'exec 3</etc/passwd' },
    expect: { matches: ['^open /etc/passwd$'] },
  },
  {
    name: 'a string in the record of a perf tracepoint',
    kind: 'tracepoint',
    smoke: true,
    script: `tracepoint:sched:sched_process_exec /pid == cpid/ { printf("exec %s\\n", str(args.filename)); }`,
    workload: { shell: 'exec /bin/true' },
    expect: { matches: ['^exec /bin/sh$\\n^exec /bin/true$'] },
  },
  {
    name: 'comm(PID) names other processes, and says when there is none',
    kind: 'tracepoint',
    script: `tracepoint:sched:sched_process_exit /pid == cpid/ { @event[comm, comm(pid(init)), comm(4194304)] = count(); }
      tracepoint:syscalls:sys_enter_exit_group /pid == cpid/ { @call[comm, comm((int32)pid(init))] = count(); }`,
    workload: { shell: 'exec /bin/true' },
    expect: {
      matches: ['^@event\\[true, true, N/A\\]: 1$', '^@call\\[true, true\\]: 1$'],
      stderr: ['WARNING: There is no process 4194304; its name is N/A'],
    },
    refusals: [{ on: ['5.10', '6.1'], message: 'comm\\(PID\\) does not work in tracepoint probes on this kernel' }],
  },
  {
    name: 'a tracepoint without arguments used counts every event',
    kind: 'tracepoint',
    script:
      'tracepoint:raw_syscalls:sys_enter /pid == cpid/ { @all++; } tracepoint:syscalls:sys_enter_lseek /pid == cpid/ { @l++; }',
    workload: { program: 'lseek', args: ['2000'] },
    expect: { matches: ['^@l: 2000$'], numbers: [{ pattern: '^@all: (\\d+)', min: 2000, max: 2300 }] },
  },
  {
    name: 'a wildcard of tracepoints, one key for each',
    kind: 'tracepoint',
    script: 'tracepoint:syscalls:sys_*_lseek /pid == cpid/ { @[probe] = count(); }',
    workload: { program: 'lseek', args: ['4'] },
    expect: {
      matches: ['^@\\[tracepoint:syscalls:sys_enter_lseek\\]: 4$', '^@\\[tracepoint:syscalls:sys_exit_lseek\\]: 4$'],
    },
  },
  {
    name: 'wakeups: fields of two tracepoints agree',
    kind: 'tracepoint',
    script: `tracepoint:sched:sched_switch /args.next_pid == cpid/ { @in++; }
      tracepoint:sched:sched_switch /args.prev_pid == cpid/ { @out++; }`,
    workload: { shell: 'sleep 0.1; sleep 0.1; sleep 0.1' },
    expect: {
      numbers: [
        { pattern: '^@in: (\\d+)', min: 3 },
        { pattern: '^@out: (\\d+)', min: 3 },
      ],
    },
  },
  {
    name: 'a name behind four pointers, arguments by name and by number',
    kind: 'rawtracepoint',
    script: `rawtracepoint:sched_process_exec /args.p.tgid == cpid/ {
        printf("%s %s %d %d\\n", str(args.bprm.file.f_path.dentry.d_name.name), str(args.bprm.filename), args.old_pid == cpid, arg1 == args.old_pid);
      }
      rawtracepoint:vmlinux:sched_process_exec /pid == cpid/ { @[probe] = count(); }`,
    workload: { shell: 'exec /usr/bin/env true' },
    expect: {
      matches: [
        '^env /usr/bin/env 1 1\\ntrue /\\S*bin/true 1 1$',
        '^@\\[rawtracepoint:vmlinux:sched_process_exec\\]: [23]$',
      ],
    },
  },
];
