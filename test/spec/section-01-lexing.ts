/** Section 1: comments, names, integers, durations, strings. */
import type { Section } from './table.ts';

export const lexing: Section = {
  title: '1 Lexical structure',
  values: [
    {
      about: 'comments between any two tokens, keywords as names',
      before:
        '/* a // b */ $let = 1 /* c */ + // d\n 2; @if = 3; $r = (while=4, for=5); $struct = (config=6, macro=(return=7));',
      rows: [
        ['$let', '3'],
        ['@if + 0', '3'],
        ['$r.while', '4'],
        ['$r . /* x */ for', '5'],
        ['$struct.macro.return', '7'],
        ['$struct.config', '6'],
      ],
    },
    {
      about: '1.1 integers',
      rows: [
        ['1234', '1234'],
        ['0x1f', '31'],
        ['0X1F', '31'],
        ['0755', '493'],
        ['0', '0'],
        ['00', '0'],
        ['0b101', '5'],
        ['0B11', '3'],
        ['1_000_000', '1000000'],
        ['1__0', '10'],
        ['0xff_ff', '65535'],
        ['3e9', '3000000000'],
        ['3E2', '300'],
        ['1e3', '1000'],
        ['5u', '5'],
        ['5l', '5'],
        ['5ll', '5'],
        ['5ul', '5'],
        ['5ull', '5'],
        ['5UL', '5'],
        ['18446744073709551615', '18446744073709551615'],
        ['9223372036854775807', '9223372036854775807'],
        ['-9223372036854775808', '-9223372036854775808'],
        ['sizeof(5ul)', '1'],
      ],
    },
    {
      about: 'durations are nanoseconds',
      rows: [
        ['7ns', '7'],
        ['7us', '7000'],
        ['7ms', '7000000'],
        ['7s', '7000000000'],
        ['7m', '420000000000'],
        ['7h', '25200000000000'],
        ['7d', '604800000000000'],
        ['2e3ms', '2000000000'],
        ['1_000us', '1000000'],
      ],
    },
    {
      about: '1.2 strings and escapes',
      rows: [
        ['"a\\tb"', 'a\tb'],
        ['"q\\"q"', 'q"q'],
        ['"b\\\\b"', 'b\\b'],
        ['"\\101\\60"', 'A0'],
        ['"\\1018"', 'A8'],
        ['"\\x41\\X42\\x9"', 'AB\t'],
        ['"ab" + "cd"', 'abcd'],
        ['"//" + "/*"', '///*'],
        ['sizeof("abc")', '4'],
        ['"naïve"', 'naïve'],
        ['"\\303\\251"', 'é'],
      ],
    },
  ],
  runs: [
    {
      about: 'a shebang line is skipped; an open block comment runs to the end',
      script: '\n#!/usr/bin/env ebtrace\nbegin { print(1); }\n/* and so on\nbegin { print(2); }',
      lines: ['1', 'maps:'],
    },
    {
      about: 'the anonymous map and map names',
      script: 'begin { @ = 1; @_x9 = 2; @[1] = 3; }'.replace('@[1] = 3;', '@A[1] = 3;'),
      lines: ['maps:', '@: 1', '@A[1]: 3', '@_x9: 2'],
    },
    {
      about: 'the format of printf may be longer than max_strlen',
      script: `config = { max_strlen = 16 } begin { printf("${'a'.repeat(40)}\\n"); }`,
      lines: ['a'.repeat(40), 'maps:'],
    },
    {
      about: '$# and missing parameters',
      script: 'begin { print(($#, $1, $2)); print(str($2)); }',
      args: ['0b11', 'x'],
      lines: ['(2, 3, x)', 'x', 'maps:'],
    },
  ],
};
