/**
 * `rawtracepoint:[MODULE:]EVENT`: tracepoints before they are made into a record; arguments are those that the kernel's
 * own code passes, with the types of BTF.
 *
 * They are plain raw tracepoint programs and not tracing programs for the tracepoint's BTF type (`tp_btf`): both get the same
 * 64-bit words at the same cost, but plain ones exist on every kernel and architecture, can share a program, load without a
 * search in BTF, and leave pointers plain numbers, where the verifier would refuse to calculate with them. Members are read
 * by helper: of `tp_btf` the verifier trusts that no argument is NULL and lets plain loads through, which bring kernels
 * before 6.13 down where a tracepoint passes NULL all the same (CVE-2024-56702).
 */
import { closest } from '../../grammar/suggest.ts';
import { glob } from '../world/glob.ts';
import { coreKernel } from '../world/traceable-functions.ts';
import type { World } from '../world/world.ts';
import { hasPartCount } from './parts.ts';
import type { BodyUsage, ListedProbe, Pattern, ProbeKind, ProgramShape, Target } from './probe-kind.ts';
import { rawShapes } from './tracepoint-shape.ts';

const syntax = ['rawtracepoint:EVENT', 'rawtracepoint:MODULE:EVENT'];

export const rawTracepoint: ProbeKind = {
  name: 'rawtracepoint',
  aliases: ['rt'],
  doc: {
    summary: 'Runs at a static trace point of the kernel; args are the arguments of the kernel code, by name and type.',
    example: 'rawtracepoint:sched_switch { @[args.prev.comm, args.next.comm] = count(); }',
  },
  probeType: 'rawtracepoint',
  syntax,
  listed: true,
  space: 'kernel',
  parse(args, report) {
    if (!hasPartCount(args, [1, 2], syntax, report)) return undefined;
    const parts = args.parts.map((part) => part.text);
    return {
      parts: parts.length === 1 ? ['', ...parts] : parts,
      hasWildcard: parts.some((part) => part.includes('*')),
    };
  },
  match: (pattern, world) =>
    matching(pattern.parts, world).map(({ module, name }) => ({
      name: `rawtracepoint:${module}:${name}`,
      parts: [module, name],
    })),
  explainMissing,
  shape: shapes,
  list: (parts, world) => listed(parts.length === 1 ? ['', ...parts] : parts, world),
};

interface Place {
  readonly module: string;
  readonly name: string;
}

/** Parts [module, event]; an empty module is any. Names are unique in a kernel, as programs are attached by name. */
function matching(parts: readonly string[], world: World): readonly Place[] {
  const [module = '', event = '*', ...rest] = parts;
  if (rest.length > 0) return [];
  const types = world.functionTypes();
  if (types === undefined) return withoutTypes(module, event, world);
  const modules = glob(module === '' ? '*' : module);
  const names = glob(event);
  const found: Place[] = [];
  for (const from of types.modules()) {
    if (!modules.matches(from)) continue;
    const all = types.rawTracepoints(from);
    if (!names.hasWildcard) {
      if (all.has(event)) return [{ module: from, name: event }];
      continue;
    }
    for (const name of [...all].sort()) if (names.matches(name)) found.push({ module: from, name });
  }
  return found;
}

/** A kernel without BTF still has the symbols of its tracepoints; one by its exact name is enough for arg0, arg1 ... */
function withoutTypes(module: string, event: string, world: World): readonly Place[] {
  if (module !== '' && module !== coreKernel) return [];
  const isThere = world.traceableFunctions().symbolKind(`__tracepoint_${event}`) !== undefined;
  return isThere ? [{ module: coreKernel, name: event }] : [];
}

/** The kernel allows programs to read so many words of any raw tracepoint, and refuses to attach to one that has fewer. */
const mostWords = 12;

/** A body that reads arguments has a program for each target: they lie differently, and the kernel checks their number. */
function shapes(targets: readonly Target[], usage: BodyUsage, world: World): readonly ProgramShape[] {
  if (!usage.args && !usage.numberedArguments) return rawShapes(targets, usage, world);
  return targets.flatMap((target) => {
    const [module = '', name = ''] = target.parts;
    const prototype = world.functionTypes()?.rawTracepoint(module, name);
    return rawShapes([target], usage, world).map((shape) => ({
      ...shape,
      context: { by: 'words' as const, count: prototype?.words ?? mostWords },
      args:
        usage.args && prototype !== undefined ? { fields: prototype.parameters, from: 'words' as const } : undefined,
    }));
  });
}

function explainMissing(pattern: Pattern, world: World): { readonly message: string; readonly hint?: string } {
  const [module = '', event = ''] = pattern.parts;
  const types = world.functionTypes();
  const message = `There is no raw tracepoint ${module === '' ? event : `${module}:${event}`}`;
  if (types === undefined) {
    return {
      message: `${message} that is known without type information (BTF)`,
      hint: `tracepoint:CATEGORY:${event} needs none.`,
    };
  }
  if (pattern.hasWildcard) return { message };
  const elsewhere = matching(['', event], world)[0];
  const all = types.modules().flatMap((from) => [...types.rawTracepoints(from)]);
  const near = elsewhere === undefined ? closest(event, all) : `${elsewhere.module}:${event}`;
  if (near !== undefined) return { message, hint: `Did you mean 'rawtracepoint:${near}'?` };
  const category = world.tracepoints(glob('*'), glob(event))[0]?.category;
  if (category === undefined) return { message };
  return {
    message: `${message}: the event ${category}:${event} is made of another tracepoint`,
    hint: `Use tracepoint:${category}:${event}.`,
  };
}

function listed(parts: readonly string[], world: World): readonly ListedProbe[] {
  return matching(parts, world).map(({ module, name }) => ({
    line: `rawtracepoint:${module}:${name}`,
    details: () =>
      (world.functionTypes()?.rawTracepoint(module, name)?.parameters ?? []).flatMap(
        (field) => field.declaration ?? [],
      ),
  }));
}
