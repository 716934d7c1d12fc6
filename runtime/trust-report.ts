/**
 * How far the results of a run can be trusted: what each probe did (with --stats) and everything that is missing from
 * them. Made after the end bodies, while links and maps are still there; shown by the output formats.
 */
import type { SourceText } from '../grammar/source.ts';
import type { EventPlan, Program, SitePlan } from '../src/program/program.ts';
import type { LoadedObject } from './bpf.ts';
import type { Place } from './output/output.ts';
import { placeOf } from './sites.ts';

export interface TrustReport {
  /** False: at least one number or text of the results is "at least this". True: nothing is known to be missing. */
  readonly complete: boolean;
  /** Runs were counted (--stats). */
  readonly counted: boolean;
  readonly probes: readonly ProbeCounts[];
  readonly losses: readonly Loss[];
  /** Failures after which the script went on with a substitute value; they are told apart by place. */
  readonly failures: readonly Failure[];
}

export interface ProbeCounts {
  readonly name: string;
  /** Attach points that share the program: the counts are those of all of them. */
  readonly count: number;
  readonly runs: bigint;
  /** Nanoseconds. */
  readonly runTime: bigint;
  /**
   * Events at which the program did not run, or left out its body: it, or another one on that CPU, was running already.
   * Undefined: there may be some, the kernel does not count them.
   */
  readonly missed: bigint | undefined;
}

/** Something that the results lack. */
export type Loss =
  /** Updates of a map that had no room, at one place of the script. */
  | { readonly of: 'map'; readonly map: string; readonly count: bigint; readonly place: Place }
  /** Events for which the ring had no room, at one call. */
  | { readonly of: 'events'; readonly call: string; readonly count: bigint; readonly place: Place }
  /** Rounds of a loop that the kernel did not allow; `count`: how often it was ended early. */
  | { readonly of: 'rounds'; readonly count: bigint; readonly place: Place };

export interface Failure {
  readonly kind: SitePlan['kind'];
  readonly helper: string | undefined;
  readonly count: bigint;
  readonly place: Place;
}

export interface Reporting {
  readonly program: Program;
  readonly object: Pick<LoadedObject, 'program'>;
  readonly source: SourceText;
  readonly counted: boolean;
  /** What `missedEvents` said when the script was told to stop: what is missed later is missed by nobody. */
  readonly missed: ReadonlyMap<string, bigint | undefined>;
  /** Failures so far, by the index of the site. */
  readonly failed: readonly bigint[];
}

export function trustReport({ program, object, source, counted, missed, failed }: Reporting): TrustReport {
  const probes = program.probes.map(({ name, program: symbol, count }): ProbeCounts => {
    const { runs, runTime } = object.program(symbol).counts();
    const leftOut = program.sites.reduce(
      (sum, site, i) => sum + (site.program === symbol ? (failed[i] ?? 0n) : 0n),
      0n,
    );
    const byKernel = missed.get(symbol);
    return { name, count, runs, runTime, missed: leftOut > 0n ? (byKernel ?? 0n) + leftOut : byKernel };
  });
  const losses: Loss[] = [];
  const failures: Failure[] = [];
  for (const [i, site] of program.sites.entries()) {
    const count = failed[i] ?? 0n;
    if (count === 0n || site.program !== undefined) continue;
    const place = placeOf(source, site.span);
    if (site.kind === 'lost-event') losses.push({ of: 'events', call: callAt(program.events, site), count, place });
    else if (site.map !== undefined) losses.push({ of: 'map', map: site.map, count, place });
    else if (site.kind === 'loop-limit') losses.push({ of: 'rounds', count, place });
    else failures.push({ kind: site.kind, helper: site.helper, count, place });
  }
  const complete = losses.length === 0 && probes.every((probe) => (probe.missed ?? 0n) === 0n);
  return { complete, counted, probes, losses, failures };
}

/** By BPF program: events at which it did not run although it is attached; undefined where the kernel does not count them. */
export function missedEvents(
  { probes }: Pick<Program, 'probes'>,
  object: Pick<LoadedObject, 'program'>,
  missedByLinks: ReadonlyMap<string, bigint | undefined>,
): ReadonlyMap<string, bigint | undefined> {
  return new Map(
    probes.map(({ program }) => {
      // Programs without a link are run by ebtrace.
      if (!missedByLinks.has(program)) return [program, 0n];
      const { recursionMisses } = object.program(program).counts();
      const byLinks = missedByLinks.get(program);
      return [program, recursionMisses === undefined || byLinks === undefined ? undefined : recursionMisses + byLinks];
    }),
  );
}

/** The event of a place is that of the call which stands there. */
function callAt(events: readonly EventPlan[], { span }: SitePlan): string {
  const event = events.find((plan) => plan.span.start === span.start && plan.span.end === span.end);
  return event?.builtin ?? 'event';
}

/** Maps that lack updates, with how many, in the order of their names. */
export function refusedUpdates(losses: readonly Loss[]): readonly (readonly [map: string, count: bigint])[] {
  const sums = new Map<string, bigint>();
  for (const loss of losses) if (loss.of === 'map') sums.set(loss.map, (sums.get(loss.map) ?? 0n) + loss.count);
  return [...sums].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
