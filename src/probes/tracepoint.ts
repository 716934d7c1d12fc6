/**
 * `tracepoint:CATEGORY:EVENT`: static places in the kernel, found in tracefs. This file says which there are; which
 * programs they become is in tracepoint-shape.ts.
 */
import { closest } from '../../grammar/suggest.ts';
import { glob } from '../world/glob.ts';
import type { TracepointName, World } from '../world/world.ts';
import { hasPartCount } from './parts.ts';
import type { ListedProbe, Pattern, ProbeKind } from './probe-kind.ts';
import { ownFields, tracepointShapes } from './tracepoint-shape.ts';

const syntax = ['tracepoint:CATEGORY:EVENT'];

export const tracepoint: ProbeKind = {
  name: 'tracepoint',
  aliases: ['t'],
  doc: {
    summary:
      'Runs at a static trace event of the kernel; its data are the fields of args. Both parts may have wildcards.',
    example: 'tracepoint:sched:sched_switch { @[args.prev_pid] = count(); }',
  },
  probeType: 'tracepoint',
  syntax,
  listed: true,
  space: 'kernel',
  parse(args, report) {
    const written = args.parts.map((part) => part.text);
    // `tracepoint:*switch` looks in all categories, as in a listing.
    const parts = written.length === 1 && written[0]?.includes('*') ? ['*', ...written] : written;
    if (parts === written && !hasPartCount(args, [2], syntax, report)) return undefined;
    return { parts, hasWildcard: parts.some((part) => part.includes('*')) };
  },
  match: (pattern, world) =>
    matching(pattern.parts, world).map((name) => ({
      name: `tracepoint:${name.category}:${name.name}`,
      parts: [name.category, name.name],
    })),
  explainMissing,
  shape: tracepointShapes,
  list: (parts, world) =>
    matching(parts.length === 1 ? ['*', ...parts] : parts, world).map((name) => listed(name, world)),
};

function matching(parts: readonly string[], world: World): readonly TracepointName[] {
  const [category = '*', event = '*', ...rest] = parts;
  return rest.length > 0 ? [] : world.tracepoints(glob(category), glob(event));
}

function listed(name: TracepointName, world: World): ListedProbe {
  return {
    line: `tracepoint:${name.category}:${name.name}`,
    details: () => ownFields(name, world).flatMap((field) => field.declaration ?? []),
  };
}

function explainMissing(pattern: Pattern, world: World): { readonly message: string; readonly hint?: string } {
  const [category = '', event = ''] = pattern.parts;
  const message = `There is no tracepoint ${category}:${event}`;
  if (world.tracefs() === undefined) {
    return {
      message: `${message}: tracefs is not mounted or cannot be read`,
      hint: 'Mount it with: mount -t tracefs tracefs /sys/kernel/tracing',
    };
  }
  if (pattern.hasWildcard) return { message };
  const suggestion = nearestTracepoint(category, event, world);
  if (suggestion !== undefined) return { message, hint: `Did you mean 'tracepoint:${suggestion}'?` };
  if (world.tracepoints(glob(category), glob('*')).length > 0) return { message };
  return { message: `${message}, nor any other event of ${category}: it may be a module that is not loaded` };
}

/** The event in a category of nearly that name, the same event elsewhere, or an event of nearly that name. */
function nearestTracepoint(category: string, event: string, world: World): string | undefined {
  const all = world.tracepoints(glob('*'), glob('*'));
  const categories = new Set(all.map((name) => name.category));
  const eventsOf = (wanted: string): string[] =>
    all.filter((name) => name.category === wanted).map((name) => name.name);
  const near = categories.has(category) ? category : closest(category, categories);
  if (near !== undefined) {
    const events = eventsOf(near);
    const found = events.includes(event) ? event : closest(event, events);
    if (found !== undefined) return `${near}:${found}`;
  }
  const elsewhere = all.find((name) => name.name === event);
  if (elsewhere !== undefined) return `${elsewhere.category}:${elsewhere.name}`;
  return undefined;
}
