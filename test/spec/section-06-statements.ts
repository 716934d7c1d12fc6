/** Section 6: statements and control flow. */
import type { Section } from './table.ts';

export const statements: Section = {
  title: '6 Statements and control flow',
  values: [
    {
      about: 'compound assignment is x = x op E',
      before:
        '$a = 5; $a += 3; $a -= 1; $a *= 6; $a /= 4; $a %= 7; $b = 6; $b &= 3; $b |= 8; $b ^= 1; $b <<= 3; $b >>= 1; @m += 2; @k[1] |= 5;',
      rows: [
        ['$a', '3'],
        ['$b', '44'],
        ['@m + 0', '2'],
        ['@k[1]', '5'],
      ],
    },
  ],
  runs: [
    {
      about: 'if, else if, else, without parentheses',
      script:
        'begin { $x = 2; $done = false; if $x { print("x"); } if !$done { print("not done"); } if ($x > 2) { print("a"); } else if ($x == 2) { print("b"); } else { print("c"); } }',
      lines: ['x', 'not done', 'b', 'maps:'],
    },
    {
      about: 'for over ranges: the end is exclusive, both are evaluated once',
      script:
        'begin { for ($i : 3..1) { print($i); } for $i : 0..2 { print($i); } for ($i : (-2)..1) { print($i); } @n = 2; for ($i : 0..@n) { @n = 9; printf("n%d\\n", $i); } $e = 3; for ($i : 1..$e) { $e = 9; printf("e%d\\n", $i); } print("end"); }',
      lines: ['0', '1', '-2', '-1', '0', 'n0', 'n1', 'e1', 'e2', 'end', 'maps:', '@n: 9'],
    },
    {
      about: 'for over maps; aggregations come as integers',
      script:
        'begin { @m[1, "a"] = 2; for ($kv : @m) { print($kv); print(($kv.0.1, $kv.1)); } @s["x"] = sum(3); @s["x"] = sum(4); for $kv : @s { print($kv.1 + 1); } clear(@m); clear(@s); }',
      lines: ['((1, a), 2)', '(a, 2)', '8', 'maps:'],
    },
    {
      about: 'break and continue in for and while; variables outside are shared',
      script:
        'begin { let $sum = 0; for ($i : 0..10) { if ($i == 2) { continue; } if ($i == 5) { break; } $sum += $i; } print($sum); $n = 0; while ($n < 10) { $n++; if ($n == 3) { continue; } if ($n > 4) { break; } $sum += 100; } print($sum); }',
      lines: ['8', '308', 'maps:'],
      stderr: 'any',
    },
    {
      about: 'nested loops, break leaves the inner one',
      script: 'begin { for ($i : 0..3) { for ($j : 0..3) { if ($j == 1) { break; } print(($i, $j)); } } }',
      lines: ['(0, 0)', '(1, 0)', '(2, 0)', 'maps:'],
    },
    {
      about: 'return leaves the probe from within nested loops',
      script:
        'begin { for ($i : 0..3) { for ($j : 0..3) { if ($j == 1) { return; } print(($i, $j)); } } print("no"); } begin { print("next"); }',
      lines: ['(0, 0)', 'next', 'maps:'],
    },
    {
      about: 'entries may be deleted and added while a map is walked',
      script: 'begin { @m[1] = 1; @m[2] = 2; for ($kv : @m) { delete(@m, $kv.0); } print(len(@m)); }',
      lines: ['0', 'maps:'],
    },
    {
      about: 'unroll repeats its body as often as a literal says',
      script: '#define TWICE 2\nbegin { $n = 0; unroll ($1) { $n++; } unroll(TWICE) { $n += 10; } print($n); }',
      args: ['3'],
      lines: ['23', 'maps:'],
    },
    {
      about: 'break and continue in an unroll: the loop around it, or the unroll itself',
      script:
        'begin { $n = 0; unroll (5) { $n++; if ($n == 3) { break; } } print($n); unroll (4) { if ($n++ == 3) { continue; } $n += 100; } print($n); for ($i : 0..2) { unroll (5) { $n++; break; } } print($n); }',
      lines: ['3', '307', '308', 'maps:'],
    },
    {
      about: 'a block and its variables',
      script: 'begin { { let $x = 1; print($x); } { let $x = "other"; print($x); } $x = 3; print($x); }',
      lines: ['1', 'other', '3', 'maps:'],
    },
    {
      about: 'exit() ends the probe at once, with a status',
      script: 'begin { print("before"); exit(7); print("after"); } begin { print("other"); } end { print("end"); }',
      status: 7,
      lines: ['before', 'end', 'maps:'],
      stderr: 'any',
    },
    {
      about: 'exit() within a macro',
      script: 'macro leave(n) { exit(n); } begin { leave(3); }',
      status: 3,
      lines: ['maps:'],
    },
    {
      about: 'a range that is larger than a loop in the kernel may be',
      script: 'begin { $n = 0; for ($i : 0..10000) { $n += 1; } print($n); }',
      lines: ['10000', 'maps:'],
    },
  ],
};
