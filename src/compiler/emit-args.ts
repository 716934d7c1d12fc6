/** Fields of `args` -> C: from the record of a perf tracepoint, or from the registers of a system call. */
import type { CValue, Place } from '../builtins/builtin.ts';
import { contextWord, wordAt } from '../builtins/context-word.ts';
import { alignAt, at, scalarCType } from '../c/c-type.ts';
import { sizeOf } from '../types/layout.ts';
import type { Field } from '../types/type.ts';
import type { ArgsField, Dereference } from '../types/typed-tree.ts';
import { archTable } from '../world/arch/index.ts';
import type { Arch } from '../world/world.ts';
import type { FunctionEmitter } from './emit-context.ts';
import { memory, shared } from './emit-context.ts';
import { bitField } from './emit-memory.ts';

/** Field of every system-call event that holds the number of the call. */
const syscallNumberField = '__syscall_nr';

export function emitArgsField(f: FunctionEmitter, expr: ArgsField, into: Place | undefined): CValue {
  const source = f.probe.shape.args;
  if (source === undefined) throw new Error('args without a source');
  f.needsContext();
  if (source.from === 'context') return contextField(f, expr.field, into);
  const { type, name } = expr.field;
  const cType = scalarCType(type);
  if (source.from === 'words') return wordField(f, expr.field, into);
  if (cType === undefined) throw new Error(`system-call argument ${name} is not a scalar`);
  if (name === syscallNumberField) {
    f.bring(shared.syscall);
    return { type, in: 'register', c: `(${cType})number` };
  }
  if (source.from === 'syscall-exit') return { type, in: 'register', c: `(${cType})ctx[1]` };
  const index = syscallArguments(source.fields).findIndex((field) => field.name === name);
  return {
    type,
    in: 'register',
    c: f.temporary(cType, `(${cType})${systemRegister(f, argumentRegister(f.world.arch, index))}`),
  };
}

/** C expression of one word of struct pt_regs at a system call, or of 32 bits of it. */
export function systemRegister(f: FunctionEmitter, offset: number, bits: 32 | 64 = 64): string {
  f.include('syscall.h');
  if (!f.world.features.taskPtRegs) return `eb_register(ctx[0], ${offset})`;
  const task = currentTask(f);
  const read = bits === 64 ? 'EB_REGISTER' : 'EB_REGISTER32';
  return `${read}(${f.hoist('registers', 'void *', `bpf_task_pt_regs(${task})`)}, ${offset})`;
}

/** C variable with the current task as the verifier knows it: fields are read without a helper call. */
export function currentTask(f: FunctionEmitter): string {
  return f.hoist('task', 'void *', 'bpf_get_current_task_btf()');
}

/** Argument fields of a system-call event in the order of the call. */
function syscallArguments(fields: readonly Field[]): readonly Field[] {
  return fields.filter((field) => field.name !== syscallNumberField && !field.name.startsWith('common_'));
}

/** Offset in struct pt_regs of argument `index` of a system call. */
function argumentRegister(arch: Arch, index: number): number {
  const { registers, syscallArguments } = archTable(arch);
  const offset = registers[syscallArguments[index] ?? ''];
  if (offset === undefined) throw new Error(`system calls have six arguments, and ${index} was asked for`);
  return offset;
}

/**
 * An argument as trampolines and raw tracepoints pass it, in 64-bit words: a struct by value fills several, and members of
 * it may lie anywhere in them.
 */
function wordField(f: FunctionEmitter, field: Field, into: Place | undefined): CValue {
  const { type, offset, bits } = field;
  const cType = scalarCType(type);
  const within = offset % 8;
  if (cType !== undefined && within === 0 && bits === undefined) return contextWord(f, offset, type);
  const first = offset - within;
  const size = sizeOf(type);
  if (cType !== undefined && within + size <= 8) {
    const value = f.temporary(cType, `(${cType})(${wordAt(first)} >> ${within * 8})`);
    if (bits !== undefined) return { type, in: 'register', c: bitField(value, type, bits) };
    return { type, in: 'register', c: type.kind === 'bool' ? `(${value} != 0)` : value };
  }
  const words = Math.ceil((within + size) / 8);
  const room = f.allocate(words * 8);
  for (let i = 0; i < words; i++) f.c.line(`*(u64 *)(${room.c} + ${i * 8}) = ${wordAt(first + i * 8)};`);
  const place: Place = { c: `(${room.c} + ${within})`, align: alignAt(8, within) };
  // A member of a packed struct that lies across two words.
  if (cType !== undefined) return { type, in: 'register', c: f.temporary(cType, at(cType, place.c, place.align)) };
  const value = memory(type, place);
  if (into === undefined) return value;
  f.copy(into, value, size);
  return memory(type, into);
}

/**
 * The pointer in an argument for a read at a fixed distance from it, as the verifier knows it: a load is cheaper than what
 * contextWord() does. Undefined when it is not that.
 */
export function structArgument(f: FunctionEmitter, expr: Dereference): string | undefined {
  const { pointer } = expr;
  if (pointer.kind !== 'args-field' || !isStructArgument(f, expr)) return undefined;
  f.needsContext();
  return f.temporary('u64', wordAt(pointer.field.offset));
}

export function isStructArgument(f: FunctionEmitter, { pointer, indices, offset }: Dereference): boolean {
  // Of a BPF program the verifier may know no types, or others than we do.
  const { attach } = f.probe.shape;
  if (attach.kind === 'tracing' && attach.target.program !== undefined) return false;
  if (pointer.kind !== 'args-field' || f.probe.shape.args?.from !== 'words' || indices.length > 0) return false;
  const { type } = pointer;
  const leadsToStruct = type.kind === 'pointer' && type.to.kind === 'struct' && type.to.size > 0;
  return leadsToStruct && pointer.field.offset % 8 === 0 && offset <= mostDistance;
}

/** Far below the limit of the verifier (2^29) and far above the size of any struct. */
export const mostDistance = 1 << 20;

function contextField(f: FunctionEmitter, field: Field, into: Place | undefined): CValue {
  const { type, offset } = field;
  const address = `((u8 *)ctx + ${offset})`;
  if (field.via !== undefined) {
    const word = f.temporary('u32', `*(volatile u32 *)${address}`);
    const base = field.via === 'data-loc' ? '(u64)ctx' : `(u64)ctx + ${offset + 4}`;
    return { type, in: 'register', c: f.temporary('u64', `${base} + (${word} & 0xffff)`) };
  }
  const cType = scalarCType(type);
  if (cType !== undefined) return { type, in: 'register', c: f.temporary(cType, `*(volatile ${cType} *)${address}`) };
  const size = sizeOf(type);
  if (type.kind === 'string') {
    // What lies behind the NUL in the record is garbage, and keys are compared over all their bytes.
    const room = f.allocate(size + 1);
    f.zero(room, size + 1);
    f.c.line(`bpf_probe_read_kernel_str(${room.c}, ${size + 1}, ${address});`);
    const value = memory(type, room);
    if (into === undefined) return value;
    f.copy(into, value, size);
    return memory(type, into);
  }
  const place = into ?? f.allocate(size);
  f.c.line(`bpf_probe_read_kernel(${place.c}, ${size}, ${address});`);
  return memory(type, place);
}
