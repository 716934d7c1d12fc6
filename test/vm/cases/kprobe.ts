/** kprobe and kretprobe: arguments, results, wildcards by every mechanism, sessions, order, and what is refused. */
import type { VmCase, Workload } from '../case.ts';

const readfile: Workload = { program: 'readfile', args: ['7', '777'] };

export const cases: readonly VmCase[] = [
  {
    name: 'a function that never returns',
    kind: 'kretprobe',
    script: 'kretprobe:do_exit { @returns = count(); } kprobe:do_exit /pid == cpid/ { @calls = count(); }',
    workload: { shell: 'true' },
    expect: {
      matches: ['^@calls: 1$'],
      absent: ['^@returns:'],
      stderr: ['WARNING: do_exit never returns, so this probe never fires'],
    },
  },
  {
    name: 'arguments of a kprobe are what the program passed, a result what it got',
    kind: 'kprobe',
    smoke: true,
    script: `kprobe:vfs_read /comm == "readfile"/ {
        @arg[probe, str(((struct file *)arg0)->f_path.dentry->d_name.name, 64), arg2, func] = count(); }
      kretprobe:vfs_read /comm == "readfile"/ { @ret[probe, retval] = count(); }`,
    workload: readfile,
    expect: {
      matches: ['^@arg\\[kprobe:vfs_read, known-name, 777, vfs_read\\]: 7$', '^@ret\\[kretprobe:vfs_read, 777\\]: 7$'],
    },
  },
  {
    name: 'a kretprobe alone knows result and function',
    kind: 'kretprobe',
    smoke: true,
    script: 'kretprobe:f_dupfd /pid == cpid/ { @[retval, probe] = count(); }',
    workload: { program: 'dup', args: ['25'] },
    expect: { matches: ['^@\\[900, kretprobe:f_dupfd\\]: 25$'] },
  },
  {
    name: 'func in kretprobes of a wildcard',
    kind: 'kretprobe',
    script: 'kretprobe:f_dup* /pid == cpid/ { @[func, retval] = count(); }',
    workload: { program: 'dup', args: ['25'] },
    expect: { matches: ['^@\\[f_dupfd, 900\\]: 25$'] },
    refusals: [{ on: ['5.10'], message: 'does not tell which function a kretprobe is in' }],
  },
  {
    name: 'a wildcard tells its functions apart',
    kind: 'kprobe',
    smoke: true,
    script: 'kprobe:f_dupf*, kprobe:ksys_unshar* /pid == cpid/ { @[func, probe, arg0] = count(); }',
    workload: { program: 'dup', args: ['25'] },
    expect: { matches: ['^@\\[f_dupfd, kprobe:f_dupfd, 900\\]: 25$'] },
  },
  {
    name: 'the same by one perf event each',
    kind: 'kprobe',
    args: ['--no-feature', 'kprobe_multi,kprobe_session'],
    script: `kprobe:vfs_rea* /comm == "readfile"/ { @[func, probe, arg2] = count(); }
      kretprobe:vfs_rea* /comm == "readfile"/ { @r[func, probe, retval] = count(); }`,
    workload: readfile,
    expect: {
      matches: ['^@\\[vfs_read, kprobe:vfs_read, 777\\]: 7$', '^@r\\[vfs_read, kretprobe:vfs_read, 777\\]: 7$'],
    },
    refusals: [{ on: ['5.10'], message: 'does not tell which function a kretprobe is in' }],
  },
  {
    name: 'a session of a wildcard pairs entry and return',
    kind: 'kprobe',
    script: `kprobe:vfs_rea* /comm == "readfile"/ { @start[tid] = nsecs; @e[probe] = count(); }
      kretprobe:vfs_rea* /comm == "readfile" && has_key(@start, tid)/ {
        @r[probe, nsecs >= @start[tid], retval] = count(); delete(@start, tid); }`,
    workload: readfile,
    expect: {
      matches: ['^@e\\[kprobe:vfs_read\\]: 7$', '^@r\\[kretprobe:vfs_read, true, 777\\]: 7$'],
      absent: ['^@start'],
    },
  },
  {
    name: 'bodies on one function run in the order of the script',
    kind: 'kprobe',
    script: `kprobe:f_dupfd /pid == cpid/ { printf("a"); } kprobe:f_dupfd /pid == cpid/ { printf("b"); }
      kretprobe:f_dupfd /pid == cpid/ { printf("c"); } kretprobe:f_dupfd /pid == cpid/ { printf("d\\n"); }`,
    workload: { program: 'dup', args: ['2'] },
    expect: { matches: ['^abcd\\nabcd$'] },
  },
  {
    name: 'a name and wildcards on one function run in the order of the script',
    kind: 'kprobe',
    smoke: true,
    script: `kprobe:f_* /pid == cpid && arg0 == 900/ { printf("a"); } kprobe:f_dupfd /pid == cpid && arg0 == 900/ { printf("b"); }
      kprobe:vfs_fsync { } kprobe:f_d* /pid == cpid && arg0 == 900/ { printf("c"); }
      kretprobe:f_* /pid == cpid && retval == 900/ { printf("d"); } kretprobe:f_dupfd /pid == cpid && retval == 900/ { printf("e"); }
      kretprobe:f_d* /pid == cpid && retval == 900/ { printf("f\\n"); }`,
    workload: { program: 'dup', args: ['2'] },
    expect: { matches: ['^abcdef\\nabcdef$'] },
  },
  {
    name: 'functions that are not there are left out of a wildcard',
    kind: 'kprobe',
    before: 'printf "f_dupfd\\nf_gone\\nf_went\\n" > /dev/shm/traceable',
    args: ['--traceable-functions', '/dev/shm/traceable'],
    script: `config = { missing_probes = warn }
      kprobe:f_* /pid == cpid/ { @[probe, arg0] = count(); } kretprobe:f_* /pid == cpid/ { @r[probe, retval] = count(); }`,
    workload: { program: 'dup', args: ['3'] },
    expect: {
      matches: ['^@\\[kprobe:f_dupfd, 900\\]: 3$', '^@r\\[kretprobe:f_dupfd, 900\\]: 3$'],
      stderr: ['kprobe:f_(\\* to f_gone, f_went|gone|\\* \\(f_gone\\)): the kernel has no such function', 'left out'],
    },
  },
  {
    name: 'a wildcard has all functions of a name that several have',
    kind: 'kprobe',
    script: 'kprobe:*type_show { @[probe, comm] = count(); }',
    workload: { shell: 'cat /sys/class/net/lo/type /sys/devices/system/cpu/cpu0/cache/index0/type' },
    expect: { matches: ['^@\\[kprobe:type_show, cat\\]: 2$'] },
  },
  {
    name: '-p lets only events of that process through, in every kind',
    kind: 'kprobe',
    onlyInGuests: true,
    // Without warnings: so many probes at one event miss some, which is told. They attach in the workload; clang takes long in an arm64 guest.
    timeout: 240,
    workload: {
      shell: `
        sh -c 'while read -r x < /etc/passwd; do sleep 0.02; done' & other=$!
        sh -c 'while read -r x < /etc/passwd; do sleep 0.02; done' & p=$!
        $EBTRACE -q --no-warnings -p $p -e 'kprobe:vfs_read { @k[pid] = count(); } kretprobe:vfs_rea* { @r[pid] = count(); }
          fentry:vfs_read { @f[pid] = count(); } fexit:vfs_read { @x[pid] = count(); }
          rawtracepoint:sys_enter { @w[pid] = count(); } tracepoint:raw_syscalls:sys_exit { @s[pid] = count(); }
          tracepoint:syscalls:sys_enter_read { @t[pid] = count(); } interval:s:2 { exit(); }' > /dev/shm/counts
        sed "s/\\[$p\\]/[it]/" /dev/shm/counts
        kill $p $other`,
    },
    script: 'interval:s:600 { }',
    expect: {
      matches: ['k', 'r', 'f', 'x', 'w', 't', 's'].map((map) => `^@${map}\\[it\\]: [1-9]`),
      absent: ['^@\\w\\[\\d'],
    },
  },
  {
    name: 'registers, context and mode',
    kind: 'kprobe',
    script: `kprobe:f_dupfd /pid == cpid/ {
      @[ctx->di == arg0, reg("di") == 900, *(uint64 *)reg("sp") > 0xffff000000000000, usermode] = count(); }`,
    workload: { program: 'dup', args: ['3'] },
    expect: { matches: ['^@\\[true, true, true, 0\\]: 3$'] },
    variations: [
      {
        on: ['arm64-6.12'],
        script: `kprobe:f_dupfd /pid == cpid/ {
          @[ctx->regs[0] == arg0, reg("r0") == 900, reg("r30") > 0xffff000000000000, usermode] = count(); }`,
        expect: { matches: ['^@\\[true, true, true, 0\\]: 3$'] },
      },
    ],
  },
  {
    name: 'a function of a module',
    kind: 'kprobe',
    script: 'kprobe:overlay:ovl_r* /comm == "cat"/ { @[probe] = count(); }',
    workload: { shell: 'cat /etc/passwd > /dev/null' },
    expect: { matches: ['^@\\[kprobe:overlay:ovl_\\w+\\]: [1-9]'] },
  },
  {
    name: 'an offset in the middle of an instruction',
    kind: 'kprobe',
    script: 'kprobe:vfs_read+2 { @ = count(); }',
    expect: {
      status: 255,
      stderr: ['Cannot attach kprobe:vfs_read\\+2: the offset is in the middle of an instruction'],
    },
    variations: [
      {
        on: ['arm64-6.12'],
        expect: {
          status: 1,
          stderr: ['The offset 2 is in the middle of an instruction[^]*On this machine each has 4 bytes'],
        },
      },
    ],
  },
  {
    name: 'functions that cannot have a probe, each with the reason',
    kind: 'kprobe',
    before: 'mountpoint -q /sys/kernel/debug || mount -t debugfs debugfs /sys/kernel/debug',
    script: 'kprobe:vfs_raed { } kprobe:nosuchmodule:f { } kprobe:aggr_pre_handler { } kprobe:jiffies { }',
    expect: {
      status: 1,
      stderr: [
        "no function 'vfs_raed'[^]*Did you mean 'kprobe:vfs_read'",
        "The module 'nosuchmodule' is not loaded",
        'aggr_pre_handler cannot have a probe: .*blacklist',
        "'jiffies' is data of the kernel",
      ],
    },
  },
  {
    name: 'kprobes of a pattern with their arguments',
    kind: 'listing',
    smoke: true,
    args: ['-lv', 'kprobe:vfs_re*'],
    expect: { matches: ['^kprobe:vfs_read\\n    struct file \\* arg0\\n', '^kprobe:vfs_readv$'] },
  },
];
