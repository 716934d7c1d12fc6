/** fentry, fexit and raw tracepoints: values of arguments and results, chains of pointers, functions of modules, order. */
import type { VmCase } from '../case.ts';

/** What the machine's own kernel may say, when it has no tracing programs. */
const none = {
  on: [],
  message: 'this kernel does not take programs for functions|There is no|cannot be traced',
} as const;

export const cases: readonly VmCase[] = [
  {
    name: 'arguments of fentry by name, and a name three pointers away',
    kind: 'fentry',
    smoke: true,
    script:
      'fentry:vfs_read /pid == cpid && args.count == 777/ { @[args.count, str(args.file.f_path.dentry.d_name.name, 64)] = count(); @f[func, probe] = count(); }',
    workload: { program: 'readfile', args: ['3', '777'] },
    expect: { matches: ['^@\\[777, known-name\\]: 3$', '^@f\\[vfs_read, fentry:vmlinux:vfs_read\\]: 3$'] },
    refusals: [none],
  },
  {
    name: 'result of fexit has the declared type, with the arguments beside it',
    kind: 'fexit',
    smoke: true,
    script:
      'fexit:vfs_read /pid == cpid && args.count == 777/ { @[retval, args.count] = count(); $a = args; @r[$a.count] = count(); }',
    workload: { program: 'readfile', args: ['3', '777'] },
    expect: { matches: ['^@\\[777, 777\\]: 3$', '^@r\\[777\\]: 3$'] },
    refusals: [none],
  },
  {
    name: 'bodies on one function run in the order of the script',
    kind: 'fexit',
    script:
      'fentry:vfs_read /pid == cpid && args.count == 777/ { print(1); } fentry:vfs_read /pid == cpid && args.count == 777/ { print(2); } fexit:vfs_read /pid == cpid && args.count == 777/ { print(3); } fexit:vfs_read /pid == cpid && args.count == 777/ { print(4); }',
    workload: { program: 'readfile', args: ['1', '777'] },
    expect: { matches: ['^1\n2\n3\n4$'] },
    refusals: [none],
  },
  {
    name: 'a function of a module',
    kind: 'fentry',
    script:
      'fentry:overlay:ovl_read_iter /pid == cpid/ { @[probe, str(args.iocb.ki_filp.f_path.dentry.d_name.name, 64)] = count(); }',
    workload: { shell: 'exec cat /etc/hostname /etc/hostname' },
    expect: { matches: ['^@\\[fentry:overlay:ovl_read_iter, hostname\\]: [1-9]'] },
    refusals: [
      none,
      { on: ['5.10'], message: "type information \\(BTF\\) of overlay does not have the function 'ovl_read_iter'" },
    ],
  },
  {
    name: 'a wildcard is a program for each function',
    kind: 'fentry',
    script: 'fentry:vfs_rea* /pid == cpid/ { @[probe] = count(); }',
    workload: { program: 'readfile', args: ['3', '777'] },
    expect: { matches: ['^@\\[fentry:vmlinux:vfs_read\\]: [3-9]$'] },
    refusals: [none],
  },
  {
    name: 'raw tracepoint and tracepoint tell the same',
    kind: 'rawtracepoint',
    smoke: true,
    script:
      'rawtracepoint:sys_enter /pid == cpid && args.id == 8/ { @raw = count(); @offset[args.regs.si] = count(); } tracepoint:syscalls:sys_enter_lseek /pid == cpid/ { @perf = count(); } rawtracepoint:sched_process_exec /pid == cpid/ { @exec[args.p == curtask, arg1] = count(); }',
    workload: { program: 'lseek', args: ['5'] },
    expect: { matches: ['^@raw: 5$', '^@perf: 5$', '^@offset\\[1000\\]: 5$', '^@exec\\[true, \\d+\\]: 1$'] },
  },
];
