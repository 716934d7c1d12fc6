import { expect, test } from 'vitest';
import { Report } from '../../grammar/diagnostic.ts';
import { parse } from '../../grammar/index.ts';
import { SourceText } from '../../grammar/source.ts';
import { matchProbes } from '../../src/compiler/match-probes.ts';
import { type Config, defaultConfig } from '../../src/config/options.ts';
import { diagnosticLines } from '../support/diagnostic-lines.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

interface Setting {
  readonly config?: Partial<Config>;
  readonly positionals?: readonly string[];
  readonly filter?: RegExp;
}

const world = fixtureWorld();

/** Script -> one line per program: label, program type and number of targets, then the diagnostics. */
function check(script: string, expected: readonly string[], setting: Setting = {}): void {
  const report = new Report(SourceText.fromUnicode('stdin', script));
  const parsed = parse(report.source, report);
  const matched = matchProbes(
    parsed,
    {
      world,
      positionals: setting.positionals ?? [],
      config: { ...defaultConfig(), ...setting.config },
      probeFilter: setting.filter,
    },
    report,
  );
  const lines = matched.map(
    ({ label, shape, onlyChecked }) =>
      `${label} ${shape.type} x${shape.targets.length}${onlyChecked === true ? ' only checked' : ''}`,
  );
  expect([...lines, ...diagnosticLines(report)]).toEqual(expected);
}

test('programs come in source order, one or more per attach point', () => {
  check('END { } tracepoint:sched:sched_switch, interval:1s { } BEGIN { }', [
    'end raw_tracepoint x1',
    'tracepoint:sched:sched_switch raw_tracepoint x1',
    'interval:us:1000000 perf_event x1',
    'begin raw_tracepoint x1',
  ]);
});

test('positional parameters are part of attach points', () => {
  check('tracepoint:sched:$1 { }', ['tracepoint:sched:sched_switch raw_tracepoint x1'], {
    positionals: ['sched_switch'],
  });
});

test('the same target twice runs twice', () => {
  check('t:sched:sched_switch, t:sched:sched_switch { }', [
    'tracepoint:sched:sched_switch raw_tracepoint x1',
    'tracepoint:sched:sched_switch raw_tracepoint x1',
  ]);
});

const policy = "Set the config option 'missing_probes' to 'warn' or 'ignore' when this is expected.";

test.each<[string, string[]]>([
  [
    'error',
    [
      `error 0-29 missing-probe: There is no tracepoint nosuchcat:nosuchev, nor any other event of nosuchcat: it may be a module that is not loaded [${policy}]`,
    ],
  ],
  [
    'warn',
    [
      'warning 0-29 missing-probe: There is no tracepoint nosuchcat:nosuchev, nor any other event of nosuchcat: it may be a module that is not loaded. The attach point is left out',
    ],
  ],
  ['ignore', []],
])('a missing probe with missing_probes=%s', (missing_probes, expected) => {
  check('tracepoint:nosuchcat:nosuchev { } BEGIN { }', ['begin raw_tracepoint x1', ...expected], {
    config: { missing_probes },
  });
});

test('a near name is suggested', () => {
  check('tracepoint:sched:sched_swich { }', [
    "error 0-28 missing-probe: There is no tracepoint sched:sched_swich [Did you mean 'tracepoint:sched:sched_switch'?]",
  ]);
});

test.each<[string, string[]]>([
  [
    'error',
    [`error 0-24 no-attach-point-left: Nothing on this machine matches, so the probe would never run [${policy}]`],
  ],
  [
    'warn',
    [
      'warning 0-24 no-attach-point-left: Nothing on this machine matches. The probe is left out, and what it would set stays unset',
    ],
  ],
  ['ignore', []],
])('a wildcard without matches, alone, with missing_probes=%s', (missing_probes, expected) => {
  check('tracepoint:sched:nosuch* { } BEGIN { }', ['begin raw_tracepoint x1', ...expected], {
    config: { missing_probes },
  });
});

test('a wildcard without matches vanishes beside one that has some', () => {
  check('tracepoint:sched:nosuch*, BEGIN { }', ['begin raw_tracepoint x1']);
});

test('a wildcard provider keeps the kinds that fit', () => {
  check('*:sched:sched_switch { }', ['tracepoint:sched:sched_switch raw_tracepoint x1']);
  check('*:a:b:c { }', [
    expect.stringMatching(
      /^error 0-7 no-kind-fits: No kind of probe that the wildcard stands for is written like this \[It stands for .*'software:EVENT', 'software:EVENT:COUNT', 'tracepoint:CATEGORY:EVENT'/,
    ),
  ]);
});

test('several mistakes are all reported', () => {
  check('uprobe:x { } interval:s { } BEGIN:x { }', [
    'error 0-6 probe-unavailable: uprobe probes are not available in this version of ebtrace',
    "error 22-23 rate-missing: The number of 's' between two runs is missing [Write 'interval:s:1'.]",
    "error 28-35 probe-parts: begin takes no parts, got 1 [Write 'begin'.]",
  ]);
});

test('max_probes is reported where it is crossed', () => {
  check(
    'BEGIN { } tracepoint:sched:* { } END { }',
    [
      'begin raw_tracepoint x1',
      expect.stringMatching(/^error 10-28 too-many-probes: The script has \d+ probes up to here, the limit is 2 /),
    ],
    { config: { max_probes: 2 } },
  );
});

test('max_bpf_progs is reported where it is crossed', () => {
  check(
    'BEGIN { } END, interval:s:1 { }',
    [
      'begin raw_tracepoint x1',
      'end raw_tracepoint x1',
      'interval:s:1 perf_event x1',
      'error 15-27 too-many-programs: The script becomes 3 BPF programs up to here, the limit is 2 ' +
        '[Narrow the wildcard, read fewer fields of args, or raise the config option max_bpf_progs.]',
    ],
    { config: { max_bpf_progs: 2 } },
  );
});

test('a probe filter keeps what it finds, and begin and end; the rest is checked only', () => {
  const script = 'BEGIN { } tracepoint:sched:sched_* { } interval:s:1 { }';
  check(
    script,
    [
      'begin raw_tracepoint x1',
      'tracepoint:sched:sched_switch raw_tracepoint x1',
      'tracepoint:sched:sched_* raw_tracepoint x4 only checked',
      'interval:s:1 perf_event x1 only checked',
    ],
    { filter: /sched_switch$/ },
  );
});
