/**
 * `kprobe:FUNC` and `kretprobe:FUNC`: the entry and the return of functions of the kernel. This file says which functions
 * there are and what is listed; which programs they become is in kprobe-shape.ts, why there is no such probe in
 * kprobe-missing.ts.
 */
import { glob } from '../world/glob.ts';
import { coreKernel, isBeyondWildcards, type TraceableFunction } from '../world/traceable-functions.ts';
import type { World } from '../world/world.ts';
import { explainMissingFunction, misplaced, whyNoKprobes } from './kprobe-missing.ts';
import { parseKprobe, placeOf } from './kprobe-place.ts';
import { kprobeShapes, shareLink } from './kprobe-shape.ts';
import { cautionAtReturn } from './no-return.ts';
import type { Doc, ListedProbe, Pattern, ProbeKind, Target } from './probe-kind.ts';

export const kprobe = kind('entry', ['k'], ['kprobe:FUNCTION', 'kprobe:MODULE:FUNCTION', 'kprobe:FUNCTION+OFFSET'], {
  summary:
    'Runs when a function of the kernel is called, or at an offset in it; arg0, arg1 ... are its arguments. Names may have wildcards.',
  example: 'kprobe:vfs_read { @bytes[comm] = sum(arg2); }',
});

export const kretprobe = kind('return', ['kr'], ['kretprobe:FUNCTION', 'kretprobe:MODULE:FUNCTION'], {
  summary: 'Runs when a function of the kernel returns; retval is its result. Names may have wildcards.',
  example: 'kretprobe:vfs_read /(int64)retval > 0/ { @bytes[comm] = sum(retval); }',
});

function kind(at: 'entry' | 'return', aliases: readonly string[], syntax: readonly string[], doc: Doc): ProbeKind {
  const name = at === 'entry' ? 'kprobe' : 'kretprobe';
  return {
    name,
    aliases,
    doc,
    probeType: name,
    syntax,
    listed: at === 'entry',
    space: 'kernel',
    parse: (args, report) => parseKprobe(args, at === 'entry', syntax, report),
    match: (pattern, world) =>
      matching(pattern, world).map((parts): Target => ({ name: [name, ...parts].join(':'), parts })),
    explainMissing: (pattern, world) => explainMissingFunction(name, pattern, world),
    whyNone: whyNoKprobes,
    ...(at === 'entry' ? {} : { caution: (pattern: Pattern) => cautionAtReturn('kprobe', pattern) }),
    shape: (targets, usage, world) => kprobeShapes(at, targets, usage, world),
    linkCount: (targets, world) => (shareLink(targets, world) ? 1 : targets.length),
    list: (parts, world) => listed(name, at, parts, world),
  };
}

/** The parts of each target. */
function matching(pattern: Pattern, world: World): readonly (readonly string[])[] {
  if (world.perfEventSource('kprobe') === undefined) return [];
  const functions = world.traceableFunctions();
  if (pattern.hasWildcard) {
    return functionsLike(pattern.parts, world).map((found) => partsOf(found, pattern.parts.length > 1));
  }
  const { module, name } = placeOf(pattern.parts);
  if (name === '' || pattern.unsafe === true) return [pattern.parts];
  if (misplaced(pattern, world) !== undefined) return [];
  if (!functions.isListed) return [pattern.parts];
  if (module !== undefined && !functions.isLoaded(module)) return [];
  if (functions.isBlacklisted(name) || isBeyondWildcards(name)) return [];
  const places = functions.modulesOf(name);
  const place = module ?? (places.includes(coreKernel) || places.length !== 1 ? coreKernel : places[0]);
  return place !== undefined && functions.countIn(place, name) === 1 ? [pattern.parts] : [];
}

/** Without a module one function stands for all of its name. */
function functionsLike(parts: readonly string[], world: World): readonly TraceableFunction[] {
  const [module = '*', name = '*'] = parts.length > 1 ? parts : ['*', parts[0]];
  const found = world.traceableFunctions().matching(glob(module), glob(name));
  return parts.length > 1 ? found : found.filter((entry, i) => entry.name !== found[i - 1]?.name);
}

function partsOf(found: TraceableFunction, withModule: boolean): readonly string[] {
  return withModule ? [found.module, found.name] : [found.name];
}

function listed(name: string, at: 'entry' | 'return', parts: readonly string[], world: World): readonly ListedProbe[] {
  if (parts.length > 2 || world.perfEventSource('kprobe') === undefined) return [];
  const line = (own: readonly string[], found: TraceableFunction): ListedProbe => ({
    line: [name, ...own].join(':'),
    details: () => declarations(found, at, world),
  });
  const last = parts[parts.length - 1] ?? '*';
  if (last.includes('+') || /^[0-9]/.test(last)) {
    return [line(parts, { name: placeOf(parts).name, module: coreKernel })];
  }
  const patterns = parts.length === 0 ? ['*'] : parts;
  return functionsLike(patterns, world).map((found) => line(partsOf(found, parts.length > 1), found));
}

/** `TYPE argN` as BTF has it; registers hold no floating-point numbers, and those are left out. */
function declarations(found: TraceableFunction, at: 'entry' | 'return', world: World): readonly string[] {
  const prototype = world.functionTypes()?.prototype(found.module, found.name);
  if (prototype === undefined) return [];
  if (at === 'return') return [prototype.returnsVoid ? 'void' : `${prototype.resultDeclaration} retval`];
  const integers = prototype.parameters.filter(({ declaration = '' }) => !/^(float|double)\b/.test(declaration));
  return integers.map(({ name, declaration = '' }, i) => {
    const at = declaration.lastIndexOf(name);
    return `${declaration.slice(0, at)}arg${i}${declaration.slice(at + name.length)}`;
  });
}
