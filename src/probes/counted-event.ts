/**
 * Probe kinds over the events that perf counts, `KIND:EVENT:COUNT`: sampled every COUNT of them on every CPU. A table of
 * events makes a kind. A pattern's parts are [event as written, count in decimal digits or empty for the event's own default].
 */
import { closest } from '../../grammar/suggest.ts';
import { glob } from '../world/glob.ts';
import { hasPartCount, readCount } from './parts.ts';
import { perfEventShape } from './perf-event.ts';
import type { Doc, ListedProbe, ProbeKind } from './probe-kind.ts';

export interface CountedEvent {
  readonly name: string;
  readonly alias?: string;
  /** Number of include/uapi/linux/perf_event.h. */
  readonly config: bigint;
  /** Events (of clocks: nanoseconds) between two runs when the script names no count. */
  readonly every: bigint;
}

export interface EventTable {
  readonly name: string;
  readonly alias: string;
  readonly doc: Doc;
  /** PERF_TYPE_* of include/uapi/linux/perf_event.h. */
  readonly perfType: number;
  readonly events: readonly CountedEvent[];
}

export function countedEventKind({ name: kind, alias, doc, perfType, events }: EventTable): ProbeKind {
  const byName = new Map<string, CountedEvent>(
    events.flatMap((event) =>
      [event.name, ...(event.alias === undefined ? [] : [event.alias])].map((name) => [name, event]),
    ),
  );
  const syntax = [`${kind}:EVENT`, `${kind}:EVENT:COUNT`];
  return {
    name: kind,
    aliases: [alias],
    doc,
    probeType: kind,
    syntax,
    listed: true,
    space: 'none',
    parse(args, report) {
      if (!hasPartCount(args, [1, 2], syntax, report)) return undefined;
      const [event, count] = args.parts;
      if (event === undefined) return undefined;
      if (!byName.has(event.text)) {
        const near = closest(event.text, byName.keys());
        report.error('counted-event', event.span, `There is no ${kind} event '${event.text}'`, {
          hint: near === undefined ? `Events are ${[...byName.keys()].join(', ')}.` : `Did you mean '${near}'?`,
        });
        return undefined;
      }
      if (count === undefined || count.text === '') return { parts: [event.text, ''], hasWildcard: false };
      const number = readCount(count, report);
      if (number === undefined) return undefined;
      if (number.value === 0n || number.value >= 1n << 63n) {
        report.error('event-count', count.span, `The count of a ${kind} event is 1 to 2^63-1, got ${number.value}`);
        return undefined;
      }
      return { parts: [event.text, String(number.value)], hasWildcard: false };
    },
    match(pattern) {
      const written = pattern.parts.filter((part) => part !== '');
      return [{ name: [kind, ...written].join(':'), parts: pattern.parts }];
    },
    explainMissing: (pattern) => ({ message: `There is no ${kind} event '${pattern.parts[0] ?? ''}'` }),
    shape: (targets) =>
      targets.flatMap((target) => {
        const [name = '', count = ''] = target.parts;
        const event = byName.get(name);
        if (event === undefined) return [];
        const period = count === '' ? event.every : BigInt(count);
        return [
          perfEventShape(target, {
            kind: 'perf-event',
            type: perfType,
            config: event.config,
            every: { by: 'period', period },
            cpus: 'all',
            followsPid: true,
          }),
        ];
      }),
    list(parts): readonly ListedProbe[] {
      const wanted = glob(parts[0] ?? '*');
      const lines = [...byName.keys()].filter((name) => wanted.matches(name)).map((name) => `${kind}:${name}:`);
      return lines.sort().map((line) => ({ line, details: () => [] }));
    },
  };
}
