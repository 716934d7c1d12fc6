/**
 * Rates of `interval` and `profile`: `UNIT:N` or one duration. A pattern's parts are [unit, count], the count in plain
 * decimal digits, so that `interval:1s` and `interval:us:1000000` are the same probe.
 */
import type { Report } from '../../grammar/diagnostic.ts';
import type { Sampling } from '../program/attach-spec.ts';
import { glob } from '../world/glob.ts';
import { hasPartCount, readCount } from './parts.ts';
import type { AttachArgs, ListedProbe, Pattern, Target } from './probe-kind.ts';

/** Nanoseconds of one unit; `hz` counts events per second instead. */
const units: ReadonlyMap<string, bigint | undefined> = new Map([
  ['hz', undefined],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['us', 1_000n],
]);

/** perf_event_open(2) refuses sample periods and frequencies with the top bit set. */
const largest = (1n << 63n) - 1n;

export function rateSyntax(kind: string): readonly string[] {
  return [`${kind}:UNIT:N`, `${kind}:DURATION`];
}

export function parseRate(args: AttachArgs, report: Report): Pattern | undefined {
  if (!hasPartCount(args, [1, 2], rateSyntax(args.provider), report)) return undefined;
  const [first, second] = args.parts;
  if (first === undefined) return undefined;
  if (second === undefined) return parseDuration(args, report);
  if (!units.has(first.text)) {
    report.error('time-unit', first.span, `'${first.text}' is not a unit of time of ${args.provider} probes`, {
      hint: `Units are ${[...units.keys()].join(', ')}.`,
    });
    return undefined;
  }
  const number = readCount(second, report);
  if (number === undefined) return undefined;
  if (number.isDuration) {
    report.error('rate-unit-twice', second.span, `'${second.text}' has a unit of time of its own`, {
      hint: `Write '${args.provider}:${second.text}' or '${args.provider}:${first.text}:N' with a plain number N.`,
    });
    return undefined;
  }
  if (number.value === 0n) {
    report.error('rate-zero', second.span, `The rate of ${args.provider} probes must be at least 1`);
    return undefined;
  }
  return checkedRate(args, first.text, number.value, report);
}

/** One part: a duration, or a plain number of nanoseconds. The kernel's timers are no finer than a microsecond. */
function parseDuration(args: AttachArgs, report: Report): Pattern | undefined {
  const [part] = args.parts;
  if (part === undefined) return undefined;
  if (units.has(part.text)) {
    report.error('rate-missing', part.span, `The number of '${part.text}' between two runs is missing`, {
      hint: `Write '${args.provider}:${part.text}:1'.`,
    });
    return undefined;
  }
  const number = readCount(part, report);
  if (number === undefined) return undefined;
  if (number.value < 1000n) {
    report.error(
      'rate-too-short',
      part.span,
      `The shortest time between two runs of ${args.provider} is 1us, got ${number.value} nanoseconds`,
    );
    return undefined;
  }
  return checkedRate(args, 'us', number.value / 1000n, report);
}

function checkedRate(args: AttachArgs, unit: string, count: bigint, report: Report): Pattern | undefined {
  if (count * (units.get(unit) ?? 1n) > largest) {
    report.error(
      'rate-too-large',
      args.span,
      `The rate '${args.parts.map((part) => part.text).join(':')}' is too large`,
    );
    return undefined;
  }
  return { parts: [unit, String(count)], hasWildcard: false };
}

export function rateTarget(kind: string, pattern: Pattern): Target {
  return { name: [kind, ...pattern.parts].join(':'), parts: pattern.parts };
}

/** Parts [unit, count] as parseRate made them. */
export function samplingOf(target: Target): Sampling {
  const [unit = '', count = ''] = target.parts;
  const length = units.get(unit);
  if (length === undefined) return { by: 'frequency', hertz: BigInt(count) };
  return { by: 'period', period: BigInt(count) * length };
}

/** One line per unit; a count behind the unit, as targets have it, is not part of the listing. */
export function listUnits(kind: string, parts: readonly string[]): readonly ListedProbe[] {
  const wanted = glob(parts[0] ?? '*');
  const names = [...units.keys()].filter((unit) => wanted.matches(unit));
  return names.map((unit) => ({ line: `${kind}:${unit}:`, details: () => [] }));
}
