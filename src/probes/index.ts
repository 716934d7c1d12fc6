/**
 * The table of probe kinds, and how the first word of an attach point is looked up in it: full names in any case,
 * aliases (one or two letters, `u` and `U` differ) exactly, wildcards over the kinds that a plain listing shows.
 */
import { closest } from '../../grammar/suggest.ts';
import { glob } from '../world/glob.ts';
import { begin, end } from './begin-end.ts';
import { fentry, fexit } from './fentry.ts';
import { hardware } from './hardware.ts';
import { interval } from './interval.ts';
import { iter } from './iter.ts';
import { kprobe, kretprobe } from './kprobe.ts';
import type { ProbeKind } from './probe-kind.ts';
import { profile } from './profile.ts';
import { rawTracepoint } from './raw-tracepoint.ts';
import { self } from './self.ts';
import { software } from './software.ts';
import { bench, test } from './test-bench.ts';
import { tracepoint } from './tracepoint.ts';
import { watchpoint } from './watchpoint.ts';

/** By name. */
export const probeKinds: readonly ProbeKind[] = [
  begin,
  bench,
  end,
  fentry,
  fexit,
  hardware,
  interval,
  iter,
  kprobe,
  kretprobe,
  profile,
  rawTracepoint,
  self,
  software,
  test,
  tracepoint,
  watchpoint,
];

/** Kinds of the language that this version does not have: scripts that use them are told so, not "unknown probe". */
const unavailableKinds: readonly { readonly name: string; readonly aliases: readonly string[] }[] = [
  { name: 'uprobe', aliases: ['u'] },
  { name: 'uretprobe', aliases: ['ur'] },
  { name: 'usdt', aliases: ['U'] },
];

export type ProviderLookup =
  | { readonly found: 'kind'; readonly kind: ProbeKind }
  /** Of a wildcard; not empty. */
  | { readonly found: 'several'; readonly kinds: readonly ProbeKind[] }
  | { readonly found: 'unavailable'; readonly name: string }
  | { readonly found: 'nothing'; readonly suggestion: string | undefined };

export function findProvider(word: string): ProviderLookup {
  const pattern = glob(word.toLowerCase());
  if (pattern.hasWildcard) {
    const kinds = probeKinds.filter((kind) => kind.listed && pattern.matches(kind.name));
    if (kinds.length > 0) return { found: 'several', kinds };
  }
  const named = (kind: { readonly name: string; readonly aliases: readonly string[] }): boolean =>
    pattern.matches(kind.name) || kind.aliases.includes(word);
  const kind = pattern.hasWildcard ? undefined : probeKinds.find(named);
  if (kind !== undefined) return { found: 'kind', kind };
  const unavailable = unavailableKinds.find(named);
  if (unavailable !== undefined) return { found: 'unavailable', name: unavailable.name };
  return { found: 'nothing', suggestion: pattern.hasWildcard ? undefined : closest(word, providerNames()) };
}

function providerNames(): readonly string[] {
  return [...probeKinds, ...unavailableKinds].map((kind) => kind.name);
}
