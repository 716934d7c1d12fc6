/**
 * Bytes + Type -> Value, for everything that maps and events carry. What a value needs from outside (symbols, user
 * names, the fields of a struct) is asked of a `ValueHost`; the runtime has the real one. printf does not pass here for
 * its integers and strings, see event-formatter.ts.
 */
import { latin1, lengthToNul } from './byte-text.ts';
import { bufferData, layoutFields, layoutTuple, sizeOf, symbolicOffsets } from './layout.ts';
import { inetText, macText } from './network-text.ts';
import {
  assertNever,
  type EnumConstant,
  type EnumType,
  type Field,
  type StackType,
  type StructType,
  type SymbolicKind,
  type Type,
} from './type.ts';
import type { Value } from './value.ts';

/** What only the running system knows. All texts are byte strings; a miss is `undefined`, never an exception. */
export interface ValueHost {
  /** Name of the kernel symbol at or below an address, without offset. */
  kernelSymbol(address: bigint): string | undefined;
  /** Name of the symbol at an address of process `pid` (in our pid namespace), without offset. */
  userSymbol(address: bigint, pid: number): string | undefined;
  userName(uid: bigint): string | undefined;
  /** The frames of the stack with this number as text, a line each, each ended by a newline. */
  kernelStack(type: StackType, id: bigint): string;
  /** strftime: `formatId` counts the formats of the script, `mode` is the clock of `ns`. */
  timestamp(formatId: number, mode: number, ns: bigint): string;
  cgroupPath(filterId: number, id: bigint): string;
  /** Members of a struct or union; undefined when it has no definition. */
  fieldsOf(type: StructType): readonly Field[] | undefined;
}

/** What decoding needs to know of one argument in an event record: EventField of the program contract has this form. */
export interface RecordField {
  readonly type: Type;
  /** Bytes from the start of the record. */
  readonly offset: number;
  /** `tail`: a u32 here counts the bytes that the string has in the tail; bit 31 says that it was cut. */
  readonly storage: 'inline' | 'tail';
}

/** A value that cannot be turned into text; printf shows `!{message}` in its place. */
export class ValueFailure extends Error {}

/** The value of `type` at byte `offset` of the view. Throws RangeError when the view is too short. */
export function decode(view: DataView, offset: number, type: Type, host: ValueHost): Value {
  switch (type.kind) {
    case 'int':
      return { kind: 'int', value: readInteger(view, offset, type.bytes, type.signed) };
    case 'bool':
      return { kind: 'bool', value: view.getUint8(offset) !== 0 };
    case 'string':
      return stringAt(view, offset, type.size);
    case 'pointer':
      return { kind: 'pointer', value: view.getBigUint64(offset, true) };
    case 'enum':
      return enumValue(type, readInteger(view, offset, type.bytes, false));
    case 'struct':
      return structAt(view, offset, type, host);
    case 'array':
      return { kind: 'array', items: arrayItems(view, offset, type.of, type.length, host) };
    case 'tuple': {
      const { offsets } = layoutTuple(type.items);
      return {
        kind: 'tuple',
        items: type.items.map((item, i) => decode(view, offset + (offsets[i] ?? 0), item, host)),
      };
    }
    case 'record':
      return { kind: 'record', fields: decodeFields(view, offset, layoutFields(type.fields), host) };
    case 'buffer':
      return { kind: 'buffer', bytes: bufferAt(view, offset, type.size) };
    case 'symbolic':
      return { kind: 'text', text: symbolicText(view, offset, type.of, host) };
    case 'stack':
      return { kind: 'stack', text: `\n${host.kernelStack(type, view.getBigUint64(offset, true))}` };
    case 'none':
      return { kind: 'none' };
    case 'aggregate':
      throw new Error(`a value of ${type.by}() is decoded by its registry entry, not by its type`);
    case 'error':
      throw new Error('the error type has no values');
    default:
      return assertNever(type);
  }
}

/**
 * All fields of one event record at `offset`, `length` bytes long, in order. Strings in the tail lie behind
 * `fixedSize` one after the other. Throws ValueFailure when the record ends too early.
 */
export function decodeEvent(
  view: DataView,
  offset: number,
  length: number,
  fields: readonly RecordField[],
  fixedSize: number,
  host: ValueHost,
): Value[] {
  let tail = offset + fixedSize;
  return fields.map((field) => {
    if (field.storage === 'inline') return decode(view, offset + field.offset, field.type, host);
    const word = view.getUint32(offset + field.offset, true);
    const start = tail;
    tail += tailBytes(word);
    return { kind: 'string', bytes: tailText(view, start, word, offset + length), truncated: tailWasCut(word) };
  });
}

/** Bytes that a string occupies in the tail of its record, from the word in the fixed part. */
export function tailBytes(word: number): number {
  return word & 0x7fff_ffff;
}

/** True when the string did not fit: it has no NUL, and text output marks it. */
export function tailWasCut(word: number): boolean {
  return word < 0 || word >= 0x8000_0000;
}

/** The string at `start`, without its NUL. `end` is where the record ends. */
export function tailText(view: DataView, start: number, word: number, end: number): string {
  const count = word & 0x7fff_ffff;
  if (start + count > end) throw new ValueFailure('string ends behind its event');
  if (count === 0) return '';
  return latin1(view, start, view.getUint8(start + count - 1) === 0 ? count - 1 : count);
}

/** Little-endian integer of 1, 2, 4 or 8 bytes. */
export function readInteger(view: DataView, offset: number, bytes: 1 | 2 | 4 | 8, signed: boolean): bigint {
  switch (bytes) {
    case 1:
      return BigInt(signed ? view.getInt8(offset) : view.getUint8(offset));
    case 2:
      return BigInt(signed ? view.getInt16(offset, true) : view.getUint16(offset, true));
    case 4:
      return BigInt(signed ? view.getInt32(offset, true) : view.getUint32(offset, true));
    case 8:
      return signed ? view.getBigInt64(offset, true) : view.getBigUint64(offset, true);
    default:
      return assertNever(bytes);
  }
}

/** Name of the constant, undefined when the enum has none of this value. `raw` holds the unsigned bits. */
export function enumConstant(type: EnumType, raw: bigint): EnumConstant | undefined {
  let constants = constantsOf.get(type);
  if (constants === undefined) {
    constants = new Map();
    // The first of several names for one value is the one that C debuggers show too.
    for (const constant of type.values) {
      const bits = BigInt.asUintN(type.bytes * 8, constant.value);
      if (!constants.has(bits)) constants.set(bits, constant);
    }
    constantsOf.set(type, constants);
  }
  return constants.get(raw);
}

const constantsOf = new WeakMap<EnumType, Map<bigint, EnumConstant>>();

/** An address in hexadecimal. */
export function addressText(address: bigint): string {
  return `0x${address.toString(16)}`;
}

/** What stands for a symbol that is not known; 0 is no address. */
function unknownSymbol(address: bigint): string {
  return address === 0n ? '0' : addressText(address);
}

/** The used bytes of a buffer whose length word is at `offset`. */
export function bufferAt(view: DataView, offset: number, size: number): string {
  return latin1(view, offset + bufferData, Math.min(view.getUint32(offset, true), size));
}

function enumValue(type: EnumType, raw: bigint): Value {
  const constant = enumConstant(type, raw);
  return { kind: 'enum', value: constant?.value ?? raw, name: constant?.name };
}

function stringAt(view: DataView, offset: number, size: number): Value {
  const length = lengthToNul(view, offset, size);
  return { kind: 'string', bytes: latin1(view, offset, length), truncated: size > 0 && length === size };
}

function arrayItems(view: DataView, offset: number, of: Type, length: number, host: ValueHost): Value[] {
  const step = sizeOf(of);
  return Array.from({ length }, (_, i) => decode(view, offset + i * step, of, host));
}

function structAt(view: DataView, offset: number, type: StructType, host: ValueHost): Value {
  const fields = host.fieldsOf(type);
  if (fields === undefined) throw new ValueFailure(`the members of ${type.name} are not known`);
  return { kind: 'record', fields: decodeFields(view, offset, fields, host) };
}

function decodeFields(view: DataView, offset: number, fields: readonly Field[], host: ValueHost) {
  return fields.map((field) => ({ name: field.name, value: fieldAt(view, offset, field, host) }));
}

function fieldAt(view: DataView, offset: number, field: Field, host: ValueHost): Value {
  // The data of such a field lie outside of the bytes that were copied.
  if (field.via !== undefined) return { kind: 'none' };
  const at = offset + field.offset;
  if (field.bits === undefined) return decode(view, at, field.type, host);
  const raw = readBits(view, at, field.bits.shift, field.bits.width);
  switch (field.type.kind) {
    case 'bool':
      return { kind: 'bool', value: raw !== 0n };
    case 'enum':
      return enumValue(field.type, raw);
    case 'int':
      return { kind: 'int', value: field.type.signed ? BigInt.asIntN(field.bits.width, raw) : raw };
    default:
      throw new ValueFailure(`${field.name} cannot be a bit-field`);
  }
}

/** `width` bits from bit `shift` on; reads only the bytes that hold them, which may be nine in a packed struct. */
function readBits(view: DataView, at: number, shift: number, width: number): bigint {
  let raw = 0n;
  for (let i = Math.ceil((shift + width) / 8) - 1; i >= 0; i--) raw = (raw << 8n) | BigInt(view.getUint8(at + i));
  return BigInt.asUintN(width, raw >> BigInt(shift));
}

function symbolicText(view: DataView, offset: number, kind: SymbolicKind, host: ValueHost): string {
  switch (kind) {
    case 'ksym': {
      const address = view.getBigUint64(offset, true);
      return host.kernelSymbol(address) ?? unknownSymbol(address);
    }
    case 'usym': {
      const address = view.getBigUint64(offset + symbolicOffsets.usym.address, true);
      const pid = view.getUint32(offset + symbolicOffsets.usym.pid, true);
      return host.userSymbol(address, pid) ?? unknownSymbol(address);
    }
    case 'inet': {
      const family = Number(view.getBigUint64(offset + symbolicOffsets.inet.family, true));
      return inetText(family, view, offset + symbolicOffsets.inet.address);
    }
    case 'mac':
      return macText(view, offset);
    case 'username':
      return host.userName(view.getBigUint64(offset, true)) ?? '';
    case 'timestamp': {
      const at = symbolicOffsets.timestamp;
      const mode = view.getUint32(offset + at.mode, true);
      // A variable that was never assigned, a key that is missing.
      if (mode === 0) return '(?)';
      return host.timestamp(
        view.getUint32(offset + at.format, true),
        mode,
        view.getBigUint64(offset + at.nanoseconds, true),
      );
    }
    case 'cgroup-path': {
      const at = symbolicOffsets.cgroupPath;
      return host.cgroupPath(
        Number(view.getBigUint64(offset + at.filter, true)),
        view.getBigUint64(offset + at.id, true),
      );
    }
    default:
      return assertNever(kind);
  }
}
