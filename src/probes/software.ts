/**
 * `software:EVENT:COUNT`: events that the kernel counts itself (perf software events), sampled every COUNT of them on
 * every CPU. A pattern's parts are [event as written, count in decimal digits or empty for the event's own default].
 */
import { closest } from '../../grammar/suggest.ts';
import { glob } from '../world/glob.ts';
import { hasPartCount, readCount } from './parts.ts';
import { perfEventShape, perfTypeSoftware } from './perf-event.ts';
import type { ListedProbe, ProbeKind } from './probe-kind.ts';

interface SoftwareEvent {
  readonly name: string;
  readonly alias?: string;
  /** PERF_COUNT_SW_* of include/uapi/linux/perf_event.h. */
  readonly config: bigint;
  /** Events (cpu-clock: nanoseconds) between two runs when the script names no count. */
  readonly every: bigint;
}

const events: readonly SoftwareEvent[] = [
  { name: 'alignment-faults', config: 7n, every: 1n },
  { name: 'bpf-output', config: 10n, every: 1n },
  { name: 'context-switches', alias: 'cs', config: 3n, every: 1000n },
  { name: 'cpu-clock', alias: 'cpu', config: 0n, every: 1_000_000n },
  { name: 'cpu-migrations', config: 4n, every: 1n },
  { name: 'dummy', config: 9n, every: 1n },
  { name: 'emulation-faults', config: 8n, every: 1n },
  { name: 'major-faults', config: 6n, every: 1n },
  { name: 'minor-faults', config: 5n, every: 100n },
  { name: 'page-faults', alias: 'faults', config: 2n, every: 100n },
  { name: 'task-clock', config: 1n, every: 1n },
];

const byName = new Map<string, SoftwareEvent>(
  events.flatMap((event) =>
    [event.name, ...(event.alias === undefined ? [] : [event.alias])].map((name) => [name, event]),
  ),
);

const syntax = ['software:EVENT', 'software:EVENT:COUNT'];

export const software: ProbeKind = {
  name: 'software',
  aliases: ['s'],
  doc: {
    summary: 'Runs on every COUNTth event that the kernel counts in software, such as page faults.',
    example: 'software:page-faults:1 { @[comm] = count(); }',
  },
  probeType: 'software',
  syntax,
  listed: true,
  space: 'none',
  parse(args, report) {
    if (!hasPartCount(args, [1, 2], syntax, report)) return undefined;
    const [event, count] = args.parts;
    if (event === undefined) return undefined;
    if (!byName.has(event.text)) {
      const near = closest(event.text, byName.keys());
      report.error('software-event', event.span, `There is no software event '${event.text}'`, {
        hint: near === undefined ? `Events are ${[...byName.keys()].join(', ')}.` : `Did you mean '${near}'?`,
      });
      return undefined;
    }
    if (count === undefined || count.text === '') return { parts: [event.text, ''], hasWildcard: false };
    const number = readCount(count, report);
    if (number === undefined) return undefined;
    if (number.value === 0n || number.value >= 1n << 63n) {
      report.error('software-count', count.span, `The count of a software event is 1 to 2^63-1, got ${number.value}`);
      return undefined;
    }
    return { parts: [event.text, String(number.value)], hasWildcard: false };
  },
  match(pattern) {
    const written = pattern.parts.filter((part) => part !== '');
    return [{ name: ['software', ...written].join(':'), parts: pattern.parts }];
  },
  explainMissing: (pattern) => ({ message: `There is no software event '${pattern.parts[0] ?? ''}'` }),
  shape: (targets) =>
    targets.flatMap((target) => {
      const [name = '', count = ''] = target.parts;
      const event = byName.get(name);
      if (event === undefined) return [];
      const period = count === '' ? event.every : BigInt(count);
      return [
        perfEventShape(target, {
          kind: 'perf-event',
          type: perfTypeSoftware,
          config: event.config,
          every: { by: 'period', period },
          cpus: 'all',
          followsPid: true,
        }),
      ];
    }),
  list(parts): readonly ListedProbe[] {
    const wanted = glob(parts[0] ?? '*');
    const lines = [...byName.keys()].filter((name) => wanted.matches(name)).map((name) => `software:${name}:`);
    return lines.sort().map((line) => ({ line, details: () => [] }));
  },
};
