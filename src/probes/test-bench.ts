/**
 * `test:NAME` and `bench:NAME`: bodies that only --test and --bench run, in the tracer's own process (runtime/test-run.ts).
 * They are XDP programs that are run on a packet of zeros (BPF_PROG_TEST_RUN): the one way to repeat and time a program.
 */
import { hasPartCount } from './parts.ts';
import type { ProbeKind } from './probe-kind.ts';

export const test: ProbeKind = runOnRequest('test', 'test', {
  summary: 'A test that --test runs: it passes when it returns 0 and calls neither errorf() nor exit() with a status.',
  example: 'test:cast { $x = 260; if ((uint8)$x != 4) { return 1; } }',
});

export const bench: ProbeKind = runOnRequest('bench', 'benchmark', {
  summary: 'A body that --bench runs again and again to measure it; one that returns another value than 0 is skipped.',
  example: 'bench:map_increment { @++; }',
});

function runOnRequest(name: 'test' | 'bench', probeType: string, doc: ProbeKind['doc']): ProbeKind {
  const syntax = [`${name}:NAME`];
  return {
    name,
    aliases: [],
    doc,
    probeType,
    syntax,
    listed: false,
    space: 'none',
    uniqueTargets: true,
    parse(args, report) {
      if (!hasPartCount(args, [1], syntax, report)) return undefined;
      const [title] = args.parts;
      if (title === undefined || title.text === '') {
        report.error('run-name', args.span, `A ${name} has a name, by which its result is shown`, {
          hint: `Write ${syntax[0]}.`,
        });
        return undefined;
      }
      return { parts: [title.text], hasWildcard: false };
    },
    match: (pattern) => [{ name: [name, ...pattern.parts].join(':'), parts: pattern.parts }],
    explainMissing: () => ({ message: `${name} probes always exist` }),
    shape: (targets) =>
      targets.map((target) => ({
        type: 'xdp',
        section: 'xdp',
        context: { by: 'none' },
        attach: { kind: 'run-once', when: name },
        targets: [target],
        args: undefined,
        select: { by: 'none' },
        filtersPid: false,
        deliversResult: true,
      })),
    list: () => [],
  };
}
