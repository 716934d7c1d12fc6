/**
 * What kernels lack and the language does another way there, or refuses: loops (bpf_loop, 5.17), walks over maps (5.13),
 * aggregations read by programs (5.19), long keys (5.19). The same scripts on new kernels give the same results.
 */
import type { VmCase } from '../case.ts';

export const cases: readonly VmCase[] = [
  {
    name: 'loops over ranges, in one another, and in functions',
    kind: 'language',
    smoke: true,
    script: `fn total($n : int64) : int64 {
        $s = 0;
        for ($i : 0..$n) { if ($s > 20) { return $s; } $s += $i; }
        return $s;
      }
      begin {
        $even = 0;
        for ($i : 0..100) { if ($i == 50) { break; } if ($i % 2) { continue; } $even += $i; }
        $end = 20 + (rand & 0);
        $pairs = 0;
        for ($i : 0..$end) { for ($j : 0..$end) { if ($j > $i) { break; } $pairs++; } }
        printf("%d %d %d %d\\n", $even, $pairs, total(5), total(100));
        for ($i : 0..10) { if ($i == 2) { return; } @seen[$i] = 1; }
        printf("not reached\\n");
      }`,
    expect: { stdout: '600 210 10 21\n\n\n@seen[0]: 1\n@seen[1]: 1' },
  },
  {
    name: 'a while loop',
    kind: 'language',
    args: ['--no-warnings'],
    script: `begin {
        $i = 0;
        while ($i < 500) { $i++; if ($i % 2) { continue; } if ($i > 400) { break; } @n[$i % 3] = count(); }
        printf("%d\\n", $i);
      }`,
    expect: { matches: ['^402$', '^@n\\[0\\]: 66$', '^@n\\[1\\]: 67$', '^@n\\[2\\]: 67$'] },
  },
  {
    name: 'aggregations that programs read',
    kind: 'language',
    smoke: true,
    script: `begin {
        @calls = count(); @calls = count();
        @sum["a"] = sum(-5); @sum["a"] = sum(-6);
        @avg = avg(4); @avg = avg(8);
        @min["q"] = min(9); @min["q"] = min(3);
        @max = max(3); @max = max(11);
        if (@calls == 2) { printf("two\\n"); }
        printf("%d %d %d %d %d\\n", (int64)@sum["a"], (int64)@avg, (int64)@min["q"], (int64)@max, (int64)@sum["b"]);
        clear(@min); zero(@max);
      }`,
    expect: { stdout: 'two\n-11 6 3 11 0\n\n\n@avg: 6\n@calls: 2\n@max: 0\n@sum[a]: -11' },
  },
  {
    name: 'an aggregation of all CPUs is read as one number',
    kind: 'language',
    script: `tracepoint:syscalls:sys_enter_lseek /pid == cpid/ { @calls[pid] = count(); if (@calls[pid] == 1500) { @at1500++; } }`,
    workload: { program: 'lseek', args: ['2000'] },
    expect: { matches: ['^@calls\\[\\d+\\]: 2000$', '^@at1500: 1$'] },
  },
  {
    name: 'a loop over a map of aggregations',
    kind: 'language',
    script:
      'begin { @c["x"] = count(); @c["y"] = count(); $s = 0; for ($kv : @c) { $s += $kv.1; } printf("sum %d\\n", $s); }',
    expect: { matches: ['^sum 2$'] },
    refusals: [{ on: ['5.10'], message: 'a loop over a map needs bpf_for_each_map_elem' }],
  },
  {
    name: 'a string of full length as a key',
    kind: 'language',
    smoke: true,
    script: 'tracepoint:syscalls:sys_enter_openat /pid == cpid/ { @[str(args.filename)] = count(); }',
    workload: { shell: 'exec 3</etc/passwd; exec 3</etc/passwd' },
    expect: { matches: ['^@\\[/etc/passwd\\]: 2$'] },
    variations: [
      {
        on: ['5.10'],
        expect: {
          matches: ['^@\\[/etc/passwd\\]: 2$'],
          stderr: ['WARNING: keys of maps have at most 512 bytes on this kernel, so strings are read up to 199 bytes'],
        },
      },
    ],
  },
  {
    name: 'a string of limited length as a key',
    kind: 'language',
    script: 'tracepoint:syscalls:sys_enter_openat /pid == cpid/ { @[comm, str(args.filename, 200)] = count(); }',
    workload: { shell: 'exec 3</etc/passwd; exec 3</etc/passwd' },
    expect: { matches: ['^@\\[sh, /etc/passwd\\]: 2$'] },
  },
  {
    name: 'a full map says so',
    kind: 'language',
    script: 'config = { max_map_keys = 2 } begin { @m[1] = 1; @m[2] = 1; @m[3] = 1; }',
    expect: { matches: ['^@m\\[1\\]: 1$', '^@m\\[2\\]: 1$'], stderr: ['Map full', 'retcode: -7'] },
  },
  {
    name: 'time between two events of a thread',
    kind: 'language',
    script: `tracepoint:syscalls:sys_enter_lseek /pid == cpid/ { @start[tid] = nsecs; }
      tracepoint:syscalls:sys_exit_lseek /@start[tid]/ {
        @ns = hist(nsecs - @start[tid]); @calls = count(); @longest = max(nsecs - @start[tid]); delete(@start, tid);
      }`,
    workload: { program: 'lseek', args: ['100'] },
    expect: { matches: ['^@calls: 100$', '^@longest: [1-9]\\d*$'], absent: ['^@start'] },
  },
  {
    name: 'the current task and its parent',
    kind: 'kernel types',
    script: `begin { printf("%d %s %d\\n", curtask->pid == tid, curtask->comm, curtask->real_parent->pid == curtask->real_parent->tgid);
        print(((struct task_struct *)kaddr("init_task"))->comm); }`,
    expect: { stdout: '1 ebtrace 1\nswapper/0' },
  },
];
