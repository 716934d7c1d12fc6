/** Section 10: macros, imports, functions. */
import type { Section } from './table.ts';

export const macros: Section = {
  title: '10 Macros, imports, functions',
  values: [
    {
      about: '10.1 macros',
      root: [
        'macro twice(x) { x + x }',
        'macro clampu(x, hi) { let $v = x; $v > hi ? hi : $v }',
        'macro zero_args { 42 }'.replace('zero_args', 'zero_args()'),
        'macro bump($v) { $v += 1; }',
        'macro store(@m, k) { @m[k] = 5; @m[k] }',
        'macro over($v) { "variable" } macro over(@m) { "map" } macro over(a) { "one" } macro over(a, b) { "two" }',
        'macro outer(x) { inner(x) * 2 } macro inner(x) { x + 1 }',
        'macro first(t, p) { *((t*)p) }',
        'macro hidden() { let $n = 100; $n }',
        'macro size(t) { sizeof(t) }',
      ].join('\n'),
      before: '$n = 1; $m = 7; bump($m); @g[1] = 0; $u = (uint32)9; $p = (uint64)&$u;',
      rows: [
        ['twice({ $n += 1; $n })', '5'],
        ['$n', '3'],
        ['clampu(5, 3)', '3'],
        ['clampu(2, 3)', '2'],
        ['zero_args', '42'],
        ['zero_args()', '42'],
        ['zero_args + 1', '43'],
        ['$m', '8'],
        ['store(@g, 2)', '5'],
        ['over(1)', 'one'],
        ['over(1, 2)', 'two'],
        ['over($n)', 'variable'],
        ['over(@g)', 'map'],
        ['over($n + 1)', 'one'],
        ['outer(3)', '8'],
        ['hidden() + $n', '103'],
        ['first(typeof(uint32), $p)', '9'],
        ['size(typeof(int16))', '2'],
      ],
    },
    {
      about: '10.1 a macro replaces a library function of the same signature',
      root: 'macro strlen(s) { 99 }',
      rows: [['strlen("abc")', '99']],
    },
    {
      about: '10.3 functions',
      root: [
        'fn add($a: int64, $b: int64): int64 { return $a + $b; }',
        'fn sign($x: int64): int64 { if ($x < 0) { return -1; } if ($x > 0) { return 1; } return 0; }',
        'fn twice_added($x: int64): int64 { return add($x, $x); }',
        'fn small($x: uint8): uint16 { return $x * 2; }',
        'fn even($x: uint64): bool { return $x % 2 == 0; }',
        'fn summed($n: int64): int64 { let $s = 0; for ($i : 0..$n) { if ($i == 8) { return $s; } $s += $i; } return $s; }',
      ].join('\n'),
      before: '$n = -5;',
      rows: [
        ['add(1, 2)', '3'],
        ['add($n, 2) * 2', '-6'],
        ['sign($n)', '-1'],
        ['sign(0)', '0'],
        ['twice_added(21)', '42'],
        ['small(200)', '400'],
        ['sizeof(small(1))', '2'],
        ['even(4)', 'true'],
        ['summed(4)', '6'],
        ['summed(100)', '28'],
      ],
    },
  ],
  runs: [
    {
      about: '10.1 maps by reference, the example of the section',
      script:
        'macro clampu(x, hi) { let $v = x; $v > hi ? hi : $v }\nmacro bump(@m, k) { @m[k] += clampu(5000, 4096); }\nbegin { bump(@sizes, comm); bump(@sizes, comm); print(len(@sizes)); clear(@sizes); }',
      lines: ['1', 'maps:'],
    },
    {
      about: '10.3 a function of type void; functions and probes in any order',
      script: 'begin { note(7); } fn note($x: int64): void { @seen[$x] = count(); printf("%d\\n", $x); }',
      lines: ['7', 'maps:', '@seen[7]: 1'],
    },
    {
      about: '10.2 scripts are merged: their maps, macros, functions, C and probes; imported begin probes run first',
      script:
        'import "lib.bt";\nbegin { print("main"); print((DOUBLE(4), sizeof(struct shared), plus(1))); @shared[1] = count(); }',
      files: {
        'lib.bt':
          '#define SCALE 2\nstruct shared { int a; int b; };\nimport "deeper.bt";\nlet @shared = percpuhash(10);\nmacro DOUBLE(x) { x * SCALE }\nfn plus($x: int64): int64 { return $x + 1; }\nbegin { print("lib"); }',
        'deeper.bt': 'import "lib.bt";\nbegin { print("deeper"); }',
      },
      lines: ['deeper', 'lib', 'main', '(8, 8, 2)', 'maps:', '@shared[1]: 1'],
    },
    {
      about: '10.2 headers give types',
      script: 'import "types.h";\nbegin { print((sizeof(struct in_header), HEADER_VALUE)); }',
      files: {
        'types.h': 'struct in_header { long a; char b; };\nenum { HEADER_VALUE_1 };\n#define HEADER_VALUE 12\n',
      },
      lines: ['(16, 12)', 'maps:'],
    },
    {
      about: '10.2 C for BPF is compiled, linked and called',
      script: 'import "helpers.bpf.c";\nbegin { print((triple(5), triple(-2))); }',
      files: {
        'helpers.bpf.c': 'long triple(long x) { return x * 3; }\n',
      },
      lines: ['(15, -6)', 'maps:'],
    },
    {
      about: '10.2 a directory is all supported files in it',
      script: 'import "parts";\nbegin { print(three() + four()); }',
      files: {
        'parts/a.bt': 'macro three() { 3 }',
        'parts/b.bt': 'macro four() { 4 }',
        'parts/README': 'not imported',
      },
      lines: ['7', 'maps:'],
    },
  ],
};
