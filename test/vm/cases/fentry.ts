/** fentry, fexit and raw tracepoints: values of arguments and results, chains of pointers, functions of modules, order. */
import type { VmCase } from '../case.ts';

/** What the machine's own kernel may say, when it has no tracing programs. */
const none = {
  on: [],
  message: 'this kernel does not take programs for functions|There is no|cannot be traced',
} as const;

/** Another ebtrace, whose programs are traced: p1 runs for each fcntl(2) of the workload, and its delete() fails each time. */
const target = 'begin { @x[7] = 1; } kprobe:f_dupfd /arg0 == 900/ { delete(@x, 5); } interval:s:120 { exit(); }';

export const cases: readonly VmCase[] = [
  {
    name: 'a function that programs call themselves',
    kind: 'fentry',
    script:
      'tracepoint:syscalls:sys_enter_lseek /pid == cpid/ { @w[comm] = count(); } ' +
      'fentry:bpf_get_current_comm /pid == cpid/ { @calls = count(); }',
    workload: { program: 'lseek', args: ['3'] },
    expect: { matches: ['^@calls: 3$', '^@w\\[lseek\\]: 3$'] },
    refusals: [
      { on: ['5.10'], message: 'nothing in this kernel keeps a program of fentry or fexit from running within itself' },
    ],
  },
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
    name: 'chains of members that are loads: pointers, numbers, text at their end, NULL on the way',
    kind: 'fentry',
    smoke: true,
    script:
      'fentry:__set_task_comm /pid == cpid/ { $task = args.tsk; ' +
      'print((args.tsk->pid == (int32)tid, args.tsk->real_parent->tgid == ppid, args.tsk->mm->total_vm == $task->mm->total_vm)); ' +
      'print((args.tsk->vfork_done->done, args.tsk->vfork_done->wait.task_list.next, args.tsk->real_parent->comm == pcomm)); }',
    workload: { shell: 'echo renamed > /proc/self/comm' },
    expect: { matches: ['^\\(true, true, true\\)\n\\(0, 0x0, true\\)$'] },
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
    workload: { shell: 'exec cat /etc/passwd /etc/passwd' },
    expect: { matches: ['^@\\[fentry:overlay:ovl_read_iter, passwd\\]: [1-9]'] },
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
    name: 'nine arguments, and a struct by value before the last',
    kind: 'fentry',
    script: `fentry:do_mmap /pid == cpid && args.len == 0x7000/ { @in[args.addr, args.prot, args.flags, args.pgoff, *args.populate] = count(); }
      fexit:do_mmap /pid == cpid && args.len == 0x7000/ { @out[args.pgoff, retval == args.addr] = count(); }
      fentry:tcp_setsockopt /pid == cpid/ {
        @option[args.level, args.optname, args.optval.user, args.optval.is_kernel, args.optlen] = count(); }
      fexit:tcp_setsockopt /pid == cpid/ { @set[args.optlen, retval] = count(); }`,
    workload: { program: 'arguments', args: ['5'] },
    expect: {
      matches: [
        '^@in\\[20015889776640, 1, 2, 3, 0\\]: 5$',
        '^@out\\[3, true\\]: 5$',
        '^option at (0x\\w+)$[^]*^@option\\[6, 1, \\1, false, 4\\]: 5$',
        '^@set\\[4, 0\\]: 5$',
      ],
    },
    refusals: [
      none,
      { on: ['5.10', '6.1'], message: 'with more than 6 arguments|with such a type as argument' },
      {
        on: ['arm64-6.12'],
        message: 'Cannot attach fexit:vmlinux:do_mmap: this kernel cannot attach programs to functions of this kind',
      },
    ],
  },
  {
    name: 'functions of a BPF program, its own and what it calls',
    kind: 'fentry',
    smoke: true,
    before: [
      `"$EBTRACE" -q -e '${target}' >/dev/null 2>&1 & echo $! >/tmp/eb_target`,
      `for i in $(seq 30); do "$EBTRACE" -l 'fentry:bpf:eb_fail' | grep -q . && break; sleep 1; done`,
    ].join('\n'),
    after: 'kill "$(cat /tmp/eb_target)"',
    script:
      'fentry:bpf:p1 /comm == "dup"/ { @entry[probe] = count(); } fexit:bpf:p1 /comm == "dup"/ { @exit[retval, args.ctx != 0] = count(); } fentry:bpf:eb_fail /pid == cpid/ { @failed[args.code, args.site < 8] = count(); }',
    workload: { program: 'dup', args: ['3'] },
    expect: {
      matches: ['^@entry\\[fentry:bpf:\\d+:p1\\]: 3$', '^@exit\\[0, true\\]: 3$', '^@failed\\[-2, true\\]: 3$'],
    },
    refusals: [{ on: ['5.10'], message: 'there is no result in fexit probes' }],
  },
  {
    name: 'probes on locks that programs take leave out hits within programs',
    kind: 'fentry',
    script:
      'fentry:_raw_spin_unlock_irqrestore /pid == cpid/ { printf("lock\\n"); } tracepoint:syscalls:sys_enter_lseek /pid == cpid/ { printf("seek\\n"); @n = count(); }',
    workload: { program: 'lseek', args: ['5'] },
    expect: {
      matches: ['^seek$', '^@n: 5$'],
      stderr: [
        'run through functions of fentry:vmlinux:_raw_spin_unlock_irqrestore',
        'fentry:vmlinux:_raw_spin_unlock_irqrestore missed [1-9]\\d* events: what it counted is at least this',
      ],
    },
    // Its ring has locks of another kind, which do not run through this function.
    variations: [
      {
        on: ['7.2'],
        expect: {
          matches: ['^seek$', '^@n: 5$'],
          stderr: ['run through functions of fentry:vmlinux:_raw_spin_unlock_irqrestore'],
        },
      },
    ],
    // arm64 has its code in its callers.
    refusals: [none, { on: ['arm64-6.12'], message: "There is no function '_raw_spin_unlock_irqrestore'" }],
  },
  {
    name: 'raw tracepoint and tracepoint tell the same',
    kind: 'rawtracepoint',
    smoke: true,
    script:
      'rawtracepoint:sys_enter /pid == cpid && args.id == 8/ { @raw = count(); @offset[args.regs.si] = count(); } tracepoint:syscalls:sys_enter_lseek /pid == cpid/ { @perf = count(); } rawtracepoint:sched_process_exec /pid == cpid/ { @exec[args.p == curtask, arg1] = count(); }',
    workload: { program: 'lseek', args: ['5'] },
    expect: { matches: ['^@raw: 5$', '^@perf: 5$', '^@offset\\[1000\\]: 5$', '^@exec\\[true, \\d+\\]: 1$'] },
    variations: [
      {
        on: ['arm64-6.12'],
        script: `rawtracepoint:sys_enter /pid == cpid && args.id == 62/ { @raw = count(); @offset[args.regs.regs[1]] = count(); }
          tracepoint:syscalls:sys_enter_lseek /pid == cpid/ { @perf = count(); }
          rawtracepoint:sched_process_exec /pid == cpid/ { @exec[args.p == curtask, arg1] = count(); }`,
        expect: { matches: ['^@raw: 5$', '^@perf: 5$', '^@offset\\[1000\\]: 5$', '^@exec\\[true, \\d+\\]: 1$'] },
      },
    ],
  },
];
