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
    name: 'no types: tracepoints keep their fields, kprobes their arguments',
    kind: 'kernel types',
    before: 'mkdir /dev/shm/nothing; mount --bind /dev/shm/nothing /sys/kernel/btf',
    after: 'umount /sys/kernel/btf; rmdir /dev/shm/nothing',
    script: `tracepoint:sched:sched_process_exec /pid == cpid/ { printf("%s %d\\n", str(args.filename), args.pid == pid); }
      tracepoint:sched:sched_process_exit /pid == cpid/ { printf("comm=%s\\n", args.comm); }
      tracepoint:raw_syscalls:sys_enter /args.args[2] == 900 && pid == cpid/ { @raw[args.args[1]] = count(); }
      tracepoint:syscalls:sys_enter_fcntl /pid == cpid/ { @fcntl[args.arg, args.fd] = count(); }
      tracepoint:syscalls:sys_enter_write /pid == cpid/ { @write[str(args.buf, 16)] = count(); }
      kprobe:f_dupfd /pid == cpid/ { @k[arg0] = count(); } kretprobe:f_dupfd /pid == cpid/ { @r[retval] = count(); }`,
    workload: { program: 'dup', args: ['3'] },
    expect: {
      matches: [
        '/dup 1$',
        '^comm=dup$',
        '^@raw\\[0\\]: 3$',
        '^@fcntl\\[900, 1\\]: 3$',
        '^@write\\[done',
        '^@k\\[900\\]: 3$',
        '^@r\\[900\\]: 3$',
      ],
    },
  },
  {
    name: 'hidden addresses: probes work, functions are numbers, and the reason is told',
    kind: 'stacks and symbols',
    before: 'sysctl -q -w kernel.kptr_restrict=2',
    after: 'sysctl -q -w kernel.kptr_restrict=0',
    script: 'kprobe:f_dupfd, kprobe:vfs_fsyn* /pid == cpid/ { @[func, arg0] = count(); }',
    workload: { program: 'dup', args: ['3'] },
    expect: {
      matches: ['^@\\[0xf+\\w+, 900\\]: 3$'],
      stderr: ['The kernel hides the addresses of its symbols', 'kptr_restrict'],
    },
  },
  {
    name: 'Ctrl-C while kprobes are attached one by one: ends at once, nothing stays',
    kind: 'life cycle',
    before: 'mountpoint -q /sys/kernel/debug || mount -t debugfs debugfs /sys/kernel/debug',
    workload: {
      shell: `
        count() { wc -l < /sys/kernel/debug/kprobes/list; }
        $EBTRACE --no-feature kprobe_multi -e 'kprobe:vfs_*, kprobe:sec*, kprobe:tcp_* { @ = count(); }' & p=$!
        while [ $(count) -lt 20 ]; do sleep 0.1; done
        kill -INT $p
        wait $p
        echo status=$?
        n=0; while [ $(count) -gt 0 ] && [ $n -lt 300 ]; do n=$((n + 1)); sleep 0.1; done
        echo left=$(count)`,
    },
    script: 'interval:s:60 { }',
    args: ['-q'],
    expect: { matches: ['^status=255$', '^left=0$'] },
  },
  {
    name: 'the workload ends the run, and its status is not ours',
    kind: 'life cycle',
    script: 'tracepoint:syscalls:sys_enter_exit_group /pid == cpid/ { printf("exit %d\\n", args.error_code); }',
    workload: { shell: 'exit 7' },
    expect: { matches: ['^exit 7$'] },
  },
];
