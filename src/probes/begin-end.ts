/**
 * `begin` and `end`: bodies that run once in the tracer's own process, before anything is attached and after
 * everything is detached. They are raw-tracepoint programs that are never attached (BPF_PROG_TEST_RUN).
 */
import { hasPartCount } from './parts.ts';
import type { Pattern, ProbeKind } from './probe-kind.ts';

export const begin: ProbeKind = once(
  'begin',
  'before the other probes are attached',
  'BEGIN { printf("tracing\\n"); }',
);
export const end: ProbeKind = once(
  'end',
  'after all probes are detached, before maps are printed',
  'BEGIN { exit(); } END { printf("done\\n"); }',
);

function once(name: 'begin' | 'end', when: string, example: string): ProbeKind {
  const syntax = [name];
  const pattern: Pattern = { parts: [], hasWildcard: false };
  return {
    name,
    aliases: [],
    doc: { summary: `Runs once, ${when}. Also written ${name.toUpperCase()}.`, example },
    probeType: 'special',
    syntax,
    listed: false,
    space: 'none',
    // `begin:*` is what old scripts write to say "the one begin there is".
    parse(args, report) {
      if (args.parts.length === 1 && args.parts[0]?.text === '*') return pattern;
      return hasPartCount(args, [0], syntax, report) ? pattern : undefined;
    },
    match: () => [{ name, parts: [] }],
    explainMissing: () => ({ message: `${name} always exists` }),
    shape: (targets) => [
      {
        type: 'raw_tracepoint',
        section: 'raw_tp',
        context: { by: 'none' as const },
        attach: { kind: 'run-once', when: name },
        targets,
        args: undefined,
        select: { by: 'none' },
        filtersPid: false,
      },
    ],
    list: () => [],
  };
}
