/**
 * What values are. `Type` is a closed union: layout.ts, decode.ts, c-type.ts and `typeName` switch over it and end in
 * assertNever, so that a new kind shows every place it needs.
 */
export type Type =
  | IntType
  | { readonly kind: 'bool' }
  | StringType
  | PointerType
  | StructType
  | ArrayType
  | TupleType
  | RecordType
  | EnumType
  | { readonly kind: 'buffer'; readonly size: number }
  | SymbolicType
  | StackType
  | AggregateType
  | { readonly kind: 'none' }
  | { readonly kind: 'error' };

export interface IntType {
  readonly kind: 'int';
  readonly bytes: 1 | 2 | 4 | 8;
  readonly signed: boolean;
  /**
   * Only while types are inferred: came from a literal that is not negative, so it takes the sign of what it meets
   * (language reference 4.1). Not part of equality, layout or name.
   */
  readonly flexible?: true;
}

/** `size` counts the terminating NUL, as in the language (`"abc"` is string[4]). */
export interface StringType {
  readonly kind: 'string';
  readonly size: number;
}

/** Where a pointer points: decides between bpf_probe_read_kernel and bpf_probe_read_user. */
export type AddressSpace = 'kernel' | 'user' | 'none';

export interface PointerType {
  readonly kind: 'pointer';
  readonly to: Type;
  readonly space: AddressSpace;
  /**
   * A type tag of BTF that nothing can be read through, such as `percpu`: the value is no address. `user` is in `space`,
   * `rcu` makes no difference. Not part of equality.
   */
  readonly tag?: string;
}

/** A C struct or union by name; its fields are found in the type table `table` (`vmlinux`, a module, the script). */
export interface StructType {
  readonly kind: 'struct';
  readonly table: string;
  readonly name: string;
  readonly size: number;
  /** A union. Not part of equality: C has one name space for both. */
  readonly union?: true;
}

export interface ArrayType {
  readonly kind: 'array';
  readonly of: Type;
  readonly length: number;
}

export interface TupleType {
  readonly kind: 'tuple';
  readonly items: readonly Type[];
}

export interface RecordType {
  readonly kind: 'record';
  readonly fields: readonly NamedType[];
}

export interface NamedType {
  readonly name: string;
  readonly type: Type;
}

/** `values` are the constants, so that printing needs no lookup in a type table. */
export interface EnumType {
  readonly kind: 'enum';
  readonly name: string;
  readonly bytes: 1 | 2 | 4 | 8;
  readonly values: readonly EnumConstant[];
}

export interface EnumConstant {
  readonly name: string;
  readonly value: bigint;
  /** Where it was looked up by its own name: the enum it belongs to, and that enum's constants. */
  readonly enumName?: string;
  readonly values?: readonly EnumConstant[];
}

/** Values whose text is made in user space; the raw layout is in layout.ts. */
export type SymbolicKind = 'ksym' | 'usym' | 'inet' | 'mac' | 'timestamp' | 'cgroup-path' | 'username';

export interface SymbolicType {
  readonly kind: 'symbolic';
  readonly of: SymbolicKind;
}

/** How the frames of a stack are printed (stack-text.ts). */
export type StackMode = 'bpftrace' | 'perf' | 'raw';

/**
 * A stack of the kernel: at most `limit` frames. The value is the stack's number in a table that programs and user
 * space share (bpf-helpers/stacks.h), so that it is as cheap to store and compare as an integer.
 */
export interface StackType {
  readonly kind: 'stack';
  readonly mode: StackMode;
  readonly limit: number;
}

/** Lives in maps only; `by` names an entry of the aggregation registry. `parameters` are its literal arguments. */
export interface AggregateType {
  readonly kind: 'aggregate';
  readonly by: string;
  readonly signed: boolean;
  readonly parameters: readonly bigint[];
  /** True when it may be read as an integer (count, sum, min, max, avg). */
  readonly castable: boolean;
}

/** One member of a laid-out C aggregate: struct, tracepoint context, event record, tuple. Offsets are bytes. */
export interface Field {
  readonly name: string;
  readonly type: Type;
  readonly offset: number;
  /** Bit-fields: position of the lowest bit within the bytes at `offset` (little endian), and width in bits. */
  readonly bits?: { readonly shift: number; readonly width: number };
  /**
   * How the bytes at `offset` lead to the value. `data-loc`: u32, low half is the distance of the data from the start
   * of the context, high half its length (`__data_loc`); `rel-loc`: the same counted from the end of this u32.
   */
  readonly via?: 'data-loc' | 'rel-loc';
  /** The declaration as the source of the field wrote it, for `-lv`. */
  readonly declaration?: string;
}

export const int8: IntType = { kind: 'int', bytes: 1, signed: true };
export const int16: IntType = { kind: 'int', bytes: 2, signed: true };
export const int32: IntType = { kind: 'int', bytes: 4, signed: true };
export const int64: IntType = { kind: 'int', bytes: 8, signed: true };
export const uint8: IntType = { kind: 'int', bytes: 1, signed: false };
export const uint16: IntType = { kind: 'int', bytes: 2, signed: false };
export const uint32: IntType = { kind: 'int', bytes: 4, signed: false };
export const uint64: IntType = { kind: 'int', bytes: 8, signed: false };
export const boolType: Type = { kind: 'bool' };
export const noneType: Type = { kind: 'none' };
export const errorType: Type = { kind: 'error' };

export function stringType(size: number): StringType {
  return { kind: 'string', size };
}

export function pointerTo(to: Type, space: AddressSpace): PointerType {
  return { kind: 'pointer', to, space };
}

export function tupleOf(items: readonly Type[]): TupleType {
  return { kind: 'tuple', items };
}

export function symbolic(of: SymbolicKind): SymbolicType {
  return { kind: 'symbolic', of };
}

/** Structural equality; struct and enum types are equal by name (and table). */
export function typesEqual(a: Type, b: Type): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case 'int':
      return b.kind === 'int' && a.bytes === b.bytes && a.signed === b.signed;
    case 'string':
      return b.kind === 'string' && a.size === b.size;
    case 'pointer':
      return b.kind === 'pointer' && a.space === b.space && typesEqual(a.to, b.to);
    case 'struct':
      return b.kind === 'struct' && a.name === b.name && a.table === b.table;
    case 'array':
      return b.kind === 'array' && a.length === b.length && typesEqual(a.of, b.of);
    case 'tuple':
      return b.kind === 'tuple' && sameList(a.items, b.items);
    case 'record':
      return (
        b.kind === 'record' &&
        a.fields.every((field, i) => field.name === b.fields[i]?.name) &&
        sameList(
          a.fields.map((field) => field.type),
          b.fields.map((field) => field.type),
        )
      );
    case 'enum':
      return b.kind === 'enum' && a.name === b.name && a.bytes === b.bytes;
    case 'buffer':
      return b.kind === 'buffer' && a.size === b.size;
    case 'symbolic':
      return b.kind === 'symbolic' && a.of === b.of;
    case 'stack':
      return b.kind === 'stack' && a.mode === b.mode && a.limit === b.limit;
    case 'aggregate':
      return (
        b.kind === 'aggregate' &&
        a.by === b.by &&
        a.signed === b.signed &&
        a.parameters.length === b.parameters.length &&
        a.parameters.every((parameter, i) => parameter === b.parameters[i])
      );
    case 'bool':
    case 'none':
    case 'error':
      return a.kind === b.kind;
    default:
      return assertNever(a);
  }
}

function sameList(a: readonly Type[], b: readonly Type[]): boolean {
  return (
    a.length === b.length &&
    a.every((type, i) => {
      const other = b[i];
      return other !== undefined && typesEqual(type, other);
    })
  );
}

/** Begins the `name` of a struct that has none in C; its number in the type table follows. */
export const anonymousPrefix = '__anonymous_';

/** The type as users see it in messages: the spelling of the language reference, section 3. */
export function typeName(type: Type): string {
  switch (type.kind) {
    case 'int':
      return `${type.signed ? '' : 'u'}int${type.bytes * 8}`;
    case 'bool':
    case 'none':
      return type.kind;
    case 'string':
      return `string[${type.size}]`;
    case 'pointer':
      return `${type.to.kind === 'none' ? 'void' : typeName(type.to)} *`;
    case 'struct':
      return `${type.union ? 'union' : 'struct'} ${type.name.startsWith(anonymousPrefix) ? '(anonymous)' : type.name}`;
    case 'array':
      return `${typeName(type.of)}[${type.length}]`;
    case 'tuple':
      return `(${type.items.map(typeName).join(',')})`;
    case 'record':
      return `record { ${type.fields.map((field) => `.${field.name} = ${typeName(field.type)}`).join(', ')} }`;
    case 'enum':
      return `enum ${type.name}`;
    case 'buffer':
      return `buffer[${type.size}]`;
    case 'symbolic':
      return symbolicNames[type.of];
    case 'stack':
      return `kstack_${type.mode}_${type.limit}`;
    case 'aggregate':
      return aggregateName(type);
    case 'error':
      return '<unknown>';
    default:
      return assertNever(type);
  }
}

const symbolicNames: { readonly [K in SymbolicKind]: string } = {
  ksym: 'ksym_t',
  usym: 'usym_t',
  inet: 'inet',
  mac: 'mac_address',
  timestamp: 'timestamp',
  'cgroup-path': 'cgroup_path_t',
  username: 'username_t',
};

/** `sum_t` for signed, `usum_t` for unsigned; count, hist and lhist have no sign. */
function aggregateName(type: AggregateType): string {
  const unsignedPrefix = ['count', 'hist', 'lhist', 'tseries'].includes(type.by) || type.signed ? '' : 'u';
  return `${unsignedPrefix}${type.by}_t`;
}

/** The end of an exhaustive switch: a compile error when a case is missing, an exception when data lied. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
