/**
 * Which reads of memory the verifier knows the types of, and their C. The arguments of fentry and fexit are pointers to
 * structs of the kernel, and so is what lies in their members: such a chain is followed with plain loads, which are
 * cheaper than helper calls and give zero, too, where there is no memory. `eb_params.typed_reads` chooses, a constant for the
 * verifier: when it rejects a program, the loader tries the helper calls (runtime/libbpf/typed-reads.ts).
 */
import { scalarCType } from '../c/c-type.ts';
import { sizeOf } from '../types/layout.ts';
import type { StructType, Type } from '../types/type.ts';
import type { Dereference } from '../types/typed-tree.ts';
import { coreKernel } from '../world/traceable-functions.ts';
import { isStructArgument, mostDistance, structArgument } from './emit-args.ts';
import type { FunctionEmitter } from './emit-context.ts';

/**
 * The pointer of `expr` as the verifier knows it, to read at a fixed distance from it and for nothing else; undefined when it
 * knows no type for it.
 */
export function knownPointer(f: FunctionEmitter, expr: Dereference): string | undefined {
  return structArgument(f, expr) ?? readPointer(f, expr);
}

function readPointer(f: FunctionEmitter, { pointer, indices, offset }: Dereference): string | undefined {
  if (pointer.kind !== 'dereference' || indices.length > 0 || offset > mostDistance) return undefined;
  const { type } = pointer;
  const leadsToStruct = type.kind === 'pointer' && type.to.kind === 'struct' && type.to.size > 0;
  if (!leadsToStruct || !isTypedRead(f, pointer)) return undefined;
  const base = knownPointer(f, pointer);
  return base === undefined ? undefined : emitTypedRead(f, `${base} + ${pointer.offset} /* ${pointer.path} */`, 'u64');
}

/** True for the read of one whole member, not of a union, through pointers that come from an argument. */
export function isTypedRead(f: FunctionEmitter, expr: Dereference): boolean {
  const { pointer, space, indices, bits, offset, type } = expr;
  // -k counts the reads that fail, which loads do not tell.
  if (f.program.reportReads || !f.world.features.typedReads || f.probe.shape.type !== 'tracing') return false;
  if (space !== 'kernel' || indices.length > 0 || bits !== undefined) return false;
  if (pointer.type.kind !== 'pointer' || pointer.type.to.kind !== 'struct') return false;
  if (!isMember(f, pointer.type.to, offset, type)) return false;
  return isStructArgument(f, expr) || (pointer.kind === 'dereference' && isTypedRead(f, pointer));
}

/** The verifier goes down the same way; of members that share their bytes it takes the first. */
function isMember(f: FunctionEmitter, struct: StructType, offset: number, type: Type): boolean {
  if (struct.table !== coreKernel || struct.union === true) return false;
  const there = f.program.types
    .fields(struct)
    ?.filter((field) => field.offset <= offset && offset < field.offset + sizeOf(field.type));
  const [field] = there ?? [];
  if (field === undefined || there?.length !== 1 || field.bits !== undefined) return false;
  if (field.type.kind === 'struct') return isMember(f, field.type, offset - field.offset, type);
  return field.offset === offset && scalarCType(field.type) !== undefined && sizeOf(field.type) === sizeOf(type);
}

/** C variable with the value. */
export function emitTypedRead(f: FunctionEmitter, address: string, cType: string): string {
  f.program.tables.typedReads = true;
  const choice = f.hoist('typed_reads', 'u32', 'eb_params.typed_reads');
  const value = f.temporary(cType, '0');
  f.c.line(`if (${choice})`);
  f.c.line(`\t${value} = *(volatile ${cType} *)(${address});`);
  f.c.line('else');
  f.c.line(`\tbpf_probe_read_kernel(&${value}, sizeof(${value}), (void *)(${address}));`);
  return value;
}
