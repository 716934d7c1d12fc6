/** Section 9: positional and named parameters. */
import type { Section } from './table.ts';

export const parameters: Section = {
  title: '9 Script parameters',
  values: [
    {
      about: 'positional: integers in every form, else strings',
      args: ['42', '0x1f', '-5', 'word', '0b11', '1_000', '5s', '1e3', '7ul', '"x"', '12abc', ''],
      rows: [
        ['$1', '42'],
        ['$2', '31'],
        ['$4', 'word'],
        ['$5', '3'],
        ['$6', '1000'],
        ['$7', '5000000000'],
        ['$8', '1000'],
        ['$9', '7'],
        ['$10', '"x"'],
        ['$11', '12abc'],
        ['str($1)', '42'],
        ['str($2)', '0x1f'],
        ['str($4 + 2)', 'rd'],
        ['str($1 + 1)', '2'],
        ['$#', '12'],
        ['$1 + 1', '43'],
      ],
    },
  ],
  runs: [
    {
      about: 'positional parameters where literals are needed',
      script: 'begin { @h = lhist(5, $1, $2, $3); unroll ($1 + 2) { print("u"); } }',
      args: ['0', '10', '5'],
      lines: ['u', 'u', 'maps:', '@h:', `${'[5, 10)'.padEnd(16)}       1 |${'@'.repeat(52)}|`, ''],
    },
    {
      about: 'missing ones are zero and empty, with a warning',
      script: 'begin { print($1); printf("[%s]\\n", str($2)); }',
      lines: ['0', '[]', 'maps:'],
      stderr: ['WARNING', '$1', '$2'],
    },
    {
      about: 'named parameters with defaults',
      script:
        'begin { print((getopt("n", 5), getopt("s", "text"), getopt("b"), getopt("neg", -1), getopt("t", true))); }',
      lines: ['(5, text, false, -1, true)', 'maps:'],
    },
    {
      about: 'named parameters from the command line, positional ones beside them',
      script:
        'begin { print((getopt("n", 5), getopt("s", "text"), getopt("b"), getopt("neg", -1), getopt("t", true), $1, $#)); }',
      args: ['--', '--n=0x10', '--s=hello', '--b', 'pos', '--neg=-7', '--t=off'],
      lines: ['(16, hello, true, -7, false, pos, 1)', 'maps:'],
    },
    {
      about: 'every spelling of a bool',
      script:
        'begin { print((getopt("a"), getopt("b"), getopt("c"), getopt("d"), getopt("e", true), getopt("f", true), getopt("g", true), getopt("h", true))); }',
      args: ['--', '--a=1', '--b=TRUE', '--c=On', '--d=yes', '--e=0', '--f=False', '--g=off', '--h=NO'],
      lines: ['(true, true, true, true, false, false, false, false)', 'maps:'],
    },
    {
      about: 'the type of a named parameter is that of its default',
      script:
        'begin { print((sizeof(getopt("n", 5)), sizeof(getopt("b")), getopt("n", 5) + 1)); if (getopt("b")) { print("no"); } }',
      lines: ['(8, 1, 6)', 'maps:'],
    },
    {
      about: 'unknown named parameters are refused',
      script: 'begin { print(getopt("n", 5, "how many")); }',
      args: ['--', '--x'],
      status: 1,
      raw: true,
      lines: [],
      stderr: ['--x', '--n', 'how many'],
    },
    {
      about: '-- --help lists the options of the script',
      script: 'begin { print(getopt("n", 5, "how many")); }',
      args: ['--', '--help'],
      status: 1,
      raw: true,
      lines: [],
      stderr: ['--n', 'how many'],
    },
    {
      about: 'a value that is no integer',
      script: 'begin { print(getopt("n", 5)); }',
      args: ['--', '--n=abc'],
      status: 1,
      raw: true,
      lines: [],
      stderr: ['n', 'abc', 'integer'],
    },
    {
      about: 'an integer without a value',
      script: 'begin { print(getopt("n", 5)); }',
      args: ['--', '--n'],
      status: 1,
      raw: true,
      lines: [],
      stderr: ['--n', 'INTEGER'],
    },
    {
      about: 'a bool with an odd value',
      script: 'begin { print(getopt("b")); }',
      args: ['--', '--b=maybe'],
      status: 1,
      raw: true,
      lines: [],
      stderr: ['--b', 'maybe'],
    },
    {
      about: 'a value with = in it',
      script: 'begin { print(getopt("s", "x")); }',
      args: ['--', '--s=a=b'],
      lines: ['a=b', 'maps:'],
    },
  ],
};
