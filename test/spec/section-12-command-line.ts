/** Section 12: command line, exit status, run sequence. test/live/cli.test.ts and test/cli/ have more of it. */
import type { Section } from './table.ts';

export const commandLine: Section = {
  title: '12 Command line',
  values: [],
  runs: [
    {
      about: 'options may follow the script; -- ends them',
      script: 'begin { print(($1, $#)); }',
      args: ['--no-warnings', '--', '-5'],
      lines: ['(-5, 1)', 'maps:'],
    },
    {
      about: '--no-warnings: none from the compiler, none from the run',
      script: 'begin { $z = 0; print(5 / $z); print($1); }',
      options: ['--no-warnings'],
      lines: ['1', '0', 'maps:'],
    },
    {
      about: '-k: missing keys and failed reads are reported too',
      script: 'begin { @m[1] = 2; print(@m[7]); print(*(int32*)16); clear(@m); }',
      options: ['-k'],
      lines: ['0', '0', 'maps:'],
      stderr: ['WARNING', '@m[7]'],
    },
    {
      about: 'without -k they are silent',
      script: 'begin { @m[1] = 2; print(@m[7]); print(*(int32*)16); clear(@m); }',
      lines: ['0', '0', 'maps:'],
    },
    {
      about: '--dry-run attaches and stops: no begin, no maps',
      script: 'begin { print("no"); @m = 1; }',
      options: ['--dry-run'],
      lines: [],
      raw: true,
    },
    {
      about: '-f with an unknown format',
      script: 'begin { }',
      options: ['-f', 'xml'],
      status: 1,
      lines: [],
      raw: true,
      stderr: ['xml', 'json', 'text'],
    },
    {
      about: '-kk is refused',
      script: 'begin { }',
      options: ['-kk'],
      status: 1,
      lines: [],
      raw: true,
      stderr: ['-k'],
    },
    {
      about: '-k and --no-warnings conflict',
      script: 'begin { }',
      options: ['-k', '--no-warnings'],
      status: 1,
      lines: [],
      raw: true,
      stderr: ['--no-warnings'],
    },
    {
      about: '--probe-filter leaves probes out, begin and end stay',
      script:
        'begin { print("begin"); exit(); } interval:ms:1 { print("interval"); } profile:hz:999 { } end { print("end"); }',
      options: ['--probe-filter', 'profile'],
      lines: ['begin', 'end', 'maps:'],
    },
    {
      about: '-I and --include',
      script: '#include "mine.h"\nbegin { print((MINE, ALSO)); }',
      files: { 'inc/mine.h': '#define MINE 3\n', 'also.h': '#define ALSO 4\n' },
      options: ['-I', 'inc', '--include', 'also.h'],
      lines: ['(3, 4)', 'maps:'],
    },
    {
      about: '--fmt prints the script in its canonical form, comments kept',
      script: '// a comment\nbegin{$x=1;/* here */print($x)}',
      options: ['--fmt'],
      lines: ['// a comment', 'begin {', '  $x = 1;', '  /* here */ print($x);', '}'],
      raw: true,
    },
    {
      about: 'a compile error is status 1 and nothing runs',
      script: 'begin { print("no"); } end { print($x); }',
      status: 1,
      lines: [],
      raw: true,
      stderr: ['ERROR', '$x', 'stdin:1:36-38'],
    },
    {
      about: 'exit(n) is the status',
      script: 'begin { exit(42); }',
      status: 42,
      lines: ['maps:'],
    },
  ],
};
