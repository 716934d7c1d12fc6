/** `fn` functions on the kernel: every kind of value in and out, from probes, functions, loops and predicates. */
import { beforeAll, describe, expect, test } from 'vitest';
import { canBpf, requireBpfInCi } from '../support/bpf-available.ts';
import { buildBundle, ebtrace } from '../support/ebtrace.ts';

requireBpfInCi();

async function lines(script: string): Promise<readonly string[]> {
  const result = await ebtrace(['-q', '--no-warnings', '-e', script], { timeoutMs: 30_000 });
  expect(result).toMatchObject({ status: 0, stderr: '' });
  return result.stdout.split('\n').filter((line) => line !== '');
}

describe.runIf(canBpf)('functions', () => {
  beforeAll(buildBundle, 60_000);

  test('integers and bool: conversion to the declared types, parameters are variables of the function', async () => {
    expect(
      await lines(`
        fn add($a: int64, $b: int64): int64 { return $a + $b; }
        fn low($n: int64): uint8 { return (uint8)$n; }
        fn even($n: uint32): bool { if ($n % 2 == 0) { return true; } else { return false; } }
        fn grow($n: int8): int64 { $n++; $n = $n + 1; return $n; }
        fn six($a: int8, $b: int16, $c: int32, $d: int64, $e: uint8, $f: int8): int64 { return $a - $b + $c - $d + $e - $f; }
        begin {
          $x = 5;
          print(add(1, $x)); print(add(add(1, 2), add(3, add(4, 5)))); print(low(300)); print(grow($x)); print($x);
          print((even(4), even(5), !even(5) && even(6))); print(six(1, 2, 3, 4, 5, -6));
          print(six(six(1, 1, 1, 1, 1, 1) > 0 ? 1 : 2, 0, 0, 0, 0, even(2) ? 3 : 4));
        }`),
    ).toEqual(['6', '15', '44', '7', '5', '(true, false, true)', '9', '-1']);
  });

  test('strings, tuples and records in and out', async () => {
    expect(
      await lines(`
        fn same($s: string): string { return $s; }
        fn short($s: string[16], $first: bool): string[20] { if ($first) { return "the first"; } return $s; }
        fn swap($p: typeof((1, "ab"))): typeof(("ab", 1)) { return ($p.1, $p.0); }
        fn rename($r: typeof((lo=1, hi="x"))): typeof((lo=1, hi="x")) { return (lo=$r.lo, hi="y"); }
        fn pair($a: string[8], $b: string[8]): typeof(("1234567", "1234567")) { return ($a, $b); }
        fn me(): string[16] { return comm; }
        begin {
          print(same(same("abc"))); $x = same("one"); $y = same("two"); printf("%s %s %s\\n", $x, $y, same("three"));
          $x = same($y); print(($x, $y)); print(short("second", false)); print(short("second", true));
          print(swap((7, "xy"))); print(rename((lo=3, hi="z"))); print(me() == comm); print(strncmp(same("abc"), same("abd"), 2));
          $a = "a"; print(pair($a, { $a = "b"; $a }));
          @m[same("key")] = same("value"); print(@m["key"]); print(same(@m["key"]));
        }`),
    ).toEqual([
      'abc',
      'one two three',
      '(two, two)',
      'second',
      'the first',
      '(xy, 7)',
      '{ .lo = 3, .hi = y }',
      'true',
      '0',
      '(a, b)',
      'value',
      'value',
      '@m[key]: value',
    ]);
  });

  test('return out of loops, loops in functions in loops', async () => {
    expect(
      await lines(`
        fn root($n: int64): int64 { for ($i : 0..1000) { if ($i * $i >= $n) { return $i; } } return -1; }
        fn half($n: int64): int64 { $i = 0; while ($i < 100) { if ($i * 2 > $n) { return $i; } $i++; } return -1; }
        fn total($n: int64): int64 {
          $sum = 0;
          for ($i : 0..$n) { for ($j : 0..3) { $sum += half($i) + $j; if ($sum > 1000) { return 1000; } } }
          return $sum;
        }
        fn found($k: int64): string[16] { for ($kv : @m) { if ($kv.0 == $k) { return $kv.1; } } return "nothing"; }
        fn once($n: int64): int64 { unroll (3) { if ($n > 1) { return 1; } $n++; } return $n; }
        fn visit($n: int64): void { for ($i : 0..$n) { if ($i == 2) { return; } printf("visit %d\\n", $i); } }
        begin {
          @m[1] = "one"; @m[2] = "two";
          print((root(50), root(0), root(5000000), half(7), total(4), total(100)));
          print((found(2), found(3), once(0), once(-5)));
          visit(5); visit(1); clear(@m);
        }`),
    ).toEqual(['(8, 0, -1, 4, 30, 1000)', '(two, nothing, 1, -2)', 'visit 0', 'visit 1', 'visit 0']);
  });

  test('maps, events and exit() in functions; calls in predicates and in several probes', async () => {
    expect(
      await lines(`
        fn note($k: string[16]): void { @seen[$k]++; if ($k == "stop") { return; } @count[$k] = count(); @all++; }
        fn due($n: int64): bool { return $n < 2; }
        fn last($n: int64): int64 { if ($n == 3) { printf("bye %d\\n", $n); exit(); } return $n * 10; }
        begin { note("a"); note("b"); note("a"); note("stop"); }
        interval:ms:10 /due(@i)/ { @i++; print(last(@i)); }
        interval:ms:10 /!due(@i)/ { for ($k : 0..5) { print(last($k)); } print("never"); }
        end { print(("end", last(3))); print("never"); }`),
    ).toEqual([
      ...['10', '20', '0', '10', '20', 'bye 3', 'bye 3'],
      ...['@all: 3', '@count[b]: 1', '@count[a]: 2', '@i: 2', '@seen[b]: 1', '@seen[stop]: 1', '@seen[a]: 2'],
    ]);
  });

  test('as many frames as the kernel has', async () => {
    expect(
      await lines(`
        fn f6($n: int64): int64 { return $n / @zero; }
        fn f5($n: int64): int64 { return f6($n) + 1; }
        fn f4($n: int64): int64 { for ($i : 0..2) { $n += f5($n); } return $n; }
        fn f3($n: int64): int64 { return f4($n) + 1; }
        fn f2($n: int64): int64 { return f3($n) + 1; }
        begin { @zero = 1; print(f2(1)); clear(@zero); }`),
    ).toEqual(['9']);
  });

  test('pointers to kernel and to user memory', async () => {
    const script = `
      fn byte($p: uint8 *): uint8 { return *$p; }
      fn length($p: int8 *): int64 { for ($i : 0..100) { if (*($p + $i) == 0) { return $i; } } return -1; }
      fn same($p: void *): void * { return $p; }
      fn kind($f: uint64): string[12] { return *(uint8 *)$f == 47 ? "path" : "other"; }
      tracepoint:syscalls:sys_enter_openat /pid == cpid && str(args.filename) == "/etc/hostname"/ {
        $p = args.filename;
        print((byte((uint8 *)$p), length((int8 *)$p), kind((uint64)$p), str(same($p))));
        $code = (uint8 *)kaddr("schedule");
        print(byte($code) == *$code);
      }`;
    const options = ['-q', '--no-warnings', '-e', script, '-c', '/bin/cat /etc/hostname'];
    const { stdout, stderr } = await ebtrace(options, { timeoutMs: 30_000 });
    expect(stderr).toBe('');
    expect(stdout).toContain('(47, 13, path, /etc/hostname)\ntrue\n');
  });

  test('a function of the script hides the builtin of its name', async () => {
    expect(await lines('fn strftime($x: int64): int64 { return $x + 1; } begin { print(strftime(4)); }')).toEqual([
      '5',
    ]);
  });

  test('hundreds of maps without keys are one BPF map', async () => {
    const names = Array.from({ length: 300 }, (_, i) => `@m${i}`);
    const stores = names.map((name, i) => `${name} = ${i};`).join(' ');
    const printed = await lines(`begin { ${stores} @s = "text"; clear(@m5); zero(@m6); @m7++; print(@m8); }`);
    expect(printed).toHaveLength(301);
    expect(printed).toEqual(expect.arrayContaining(['@m8: 8', '@m6: 0', '@m7: 8', '@m299: 299', '@s: text']));
    expect(printed).not.toContain('@m5: 5');
  });
});
