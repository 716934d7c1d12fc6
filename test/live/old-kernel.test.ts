/**
 * What the language does where the kernel lacks a feature, tried on the running kernel with --no-feature; the guests of
 * test/vm have kernels that really lack them.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { canBpf, requireBpfInCi } from '../support/bpf-available.ts';
import { buildBundle, ebtrace, type RunResult } from '../support/ebtrace.ts';

requireBpfInCi();

const lacking =
  'loop,for_each_map_elem,map_lookup_percpu_elem,map_keys_over_512_bytes,get_current_task_btf,task_pt_regs,ktime_get_boot_ns,attach_cookie';

function run(script: string, ...args: readonly string[]): Promise<RunResult> {
  return ebtrace(['-q', '--no-feature', lacking, ...args, '-e', script], { timeoutMs: 60_000 });
}

describe.runIf(canBpf)('without features', () => {
  beforeAll(buildBundle, 60_000);

  test('loops with break, continue and return, in one another and in functions', async () => {
    const result = await run(
      `fn total($n : int64) : int64 {
        $s = 0;
        for ($i : 0..$n) { if ($s > 20) { return $s; } $s += $i; }
        return $s;
      }
      begin {
        $even = 0;
        for ($i : 0..100) { if ($i == 50) { break; } if ($i % 2) { continue; } $even += $i; }
        $pairs = 0;
        for ($i : 0..20) { for ($j : 0..20) { if ($j > $i) { break; } $pairs++; } }
        $w = 0;
        while ($w < 9) { $w++; if ($w == 2) { continue; } if ($w == 5) { break; } printf("round %d\\n", $w); }
        printf("%d %d %d %d\\n", $even, $pairs, total(5), total(100));
        for ($i : 0..10) { if ($i == 2) { return; } @seen[$i] = 1; }
        printf("not reached\\n");
      }`,
      '--no-warnings',
    );
    const stdout = 'round 1\nround 3\nround 4\n600 210 10 21\n\n\n@seen[0]: 1\n@seen[1]: 1\n';
    expect(result).toEqual({ status: 0, stdout, stderr: '' });
  });

  test('loops whose ends the verifier does not know get fewer rounds, and say so when they need more', async () => {
    const result = await run(
      `begin {
        $end = 12 + (rand & 0);
        $n = 0;
        for ($i : 0..$end) { for ($j : 0..$end) { for ($k : 0..$end) { $n++; } } }
        printf("%d\\n", $n);
        $many = 100000 + (rand & 0);
        $m = 0;
        for ($i : 0..$many) { $m++; }
        printf("%d\\n", $m > 10 && $m < 1025);
      }`,
    );
    expect(result).toMatchObject({ status: 0, stdout: '1728\n1\n\n\n' });
    expect(result.stderr).toMatch(
      /WARNING: The loop was ended after \d+ rounds; this kernel has to check each of them/,
    );
  });

  test('aggregations that programs read', async () => {
    const result = await run(`begin {
      @calls = count(); @calls = count();
      @sum["a"] = sum(-5); @sum["a"] = sum(-6);
      @avg = avg(4); @avg = avg(8);
      @min["q"] = min(9); @min["q"] = min(3);
      @max = max(3); @max = max(11);
      if (@calls == 2) { printf("two\\n"); }
      printf("%d %d %d %d %d\\n", (int64)@sum["a"], (int64)@avg, (int64)@min["q"], (int64)@max, (int64)@sum["b"]);
      clear(@min); zero(@max); @sum["c"] = sum(1); delete(@sum, "c");
    }`);
    const stdout = 'two\n-11 6 3 11 0\n\n\n@avg: 6\n@calls: 2\n@max: 0\n@sum[a]: -11\n';
    expect(result).toEqual({ status: 0, stdout, stderr: '' });
  });

  test('an aggregation is the sum over all CPUs', async () => {
    const result = await run(
      `tracepoint:syscalls:sys_enter_getppid /pid == cpid/ { @calls = count(); if (@calls == 300) { @at300++; } }`,
      '-c',
      `${process.execPath} -e for(let[i]=[0];i<500;i++)process.ppid`,
    );
    expect(result.stdout).toMatch(/^@at300: 1$/m);
    const calls = /^@calls: (\d+)$/m.exec(result.stdout)?.[1];
    expect(Number(calls)).toBeGreaterThanOrEqual(500);
  });

  test('clocks, tasks and registers', async () => {
    const result = await run(
      `tracepoint:syscalls:sys_enter_openat /pid == cpid/ { @start[tid] = nsecs; @path[str(args.filename, 100)] = 1; }
       tracepoint:syscalls:sys_exit_openat /@start[tid]/ { @open[probe, args.ret >= 0] = count(); @took = nsecs > @start[tid]; }
       end { clear(@start); }`,
      '-c',
      'cat /etc/hostname',
    );
    expect(result.stdout).toContain('@path[/etc/hostname]: 1\n');
    expect(result.stdout).toMatch(/^@open\[tracepoint:syscalls:sys_exit_openat, true\]: \d+$/m);
    expect(result.stdout).toContain('@took: true\n');
  });
});
