/**
 * `fentry:[MODULE:]FUNC`, `fexit:[MODULE:]FUNC`: entry and return of kernel functions, with arguments and result as BTF
 * declares them (functions of BPF programs: bpf-function.ts). The kernel loads such a program for one function, so every target has a program of its own. What can
 * have a probe is in the list of ftrace and in BTF.
 */
import { closest } from '../../grammar/suggest.ts';
import type { Field } from '../types/type.ts';
import type { FunctionPrototype, FunctionTypes } from '../world/btf-functions.ts';
import { glob } from '../world/glob.ts';
import { coreKernel, isCalledByPrograms, neverReturns, runsWithinPrograms } from '../world/traceable-functions.ts';
import type { World } from '../world/world.ts';
import {
  bpfShape,
  bpfSyntax,
  declarationsOf,
  explainMissingBpf,
  isBpfFunction,
  listBpf,
  matchBpf,
} from './bpf-function.ts';
import { cautionAtReturn } from './no-return.ts';
import { hasPartCount } from './parts.ts';
import type { Doc, Explanation, ListedProbe, Pattern, ProbeKind, ProgramShape, Target } from './probe-kind.ts';
import { leftOutByUser } from './users-list.ts';

export const fentry: ProbeKind = functionProbe('fentry', ['f', 'kfunc'], {
  summary: 'Runs when a function of the kernel is called; args has its arguments by name and type.',
  example: 'fentry:vfs_read { @[comm] = hist(args.count); }',
});

export const fexit: ProbeKind = functionProbe('fexit', ['fr', 'kretfunc'], {
  summary: 'Runs when a function of the kernel returns: retval is its result, args are its arguments.',
  example: 'fexit:vfs_read /retval < 0/ { @[args.file] = count(); }',
});

function functionProbe(name: 'fentry' | 'fexit', aliases: readonly string[], doc: Doc): ProbeKind {
  const syntax = [`${name}:FUNC`, `${name}:MODULE:FUNC`];
  const ofBpf = bpfSyntax(name);
  return {
    name,
    aliases,
    doc,
    probeType: name,
    syntax: [...syntax, ...ofBpf],
    listed: name === 'fentry',
    space: 'kernel',
    parse(args, report) {
      const ofProgram = isBpfFunction(args.parts.map((part) => part.text));
      if (!hasPartCount(args, ofProgram ? [2, 3] : [1, 2], ofProgram ? ofBpf : syntax, report)) return undefined;
      const empty = args.parts.find((part) => part.text === '');
      if (empty !== undefined) {
        report.error('function-empty', args.span, `${name} needs the name of a function`, {
          hint: `Write ${(ofProgram ? ofBpf : syntax).map((form) => `'${form}'`).join(' or ')}.`,
        });
        return undefined;
      }
      const [, id, last] = args.parts;
      if (ofProgram && id !== undefined && last !== undefined && !/^[\d*]+$/.test(id.text)) {
        report.error('function-bpf', id.span, `'${id.text}' is no number of a BPF program`, {
          hint: `The number stands between: ${name}:bpf:ID:${last.text}, or leave it out for all programs.`,
        });
        return undefined;
      }
      const parts = args.parts.map((part) => part.text);
      const unsafe = args.unsafe ? { unsafe: true } : {};
      return { parts, hasWildcard: parts.some((part) => part.includes('*')), ...unsafe };
    },
    match: (pattern, world) =>
      isBpfFunction(pattern.parts)
        ? matchBpf(name, pattern, world)
        : matching(name, pattern, world).map((place) => targetOf(name, place)),
    explainMissing: (pattern, world) =>
      isBpfFunction(pattern.parts) ? explainMissingBpf(name, pattern, world) : explainMissing(pattern, world),
    whyNone,
    ...(name === 'fentry' ? {} : { caution: cautionOf }),
    shape: (targets, usage, world) =>
      targets.map((target) =>
        isBpfFunction(target.parts)
          ? bpfShape(name, target, usage.args, world)
          : shapeOf(name, target, usage.args, world),
      ),
    list: (parts, world) => (isBpfFunction(parts) ? listBpf(name, parts, world) : listed(name, parts, world)),
  };
}

function cautionOf(pattern: Pattern): Explanation | undefined {
  return isBpfFunction(pattern.parts) ? undefined : cautionAtReturn('fentry', pattern);
}

interface Place {
  readonly module: string;
  readonly name: string;
}

function splitParts(parts: readonly string[]): { readonly module: string | undefined; readonly name: string } {
  const [first = '*', second] = parts;
  return second === undefined ? { module: undefined, name: first } : { module: first, name: second };
}

function targetOf(kind: string, { module, name }: Place): Target {
  return { name: `${kind}:${module}:${name}`, parts: [module, name] };
}

/** Places that can have a probe; a name that several modules have is none, unless a wildcard asked for all of them. */
function matching(kind: 'fentry' | 'fexit', pattern: Pattern, world: World): readonly Place[] {
  const types = world.functionTypes();
  if (types === undefined) return [];
  const { module, name } = splitParts(pattern.parts);
  if (!pattern.hasWildcard) {
    const places = exactPlaces(module, name, world);
    const [only, ...more] = places;
    if (only === undefined || more.length > 0) return [];
    if (copies(only, world) > 1 && pattern.unsafe !== true) return [];
    if (callsItself(name, world)) return [];
    return types.prototype(only.module, name)?.obstacle === undefined ? [only] : [];
  }
  const found = world.traceableFunctions().matching(glob(module ?? '*'), glob(name));
  return found.filter((place) => isCommon(kind, place, types, world));
}

/** What wildcards mean: one function that the kernel refuses would cost all others. */
function isCommon(kind: 'fentry' | 'fexit', place: Place, types: FunctionTypes, world: World): boolean {
  if (
    isRefused(kind, place.name) ||
    callsItself(place.name, world) ||
    copies(place, world) > 1 ||
    !isPossible(place, types)
  )
    return false;
  const prototype = types.prototype(place.module, place.name);
  if (prototype === undefined || prototype.words > mostArguments(world)) return false;
  // Unions by value are younger than structs (6.18).
  const isTaken = ({ type }: Field) =>
    type.kind !== 'struct' || (type.union !== true && world.features.structArguments);
  return prototype.parameters.every(isTaken);
}

/** Tracing runs through these itself (btf_id_deny of kernel/bpf/verifier.c), or there is no return that could be traced. */
function isRefused(kind: 'fentry' | 'fexit', name: string): boolean {
  return deniedFunctions.has(name) || (kind === 'fexit' && neverReturns(name));
}

/** Linux before 5.12 goes down when a program of fentry calls what it is attached to. */
function callsItself(name: string, world: World): boolean {
  return isCalledByPrograms(name) && !world.features.recursionGuard;
}

const deniedFunctions: ReadonlySet<string> = new Set([
  'migrate_disable',
  'migrate_enable',
  'rcu_read_unlock_strict',
  'preempt_count_add',
  'preempt_count_sub',
  '__rcu_read_lock',
  '__rcu_read_unlock',
]);

/** Functions of that name in one module. The kernel attaches to the first of them, whichever BTF describes. */
function copies({ module, name }: Place, world: World): number {
  return world.traceableFunctions().countIn(module, name);
}

function isPossible({ module, name }: Place, types: FunctionTypes): boolean {
  if (!types.names(module).has(name)) return false;
  const prototype = types.prototype(module, name);
  return prototype !== undefined && prototype.obstacle === undefined;
}

/** Where BTF has a function of that name, and ftrace lists it if there is a list. */
function exactPlaces(module: string | undefined, name: string, world: World): readonly Place[] {
  const types = world.functionTypes();
  const functions = world.traceableFunctions();
  const listed = functions.isListed ? functions.modulesOf(name) : (types?.modules() ?? []);
  return listed
    .filter((place) => (module === undefined || place === module) && types?.prototype(place, name) !== undefined)
    .map((place) => ({ module: place, name }));
}

/** Arguments beyond those that travel in registers are for newer kernels to read; wildcards leave such functions out. */
function mostArguments({ arch }: World): number {
  return arch === 'x86_64' ? 6 : 8;
}

function shapeOf(kind: 'fentry' | 'fexit', target: Target, readsArgs: boolean, world: World): ProgramShape {
  const [module = '', name = ''] = target.parts;
  const prototype = world.functionTypes()?.prototype(module, name);
  if (prototype === undefined) throw new Error(`${target.name} has no prototype any more`);
  const { words, result, returnsVoid, parameters, id } = prototype;
  const returns = kind === 'fexit' && !returnsVoid ? { returns: { word: words, type: result } } : {};
  return {
    type: 'tracing',
    section: `${kind}/${name}`,
    context: { by: 'words', count: words, ...returns },
    attach: { kind: 'tracing', target: { module, name, btfId: id } },
    targets: [target],
    args: readsArgs ? { fields: parameters, from: 'words' } : undefined,
    select: { by: 'none' },
    filtersPid: true,
    ...(runsWithinPrograms(name) ? { nests: true } : {}),
  };
}

// ---------------------------------------------------------------------------------------------------- messages

function whyNone(world: World): Explanation | undefined {
  if (world.functionTypes() === undefined) {
    return {
      message: 'This kernel has no type information (BTF), which tells fentry and fexit what functions there are',
      hint: 'A kprobe needs none. BTF is in kernels built with CONFIG_DEBUG_INFO_BTF.',
    };
  }
  if (world.traceableFunctions().isListed) return undefined;
  return {
    message: 'This kernel has no list of functions that can be traced, which wildcards of fentry and fexit need',
    hint: "It is available_filter_functions of tracefs (CONFIG_FUNCTION_TRACER). Tracepoints may tell the same: ebtrace -l 'tracepoint:*'.",
  };
}

function explainMissing(pattern: Pattern, world: World): Explanation {
  const { module, name } = splitParts(pattern.parts);
  const types = world.functionTypes();
  if (types === undefined) {
    return {
      message: 'This kernel has no type information (BTF), which tells fentry and fexit what functions there are',
      hint: `A kprobe needs none: kprobe:${name}. BTF is in kernels built with CONFIG_DEBUG_INFO_BTF.`,
    };
  }
  const functions = world.traceableFunctions();
  if (module !== undefined && !functions.isLoaded(module)) {
    return { message: `There is no module '${module}' loaded`, ...moduleHint(module, functions.loadedModules()) };
  }
  const traceable = functions.modulesOf(name).filter((place) => module === undefined || place === module);
  const described = types.modules().filter((place) => types.prototype(place, name) !== undefined);
  const places = exactPlaces(module, name, world);
  if (places.length > 1) {
    return {
      message: `The function '${name}' is in several modules: ${places.map((place) => place.module).join(', ')}`,
      hint: `Name the module: ${places[0]?.module}:${name}`,
    };
  }
  const [place] = places;
  const count = place === undefined ? 0 : copies(place, world);
  if (place !== undefined && count > 1) {
    const where = place.module === coreKernel ? 'the kernel itself' : `the module '${place.module}'`;
    return {
      message: `There are ${count} functions '${name}' in ${where}, and the kernel would take the first it finds`,
      hint: `'kprobe:${name.slice(0, -1)}*' traces all of them; --unsafe attaches to that one.`,
    };
  }
  if (place !== undefined && callsItself(name, world)) {
    return {
      message: `${name} cannot be traced so: BPF programs call it themselves, and nothing in this kernel keeps a program of fentry or fexit from running within itself (Linux 5.12)`,
      hint: `kprobe:${name} and kretprobe:${name} are guarded.`,
    };
  }
  if (place !== undefined) {
    const prototype: FunctionPrototype | undefined = types.prototype(place.module, name);
    return { message: `The kernel cannot attach to ${name}: ${prototype?.obstacle}`, hint: `Use kprobe:${name}.` };
  }
  if (traceable.length > 0) {
    return {
      message: `The type information (BTF) of ${traceable[0]} does not have the function '${name}'`,
      hint: `Its arguments are unknown: use kprobe:${name}.`,
    };
  }
  const elsewhere = functions.modulesOf(name);
  if (module !== undefined && elsewhere.length > 0) {
    return {
      message: `The module '${module}' has no function '${name}'`,
      hint: `It is in ${elsewhere.join(', ')}.`,
    };
  }
  if (described.some((from) => module === undefined || from === module)) {
    const leftOut = leftOutByUser(name, functions);
    if (leftOut !== undefined) return leftOut;
    return {
      message: `The function '${name}' cannot be traced: the kernel was built without a place for probes in it`,
      hint: 'It is marked notrace, or runs before or inside the tracing itself; trace what calls it.',
    };
  }
  const message = module === undefined ? `There is no function '${name}'` : `There is no function '${module}:${name}'`;
  const [variant] = functions.variantsOf(name);
  if (variant !== undefined) {
    return {
      message: `${message} as written: the compiler changed it to '${variant}'`,
      hint: `Its arguments may not be what the source says: use kprobe:${variant}.`,
    };
  }
  const near = functions.isListed ? functions.nearest(name) : closest(name, types.names(module ?? coreKernel));
  return near === undefined ? { message } : { message, hint: `Did you mean '${near}'?` };
}

function moduleHint(module: string, loaded: readonly string[]): { readonly hint?: string } {
  const near = closest(module, [coreKernel, ...loaded]);
  return near === undefined ? {} : { hint: `Did you mean '${near}'?` };
}

// ---------------------------------------------------------------------------------------------------- listing

function listed(kind: 'fentry' | 'fexit', parts: readonly string[], world: World): readonly ListedProbe[] {
  const types = world.functionTypes();
  if (types === undefined || parts.length > 2) return [];
  const { module = '*', name } = splitParts(parts);
  const names = glob(name);
  return world
    .traceableFunctions()
    .matching(glob(module), names)
    .filter((place) => (names.hasWildcard ? isCommon(kind, place, types, world) : isPossible(place, types)))
    .map((place) => ({
      line: `${kind}:${place.module}:${place.name}`,
      details: () => details(kind, types.prototype(place.module, place.name)),
    }))
    .sort((a, b) => (a.line < b.line ? -1 : 1));
}

function details(kind: 'fentry' | 'fexit', prototype: FunctionPrototype | undefined): readonly string[] {
  return prototype === undefined ? [] : declarationsOf(kind, prototype);
}
