/** Section 7: scratch variables. */
import type { Section } from './table.ts';

export const variables: Section = {
  title: '7 Scratch variables',
  values: [
    {
      about: 'let without a value is zero',
      before:
        'let $a; let $b: uint16; let $c: string[8]; let $d: int32*; let $e: bool; if (nsecs == 0) { $a = 1; $b = 1; $c = "x"; $d = (int32*)1; $e = true; }',
      rows: [
        ['$a', '0'],
        ['$b', '0'],
        ['$c', ''],
        ['$d', '0x0'],
        ['$e', 'false'],
        ['sizeof($b)', '2'],
      ],
    },
    {
      about: 'a declared size is kept, string without one takes that of its value',
      before: 'let $s: string[16] = "abc"; let $t: string = "abc"; let $u: uint8 = 3; let $v: int64 = $u;',
      rows: [
        ['sizeof($s)', '16'],
        ['sizeof($t)', '4'],
        ['sizeof($u)', '1'],
        ['sizeof($v)', '8'],
        ['$s', 'abc'],
      ],
    },
  ],
  runs: [
    {
      about: 'the example of the section',
      script:
        'begin {\n  let $best: uint64;\n  for ($i : 0..4) { if ($i > $best) { $best = $i; } }\n  printf("best %d\\n", $best);\n}',
      lines: ['best 3', 'maps:'],
      stderr: ['WARNING', '$best'],
    },
    {
      about: 'a name of an inner block may be declared later outside',
      script: 'begin { if (1) { $x = 1; print($x); } $x = "later"; print($x); }',
      lines: ['1', 'later', 'maps:'],
    },
    {
      about: 'large values do not fit on the stack of BPF and need not',
      script:
        'begin { $a = str("a", 1024); $b = str("b", 1024); $t = ($a, $b, (1, $a)); print($t.2.1); let $z: string[900]; $z = "zz"; print($z); @m = $t; print(@m.1); clear(@m); }',
      lines: ['a', 'zz', 'b', 'maps:'],
    },
    {
      about: 'taking the address counts as an assignment',
      script: 'begin { let $x: uint32; print(*&$x); }',
      lines: ['0', 'maps:'],
    },
    {
      about: 'many variables',
      script: `begin { ${Array.from({ length: 150 }, (_, i) => `$v${i} = pid - pid + ${i};`).join(' ')} print(${Array.from({ length: 150 }, (_, i) => `$v${i}`).join(' + ')}); }`,
      lines: ['11175', 'maps:'],
    },
  ],
};
