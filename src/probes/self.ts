/**
 * `self:signal:SIGUSR1`: a body that runs when the tracer's own process gets a signal. The runtime runs it with
 * BPF_PROG_TEST_RUN; SIGUSR1 is the one signal that is free for scripts.
 */
import { glob } from '../world/glob.ts';
import { hasPartCount } from './parts.ts';
import type { ProbeKind } from './probe-kind.ts';

const trigger = 'signal';
const signal = 'SIGUSR1';
const syntax = [`self:${trigger}:${signal}`];

export const self: ProbeKind = {
  name: 'self',
  aliases: [],
  doc: {
    summary: 'Runs when the tracer itself receives SIGUSR1.',
    example: 'tracepoint:sched:sched_switch { @ = count(); } self:signal:SIGUSR1 { print(@); clear(@); }',
  },
  probeType: 'special',
  syntax,
  listed: false,
  space: 'none',
  parse(args, report) {
    if (!hasPartCount(args, [2], syntax, report)) return undefined;
    const [first, second] = args.parts;
    if (first !== undefined && first.text !== trigger) {
      report.error('self-trigger', first.span, `'${first.text}' is nothing that self reacts to; it knows '${trigger}'`);
      return undefined;
    }
    if (second !== undefined && second.text !== signal) {
      report.error('self-signal', second.span, `self:signal reacts to ${signal} only, not to '${second.text}'`);
      return undefined;
    }
    return { parts: [trigger, signal], hasWildcard: false };
  },
  match: (pattern) => [{ name: `self:${pattern.parts.join(':')}`, parts: pattern.parts }],
  explainMissing: () => ({ message: `self:${trigger}:${signal} always exists` }),
  shape: (targets) => [
    {
      type: 'raw_tracepoint',
      section: 'raw_tp',
      context: { by: 'none' as const },
      attach: { kind: 'run-once', when: 'signal' },
      targets,
      args: undefined,
      select: { by: 'none' },
      filtersPid: false,
    },
  ],
  list(parts) {
    const [first = '*', second = '*'] = parts;
    const wanted = glob(first).matches(trigger) && glob(second).matches(signal);
    return wanted ? [{ line: `self:${trigger}:${signal}`, details: () => [] }] : [];
  },
};
