/**
 * What the type system does, on the kernel, as text: sections 3, 4, 5.3, 5.4, 6, 7 and 8 of the language reference, one script
 * for each. Most of what is printed is what bpftrace 0.27.1 prints; where it differs, the line says so.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { canBpf, requireBpfInCi } from '../support/bpf-available.ts';
import { buildBundle, ebtrace } from '../support/ebtrace.ts';

requireBpfInCi();

/** Expressions with what they print, in one run; `before` stands in front of them, `head` in front of the probe. */
async function values(pairs: readonly (readonly [string, string])[], before = '', head = ''): Promise<void> {
  const prints = pairs.map(([expression]) => `print(${expression});`).join(' ');
  const result = await ebtrace(['-q', '--no-warnings', '-e', `${head} begin { ${before} ${prints} }`]);
  const printed = result.stdout.split('\n').slice(0, pairs.length);
  expect(pairs.map(([expression], i) => [expression, printed[i]])).toEqual(pairs);
  expect(result).toMatchObject({ status: 0, stderr: '' });
}

/** What a script prints before the maps at its end. */
async function printed(script: string, ...args: readonly string[]): Promise<readonly string[]> {
  const result = await ebtrace(['-q', ...args, '-e', script]);
  expect(result.status).toBe(0);
  return result.stdout.split('\n\n\n')[0]?.split('\n') ?? [];
}

describe.runIf(canBpf)('types', () => {
  beforeAll(buildBundle, 60_000);

  test('sizes and offsets (3, 3.2)', () =>
    values(
      [
        ['sizeof(uint64_t)', '8'],
        ['sizeof(char)', '1'],
        ['sizeof(int32*[4])', '32'],
        ['sizeof(int32[4]*)', '8'],
        ['sizeof(string[64])', '64'],
        // The peer counts 64 for buffer[16] and 0 for inet.
        ['sizeof(buffer[16])', '20'],
        ['sizeof(inet)', '24'],
        ['sizeof(macaddr_t)', '6'],
        ['sizeof(pid)', '4'],
        ['sizeof(comm())', '16'],
        ['sizeof(((int8)1, (int64)1, (int8)1, (int64)1))', '32'],
        ['sizeof(((int32)1, (int16)1, (int8)1))', '8'],
        ['sizeof(struct list_head)', '16'],
        ['sizeof(list_head)', '16'],
        ['offsetof(struct list_head, prev)', '8'],
        ['offsetof(struct task_struct, thread_info.flags)', '0'],
        ['sizeof($later)', '8'],
        ['sizeof({ $effect++; (int16)1 })', '2'],
        ['$effect', '0'],
        ['(typeof($small))70000', '4464'],
        ['typeinfo(uint64)', '{ .btf_id = 0, .base_type = int, .full_type = uint64 }'],
        ['typeinfo(struct list_head).full_type', 'struct list_head'],
        ['typeinfo((1, "a")).full_type', '(int8,string[2])'],
      ],
      'let $later; $small = (uint16)1; $effect = 0; $later = 5; $later = (int64)6;',
      'config = { unstable_typeinfo = enable }',
    ));

  test('typeof of maps, zero values (3.2, 7)', () =>
    values(
      [
        ['$k', '(, 0)'],
        ['$v', '3'],
        ['$s', ''],
        ['$n', '0'],
        ['$p', '0x0'],
        ['$a', '[0,0,0]'],
        ['$b', 'false'],
        ['$mac', '00:00:00:00:00:00'],
        ['$time', '(?)'],
      ],
      '@m["abc", 1] = 5; let $k: typeof(@m); let $v: typeof(@m[("abc", 1)]) = 3; let $s: string; let $n: int16; ' +
        'let $p: int8*; let $a: int8[3]; let $b: bool; let $mac: macaddr_t; let $time: timestamp;',
    ));

  test('casts (4.3)', () =>
    values(
      [
        ['(int8[])"abc"', '[97,98,99,0]'],
        ['(uint8[4])"abc"', '[97,98,99,0]'],
        ['(int8[])(uint32)1', '[1,0,0,0]'],
        ['(int16[])(uint64)65537', '[1,1,0,0]'],
        ['(int8[8])(int32)-1', '[-1,-1,-1,-1,0,0,0,0]'],
        ['(int8[2])-1', '[-1,0]'],
        ['(bool[8])1', '[true,false,false,false,false,false,false,false]'],
        ['(bool[])true', '[true]'],
        ['(uint32)(int8[4])(uint32)7', '7'],
        ['(bool)"abc"', 'true'],
        ['(bool)""', 'false'],
        ['(bool)$empty', 'false'],
        ['(int64)(bool)7', '1'],
        ['(uint8)ZONE_NORMAL', '2'],
        ['(enum zone_type)2', 'ZONE_NORMAL'],
        ['(enum zone_type)$many', '77'],
        ['(int64)@count + (bool)@count', '2'],
        ['(uint8)@sum', '44'],
        ['sizeof((string[8])"abc")', '8'],
        ['(username_t)0', 'root'],
      ],
      '$empty = str("x", 0); $many = 77; @count = count(); @sum = sum(300);',
    ));

  test('promotion (4.1, 4.2)', () =>
    values(
      [
        ['sizeof($a)', '8'],
        ['sizeof($b)', '2'],
        ['sizeof($c)', '2'],
        ['$r', '{ .a = 70000, .b = 3 }'],
        ['sizeof($r)', '8'],
        ['$t', '(5, x)'],
        ['sizeof($t)', '16'],
        ['$e', '5'],
        ['@e', '@e: ZONE_NORMAL'],
        ['ZONE_NORMAL + 1', '3'],
        ['$u', '4'],
      ],
      '$a = 1; $a = (uint64)2; $b = (uint8)200; $b = (int8)-1; $c = 200; $r = (a = 1, b = (uint8)2); $r = (b = (uint16)3, a = 70000); ' +
        '$t = (1, "abcdef"); $t = ((int64)5, "x"); $e = ZONE_NORMAL; $e = 5; @e = ZONE_NORMAL; let $u: uint8 = 250; $u += 10;',
    ));

  test('expressions with blocks and branches, folding (5.3, 5.4)', () =>
    values(
      [
        ['{ $n++; $n } ?: 9', '1'],
        // The peer evaluates the condition twice.
        ['$n', '1'],
        ['$zero ?: 7', '7'],
        ['"" == "" ?: false', 'true'],
        ['if ($n > 0) { "yes" } else { "no" }', 'yes'],
        ['comptime (1 + 2)', '3'],
        ['if comptime (sizeof($n) == 8) { "wide" } else { nosuch() }', 'wide'],
        ['sizeof(1000 - 1)', '2'],
        ['"ab" + "cd"', 'abcd'],
        ['"hello" + 2', 'llo'],
        ['"abc"[1]', '98'],
        ['str(42)', '42'],
        ['str("abc", 2)', 'ab'],
        ['1 << 63', '9223372036854775808'],
        ['is_scalar(@keyed)', 'false'],
        ['find(@keyed, "a", $n)', 'true'],
        ['$n', '5'],
        ['find(@keyed, "b", $n)', 'false'],
        ['$n', '5'],
      ],
      '$n = (int64)0; $zero = 0; @keyed["a"] = 5;',
    ));

  test('values made of what they replace, or of what changes meanwhile', () =>
    values(
      [
        ['$t', '(2, 1)'],
        ['$s', '(b, a)'],
        ['$r', '{ .a = { .x = 2 }, .b = { .x = 1 } }'],
        ['$n', '(3, (1, 2))'],
        ['$w', '(longer, 6)'],
        ['$l', '(8, 7)'],
        ['$f', '(x, y)'],
        ['$p', '(2, 1)'],
        ['@t', '@t: (2, 1)'],
        ['$c == { $c = "new"; $c }', 'false'],
        ['$c', 'new'],
        // The peer gives (newer, newer).
        ['($c, { $c = "newer"; $c })', '(new, newer)'],
      ],
      '$t = (1, 2); $t = ($t.1, $t.0); $s = ("a", "b"); $s = ($s.1, $s.0); $r = (a = (x = 1), b = (x = 2)); $r = (a = $r.b, b = $r.a); ' +
        '$n = (1, (2, 3)); $n = ($n.1.1, ($n.0, $n.1.0)); $w = ("a", 5); $w = ("longer", $w.1 + 1); ' +
        '$l = (7, 8); for ($i : 0..3) { $l = ($l.1, $l.0); } $f = ("y", "x"); $f = if ($l.0) { ($f.1, $f.0) } else { $f }; ' +
        '$p = (1, 2); $a = &$p; $p = ((*$a).1, (*$a).0); @t = (1, 2); @t = (@t.1, @t.0); $c = "old";',
    ));

  test('arguments of printf that change variables', async () => {
    const script = 'begin { $s = "a"; $n = 1; printf("%s %s %s %d %d\\n", $s, { $s = "b"; $s }, $s, $n, $n++); }';
    expect(await printed(script)).toEqual(['a b b 1 1']);
  });

  test('loop variables widen as others do (4.1, 6)', async () => {
    const script = `begin { for ($i : 0..2) { $i = 70000; print($i); } for ($i : 0..2) { $i += 1000; print($i); }
      for ($i : (uint8)0..(uint8)1) { $i = -1; print($i); } @m[1] = 2; for ($kv : @m) { $kv = ($kv.1, $kv.0); print($kv); } }`;
    expect(await printed(script)).toEqual(['70000', '70000', '1000', '1001', '-1', '(2, 1)']);
  });

  test('break and continue in an unroll mean the loop around it (6)', async () => {
    const script = `begin { for ($i : 0..3) { unroll(2) { if ($i == 1) { continue; } if ($i == 2) { break; } print($i); } print("-"); }
      $n = 0; while ($n < 5) { unroll(3) { $n++; if ($n == 2) { break; } } } print($n); }`;
    expect(await printed(script, '--no-warnings')).toEqual(['0', '0', '-', '2']);
  });

  test('pointers are promoted by what they point to (4.2)', () =>
    values(
      [
        ['$p', '0x12'],
        ['$q', '0x18'],
        ['$d', '0x12'],
        ['@p', '@p: 0x13'],
      ],
      '$p = (int8*)16; $p++; $p = (int16*)16; $p++; $q = (int8**)16; $q = (int64**)16; $q++; let $d: int16* = (int8*)16; $d++; ' +
        '@p = (int8*)16; @p = (int16*)17; @p++;',
    ));

  test('values of odd size in tuples and keys (3)', async () => {
    const script = `struct three { char a; char b; char c; }; struct twelve { int a; int b; int c; };
    begin {
      print((1, buf("a", 1))); @k[true, strftime("now", 0)] = (true, ntop(0x0100007f)); print(@k); clear(@k);
      $z = *(struct twelve*)0; print(sizeof(((int8)1, *(struct three*)0))); print(sizeof(($z, (int8)1)));
      $t = ((int8)1, $z, (int8)2); @s[$t] = $t; print(@s[$t].2); print((sizeof($t), $t == @s[$t])); clear(@s);
    }`;
    expect(await printed(script)).toEqual([
      '(1, a)',
      '@k[true, now]: (true, 127.0.0.1)',
      '16',
      '24',
      '2',
      '(32, true)',
    ]);
  });

  test('leaving loops of every kind (6)', async () => {
    const script = `begin {
      for ($i : 0..6) { if ($i == 1) { continue; } if ($i == 3) { break; } for ($j : 0..3) { if ($j == 1) { continue; } print(($i, $j)); } }
      $w = 0; while ($w < 9) { $w++; if ($w == 2) { continue; } if ($w > 3) { break; } $v = 0; while (1) { $v++; if ($v > 2) { break; } } print(($w, $v)); }
      @m[1] = 1; @m[2] = 2; @m[3] = 3; $n = 0;
      for ($kv : @m) { if ($kv.0 == 2) { continue; } $n += $kv.1; for ($kw : @m) { if ($kw.0 == 2) { break; } } }
      print($n);
      for ($i : 0..@m[2]) { print($i); }
      for ($i : 0..3) { for ($kv : @m) { while (1) { if ($i == 1) { return; } break; } } print("round"); }
      print("never");
    }`;
    expect(await printed(script, '--no-warnings')).toEqual([
      ...['(0, 0)', '(0, 2)', '(2, 0)', '(2, 2)', '(1, 3)', '(3, 3)', '4', '0', '1', 'round'],
    ]);
  });

  test('keys and values of every type, maps of every kind (8)', async () => {
    const script = `let @lru = lruhash(5); let @lruc = percpulruhash(5); let @h = hash(2); let @c = percpuhash(9); let @n = hash(1);
    begin {
      @t[true] = 1; @p[(int8*)5] = 2; @a[(int8[2])5] = 3; @e[ZONE_NORMAL] = 4; @r[(a = 1, b = "x")] = 5; @g[@c[1]] = 6;
      print(@t); print(@p); print(@a); print(@e); print(@r); print(@g);
      @v[1] = (1, "a"); @v[2] = (300, "bcd"); print(@v[1].1); print(@v[2].0); @w = (x = 1, y = (1, 2)); print(@w.y.1);
      for ($i : 0..20) { @lru[$i] = $i; @lruc[$i] = count(); }
      print((len(@lru), len(@lruc)));
      @h[1] = 1; @h[2] = 2; @c[1] = count(); @n = 7; print((@n, @c[1]));
      @m = { $x = 5; sum($x) }; @m = sum(-8); print(@m); @int = 1; @int = @m; print(@int);
    }`;
    expect(await printed(script)).toEqual([
      ...['@t[true]: 1', '@p[0x5]: 2', '@a[[5,0]]: 3', '@e[ZONE_NORMAL]: 4', '@r[{ .a = 1, .b = x }]: 5', '@g[0]: 6'],
      ...['a', '300', '2', '(5, 5)', '(7, 1)', '@m: -3', '@int: -3'],
    ]);
  });

  test('-k tells of keys that are not there', async () => {
    const script =
      'begin { print(@m[3]); @m[1] = 5; print(@s + 1); @s = 1; @c[1] = count(); print(@c[2]); print(has_key(@m, 9)); ' +
      '@t[1] = (1, "a"); print(@t[2].1); print(@u.0); @u = (1, 2); print(@u.1); }';
    const quiet = await ebtrace(['-q', '-e', script]);
    const told = await ebtrace(['-q', '-k', '-e', script]);
    expect(quiet).toMatchObject({ status: 0, stderr: '' });
    expect(told.stdout).toBe(quiet.stdout);
    expect(told.stderr.match(/^stdin:[\d:-]+\d/gm)).toEqual([
      'stdin:1:15-20',
      'stdin:1:40-42',
      'stdin:1:80-85',
      'stdin:1:135-140',
      'stdin:1:151-153',
    ]);
  });

  describe('nothing lands on the BPF stack', () => {
    const each = (count: number, text: (i: number) => string): string =>
      Array.from({ length: count }, (_, i) => text(i)).join(' ');
    const list = (count: number, text: (i: number) => string): string =>
      Array.from({ length: count }, (_, i) => text(i)).join(', ');

    test('200 numbers that live at the same time, also in a loop', async () => {
      const script = `begin { ${each(200, (i) => `$v${i} = (int64)${i};`)} for ($i : 0..3) { ${each(200, (i) => `$v${i} += $i;`)} }
        ${each(200, (i) => `$w${i} = $v${i} + ${i};`)} print((${list(5, (i) => `$v${i * 40}`)})); print((${list(5, (i) => `$w${i * 40}`)})); }`;
      expect(await printed(script)).toEqual(['(3, 43, 83, 123, 163)', '(3, 83, 163, 243, 323)']);
    });

    test('100 strings, tuples of 30 items, 50 nested ifs', async () => {
      const script = `begin { ${each(100, (i) => `$s${i} = comm; `)} print($s0 == $s99);
        $t = (${list(30, (i) => (i % 3 === 0 ? `"s${i}"` : `(int64)${i}`))}); @m[$t] = $t; print(@m[$t].29); print(@m[$t].27);
        ${each(50, (i) => `if ($t.29 > ${i - 30}) { $y${i} = $t.28 + ${i};`)} print($y0 + $y49); ${'}'.repeat(50)} }`;
      expect(await printed(script)).toEqual(['true', '29', 's27', '105']);
    });

    test('strings of 1 KB and more as keys, values and in both', async () => {
      const long = (letter: string, size: number): string => `"${letter.repeat(size)}"`;
      const script = `config = { max_strlen = 8192 } begin { $s = ${long('x', 1000)}; $l = ${long('y', 5000)};
        @m[$s] = $l; @n[$s, 1, $l] = ($s, 5, $l); @o = $l; print(@m[$s] == $l); print(@n[$s, 1, $l].2 == @o); print(@o == $s);
        for ($kv : @n) { print(($kv.0.1, $kv.1.1)); print($kv.0.2 == $l); } print(($s, $l)[1] == $l); print(sizeof(@n)); clear(@m); clear(@n); }`;
      expect(await printed(script)).toEqual(['true', 'true', 'false', '(1, 5)', 'true', 'true', '6003']);
    });
  });
});
