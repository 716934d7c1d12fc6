/** `profile:UNIT:N`: samples every CPU at a fixed rate; with -p or -c only while that process runs. */
import { perfCpuClock, perfEventShape, perfTypeSoftware } from './perf-event.ts';
import type { ProbeKind } from './probe-kind.ts';
import { listUnits, parseRate, rateSyntax, rateTarget, samplingOf } from './time-units.ts';

export const profile: ProbeKind = {
  name: 'profile',
  aliases: ['p'],
  doc: {
    summary: 'Runs at a fixed rate on every CPU: a sampling profiler.',
    example: 'profile:hz:99 { @[comm] = count(); }',
  },
  probeType: 'profile',
  syntax: rateSyntax('profile'),
  listed: false,
  space: 'none',
  parse: parseRate,
  match: (pattern) => [rateTarget('profile', pattern)],
  explainMissing: () => ({ message: 'profile probes exist at every rate' }),
  shape: (targets) =>
    targets.map((target) =>
      perfEventShape(target, {
        kind: 'perf-event',
        type: perfTypeSoftware,
        config: perfCpuClock,
        every: samplingOf(target),
        cpus: 'all',
        followsPid: true,
      }),
    ),
  list: (parts) => listUnits('profile', parts),
};
