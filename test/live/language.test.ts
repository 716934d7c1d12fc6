/**
 * What scripts compute, on the kernel, as text: the conformance rows of the language reference (16) and of the library
 * (21), and every operator, type, loop, map and function of the compiler. A case is one run of bin/ebtrace; runs cost
 * about 0.2 s, so a case asks many things. Nothing here attaches to events of other processes.
 */
import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { canBpf, requireBpfInCi } from '../support/bpf-available.ts';
import { buildBundle, ebtrace } from '../support/ebtrace.ts';

requireBpfInCi();

interface Case {
  readonly args?: readonly string[];
  readonly status?: number;
  /** All of stderr; nothing when absent. */
  readonly stderr?: string;
  /** False: warnings are no matter here. */
  readonly warnings?: boolean;
}

/** A row of a histogram. */
function row(label: string, count: number, bar: number): string {
  return `${label.padEnd(16)}${String(count).padStart(8)} |${'@'.repeat(bar).padEnd(52)}|`;
}

/** Lines that the script prints, and behind `maps:` the lines of the maps at the end. */
async function prints(script: string, lines: readonly string[], expected: Case = {}): Promise<void> {
  const { args = [], status = 0, stderr = '', warnings = true } = expected;
  const options = warnings ? ['-q'] : ['-q', '--no-warnings'];
  const result = await ebtrace([...options, '-e', script, ...args], { timeoutMs: 30_000 });
  const end = lines.indexOf('maps:');
  const [printed, maps] = end < 0 ? [lines, []] : [lines.slice(0, end), lines.slice(end + 1)];
  const stdout = [...printed, '', '', ...maps].map((line) => `${line}\n`).join('');
  expect(result).toEqual({ status, stdout, stderr });
}

/** `print(a); print(b); ...` with the values in order. */
async function values(pairs: readonly (readonly [string, string])[], before = ''): Promise<void> {
  const script = `begin { ${before} ${pairs.map(([expression]) => `print(${expression});`).join(' ')} }`;
  const result = await ebtrace(['-q', '--no-warnings', '-e', script], { timeoutMs: 30_000 });
  const printed = result.stdout.split('\n').slice(0, pairs.length);
  expect(pairs.map(([expression], i) => [expression, printed[i]])).toEqual(pairs);
  expect(result).toMatchObject({ status: 0, stderr: '' });
}

describe.runIf(canBpf)('language', () => {
  beforeAll(buildBundle, 60_000);

  describe('conformance rows', () => {
    test('tuples, records, casts, literals', () =>
      values(
        [
          ['1 + 2 * 3 - 4 / 2', '5'],
          ['$t', '(7, ab, (1))'],
          ['$t[0]', '7'],
          ['$r', '{ .lo = 1, .hi = x }'],
          ['$r.hi', 'x'],
          ['(uint8)300', '44'],
          ['(int8)200', '-56'],
          ['$x >> 1', '-4'],
          ['$x / 2', '-4'],
          ['$x % 3', '-2'],
          ['$a', '[4,3,2,1]'],
          ['2s', '2000000000'],
          ['1e3ms', '1000000000'],
          ['0777', '511'],
          ['"kernel" + 3', 'nel'],
          ['"abc"[1]', '98'],
          ['($y, $z)', '(7, 12)'],
          ['$v', 'bcd'],
          ['-1 < (uint32)1', 'true'],
          ['(true, 0x10)', '(true, 16)'],
        ],
        `$t = (7, "ab", (1,)); $r = (lo=1, hi="x"); $x = -8; $a = (uint8[4])(uint32)0x01020304; $y = 5;
         $z = $y++ + ++$y; $v = if (1 > 2) { "a" } else { "bcd" };`,
      ));

    test('maps at the end', () =>
      prints(
        `begin { @m["b"] = 2; @m["a"] = 9; @n[2] = "x"; @n[1] = "y"; @z = 1; @a = 2; @ = 3; @i = (int8)-1;
           @o[3] = 2; @o[1] = 9; @o[2] = 1; @o[5] = 5; @p = (int32*)16; @p += 2; @q["b",1] = "q"; @q["a",2] = "r";
           @q["a",1] = "s"; @t[1, "a b"] = (true, -1); @u = (1, "two", (3, 4)); }`,
        [
          'maps:',
          '@: 3',
          '@a: 2',
          '@i: -1',
          '@m[b]: 2',
          '@m[a]: 9',
          '@n[1]: y',
          '@n[2]: x',
          '@o[2]: 1',
          '@o[3]: 2',
          '@o[5]: 5',
          '@o[1]: 9',
          '@p: 0x18',
          '@q[a, 1]: s',
          '@q[a, 2]: r',
          '@q[b, 1]: q',
          '@t[1, a b]: (true, -1)',
          '@u: (1, two, (3, 4))',
          '@z: 1',
        ],
        { warnings: false },
      ));

    test('aggregations', () =>
      prints(
        `begin { @c = count(); @c = count(); if (@c == 2) { printf("%d\\n", (int64)@c); } @h = lhist(5, 0, 3, 1);
           @d[1] = stats(4); @d[1] = stats(7); @e = avg(-3); @e = avg(2); @g = sum(10); @g = sum(20); print(@g, 0, 10);
           @m[3] = sum(2); @m[1] = sum(9); @m[2] = sum(1); @m[5] = sum(5); print(@m, 2); clear(@m); }`,
        [
          '2',
          '@g: 3',
          '@m[5]: 5',
          '@m[1]: 9',
          'maps:',
          '@c: 2',
          '@d[1]: { .count = 2, .average = 5, .total = 11 }',
          '@e: 0',
          '@g: 30',
          '@h:',
          row('[3, ...)', 1, 52),
          '',
        ],
      ));

    test('printf', () =>
      prints(
        String.raw`begin { printf("%5d|%-5d|%05d|%x|%X|%#x|%o|%c|%%\n", 42, 42, 42, 255, 255, 255, 8, 65);
          printf("%d %lld\n", 0x1_0000_0001, 0x1_0000_0001); printf("[%6s|%-6s|%06d]\n", "ab", "ab", 42);
          printf("%r %rx %rh\n", buf("A\n", 2), buf("A\n", 2), buf("A\n", 2)); printf("%s\n", ntop(0x0100007f));
          printf("%gr\n", 0xcc0); }`,
        [
          '   42|42   |00042|ff|FF|0xff|10|A|%',
          '1 4294967297',
          '[    ab|ab    |000042]',
          String.raw`A\x0a \x41\x0a 41 0a`,
          '127.0.0.1',
          'GFP_KERNEL',
        ],
      ));

    test('loops over maps, delete, has_key, len', () =>
      prints(
        `begin { for ($i : 3..1) { print($i); } print("end"); @x[1,2] = 3; for ($kv : @x) { printf("%d %d\\n", $kv.0.1, $kv.1); }
           @x[1,3] = 4; print(len(@x)); _ = delete(@x, (1,2)); print(has_key(@x, (1,2))); exit(7); }`,
        ['end', '2 3', '2', 'false', 'maps:', '@x[1, 3]: 4'],
        { status: 7 },
      ));

    test('histograms', () =>
      prints(
        `begin { @h = hist(-5); @h = hist(0); @h = hist(1); @h = hist(1); @h = hist(2); @h = hist(3); @h = hist(900);
           @h = hist(1024); @h = hist(2047); @h = hist(2048); @k = hist(5, 2); @k = hist(9, 2); @k = hist(12, 2);
           @k = hist(13, 2); @l = hist(1500, 3); @m = lhist(-3, 0, 10, 5); @m = lhist(0, 0, 10, 5); @m = lhist(4, 0, 10, 5);
           @m = lhist(5, 0, 10, 5); @m = lhist(9, 0, 10, 5); @m = lhist(10, 0, 10, 5); @m = lhist(99, 0, 10, 5);
           @n = lhist(3, 0, 8, 1); @n = lhist(3, 0, 8, 1); @n = lhist(4, 0, 8, 1); @o = lhist(0, 0, 8192, 4096);
           @o = lhist(5000, 0, 8192, 4096); @o = lhist(9000, 0, 8192, 4096); }`,
        [
          'maps:',
          '@h:',
          row('(..., 0)', 1, 26),
          row('[0]', 1, 26),
          row('[1]', 2, 52),
          row('[2, 4)', 2, 52),
          ...['[4, 8)', '[8, 16)', '[16, 32)', '[32, 64)', '[64, 128)', '[128, 256)', '[256, 512)'].map((label) =>
            row(label, 0, 0),
          ),
          row('[512, 1K)', 1, 26),
          row('[1K, 2K)', 2, 52),
          row('[2K, 4K)', 1, 26),
          '',
          '@k:',
          row('[5]', 1, 26),
          row('[6]', 0, 0),
          row('[7]', 0, 0),
          row('[8, 10)', 1, 26),
          row('[10, 12)', 0, 0),
          row('[12, 14)', 2, 52),
          '',
          '@l:',
          row('[1408, 1536)', 1, 52),
          '',
          '@m:',
          row('(..., 0)', 1, 26),
          row('[0, 5)', 2, 52),
          row('[5, 10)', 2, 52),
          row('[10, ...)', 2, 52),
          '',
          '@n:',
          row('[3]', 2, 52),
          row('[4]', 1, 26),
          '',
          '@o:',
          row('[0, 4K)', 1, 52),
          row('[4K, 8K)', 1, 52),
          row('[8K, ...)', 1, 52),
          '',
        ],
      ));
  });

  describe('integers', () => {
    test('every operator, at run time and folded', async () => {
      const operators: readonly (readonly [string, string])[] = [
        ['A + B', '10'],
        ['A - B', '4'],
        ['B - A', '-4'],
        ['A * B', '21'],
        ['A / B', '2'],
        ['A % B', '1'],
        ['A << B', '56'],
        ['A >> 1', '3'],
        ['A & B', '3'],
        ['A | 8', '15'],
        ['A ^ B', '4'],
        ['A < B', 'false'],
        ['A <= 7', 'true'],
        ['A > B', 'true'],
        ['A >= 8', 'false'],
        ['A == 7', 'true'],
        ['A != 7', 'false'],
        ['A && B', 'true'],
        ['A && 0', 'false'],
        ['0 || B', 'true'],
        ['!A', 'false'],
        ['-A', '-7'],
        ['A > 5 ? A : B', '7'],
        ['A + B * 2 == 13 && B < A', 'true'],
        ['A | B ^ 3 & 4', '7'],
        ['A + B << 1', '20'],
        ['A - B - 2', '2'],
        ['A < B == 0', 'true'],
        ['-A * B', '-21'],
        ['0 ? 1 : 0 ? 2 : A', '7'],
      ];
      const withOperands = (a: string, b: string) =>
        operators.map(([expression, value]) => [expression.replaceAll('A', a).replaceAll('B', b), value] as const);
      await values(withOperands('$a', '$b'), '$a = 7; $b = 3;');
      await values(withOperands('7', '3'));
    });

    test('widths, signs and wrap-around', () =>
      values(
        [
          ['$u8 + 1', '256'],
          ['(uint8)($u8 + 1)', '0'],
          ['$i8 + 1', '128'],
          ['(int8)($i8 + 1)', '-128'],
          ['(uint16)70000', '4464'],
          ['(int16)40000', '-25536'],
          ['(uint32)-1', '4294967295'],
          ['(int32)3000000000', '-1294967296'],
          ['(uint64)-1', '18446744073709551615'],
          ['$u64', '18446744073709551615'],
          ['$u64 + 1', '0'],
          ['$u64 / 2', '9223372036854775807'],
          ['$u64 >> 63', '1'],
          ['$i64 + 1', '-9223372036854775808'],
          ['$i64 * 2', '-2'],
          ['(int64)(int8)200', '-56'],
          ['(uint64)(int8)200', '18446744073709551560'],
          ['(int64)$u8', '255'],
          ['(uint8)$big', '44'],
          ['(int8)$big', '44'],
          ['-$low', '128'],
          ['$neg >> 2', '-4'],
          ['$neg << 1', '-32'],
          ['~$neg', '15'],
          ['~0', '18446744073709551615'],
          ['$u64 > $lit', 'true'],
          ['$u64 - 5 > $lit', 'false'],
          ['$u64 + ($lit > 2 ? 1 : 2)', '0'],
          ['1 << $shift', '64'],
          ['(int8)true', '1'],
          ['(bool)$big', 'true'],
        ],
        `$u8 = (uint8)255; $i8 = (int8)127; $u64 = (uint64)-1; $i64 = 9223372036854775807; $big = 300; $low = (int8)-128; $lit = 3;
         $neg = -16; $shift = 70;`,
      ));

    test('comparison is signed when a side is', () =>
      values(
        [
          ['$m < 1', 'true'],
          ['$m < $u', 'true'],
          ['$u > $m', 'true'],
          ['$max > 1', 'true'],
          ['$max == $m', 'true'],
          ['(uint32)$m > 5', 'true'],
          ['$m == -1', 'true'],
          ['$u >= 200', 'true'],
        ],
        '$m = -1; $u = (uint8)200; $max = (uint64)-1;',
      ));

    test('division rounds towards zero with every combination of signs', () =>
      values(
        [
          ['$a / $b', '-2'],
          ['$a % $b', '-1'],
          ['$b / $a', '0'],
          ['$a / -3', '2'],
          ['7 / -$b', '-2'],
          ['7 % -$b', '1'],
          ['$min / -1', '-9223372036854775808'],
          ['$u / 3', '66'],
          ['(uint64)-1 / $b', '6148914691236517205'],
          ['(uint64)-1 / $a', '0'],
        ],
        '$a = -7; $b = 3; $min = -9223372036854775808; $u = (uint8)200;',
      ));

    test('division by zero gives 1 and a warning at its place', () =>
      prints('begin { $z = 0; print(5 / $z); print(5 % $z); }', ['1', '1'], {
        stderr: [
          'stdin:1:23-29: WARNING: Division or modulo by 0; 1 is used as the result.',
          'begin { $z = 0; print(5 / $z); print(5 % $z); }',
          '                      ~~~~~~',
          'stdin:1:38-44: WARNING: Division or modulo by 0; 1 is used as the result.',
          'begin { $z = 0; print(5 / $z); print(5 % $z); }',
          '                                     ~~~~~~',
          '',
        ].join('\n'),
      }));

    test('++ and -- widen what has no declared type, and wrap what has', () =>
      prints(
        `begin { $i = (int8)127 - 0; $i++; print($i); let $k: int8 = 127; $k++; print($k); let $w: uint16 = 0; $w--; print($w);
           $x = 5; printf("%d %d %d\\n", $x++, $x, ++$x); printf("%d %d\\n", $x--, --$x); @m[$x++] = $x; @m[6]++; ++@n; print(@n++); print(--@n); }`,
        ['128', '-128', '65535', '5 6 7', '7 5', '1', '1', 'maps:', '@m[6]: 1', '@m[5]: 5', '@n: 1'],
      ));

    test('compound assignment', () =>
      prints(
        `begin { $a = 10; $a += 5; $a -= 3; $a *= 4; $a /= 5; $a %= 7; $a <<= 4; $a |= 3; $a ^= 1; $a &= ~2; $a >>= 2; print($a);
           @m[1] = 10; @m[1] += 5; @m[1] -= 3; @m[1] *= 4; @m[1] /= 5; @m[1] %= 7; @m[1] <<= 4; @m[1] |= 3; @m[1] ^= 1; @m[1] &= ~2; @m[1] >>= 2; }`,
        ['8', 'maps:', '@m[1]: 8'],
      ));
  });

  describe('strings', () => {
    test('comparison over capacities, index, cutting', () =>
      values(
        [
          ['$a == "abc"', 'true'],
          ['$a == "abcd"', 'false'],
          ['$a == "ab"', 'false'],
          ['$a != "abd"', 'true'],
          ['$long == "abc"', 'true'],
          ['$long == $a', 'true'],
          ['"" == $a', 'false'],
          ['$a[0]', '97'],
          ['$a[3]', '0'],
          ['$a[$i]', '98'],
          ['str($a, 3)', 'ab'],
          ['str($a, 20)', 'abc'],
          ['str($a, $n)', 'ab'],
          ['strncmp($a, "abd", 2)', '0'],
          ['strncmp($a, "abd", 3)', '1'],
          ['strncmp($a, "abc", 100)', '0'],
          ['(bool)$a', 'true'],
          ['(bool)""', 'false'],
          ['$a == "abc" && $long != "x" ? "both" : "not"', 'both'],
          ['"a" + "b"', 'ab'],
          ['"tab\\t\\"quote\\" \\x41\\101"', 'tab\t"quote" AA'],
        ],
        '$a = "abc"; $long = "a longer text"; $long = "abc"; $i = 1; $n = 3;',
      ));

    test('an index outside gives 0 and a warning', () =>
      prints('begin { $s = "abc"; $i = 9; print($s[$i]); }', ['0'], {
        stderr: [
          'stdin:1:35-41: WARNING: Array index out of bounds; the result is 0.',
          'begin { $s = "abc"; $i = 9; print($s[$i]); }',
          '                                  ~~~~~~',
          '',
        ].join('\n'),
      }));

    test('variables, values and keys of several lengths', () =>
      prints(
        `begin { $s = "hello"; $s = "hi"; print($s); @v = "longer text"; @v = "x"; print(@v); @k["longer text"] = 1; @k["x"] = 2;
           $k = "x"; print(@k[$k]); $l = "longer text"; print(@k[$l]); @t["a", 1] = 3; @t["longer", 70000] = 4;
           $t = ("a", 1); print(@t[$t]); print(@t["longer", 70000]); delete(@t, $t); }`,
        ['hi', '@v: x', '2', '1', '3', '4', 'maps:', '@k[longer text]: 1', '@k[x]: 2', '@t[longer, 70000]: 4', '@v: x'],
      ));

    test('strings longer than the stack has room for', async () => {
      const text = 'x'.repeat(900);
      await prints(
        'begin { $s = str($1); $t = $s; @m[$s] = $t; printf("%s|%s\\n", $s, @m[$t]); print($t == $s); print((1, $s)); clear(@m); }',
        [`${text}|${text}`, 'true', `(1, ${text})`],
        { args: [text] },
      );
    });

    test('printf of 20 strings', async () => {
      const args = Array.from({ length: 20 }, () => '$s').join(', ');
      const text = 'y'.repeat(300);
      await prints(`begin { $s = str($1); printf("${'%s '.repeat(20)}\\n", ${args}); }`, [`${text} `.repeat(20)], {
        args: [text],
      });
    });
  });

  describe('control flow', () => {
    test('nested loops with break, continue and return', () =>
      prints(
        `begin { $n = 0; for ($i : 0..10) { for ($j : 0..10) { if ($j == 5) { break; } if ($i == $j) { continue; } $n++; } } print($n);
           for ($i : (-2)..2) { printf("%d ", $i); } printf("\\n");
           for ($i : 2..30) { $p = 1; for ($j : 2..$i) { if ($i % $j == 0) { $p = 0; break; } } if ($p) { printf("%d ", $i); } } printf("\\n");
           for ($i : 0..10) { for ($j : 0..10) { if ($i * $j == 6) { print(($i, $j)); return; } } } print("never"); }`,
        ['45', '-2 -1 0 1 ', '2 3 5 7 11 13 17 19 23 29 ', '(1, 6)'],
      ));

    test('exit in a loop ends the probe', () =>
      prints(
        'begin { for ($i : 0..10) { if ($i == 2) { exit(4); } print($i); } print("never"); } end { print("end"); }',
        ['0', '1', 'end'],
        {
          status: 4,
        },
      ));

    test('while', () =>
      prints(
        `begin { $i = 0; while ($i < 100000) { $i++; } print($i); $n = 27; $steps = 0;
           while ($n != 1) { if ($n % 2 == 0) { $n = $n / 2; } else { $n = 3 * $n + 1; } $steps++; } print($steps);
           $i = 0; while (1) { $i++; if ($i > 50) { break; } if ($i % 2) { continue; } @e = sum($i); }
           $i = 0; while ($i < 10) { $i++; while ($i % 3) { $i++; @w = count(); } } print($i); }`,
        ['100000', '111', '12', 'maps:', '@e: 650', '@w: 8'],
        { warnings: false },
      ));

    test('the verifier follows loops with many branches', () =>
      prints(
        `begin { $a = 0; $b = 0; $c = 0; $d = 0; for ($i : 0..100000) { if ($i & 1) { $a++; } if ($i & 2) { $b++; } if ($i & 4) { $c += $a; }
           if ($i & 8) { $d ^= $c; } } print(($a, $b, $c, $d)); $a = 0; $b = 0; $c = 0;
           for ($i : 0..1000) { if ($i % 3) { $a++; } if ($i % 5) { $b += $a; } if ($b > 100) { $c = $b - $a; } } print(($a, $b, $c)); }`,
        ['(50000, 50000, 1250050000, 12772672)', '(666, 266933, 266267)'],
      ));

    test('unroll, with loops inside and out', () =>
      prints(
        `begin { $n = 0; for ($r : 0..2) { unroll(5) { $n++; if ($n == 3) { break; } } } print($n); $m = 0; for ($r : 0..2) { unroll(2) { $m++; if ($m == 2) { continue; } @u[$m] = count(); } }
           unroll(20) { $s = "abcdefgh"; @s[$s] = count(); } unroll(3) { for ($i : 0..2) { $t = "z"; @x[$i, $t] = count(); } }
           unroll(2) { $k = 0; while ($k < 3) { $k++; @w = count(); } } for ($i : 0..2) { unroll(3) { @y[$i] = count(); } } $i = 0; unroll($1) { $i += 2; } print($i); }`,
        [
          '3',
          '200',
          'maps:',
          '@s[abcdefgh]: 20',
          '@u[1]: 1',
          '@u[3]: 1',
          '@u[4]: 1',
          '@w: 6',
          '@x[0, z]: 3',
          '@x[1, z]: 3',
          '@y[0]: 3',
          '@y[1]: 3',
        ],
        { args: ['100'], warnings: false },
      ));

    test('scopes', () =>
      prints(
        `begin { $a = 1; { $b = 2; $a = $b; } print($a); if ($a == 2) { let $c = 3; print($c); } else { $c = "text"; } { let $c = "other"; print($c); }
           let $z: uint64; $z += 1; print($z); $x = 3; for ($i : 0..$x) { $x = 10; @ = count(); } print($x); $s = "start"; $t = (0, "a");
           for ($i : 0..3) { if ($i == 1) { $s = "one"; } $t = ($i, "bb"); } print(($s, $t)); $v = { let $y = 5; $y * 2 }; print($v); }`,
        ['2', '3', 'other', '1', '10', '(one, (2, bb))', '10', 'maps:', '@: 3'],
        { warnings: false },
      ));

    test('conditions', () =>
      prints(
        `begin { $x = 2; if ($x == 1) { print("one"); } else if ($x == 2) { print("two"); } else { print("other"); } if !$x { print("no"); } else { print("yes"); }
           $p = (int8 *)5; if ($p) { print("pointer"); } $c = 0; if ($x > 1 && ++$c) { } if ($x > 5 && ++$c) { } if ($x || ++$c) { } print($c); }
         begin /1 == 2/ { print("predicate"); }
         begin /cpu >= 0/ { print("reached"); }`,
        ['two', 'yes', 'pointer', '1', 'reached'],
      ));
  });

  describe('maps', () => {
    test('every aggregation with several keys', () =>
      prints(
        `begin { @c["a"] = count(); @c["b"] = count(); @c["b"] = count(); @s[1] = sum(7); @s[2] = sum(-5); @s[1] = sum(1); @mi["x"] = min(5); @mi["x"] = min(9); @mi["y"] = min(2);
           @ma["x"] = max(5); @ma["x"] = max(9); @ma["y"] = max(2); @av[1] = avg(10); @av[1] = avg(5); @av[2] = avg(1); @st[1] = stats(10); @st[1] = stats(5); @st[2] = stats(-1);
           @u = sum(9223372036854775808); print(@u); @n[1] = min(-3); @n[2] = min(4); print((@c["b"], @s[1], @mi["x"], @ma["x"], @av[1])); }`,
        [
          '@u: 9223372036854775808',
          '(2, 8, 5, 9, 7)',
          'maps:',
          '@av[2]: 1',
          '@av[1]: 7',
          '@c[a]: 1',
          '@c[b]: 2',
          '@ma[y]: 2',
          '@ma[x]: 9',
          '@mi[y]: 2',
          '@mi[x]: 5',
          '@n[2]: 4',
          '@n[1]: -3',
          '@s[2]: -5',
          '@s[1]: 8',
          '@st[2]: { .count = 1, .average = -1, .total = -1 }',
          '@st[1]: { .count = 2, .average = 7, .total = 15 }',
          '@u: 9223372036854775808',
        ],
      ));

    test('aggregations as numbers', () =>
      prints(
        `begin { @c = count(); @c = count(); @s = sum(5); $x = @c + @s; print($x); @k[@c] = (int64)@s; if (@s > 4) { print("big"); } print(@c == 2 ? "two" : "other");
           @a = avg(3); @a = avg(6); printf("%d\\n", @a); for ($i : 0..@c) { print($i); } @m[1] = count(); @m[2] = count(); @m[2] = count();
           for ($kv : @m) { @total += $kv.1; @copy[$kv.0] = sum($kv.1); } clear(@a); clear(@s); clear(@m); }`,
        ['7', 'big', 'two', '4', '0', '1', 'maps:', '@c: 2', '@copy[1]: 1', '@copy[2]: 2', '@k[2]: 5', '@total: 3'],
      ));

    test('histograms by key', () =>
      prints(
        'begin { @h["few"] = hist(3); @h["more"] = hist(9); @h["more"] = hist(4); @l[1] = lhist(5, 0, 10, 2); print(@h, 1); print(@h, 2, 2); clear(@h); }',
        [
          '@h[more]:',
          row('[4, 8)', 1, 52),
          row('[8, 16)', 1, 52),
          '',
          '@h[few]:',
          '',
          '@h[more]:',
          '',
          'maps:',
          '@l[1]:',
          row('[4, 6)', 1, 52),
          '',
        ],
      ));

    test('delete, has_key, len, clear, zero, print with top and divisor', () =>
      prints(
        `begin { @s = 5; print(delete(@s)); print(@s); print(delete(@s)); @k[1] = 10; @k[2] = 20; @k[3] = 30; print(has_key(@k, 2)); print(delete(@k, 2)); print(delete(@k, 2));
           print(has_key(@k, 2)); print(len(@k)); delete(@k[1]); print(len(@k)); @k[4] = 5; print(@k, 1); print(@k, 0, 5); print(@k[3]); print(@k[99]);
           zero(@k); print(@k); clear(@k); print(@k); @c[1] = count(); zero(@c); @t[1, "a"] = 1; print(has_key(@t, (1, "a"))); delete(@t, (1, "a")); }`,
        [
          'true',
          '@s: 0',
          'false',
          'true',
          'true',
          'false',
          'false',
          '2',
          '1',
          '@k[3]: 30',
          '@k[4]: 1',
          '@k[3]: 6',
          '30',
          '0',
          '@k[3]: 0',
          '@k[4]: 0',
          'true',
          'maps:',
          '@c[1]: 0',
        ],
      ));

    test('keys of every type', () =>
      prints(
        `begin { @i[-1] = 1; @i[300] = 2; @u[(uint64)-1] = 1; @b[false] = true; @p[(int8 *)16] = 1; @a[(uint8[2])(uint16)258] = 1; @r[(x=1, y="a")] = 1;
           @n[(1, (2, "x"))] = 1; @w[(uint8)5] = 1; @w[-5] = 2; @buf[buf("ab", 2)] = 1; @mac[macaddr((uint64)0)] = 1; @ip[ntop(0x0100007f)] = 1;
           print(@i[-1]); print(@n[1, (2, "x")]); print(@w[-5]); print(@b[false]); print(@u[(uint64)-1]); }`,
        [
          '1',
          '1',
          '2',
          'true',
          '1',
          'maps:',
          '@a[[2,1]]: 1',
          '@b[false]: true',
          '@buf[ab]: 1',
          '@i[-1]: 1',
          '@i[300]: 2',
          '@ip[127.0.0.1]: 1',
          '@mac[00:00:00:00:00:00]: 1',
          '@n[1, (2, x)]: 1',
          '@p[0x10]: 1',
          '@r[{ .x = 1, .y = a }]: 1',
          '@u[18446744073709551615]: 1',
          '@w[5]: 1',
          '@w[-5]: 2',
        ],
      ));

    test('values between maps and variables', () =>
      prints(
        `begin { @a = 5; @b = @a; @c[1] = @a; $c = @c[1]; @t = (1, "ab"); @t = (2, "abcdef"); $t = @t; print($t.1); print(@t.1 == "abcdef"); @v[1] = @t; print(@v[1].0);
           @r = (a=1, b="x"); @r = (b="yyyy", a=300); print(@r.b); print(@v[7]); @q[1] = (1, "${'x'.repeat(90)}", 2); print(@q[1].2); $q = @q[1]; print($q.0); clear(@q); }`,
        [
          'abcdef',
          'true',
          '2',
          'yyyy',
          '(0, )',
          '2',
          '1',
          'maps:',
          '@a: 5',
          '@b: 5',
          '@c[1]: 5',
          '@r: { .a = 300, .b = yyyy }',
          '@t: (2, abcdef)',
          '@v[1]: (2, abcdef)',
        ],
      ));

    test('loops over maps may change them', () =>
      prints(
        `begin { @a[1] = 10; @a[2] = 20; @a[3] = 30; $sum = 0; $max = 0; for ($kv : @a) { $sum += $kv.1; if ($kv.1 > $max) { $max = $kv.1; } if ($kv.0 == 2) { continue; } @b[$kv.0] = $kv.1 * 2; }
           print(($sum, $max)); print(len(@b)); for ($kv : @a) { delete(@a, $kv.0); } print(len(@a)); @t[1,"q"] = (5, "v"); for ($kv : @t) { print($kv); } }`,
        ['(60, 30)', '2', '0', '((1, q), (5, v))', 'maps:', '@b[1]: 20', '@b[3]: 60', '@t[1, q]: (5, v)'],
      ));

    test('declared maps', () =>
      prints(
        `let @small = hash(2); let @lru = lruhash(2); let @pc = percpuhash(5);
         begin { @small[1] = 1; @small[2] = 2; @pc[1] = count(); @pc[1] = count(); for ($i : 0..100) { @lru[$i] = $i; } print(len(@lru) < 100); clear(@lru); }`,
        ['true', 'maps:', '@pc[1]: 2', '@small[1]: 1', '@small[2]: 2'],
      ));

    test('a full map: what is refused is counted at its place', async () => {
      const script = 'config = { max_map_keys = 3 } begin { for ($i : 0..10) { @a[$i] = 1; } @c["key"] = count(); }';
      const result = await ebtrace(['-q', '-e', script]);
      expect(result.stdout).toBe('\n\n@a[0]: 1\n@a[1]: 1\n@a[2]: 1\n@c[key]: 1\n');
      expect(result.stderr).toContain('WARNING: Map full; this element is not stored.');
      expect(result.stderr).toMatch(/\b7\b/);
    });

    test('an end without maps', async () => {
      const script = 'config = { print_maps_on_exit = false } begin { @a = 1; print("x"); }';
      expect((await ebtrace(['-q', '-e', script])).stdout.trimEnd()).toBe('x');
    });
  });

  describe('printf and functions', () => {
    test('every conversion and length', () =>
      prints(
        String.raw`begin { printf("%d %i %u %x %X %o %c %s %p\n", -1, -2, -3, -1, -1, 8, 66, "s", 0xabc);
          printf("%hhx %hx %x %lx %llx %jx %zx %tx\n", $1, $1, $1, $1, $1, $1, $1, $1); printf("%s %s %d %+d %% %y\n", true, 5, true, 5);
          printf("%5s|%-5s|%5d|%-5d|%05d|%5c|%10s|%s\n", "ab", "cd", 1, 2, 3, 65, true, (1, "a")); printf("%lld %llu %p\n", -1, -1, 0);
          printf("%r|%rx|%rh\n", buf("a\001b", 3), buf("xyz", 2), buf("abc", 3)); printf("plain\n"); }`,
        [
          '-1 -2 4294967293 ffffffff FFFFFFFF 10 B s 0xabc',
          'ef cdef 78abcdef 12345678abcdef 12345678abcdef 12345678abcdef 12345678abcdef 12345678abcdef',
          'true 5 1 +5 % %y',
          '   ab|cd   |    1|2    |00003|    A|      true|(1, a)',
          '-1 18446744073709551615 0',
          String.raw`a\x01b|\x78\x79|61 62 63`,
          'plain',
        ],
        { args: ['0x12345678abcdef'] },
      ));

    test('numbers to names and addresses', () =>
      values(
        [
          ['strerror(2)', 'No such file or directory'],
          ['strerror(-13)', 'Permission denied'],
          ['strerror(9999)', 'Unknown error'],
          ['signal_name(9)', 'Killed'],
          ['signal_name(40)', 'Real-time signal 6'],
          ['signal_name(1000)', 'N/A'],
          ['syscall_name($n)', process.arch === 'x64' ? 'openat' : 'Unknown syscall'],
          ['syscall_name(99999)', 'Unknown syscall'],
          ['ntop(2, 0x0100007f)', '127.0.0.1'],
          ['ntop(10, "aaaaaaaaaaaaaaa")', '6161:6161:6161:6161:6161:6161:6161:6100'],
          ['bswap((uint16)0x1234)', '13330'],
          ['bswap((int16)0x80)', '32768'],
          ['bswap((uint32)0x12345678)', '2018915346'],
          ['bswap((uint64)0x12345678)', '8671175384462524416'],
          ['bswap(-2)', '254'],
          ['macaddr((uint64)0)', '00:00:00:00:00:00'],
          ['(username_t)0', 'root'],
          ['probe', 'begin'],
          ['probetype', 'special'],
          ['str(42)', '42'],
          ['buf("hi", 2)', 'hi'],
          ['pid == tid', 'true'],
          ['ncpus > 0', 'true'],
          ['cpu < ncpus', 'true'],
          ['nsecs > elapsed', 'true'],
          ['elapsed > 0', 'true'],
          ['rand <= 0xffffffff', 'true'],
          ['uid', '0'],
          ['gid', '0'],
        ],
        '$n = 257;',
      ));

    test('time and strftime agree with date', async () => {
      const format = '%Y-%m-%d %H';
      const before = execFileSync('date', [`+${format}`], { encoding: 'utf8' }).trim();
      const result = await ebtrace([
        '-q',
        '-e',
        `begin { time("${format}\\n"); printf("%s\\n", strftime("${format}", nsecs)); @t = strftime("%Y", nsecs); print(strftime("%f", nsecs)); }`,
      ]);
      const after = execFileSync('date', [`+${format}`], { encoding: 'utf8' }).trim();
      const [time, printed, micros, , , map] = result.stdout.split('\n');
      expect([before, after]).toContain(time);
      expect([before, after]).toContain(printed);
      expect(micros).toMatch(/^\d{6}$/);
      expect(map).toBe(`@t: ${printed?.slice(0, 4)}`);
    });

    test('cat', () => prints('begin { cat("/proc/sys/kernel/os%s", "type"); }', ['Linux']));

    test('positional parameters', () =>
      prints(
        `begin { print($1 + 1); print($2); print(str($1)); print(str($1 + 1)); print($#); print(str($2)[0]); @ = lhist(5, 0, $1, 10); clear(@); print($3); }`,
        ['101', 'word', '100', '00', '3', '119', '-5'],
        { args: ['--', '100', 'word', '-5'] },
      ));

    test('cpid without -c', () =>
      prints('begin { print(cpid); }', ['0'], {
        stderr: [
          'stdin:1:15-19: WARNING: cpid is 0: no command was started with -c.',
          'begin { print(cpid); }',
          '              ~~~~',
          '',
        ].join('\n'),
      }));

    test('strings of a child: join, str, max_strlen', async () => {
      const script = `config = { max_strlen = 8 } tracepoint:syscalls:sys_enter_execve /pid == cpid/ { join(args.argv); join(args.argv, ","); $n = str(args.filename); print($n);
        printf("%s|%s\\n", $n, str(args.filename, 4)); @[str(args.filename)] = count(); @c[comm] = count(); }`;
      const result = await ebtrace(['-q', '-e', script, '-c', '/usr/bin/true one two']);
      expect(result.stderr).toBe('');
      expect(result.stdout.split('\n').slice(0, 4)).toEqual([
        '/usr/bin/true one two',
        '/usr/bin/true,one,two',
        '/usr/bin..',
        '/usr/bin..|/us',
      ]);
      expect(result.stdout).toContain('@[/usr/bin..]: 1\n');
      expect(result.status).toBe(0);
    });

    test('intervals until a condition', () =>
      prints('interval:ms:5 { @t = count(); if (@t >= 3) { exit(); } }', ['maps:', '@t: 3']));
  });

  describe('size', () => {
    test.each([
      ['variables', (i: number) => `$v${i} = ${i};`, ' print($v1999);', '1999'],
      ['sums of one variable', (i: number) => `$x += ${i};`, ' print($x);', '1999000'],
      ['stores to a map without key', (i: number) => `@m = ${i};`, ' print((@m, 1).0); clear(@m);', '1999'],
    ])('2,000 assignments: %s', async (_name, statement, last, expected) => {
      const body = Array.from({ length: 2000 }, (_, i) => statement(i)).join(' ');
      const started = performance.now();
      await prints(`begin { $x = 0; ${body}${last} }`, [expected]);
      expect(performance.now() - started).toBeLessThan(5000);
    });

    test('200 maps in several probes', async () => {
      const probe = (from: number) =>
        `begin { ${Array.from({ length: 50 }, (_, i) => `@m${from + i}[${from + i}] = ${from + i};`).join(' ')} }`;
      const result = await ebtrace(['-q', '-e', [100, 150, 200, 250].map(probe).join(' ')]);
      expect(result.stdout).toBe(
        `\n\n${Array.from({ length: 200 }, (_, i) => `@m${100 + i}[${100 + i}]: ${100 + i}\n`).join('')}`,
      );
    });

    test('more maps than a program may use: the limit is named', async () => {
      const result = await ebtrace([
        '-q',
        '-e',
        `begin { ${Array.from({ length: 80 }, (_, i) => `@m${i}[${i}] = ${i};`).join(' ')} }`,
      ]);
      expect(result.status).toBe(255);
      expect(result.stderr).toContain('limit of 64');
    });
  });
});
