/** Everyday language: what has to work on every kernel. */
import type { VmCase } from '../case.ts';

export const cases: readonly VmCase[] = [
  {
    name: 'begin and end bodies run once, in order',
    kind: 'begin',
    smoke: true,
    script: 'begin { printf("one\\n"); @x = 41; exit(); } end { printf("%d\\n", @x + 1); }',
    expect: { stdout: 'one\n42\n\n\n@x: 41' },
  },
  {
    name: 'comm(PID) where raw tracepoints can look up a process',
    kind: 'begin',
    script: 'begin { print(comm(pid(init)) == comm); }',
    expect: { matches: ['^true$'] },
    refusals: [
      {
        on: ['5.10', '6.1', '6.12', 'arm64-6.12'],
        message: 'comm\\(PID\\) does not work in begin probes on this kernel',
      },
    ],
  },
  {
    name: 'end bodies see what was counted until the workload ended',
    kind: 'end',
    smoke: true,
    script: 'tracepoint:syscalls:sys_enter_lseek /pid == cpid/ { @n++; } end { printf("lseek %d\\n", @n); clear(@n); }',
    workload: { program: 'lseek', args: ['17'] },
    expect: { matches: ['^lseek 17$', '^done$'] },
  },
  {
    name: 'self:signal prints maps when asked to',
    kind: 'self',
    smoke: true,
    script:
      'begin { printf("ready\\n"); } self:signal:SIGUSR1 { printf("asked\\n"); exit(); } interval:s:30 { exit(); }',
    signal: { when: '^ready$', name: 'SIGUSR1' },
    expect: { stdout: 'ready\nasked' },
  },
  {
    name: 'aggregations',
    kind: 'language',
    smoke: true,
    script: `begin {
      @c = count(); @s = sum(3); @a = avg(4); @mx = max(3); @mn = min(9); @st = stats(4); @k["x", 1] = count();
      @h = hist(5); @l = lhist(3, 0, 10, 1); exit(); }`,
    expect: {
      matches: [
        '^@c: 1$',
        '^@s: 3$',
        '^@a: 4$',
        '^@mx: 3$',
        '^@mn: 9$',
        '^@k\\[x, 1\\]: 1$',
        'count = 1, .average = 4, .total = 4',
        '^@h:\\n\\[4, 8\\) +1 \\|@{52}\\|$',
        '^@l:\\n\\[3\\] +1 \\|@{52}\\|$',
      ],
    },
  },
  {
    name: 'for over a range and while',
    kind: 'language',
    script: 'begin { for $i : 3..8 { @sum += $i; @last = $i; } $i = 0; while ($i < 700) { $i++; @w = $i; } exit(); }',
    args: ['--no-warnings'],
    expect: { matches: ['^@sum: 25$', '^@last: 7$', '^@w: 700$'] },
  },
  {
    name: 'for over a map',
    kind: 'language',
    smoke: true,
    script: 'begin { @x[1] = 10; @x[2] = 20; for ($kv : @x) { @sum += $kv.0 * 100 + $kv.1; } exit(); }',
    expect: { matches: ['^@sum: 330$'] },
    refusals: [{ on: ['5.10'], message: 'a loop over a map needs bpf_for_each_map_elem \\(Linux 5\\.13\\)' }],
  },
  {
    name: 'len, delete, clear and print of a map',
    kind: 'language',
    script: 'begin { @a[1] = 5; @a[2] = 6; printf("%d\\n", len(@a)); delete(@a, 1); print(@a); clear(@a); exit(); }',
    expect: { stdout: '2\n@a[2]: 6' },
    refusals: [{ on: ['5.10'], message: 'len\\(@map\\) needs bpf_for_each_map_elem \\(Linux 5\\.13\\)' }],
  },
  {
    name: 'strings, buffers and functions',
    kind: 'language',
    script: `fn f($a: int64): int64 { return $a * 2; }
      begin { $s = "abc"; if (strncmp($s, "abd", 2) == 0) { printf("%s %d %r\\n", $s, f(21), buf("xy", 2)); } exit(); }`,
    expect: { stdout: 'abc 42 xy' },
  },
  {
    name: 'JSON output',
    kind: 'language',
    args: ['-f', 'json'],
    script: 'begin { @x["a"] = 7; printf("hello %d\\n", 3); exit(); }',
    expect: {
      json: [
        { type: 'printf', data: 'hello 3\n' },
        { type: 'map', data: { '@x': { a: 7 } } },
      ],
    },
  },
  {
    name: 'curtask through pointers: pid and name are those of the builtins',
    kind: 'kernel types',
    smoke: true,
    script: `tracepoint:syscalls:sys_enter_lseek /pid == cpid/ {
      printf("%d %d %d\\n", curtask.tgid == pid, curtask.comm == comm, curtask.group_leader.group_leader.pid == pid);
      printf("%d\\n", curtask.mm.mm_users.counter); exit(); }`,
    workload: { program: 'lseek', args: ['1'] },
    expect: { matches: ['^1 1 1\\n1$'] },
  },
  {
    name: 'curtask.real_parent is the tracer',
    kind: 'kernel types',
    script: `begin { @tracer = pid; } tracepoint:syscalls:sys_enter_lseek /pid == cpid/ {
      printf("%d\\n", curtask.real_parent.tgid == @tracer); exit(); }`,
    workload: { program: 'lseek', args: ['1'] },
    expect: { matches: ['^1$'] },
  },
  {
    name: 'reading from NULL gives 0 and, with -k, a warning',
    kind: 'kernel types',
    args: ['-k'],
    script: 'begin { $t = (struct task_struct *)0; printf("%d\\n", $t.pid); exit(); }',
    expect: { stdout: '0', stderr: ['WARNING: Bad address', '\\$t\\.pid'] },
  },
];
