/**
 * Why a function of the kernel cannot have a probe, as far as the machine tells: it does not exist, its module is not loaded, the
 * compiler made something else of it, or the kernel keeps probes away from it.
 */
import { closest } from '../../grammar/suggest.ts';
import { archTable } from '../world/arch/index.ts';
import { coreKernel, isBeyondWildcards, type TraceableFunctions } from '../world/traceable-functions.ts';
import type { World } from '../world/world.ts';
import { placeOf } from './kprobe-place.ts';
import type { Explanation, Pattern } from './probe-kind.ts';
import { leftOutByUser } from './users-list.ts';

export function explainMissingFunction(provider: string, pattern: Pattern, world: World): Explanation {
  const why = whyNoKprobes(world);
  if (why !== undefined) return why;
  const { module, name } = placeOf(pattern.parts);
  const functions = world.traceableFunctions();
  if (module !== undefined && !functions.isLoaded(module)) {
    const near = closest(module, functions.loadedModules());
    return {
      message: `The module '${module}' is not loaded`,
      hint: near === undefined ? `Load it with: modprobe ${module}` : `Did you mean '${near}'?`,
    };
  }
  return (
    forbidden(name, functions) ??
    misplaced(pattern, world) ??
    elsewhere(provider, module, name, functions) ??
    changedByCompiler(provider, name, functions) ??
    keptAway(name, functions) ??
    unknown(provider, name, functions)
  );
}

export function whyNoKprobes(world: World): Explanation | undefined {
  if (world.perfEventSource('kprobe') !== undefined) return undefined;
  return {
    message: 'This kernel has no kprobes (CONFIG_KPROBE_EVENTS)',
    hint: "Tracepoints may tell the same: ebtrace -l 'tracepoint:*' lists them.",
  };
}

/** The kernel counts on from the start of the function, wherever that leads. */
export function misplaced(pattern: Pattern, world: World): Explanation | undefined {
  const { module, name, offset } = placeOf(pattern.parts);
  if (offset === 0n) return undefined;
  const { instructionAlignment } = archTable(world.arch);
  if (offset % BigInt(instructionAlignment) !== 0n) {
    return {
      message: `The offset ${offset} is in the middle of an instruction`,
      hint: `On this machine each has ${instructionAlignment} bytes.`,
    };
  }
  const functions = world.traceableFunctions();
  const places = functions.modulesOf(name);
  const place = module ?? (places.length === 1 ? places[0] : undefined) ?? coreKernel;
  const size = functions.sizeOf(place, name);
  return size === undefined || offset < size
    ? undefined
    : {
        message: `The offset ${offset} is outside of ${name}, which has ${size} bytes`,
        hint: 'An offset counts bytes from the start of the function. --unsafe leaves it to the kernel.',
      };
}

function forbidden(name: string, functions: TraceableFunctions): Explanation | undefined {
  if (functions.isBlacklisted(name)) {
    return {
      message: `${name} cannot have a probe: handling the probe would run through it again (it is on the blacklist of kprobes)`,
    };
  }
  if (isBeyondWildcards(name) && functions.modulesOf(name).length > 0) {
    return {
      message: `A probe at ${name} may stop the machine: BPF programs run through it themselves`,
      hint: '--unsafe attaches it all the same.',
    };
  }
  return undefined;
}

function elsewhere(
  provider: string,
  module: string | undefined,
  name: string,
  functions: TraceableFunctions,
): Explanation | undefined {
  const places = functions.modulesOf(name);
  const [first, ...more] = places;
  if (first === undefined) return undefined;
  const place = module ?? (more.length === 0 || places.includes(coreKernel) ? first : undefined);
  const copies = place === undefined ? 0 : functions.countIn(place, name);
  if (place !== undefined && copies > 1) {
    const scope = module === undefined ? '' : `${module}:`;
    return {
      message: `There are ${copies} functions '${name}' in ${inWords(place)}, and the kernel cannot tell which is meant`,
      hint: `'${provider}:${scope}${name.slice(0, -1)}*' traces all of them; --unsafe allows the address of one.`,
    };
  }
  if (module === undefined && more.length > 0) {
    return {
      message: `The function '${name}' is in several modules: ${places.join(', ')}`,
      hint: `Name the module, as in ${provider}:${first}:${name}.`,
    };
  }
  return {
    message: `The function '${name}' is not in ${inWords(module)}`,
    hint: `Did you mean '${provider}:${first === coreKernel ? '' : `${first}:`}${name}'?`,
  };
}

function inWords(module: string | undefined): string {
  return module === undefined || module === coreKernel ? 'the kernel itself' : `the module '${module}'`;
}

/** The compiler renames functions that it changes, and inlines those that are small. */
function changedByCompiler(provider: string, name: string, functions: TraceableFunctions): Explanation | undefined {
  if (functions.symbolKind(name) !== undefined) return undefined;
  const variants = functions.variantsOf(name);
  const usable = variants.find((variant) => functions.modulesOf(variant).length > 0 && !isBeyondWildcards(variant));
  if (usable !== undefined) {
    return {
      message: `There is no function '${name}': the compiler made ${usable} of it, which may take other arguments`,
      hint: `Did you mean '${provider}:${usable}'?`,
    };
  }
  const [piece] = variants;
  return piece === undefined
    ? undefined
    : { message: `There is no function '${name}' any more: the compiler built it into its callers and left ${piece}` };
}

function keptAway(name: string, functions: TraceableFunctions): Explanation | undefined {
  const kind = functions.symbolKind(name);
  if (kind === undefined) return undefined;
  if (kind === 'data') return { message: `'${name}' is data of the kernel, not a function` };
  const leftOut = leftOutByUser(name, functions);
  if (leftOut !== undefined) return leftOut;
  return {
    message: `The kernel keeps probes away from '${name}' (it is marked notrace, or runs where tracing cannot)`,
    hint: 'Trace one of its callers. --unsafe asks the kernel to attach it all the same.',
  };
}

function unknown(provider: string, name: string, functions: TraceableFunctions): Explanation {
  const near = functions.nearest(name);
  return {
    message: `There is no function '${name}' in this kernel and its loaded modules, or the compiler built it into its callers`,
    ...(near === undefined ? {} : { hint: `Did you mean '${provider}:${near}'?` }),
  };
}
