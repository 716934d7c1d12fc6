/** Iterators: the objects that are there, no others, and an end by itself. */
import type { Refusal, VmCase } from '../case.ts';

/** A process whose name and files are known, behind the back of ebtrace. */
const sleeper = {
  before: [
    'cp /bin/sleep /run/eb_sleeper',
    '/run/eb_sleeper 100 7</etc/passwd >/dev/null 2>&1 &',
    'echo $! >/run/eb_sleeper.pid',
  ].join('\n'),
  after: 'kill "$(cat /run/eb_sleeper.pid)"',
};

const noCgroups: readonly Refusal[] = [{ on: ['5.10'], message: "This kernel has no iterator over 'cgroup'" }];

export const cases: readonly VmCase[] = [
  {
    name: 'iter:task finds every task once, with its fields',
    kind: 'iter',
    smoke: true,
    ...sleeper,
    script: 'iter:task { @[ctx.task.comm] = count(); @seen[ctx.task.pid] = count(); } end { printf("end\\n"); }',
    expect: {
      matches: ['^@\\[eb_sleeper\\]: 1$', '^@\\[ebtrace\\]: 1$', '^@\\[kthreadd\\]: 1$', '^@seen\\[1\\]: 1$', '^end$'],
      absent: ['@seen\\[\\d+\\]: ([2-9]|\\d\\d)', '@seen\\[0\\]'],
    },
  },
  {
    name: 'comm(PID) is the name that the task itself has',
    kind: 'iter',
    smoke: true,
    ...sleeper,
    script: 'iter:task { @[comm(ctx.task.pid) == ctx.task.comm] = count(); }',
    expect: { matches: ['^@\\[true\\]: \\d+$'], absent: ['@\\[false\\]', 'WARNING'] },
    refusals: [{ on: ['5.10', '6.1'], message: 'comm\\(PID\\) does not work in iter probes on this kernel' }],
  },
  {
    name: 'iter:task_file tells the open files of a process',
    kind: 'iter',
    ...sleeper,
    script:
      'iter:task_file /ctx.task.comm == "eb_sleeper"/ { printf("fd %d is %s\\n", ctx.fd, str(ctx.file.f_path.dentry.d_name.name)); }',
    expect: { matches: ['^fd 0 is null$', '^fd 1 is null$', '^fd 2 is null$', '^fd 7 is passwd$'] },
  },
  {
    name: 'iter:task_vma, predicates and maps',
    kind: 'iter',
    ...sleeper,
    script:
      'iter:task_vma /ctx.task.comm == "eb_sleeper"/ { @ = count(); if (ctx.vma.vm_start >= ctx.vma.vm_end) { @wrong = count(); } }',
    expect: { numbers: [{ pattern: '^@: (\\d+)$', min: 8, max: 60 }], absent: ['@wrong'] },
    refusals: [{ on: ['5.10'], message: "This kernel has no iterator over 'task_vma'" }],
  },
  {
    name: 'iter:bpf_map finds the maps of the script itself',
    kind: 'iter',
    args: ['-f', 'json'],
    script: 'iter:bpf_map { printf("%s %d\\n", ctx.map.name, ctx.map.max_entries); @kept[1, 2] = 3; }',
    expect: { json: [{ type: 'printf', data: 'map_kept 4096\n' }], matches: ['"@kept": \\{"1,2": 3\\}'] },
  },
  {
    name: 'exit() ends an iteration, with its status, and end runs',
    kind: 'iter',
    script: 'begin { printf("first\\n"); } iter:task { @n++; if (@n == 3) { exit(7); } } end { printf("last\\n"); }',
    expect: { status: 7, matches: ['^first$', '^last$', '^@n: 3$'] },
  },
  {
    name: '-c restricts an iterator to the child',
    kind: 'iter',
    workload: { shell: 'exec sleep 5' },
    script: 'iter:task { printf("%d\\n", ctx.task.tgid == cpid); @ = count(); }',
    expect: { matches: ['^1$', '^@: 1$'], absent: ['^0$'] },
    refusals: [{ on: ['5.10'], message: 'this kernel cannot restrict an iterator to a process' }],
  },
  {
    name: 'as many events as there are objects: none is lost',
    kind: 'iter',
    script: 'iter:ksym { @ = count(); @sent++; printf("x"); }',
    timeout: 180,
    expect: { matches: ['^x{20000}', '^@: (\\d+)\\n@sent: \\1$'], absent: ['[Ll]ost'] },
    refusals: [{ on: ['5.10'], message: "This kernel has no iterator over 'ksym'" }],
  },
  {
    name: 'iter:cgroup goes through all cgroups, from the root on',
    kind: 'iter',
    before: 'mkdir -p /sys/fs/cgroup/eb_one/eb_two',
    after: 'rmdir /sys/fs/cgroup/eb_one/eb_two /sys/fs/cgroup/eb_one',
    script: 'iter:cgroup { printf("[%s]\\n", str(ctx.cgroup.kn.name)); }',
    expect: { matches: ['^\\[eb_one\\]\\n\\[eb_two\\]$'] },
    refusals: noCgroups,
  },
  {
    name: 'a pinned iterator goes on when ebtrace has ended, and its printf is formatted by the kernel',
    kind: 'iter',
    smoke: true,
    workload: { shell: 'true' },
    before: 'rm -f /sys/fs/bpf/eb_pinned',
    script:
      'iter:bpf_map:eb_pinned { printf("%s:%5d|%-6x|%s 100%%\\n", ctx.map.name, ctx.map.key_size, ctx.map.max_entries, "x"); @any[pid] = 1; }',
    after: 'rm /sys/fs/bpf/eb_pinned',
    expect: { stdout: 'Program pinned to /sys/fs/bpf/eb_pinned' },
  },
  {
    name: 'a pinned iterator can be read',
    kind: 'iter',
    before:
      '"$EBTRACE" -q -e \'iter:bpf_map:eb_read { printf("%s:%5d|%-6x|%s 100%%\\n", ctx.map.name, ctx.map.key_size, ctx.map.max_entries, "x"); @any[pid] = 1; }\' >/dev/null',
    script: 'interval:ms:100 { cat("/sys/fs/bpf/eb_read"); exit(); }',
    after: 'rm /sys/fs/bpf/eb_read',
    expect: { matches: ['^map_any:    4\\|1000  \\|x 100%$'] },
  },
  {
    name: 'what is pinned already is not replaced',
    kind: 'iter',
    before: '"$EBTRACE" -q -e "iter:task:eb_twice { }" >/dev/null',
    script: 'iter:task:eb_twice { }',
    after: 'rm /sys/fs/bpf/eb_twice',
    expect: { status: 255, stderr: ['Cannot pin iter:task:eb_twice to /sys/fs/bpf/eb_twice: File exists'] },
  },
  {
    name: '-l iter:* and -lv',
    kind: 'iter',
    args: ['-lv', 'iter:task*'],
    expect: { matches: ['^iter:task$\\n    struct task_struct \\* ?task$', '^iter:task_file$'] },
  },
];
