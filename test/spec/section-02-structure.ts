/** Section 2: order of items, C preamble, attach points, predicates. */
import type { Section } from './table.ts';

export const structure: Section = {
  title: '2 Program structure',
  values: [
    {
      about: '2.2 object-like C macros and enum constants',
      root: [
        '#define LIMIT (4 * 1024)',
        '#define NAME "text"',
        '#define NEXT LIMIT + 1',
        '#ifndef NOT_THERE',
        '#define CHOSEN 1',
        '#else',
        '#define CHOSEN 2',
        '#endif',
        '#define LONG 1 + \\',
        '  2',
        'enum { FIRST = 3, SECOND };',
        'enum named { THIRD = 9 } ;',
        'struct s { int a; char b; } __attribute__((packed))',
      ].join('\n'),
      rows: [
        ['LIMIT', '4096'],
        ['NAME', 'text'],
        ['NEXT', '4097'],
        ['NEXT * 2', '8194'],
        ['CHOSEN', '1'],
        ['LONG', '3'],
        ['SECOND + 0', '4'],
        ['FIRST', 'FIRST'],
        ['THIRD', 'THIRD'],
        ['sizeof(struct s)', '5'],
      ],
    },
    {
      about: 'headers, BPFTRACE_HAVE_BTF, --include and -I are C as usual',
      root: '#include <stddef.h>\n#ifdef BPFTRACE_HAVE_BTF\n#define BTF 1\n#else\n#define BTF 0\n#endif',
      rows: [
        ['BTF', '1'],
        ['sizeof(size_t)', '8'],
      ],
    },
  ],
  runs: [
    {
      about: 'items need no separators; probes in source order; trailing comma',
      script:
        'begin { print(1); } BEGIN{print(2)} begin, Begin, { print(3); }; end { print(4); } END { print(5); }'.replace(
          '};',
          '}',
        ),
      lines: ['1', '2', '3', '3', '4', '5', 'maps:'],
    },
    {
      about: 'empty bodies, statements without ; in front of }, blocks without ;',
      script: 'begin {} begin { { print(1) } if (1) { print(2) } for ($i : 0..1) { print($i) } print(3) }',
      lines: ['1', '2', '0', '3', 'maps:'],
    },
    {
      about: 'a predicate without blanks, and with division in it',
      script: 'begin/1/{ print("a"); } begin /4 / 2 == 2/ { print("b"); } begin /0/ { print("c"); }',
      lines: ['a', 'b', 'maps:'],
    },
    {
      about: 'positional parameters within attach points',
      script: 'BEG$1 { print("begin"); } interval:$2:$3 { exit(); }',
      args: ['IN', 'ms', '1'],
      lines: ['begin', 'maps:'],
    },
    {
      about: 'a name in front of an attach point',
      script: 'start=begin { print("named"); }',
      lines: ['named', 'maps:'],
    },
    {
      about: 'a C definition and a map declaration may have a ;',
      script:
        'struct a { int x; }; struct b { int y; } let @m = hash(3); let @n = hash(3) begin { @m[1] = sizeof(struct a); @n[1] = 2; }',
      lines: ['maps:', '@m[1]: 4', '@n[1]: 2'],
    },
    {
      about: 'the value of a trailing expression is no return value',
      script: 'begin { print(1); 2 }',
      lines: ['1', 'maps:'],
      stderr: 'any',
    },
  ],
};
