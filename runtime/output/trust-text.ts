/** The trust report for people: a table of probes (--stats), and a sentence for everything that the results lack. */
import { type Loss, type ProbeCounts, refusedUpdates, type TrustReport } from '../trust-report.ts';
import type { Place } from './output.ts';

/** Lines of the table, header first. Numbers are flush right; names, which may be long, come last. */
export function probeTable(probes: readonly ProbeCounts[]): readonly string[] {
  const rows = [
    ['RUNS', 'NS/RUN', 'TOTAL MS', 'MISSED', 'PROBE'],
    ...probes.map(({ name, count, runs, runTime, missed }) => [
      `${runs}`,
      runs === 0n ? '-' : `${(runTime + runs / 2n) / runs}`,
      (Number(runTime) / 1e6).toFixed(3),
      missed === undefined ? '?' : `${missed}`,
      count === 1 ? name : `${name} (${count} probes)`,
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  '));
}

/** The last line under the table, when nothing is known to be missing. */
export function completeText(probes: readonly ProbeCounts[]): string {
  const isCounted = probes.every(({ missed }) => missed !== undefined);
  return isCounted
    ? 'Nothing is missing in the results.'
    : 'Nothing is known to be missing in the results. Events missed by probes with a ? are not counted by this kernel.';
}

/** One sentence each, for warnings. */
export function lackText({ losses, probes }: TrustReport): readonly string[] {
  return [
    ...refusedUpdates(losses).map(([map, count]) => `${map} is at least this: ${times(count, 'update')} found no room`),
    ...losses.filter((loss) => loss.of === 'events').map(eventText),
    ...losses.filter((loss) => loss.of === 'rounds').map(loopText),
    ...probes.flatMap(({ name, missed = 0n }) =>
      missed === 0n ? [] : [`${name} missed ${times(missed, 'event')}: what it counted is at least this`],
    ),
  ];
}

function eventText({ call, count, place }: Loss & { readonly of: 'events' }): string {
  return `${times(count, 'event')} of ${call}() at ${placeText(place)} ${count === 1n ? 'is' : 'are'} missing in the output`;
}

function loopText({ count, place }: Loss & { readonly of: 'rounds' }): string {
  const often = count === 1n ? '' : ` ${times(count, 'time')}`;
  return `the loop at ${placeText(place)} was ended early${often}: what it counts is at least this`;
}

function placeText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

function times(count: bigint, what: string): string {
  return `${count} ${what}${count === 1n ? '' : 's'}`;
}
