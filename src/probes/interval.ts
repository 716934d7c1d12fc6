/** `interval:UNIT:N`: a body that runs regularly on one CPU, for printing and resetting. Never filtered by process. */
import { perfCpuClock, perfEventShape, perfTypeSoftware } from './perf-event.ts';
import type { ProbeKind } from './probe-kind.ts';
import { listUnits, parseRate, rateSyntax, rateTarget, samplingOf } from './time-units.ts';

export const interval: ProbeKind = {
  name: 'interval',
  aliases: ['i'],
  doc: {
    summary: 'Runs at a fixed rate on one CPU.',
    example: 'tracepoint:sched:sched_switch { @ = count(); } interval:s:1 { print(@); clear(@); }',
  },
  probeType: 'interval',
  syntax: rateSyntax('interval'),
  listed: false,
  space: 'none',
  parse: parseRate,
  match: (pattern) => [rateTarget('interval', pattern)],
  explainMissing: () => ({ message: 'interval probes exist at every rate' }),
  shape: (targets) =>
    targets.map((target) =>
      perfEventShape(target, {
        kind: 'perf-event',
        type: perfTypeSoftware,
        config: perfCpuClock,
        every: samplingOf(target),
        cpus: 'one',
        followsPid: false,
      }),
    ),
  list: (parts) => listUnits('interval', parts),
};
