/** Section 13: how messages look, and which come while a script runs. The conditions are in remarks/. */
import type { Section } from './table.ts';

export const diagnostics: Section = {
  title: '13 Diagnostics',
  values: [],
  runs: [
    {
      about: 'place, line, marks',
      script: 'begin { printf("%d", $total); }',
      status: 1,
      raw: true,
      lines: [],
      stderr: ['stdin:1:22-28: ERROR', 'begin { printf("%d", $total); }', '                     ~~~~~~'],
    },
    {
      about: 'tabs are four blanks',
      script: 'begin {\n\tprint($total);\n}',
      status: 1,
      raw: true,
      lines: [],
      stderr: ['stdin:2:8-14: ERROR', '    print($total);', '          ~~~~~~'],
    },
    {
      about: 'several errors in one run, syntax and types, the last line too',
      script: 'begin { $x = ; }\nbegin { print(1); }\nend { nosuch(); }',
      status: 1,
      raw: true,
      lines: [],
      stderr: ['stdin:1:14', 'stdin:3:7'],
    },
    {
      about: 'warnf and errorf have places',
      script: 'begin { warnf("w %d", 1); errorf("e"); print(1); }',
      lines: ['1', 'maps:'],
      stderr: ['stdin:1:9-25: WARNING: w 1', 'stdin:1:27-38: ERROR: e'],
    },
    {
      about: 'deleting what is not there is reported',
      script: 'begin { @m[1] = 1; delete(@m, 2); clear(@m); }',
      lines: ['maps:'],
      stderr: ['WARNING', 'stdin:1:20'],
    },
    {
      about: 'strings are shortened with a trailer',
      script:
        'struct spec { char n[4]; }; config = { str_trunc_trailer = "~" } begin { $v = (uint32)0x64636261; $s = *(struct spec*)&$v; print($s.n); print($s); printf("%s\\n", $s.n); }',
      lines: ['abcd~', '{ .n = abcd~ }', 'abcd~', 'maps:'],
    },
  ],
};
