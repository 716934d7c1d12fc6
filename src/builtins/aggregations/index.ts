/** The table of aggregations: what may stand alone on the right side of a map assignment. */
import type { Aggregation } from '../builtin.ts';
import { count } from './count.ts';
import { hist, lhist } from './histograms.ts';
import { max, min } from './min-max.ts';
import { avg, stats } from './stats.ts';
import { sum } from './sum.ts';

export const aggregations: readonly Aggregation[] = [count, sum, avg, min, max, stats, hist, lhist];

const byName = new Map(aggregations.map((entry) => [entry.name, entry]));

export function aggregation(name: string): Aggregation | undefined {
  return byName.get(name);
}

/** For names that the checker has already looked up. */
export function knownAggregation(name: string): Aggregation {
  const entry = byName.get(name);
  if (entry === undefined) throw new Error(`no aggregation '${name}'`);
  return entry;
}
