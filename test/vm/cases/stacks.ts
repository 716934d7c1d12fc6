/** Stacks of the kernel, and what its symbols tell: on every kernel the innermost and the outermost frame are known. */
import type { VmCase } from '../case.ts';

/** A path from the event to the entry of the kernel on x86-64 or arm64, and how often it was taken. */
const threeCalls = '@\\[\\n(?: {8}[\\w.]+\\+\\d+\\n)+ {8}(?:entry_SYSCALL_64\\w*|el0t?_\\w+)\\+\\d+\\n\\]: 3$';

export const cases: readonly VmCase[] = [
  {
    name: 'kstack of a system call leads to the entry of the kernel, one key for all calls',
    kind: 'stacks and symbols',
    smoke: true,
    script:
      'tracepoint:syscalls:sys_enter_lseek /pid == cpid/ { @[kstack] = count(); @same += kstack(9) == kstack(9); }',
    workload: { program: 'lseek', args: ['3'] },
    expect: { matches: [threeCalls, '^@same: 3$'], absent: ['bpf_prog'] },
  },
  {
    name: 'kstack of a kprobe begins with the function',
    kind: 'stacks and symbols',
    smoke: true,
    script: 'kprobe:f_dupfd /arg0 == 900/ { @[kstack(1)] = count(); @all[kstack(perf)] = count(); }',
    workload: { program: 'dup', args: ['3'] },
    expect: {
      matches: [
        '^@\\[\\n {8}f_dupfd\\+\\d+\\n\\]: 3$',
        '^@all\\[\\n\\t[0-9a-f]{16} f_dupfd\\+\\d+\\n(?:\\t[0-9a-f]{16} [\\w.]+\\+\\d+\\n)+\\]: 3$',
      ],
    },
  },
  {
    name: 'kstack, arguments and results in bodies of loops',
    kind: 'stacks and symbols',
    smoke: true,
    script:
      'kprobe:f_dupfd /arg0 == 900/ { for ($i : 0..3) { @[kstack(1), arg0, func, $i] = count(); } } ' +
      'kretprobe:f_dupfd /retval == 900/ { $i = 0; while ($i < 2) { @r[retval, probe] = count(); $i++; } } ' +
      'fexit:f_dupfd /args.from == 900/ { for ($i : 0..2) { @f[retval, args.from] = count(); @file[args.file.f_flags >= 0] = count(); } }',
    args: ['--no-warnings'],
    workload: { program: 'dup', args: ['3'] },
    expect: {
      matches: [
        '^@\\[\\n {8}f_dupfd\\+\\d+\\n, 900, f_dupfd, 0\\]: 3$',
        ', 2\\]: 3$',
        '^@r\\[900, kretprobe:\\S*f_dupfd\\]: 6$',
        '^@f\\[900, 900\\]: 6$',
        '^@file\\[true\\]: 6$',
      ],
    },
  },
  {
    name: 'kstack of fentry shows the program and the function that it is on',
    kind: 'stacks and symbols',
    script: 'fentry:f_dupfd /args.from == 900/ { @[kstack] = count(); }',
    workload: { program: 'dup', args: ['3'] },
    expect: {
      matches: [' {8}bpf_prog_\\w+\\+\\d+\\n {8}bpf_trampoline_\\w+\\+\\d+\\n {8}f_dupfd\\+\\d+\\n[^]*\\]: 3$'],
    },
  },
  {
    name: 'functions of modules have names',
    kind: 'stacks and symbols',
    script: 'kprobe:ovl_permission { print(kstack(perf, 1)); print(ksym(kaddr("ovl_permission") + 1)); exit(); }',
    workload: { shell: 'cat /etc/passwd' },
    expect: { matches: ['^\\t[0-9a-f]{16} ovl_permission\\+\\d+$', '^ovl_permission$'] },
  },
  {
    name: 'per-CPU variables: each CPU has its own copy, other CPUs have none',
    kind: 'stacks and symbols',
    script:
      'begin { print(((struct rq *)percpu_kaddr("runqueues", 0))->cpu); print(((struct rq *)percpu_kaddr("runqueues", 1))->cpu); ' +
      'print(((struct rq *)percpu_kaddr("runqueues"))->cpu == (int32)cpu); print(percpu_kaddr("runqueues", 4096)); }',
    expect: { matches: ['^0\\n1\\ntrue\\n0$'] },
  },
  {
    name: 'hidden addresses are explained, and stacks are numbers',
    kind: 'stacks and symbols',
    before: 'sysctl -q -w kernel.kptr_restrict=2',
    after: 'sysctl -q -w kernel.kptr_restrict=0',
    script:
      'tracepoint:syscalls:sys_enter_lseek /pid == cpid/ { @[kstack(2)] = count(); @p[kstack(perf, 1)] = count(); }',
    workload: { program: 'lseek', args: ['3'] },
    expect: {
      matches: [
        '^@\\[\\n(?: {8}0xffff[0-9a-f]{12}\\n){2}\\]: 3$',
        '^@p\\[\\n\\tffff[0-9a-f]{12} \\[unknown\\]\\n\\]: 3$',
      ],
      stderr: ['hides the addresses[^]*kernel\\.kptr_restrict'],
    },
  },
];
