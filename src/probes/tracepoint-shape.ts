/**
 * From tracepoints to programs, by the cheapest way that gives the same result (measured-facts.md: a raw tracepoint
 * costs less per hit than a perf tracepoint and, unlike it, detaches without a wait of 70 ms):
 *
 * - a system call's tracepoint is one number of the raw tracepoint `sys_enter` or `sys_exit`; all of them share a
 *   program that looks the number up, with or without `args`;
 * - a body that does not read `args` needs no record of the event: raw tracepoint, where the kernel has one;
 * - a body that takes a stack is a perf tracepoint: its stack begins where the event is, that of a raw tracepoint with the
 *   program itself and what calls it. System calls are then numbers of the perf tracepoint `raw_syscalls:sys_enter` or
 *   `sys_exit`, because stacks of their own tracepoints are empty on older kernels (6.1 and before); so is a body that calls
 *   functions of the kernel, which raw tracepoints may not call;
 * - everything else is a perf tracepoint, whose record is the program's context.
 *
 * Targets share a program unless the body reads fields that lie differently, or asks for `probe` on a kernel that
 * cannot tell the program which target fired.
 */
import { type Field, typeName, typesEqual } from '../types/type.ts';
import { glob } from '../world/glob.ts';
import { syscallEventNumber } from '../world/syscalls.ts';
import type { TracepointName, World } from '../world/world.ts';
import type { BodyUsage, ProgramShape, Target } from './probe-kind.ts';

export function tracepointShapes(targets: readonly Target[], usage: BodyUsage, world: World): readonly ProgramShape[] {
  const syscalls: SyscallTarget[] = [];
  const raw: Target[] = [];
  const perf: Target[] = [];
  const isRaw = usage.args || usage.perfTracepoint ? () => false : rawTracepointTest(world);
  const needsRecord = ({ name }: Target): boolean =>
    usage.argsReadOf?.has(name) || usage.perfTracepoints?.has(name) || false;
  for (const target of targets) {
    const syscall = syscallOf(target, usage, world);
    if (syscall !== undefined) syscalls.push({ ...syscall, target });
    else if (isRaw(nameOf(target)) && !needsRecord(target)) raw.push(target);
    else perf.push(target);
  }
  return [
    ...(['enter', 'exit'] as const).flatMap((event) =>
      [false, true].flatMap((byRecord) => {
        const alike = syscalls.filter((entry) => entry.event === event && entry.byRecord === byRecord);
        return syscallShapes({ event, byRecord }, alike, usage, world);
      }),
    ),
    ...rawShapes(raw, usage, world),
    ...perfShapes(perf, usage, world),
  ];
}

/**
 * Members of the event's own record. The common_* fields in front of them (offset below 8) are hidden from BPF
 * programs by the kernel, so they are no part of `args`.
 */
export function ownFields(name: TracepointName, world: World): readonly Field[] {
  return (world.tracepointFields(name) ?? []).filter((field) => field.offset >= 8);
}

function nameOf(target: Target): TracepointName {
  const [category = '', name = ''] = target.parts;
  return { category, name };
}

// ---------------------------------------------------------------------------------------------------- system calls

interface SyscallTarget {
  readonly event: 'enter' | 'exit';
  readonly number: number;
  /** By the perf tracepoint of all system calls: its record has number and arguments where the call's own record has them. */
  readonly byRecord: boolean;
  readonly target: Target;
}

/** Undefined when the event, or a field that the body reads, is more than registers and a number can give. */
function syscallOf(target: Target, usage: BodyUsage, world: World): Omit<SyscallTarget, 'target'> | undefined {
  const { category, name } = nameOf(target);
  if (category !== 'syscalls') return undefined;
  const event = name.startsWith('sys_enter_') ? 'enter' : name.startsWith('sys_exit_') ? 'exit' : undefined;
  if (event === undefined || !world.hasRawTracepoint(`sys_${event}`)) return undefined;
  const number = syscallEventNumber(world.arch, name);
  if (number === undefined) return undefined;
  // Newer kernels add copies of user memory (`__data_loc`), which exist in the event's record only.
  if (usage.args && usedFields(ownFields(nameOf(target), world), usage).some((field) => field.via)) return undefined;
  const byRecord = usage.perfTracepoints?.has(target.name) === true;
  if (byRecord && world.tracepointId({ category: 'raw_syscalls', name: `sys_${event}` }) === undefined)
    return undefined;
  return { event, number, byRecord };
}

function syscallShapes(
  { event, byRecord }: Pick<SyscallTarget, 'event' | 'byRecord'>,
  targets: readonly SyscallTarget[],
  usage: BodyUsage,
  world: World,
): readonly ProgramShape[] {
  return groupByLayout(targets, (entry) => entry.target, usage, world).map(({ members, fields }) => ({
    ...(byRecord
      ? {
          type: 'tracepoint',
          section: 'tp',
          attach: { kind: 'tracepoint', targets: [{ category: 'raw_syscalls', name: `sys_${event}` }] },
          args: fields && { fields, from: 'context' },
        }
      : {
          type: 'raw_tracepoint',
          section: 'raw_tp',
          attach: { kind: 'raw-tracepoint', targets: [{ name: `sys_${event}` }] },
          args: fields && { fields, from: `syscall-${event}` },
        }),
    context: { by: 'none' },
    targets: members.map((entry) => entry.target),
    select: { by: 'syscall', event, numbers: members.map((entry) => entry.number) },
    filtersPid: true,
  }));
}

// ---------------------------------------------------------------------------------------------------- other events

/**
 * Whether an event is the tracepoint of its name. Events that users define (kprobe_events and the like) may bear the
 * name of a kernel tracepoint too; only a name that one category has is certain.
 */
function rawTracepointTest(world: World): (name: TracepointName) => boolean {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { name } of world.tracepoints(glob('*'), glob('*'))) (seen.has(name) ? shared : seen).add(name);
  return ({ name }) => !shared.has(name) && world.hasRawTracepoint(name);
}

export function rawShapes(targets: readonly Target[], usage: BodyUsage, world: World): readonly ProgramShape[] {
  return shareProgram(targets, usage.probe, world.features.rawTracepointCookie).map((shared) => ({
    type: 'raw_tracepoint',
    section: 'raw_tp',
    context: { by: 'none' as const },
    attach: {
      kind: 'raw-tracepoint',
      targets: shared.map((target, i) => ({ name: nameOf(target).name, ...cookie(shared, usage, i) })),
    },
    targets: shared,
    args: undefined,
    select: select(shared, usage),
    filtersPid: true,
  }));
}

function perfShapes(targets: readonly Target[], usage: BodyUsage, world: World): readonly ProgramShape[] {
  return groupByLayout(targets, (target) => target, usage, world).flatMap(({ members, fields }) =>
    shareProgram(members, usage.probe, world.features.tracepointCookie).map((shared) => ({
      type: 'tracepoint' as const,
      section: 'tp',
      context: { by: 'none' as const },
      attach: {
        kind: 'tracepoint' as const,
        targets: shared.map((target, i) => ({ ...nameOf(target), ...cookie(shared, usage, i) })),
      },
      targets: shared,
      args: fields && { fields, from: 'context' as const },
      select: select(shared, usage),
      filtersPid: true,
    })),
  );
}

/** All targets in one program, or one each when the body wants to know the target and there are no cookies. */
function shareProgram(
  targets: readonly Target[],
  asksForProbe: boolean,
  cookies: boolean,
): readonly (readonly Target[])[] {
  if (targets.length === 0) return [];
  return asksForProbe && !cookies ? targets.map((target) => [target]) : [targets];
}

function select(targets: readonly Target[], usage: BodyUsage): ProgramShape['select'] {
  return usage.probe && targets.length > 1 ? { by: 'cookie' } : { by: 'none' };
}

function cookie(targets: readonly Target[], usage: BodyUsage, index: number): { readonly cookie?: bigint } {
  return usage.probe && targets.length > 1 ? { cookie: BigInt(index) } : {};
}

// ---------------------------------------------------------------------------------------------------- layouts

interface LayoutGroup<T> {
  readonly members: readonly T[];
  /** Fields of the first member, which stand for all; undefined when the body does not read `args`. */
  readonly fields: readonly Field[] | undefined;
}

/** Puts targets together whose used fields (all, when `args` is used as a whole) have the same place and type. */
function groupByLayout<T>(
  entries: readonly T[],
  targetOf: (entry: T) => Target,
  usage: BodyUsage,
  world: World,
): readonly LayoutGroup<T>[] {
  if (entries.length === 0) return [];
  if (!usage.args) return [{ members: entries, fields: undefined }];
  const groups: { members: T[]; fields: readonly Field[]; used: readonly Field[] }[] = [];
  const byOutline = new Map<string, typeof groups>();
  for (const entry of entries) {
    const fields = ownFields(nameOf(targetOf(entry)), world);
    const used = usedFields(fields, usage);
    const outline = used.map(fieldOutline).join(';');
    const alike = byOutline.get(outline) ?? [];
    byOutline.set(outline, alike);
    const group = alike.find((other) => other.used.every((field, i) => sameType(field, used[i])));
    if (group !== undefined) {
      group.members.push(entry);
      continue;
    }
    const created = { members: [entry], fields, used };
    alike.push(created);
    groups.push(created);
  }
  return groups;
}

function usedFields(fields: readonly Field[], usage: BodyUsage): readonly Field[] {
  return usage.fields === undefined ? fields : fields.filter((field) => usage.fields?.has(field.name));
}

/** All of a field but what `typesEqual` alone can compare; a cheap key that keeps the number of comparisons small. */
function fieldOutline(field: Field): string {
  const bits = field.bits === undefined ? '' : `${field.bits.shift}+${field.bits.width}`;
  return `${field.name}@${field.offset},${bits},${field.via ?? ''},${typeName(field.type)}`;
}

function sameType(field: Field, other: Field | undefined): boolean {
  return other !== undefined && typesEqual(field.type, other.type);
}
