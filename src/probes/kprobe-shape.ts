/**
 * From functions of the kernel to programs, by the cheapest way that the kernel has: one link for all functions of a
 * wildcard (kprobe_multi), else one perf event each, all with the same program. A program for several functions knows by
 * its attach cookie which one it is in; where there are no cookies each function gets a program of its own, if the body asks.
 */
import type { AttachSpec, FunctionTarget, KprobeTarget } from '../program/attach-spec.ts';
import { coreKernel, runsWithinPrograms } from '../world/traceable-functions.ts';
import type { World } from '../world/world.ts';
import { placeOf } from './kprobe-place.ts';
import type { BodyUsage, ProgramShape, SessionHalf, Target } from './probe-kind.ts';

export function kprobeShapes(
  at: 'entry' | 'return',
  targets: readonly Target[],
  usage: BodyUsage,
  world: World,
): readonly ProgramShape[] {
  if (targets.length === 0) return [];
  const asks = usage.probe && targets.length > 1;
  const session = targets.every(isFunctionAlone) ? { session: sessionHalf(at, targets, world) } : {};
  const shape = (shared: readonly Target[], section: string, attach: AttachSpec): ProgramShape => ({
    type: 'kprobe',
    section,
    context: { by: 'registers', at },
    attach,
    targets: shared,
    args: undefined,
    select: usage.probe && shared.length > 1 ? { by: 'cookie' } : { by: 'none' },
    filtersPid: true,
    ...(shared.some((target) => runsWithinPrograms(placeOf(target.parts).name)) ? { nests: true } : {}),
    ...session,
  });
  // Bodies on one function run in the order of the script only when they are attached in the same way.
  const joins = targets.some(({ parts }) => usage.reachedTogether?.has(parts[parts.length - 1] ?? '') === true);
  if (shareLink(targets, world) || (joins && canShare(targets, world))) {
    const newestFirst = at === 'entry' || !returnsAreStacked(world);
    const functions = functionsOf(targets, asks, world);
    return [shape(targets, 'kprobe.multi', { kind: 'kprobe-multi', at, newestFirst, targets: functions })];
  }
  const section = at === 'entry' ? 'kprobe' : 'kretprobe';
  const groups = asks && !world.features.kprobeCookie ? targets.map((target) => [target]) : [targets];
  return groups.map((shared) =>
    shape(shared, section, {
      kind: 'kprobe',
      at,
      targets: shared.map((target, i) => ({
        ...perfTarget(target, targets.length > 1, world),
        ...cookie(asks && shared.length > 1, i),
      })),
    }),
  );
}

/**
 * Links hook functions one by one (`struct fprobe` holds the hook) or share one hook, which runs all bodies in the same order
 * at entry and return. Of the former each sets up its return at the entry, and what was set up last comes first.
 */
function returnsAreStacked(world: World): boolean {
  return world.kernelTypes()?.offsetOf('fprobe', ['ops']) !== undefined;
}

/** Whether one link has all of them. */
export function shareLink(targets: readonly Target[], world: World): boolean {
  return targets.length > 1 && canShare(targets, world);
}

function canShare(targets: readonly Target[], world: World): boolean {
  return targets.every((target) => isLinkable(target, world)) && world.features.kprobeMulti;
}

/** A link for many functions takes names, which lead to the kernel itself first, or addresses if we may see them. */
function isLinkable(target: Target, world: World): boolean {
  const { module, name, offset } = placeOf(target.parts);
  if (name === '' || offset !== 0n) return false;
  return module === undefined || module === coreKernel || !world.hidesSymbols();
}

/** A name without module or offset. */
function isFunctionAlone(target: Target): boolean {
  const { module, name, offset } = placeOf(target.parts);
  return module === undefined && name !== '' && offset === 0n;
}

function functionsOf(targets: readonly Target[], withCookies: boolean, world: World): readonly FunctionTarget[] {
  return targets.map((target, i) => {
    const { module, name } = placeOf(target.parts);
    const byAddress = targets.length > 1 && needsAddress(module, name, world);
    return {
      name,
      ...(module === undefined ? {} : { module }),
      ...(byAddress ? { byAddress } : {}),
      ...cookie(withCookies, i),
    };
  });
}

function needsAddress(module: string | undefined, name: string, world: World): boolean {
  return (module !== undefined && module !== coreKernel) || isAmbiguous(module, name, world);
}

function isAmbiguous(module: string | undefined, name: string, world: World): boolean {
  const functions = world.traceableFunctions();
  return module === undefined ? functions.isAmbiguous(name) : functions.countIn(module, name) > 1;
}

function perfTarget(target: Target, isOneOfMany: boolean, world: World): KprobeTarget {
  const { module, name, offset } = placeOf(target.parts);
  return {
    name: module === undefined || module === coreKernel ? name : `${module}:${name}`,
    offset,
    ...(isOneOfMany ? { everyCopy: true } : {}),
    ...(isOneOfMany && isAmbiguous(module, name, world) ? { isAmbiguous: true } : {}),
  };
}

function cookie(wanted: boolean, index: number): { readonly cookie?: bigint } {
  return wanted ? { cookie: BigInt(index) } : {};
}

/** Both halves have the same cookies, whichever of them asks. */
function sessionHalf(half: 'entry' | 'return', targets: readonly Target[], world: World): SessionHalf {
  return {
    half,
    key: targets.map((target) => placeOf(target.parts).name).join(','),
    section: 'kprobe.multi',
    attach: {
      kind: 'kprobe-multi',
      at: 'both',
      newestFirst: true,
      targets: functionsOf(targets, targets.length > 1, world),
    },
  };
}
