/** Section 16: every row of the conformance seeds, as it stands there. */
import { type Run, row, type Section } from './table.ts';

function seed(script: string, lines: readonly string[], rest: Partial<Run> = {}): Run {
  return { about: script, script, lines, ...rest };
}

export const seeds: Section = {
  title: '16 Conformance seeds',
  values: [],
  runs: [
    seed('begin { print(1 + 2 * 3 - 4 / 2); }', ['5', 'maps:']),
    seed('begin { $t = (7, "ab", (1,)); print($t); print($t[0]); }', ['(7, ab, (1))', '7', 'maps:']),
    seed('begin { $r = (lo=1, hi="x"); print($r); print($r.hi); }', ['{ .lo = 1, .hi = x }', 'x', 'maps:']),
    seed('begin { print((uint8)300); print((int8)200); }', ['44', '-56', 'maps:']),
    seed('begin { $x = -8; print($x >> 1); print($x / 2); print($x % 3); }', ['-4', '-4', '-2', 'maps:']),
    seed('begin { $z = 0; print(5 / $z); }', ['1', 'maps:'], { stderr: ['WARNING'] }),
    seed('begin { $a = (uint8[4])(uint32)0x01020304; print($a); }', ['[4,3,2,1]', 'maps:']),
    seed('begin { print(2s); print(1e3ms); print(0777); }', ['2000000000', '1000000000', '511', 'maps:']),
    seed('begin { print("kernel" + 3); print("abc"[1]); }', ['nel', '98', 'maps:']),
    seed('begin { $x = 5; $y = $x++ + ++$x; print(($x, $y)); }', ['(7, 12)', 'maps:']),
    seed('begin { $v = if (1 > 2) { "a" } else { "bcd" }; print($v); }', ['bcd', 'maps:']),
    seed('begin { @m["b"] = 2; @m["a"] = 9; }', ['maps:', '@m[b]: 2', '@m[a]: 9']),
    seed('begin { @m[2] = "x"; @m[1] = "y"; }', ['maps:', '@m[1]: y', '@m[2]: x']),
    seed('begin { @z = 1; @a = 2; @ = 3; }', ['maps:', '@: 3', '@a: 2', '@z: 1']),
    seed('begin { @c = count(); @c = count(); if (@c == 2) { printf("%d\\n", (int64)@c); } }', ['2', 'maps:', '@c: 2']),
    seed('begin { @h = lhist(5, 0, 3, 1); }', ['maps:', '@h:', row('[3, ...)', 1, 52), '']),
    seed('begin { @p = (int32*)16; @p += 2; }', ['maps:', '@p: 0x18']),
    seed('struct q { unsigned int a:3, b:5; } begin { $v = (uint32)0x2d; print(*(struct q*)&$v); }', [
      '{ .a = 5, .b = 5 }',
      'maps:',
    ]),
    seed('macro twice(x) { x + x } begin { $n = 1; print(twice({ $n += 1; $n })); }', ['5', 'maps:']),
    seed('begin { for ($i : 3..1) { print($i); } print("end"); }', ['end', 'maps:']),
    seed('begin { exit(7); }', ['maps:'], { status: 7 }),
    seed('begin { @[1, "a b"] = (true, -1); }', ['{"type": "map", "data": {"@": {"1,a b": [true,-1]}}}'], {
      options: ['-f', 'json'],
      raw: true,
    }),
    seed('begin { @m[3] = 2; @m[1] = 9; @m[2] = 1; @m[5] = 5; }', [
      'maps:',
      '@m[2]: 1',
      '@m[3]: 2',
      '@m[5]: 5',
      '@m[1]: 9',
    ]),
    seed('begin { @m[3] = sum(2); @m[1] = sum(9); @m[2] = sum(1); @m[5] = sum(5); print(@m, 2); clear(@m); }', [
      '@m[5]: 5',
      '@m[1]: 9',
      'maps:',
    ]),
    seed('begin { @n["b",1] = "q"; @n["a",2] = "r"; @n["a",1] = "s"; }', [
      'maps:',
      '@n[a, 1]: s',
      '@n[a, 2]: r',
      '@n[b, 1]: q',
    ]),
    seed(
      'begin { let $x: uint8 = 250; $x += 10; print($x); @i = (int8)-1; print((uint64)@i); print(-1 < (uint32)1); }',
      ['4', '18446744073709551615', 'true', 'maps:', '@i: -1'],
      { stderr: ['WARNING'] },
    ),
    seed(String.raw`begin { printf("%5d|%-5d|%05d|%x|%X|%#x|%o|%c|%%\n", 42, 42, 42, 255, 255, 255, 8, 65); }`, [
      '   42|42   |00042|ff|FF|0xff|10|A|%',
      'maps:',
    ]),
    seed(
      'begin { @x[1,2] = 3; @x[1,3] = 4; for ($kv : @x) { printf("%d %d\\n", $kv.0.1, $kv.1); } print(len(@x)); _ = delete(@x, (1,2)); print(has_key(@x, (1,2))); }',
      ['2 3', '3 4', '2', 'false', 'maps:', '@x[1, 3]: 4'],
      { anyOrder: true },
    ),
    seed('begin { print((uint64)9007199254740993); }', ['{"type": "value", "data": "9007199254740993"}'], {
      options: ['-f', 'json'],
      raw: true,
    }),
  ],
};
