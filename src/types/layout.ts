/**
 * Sizes, alignments and offsets of values as they lie in maps, variables and event records: the only place that counts
 * bytes. c-type.ts declares the same bytes in C (with explicit padding members) and asserts the sizes found here, so
 * decode.ts and the kernel cannot drift apart. Everything is little endian.
 */
import {
  assertNever,
  type Field,
  type NamedType,
  type RecordType,
  type SymbolicKind,
  type TupleType,
  type Type,
} from './type.ts';

/** Where the members of an aggregate lie. All numbers are bytes; `size` includes the padding at the end. */
export interface Layout {
  readonly offsets: readonly number[];
  readonly size: number;
  readonly align: number;
}

/**
 * Bytes of one value. An aggregate (count, hist, ...) counts 8, which is what `sizeof` tells the script; the storage
 * of its map is decided by its registry entry. A stack is its number. Throws for the error type.
 */
export function sizeOf(type: Type): number {
  switch (type.kind) {
    case 'int':
    case 'enum':
      return type.bytes;
    case 'bool':
      return 1;
    case 'string':
    case 'struct':
      return type.size;
    case 'pointer':
    case 'aggregate':
    case 'stack':
      return 8;
    case 'array':
      return sizeOf(type.of) * type.length;
    case 'tuple':
    case 'record':
      return layoutOf(type).size;
    case 'buffer':
      return type.size + bufferData;
    case 'symbolic':
      return symbolicLayout(type.of).size;
    case 'none':
      return 0;
    case 'error':
      throw new Error('the error type has no layout');
    default:
      return assertNever(type);
  }
}

/**
 * Alignment in bytes: 1, 2, 4 or 8. Structs have 8 in tuples and records, whatever C asks for, and take up a multiple of it:
 * so it is in bpftrace.
 */
export function alignOf(type: Type): number {
  switch (type.kind) {
    case 'int':
    case 'enum':
      return type.bytes;
    case 'bool':
    case 'string':
    case 'buffer':
    case 'none':
      return 1;
    case 'pointer':
    case 'aggregate':
    case 'struct':
    case 'stack':
      return 8;
    case 'array':
      return alignOf(type.of);
    case 'tuple':
    case 'record':
      return layoutOf(type).align;
    case 'symbolic':
      return symbolicLayout(type.of).align;
    case 'error':
      throw new Error('the error type has no layout');
    default:
      return assertNever(type);
  }
}

/** Remembered: size and alignment both ask for the whole layout, which would double the work at each level of nesting. */
function layoutOf(type: TupleType | RecordType): Layout {
  let layout = layouts.get(type);
  if (layout === undefined) {
    layout = layoutTuple(type.kind === 'tuple' ? type.items : type.fields.map((field) => field.type));
    layouts.set(type, layout);
  }
  return layout;
}

const layouts = new WeakMap<TupleType | RecordType, Layout>();

/** C-like: every item at the next multiple of its alignment, the whole padded to the largest alignment. */
export function layoutTuple(items: readonly Type[]): Layout {
  const offsets: number[] = [];
  let end = 0;
  let align = 1;
  for (const item of items) {
    const itemAlign = alignOf(item);
    const offset = alignUp(end, itemAlign);
    offsets.push(offset);
    end = offset + alignUp(sizeOf(item), itemAlign);
    align = Math.max(align, itemAlign);
  }
  return { offsets, size: alignUp(end, align), align };
}

/** The members of a record (or of any struct of ours) as fields with their offsets. */
export function layoutFields(fields: readonly NamedType[]): Field[] {
  const { offsets } = layoutTuple(fields.map((field) => field.type));
  return fields.map((field, i) => ({ name: field.name, type: field.type, offset: offsets[i] ?? 0 }));
}

/** Smallest multiple of `align` (a power of two) that is not below `bytes`. */
export function alignUp(bytes: number, align: number): number {
  return Math.ceil(bytes / align) * align;
}

/** Offset of the bytes of a buffer, behind the u32 that holds how many of them are used. */
export const bufferData = 4;

/** Offsets of the members of symbolic values, for decode.ts and for the C that fills them. */
export const symbolicOffsets = {
  /** {u64 address; u32 pid; u32 pad} */
  usym: { address: 0, pid: 8 },
  /** {u64 address family; u8 address[16]} */
  inet: { family: 0, address: 8 },
  /** {u32 format id; u32 mode; u64 ns} */
  timestamp: { format: 0, mode: 4, nanoseconds: 8 },
  /** {u64 filter id; u64 cgroup id} */
  cgroupPath: { filter: 0, id: 8 },
} as const;

function symbolicLayout(kind: SymbolicKind): { readonly size: number; readonly align: number } {
  switch (kind) {
    case 'ksym':
    case 'username':
      return { size: 8, align: 8 };
    case 'usym':
    case 'timestamp':
    case 'cgroup-path':
      return { size: 16, align: 1 };
    case 'inet':
      return { size: 24, align: 1 };
    case 'mac':
      return { size: 6, align: 1 };
    default:
      return assertNever(kind);
  }
}
