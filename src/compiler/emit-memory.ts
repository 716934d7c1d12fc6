/**
 * Reads of memory -> C: what lies behind pointers (one helper call for each value, over just its bytes), members and
 * elements of values in BPF memory, bit-fields, addresses.
 */
import type { CValue, Place, StringSource } from '../builtins/builtin.ts';
import { alignAt, at, scalarCType } from '../c/c-type.ts';
import { sizeOf } from '../types/layout.ts';
import type { AddressSpace, Field, Type } from '../types/type.ts';
import type { AddressOf, Dereference, IndexExpr, MapRead, MemberExpr } from '../types/typed-tree.ts';
import type { FunctionEmitter } from './emit-context.ts';
import { memory } from './emit-context.ts';
import { countMissing } from './emit-map.ts';
import { dataVariable, scalarHeader } from './plan.ts';
import { emitTypedRead, isTypedRead, knownPointer } from './typed-reads.ts';

/** Functions that read memory of a space: bytes, a string up to its NUL, a char array that may have none. */
interface Reader {
  readonly bytes: string;
  readonly string: string;
  readonly text: string;
  /** As messages about failures call it. */
  readonly helper: string;
}

export const readers: { readonly [S in AddressSpace]: Reader } = {
  kernel: {
    bytes: 'bpf_probe_read_kernel',
    string: 'bpf_probe_read_kernel_str',
    text: 'eb_read_text_kernel',
    helper: 'probe_read_kernel',
  },
  user: {
    bytes: 'bpf_probe_read_user',
    string: 'bpf_probe_read_user_str',
    text: 'eb_read_text_user',
    helper: 'probe_read_user',
  },
  none: { bytes: 'eb_read', string: 'eb_read_str', text: 'eb_read_text', helper: 'probe_read' },
};

export function emitDereference(f: FunctionEmitter, expr: Dereference, into: Place | undefined): CValue {
  const { type } = expr;
  const { address, outside } = emitAddress(f, expr);
  const { bytes, text, helper } = readers[expr.space];
  f.include('read.h');
  const read = (call: string): void => {
    if (outside === undefined) f.read(call, expr.span, helper);
    else f.c.block(`if (!${outside})`, () => f.read(call, expr.span, helper));
  };
  const cType = scalarCType(type);
  // A pointer that was loaded is none to compute with.
  if (cType !== undefined && type.kind !== 'pointer' && isTypedRead(f, expr)) {
    const value = emitTypedRead(f, address, cType);
    return { type, in: 'register', c: type.kind === 'bool' ? `(${value} != 0)` : value };
  }
  if (cType !== undefined) {
    const value = f.temporary(cType, '0');
    read(`${bytes}(&${value}, sizeof(${value}), (void *)(${address}))`);
    if (expr.bits !== undefined) return { type, in: 'register', c: bitField(value, type, expr.bits) };
    // Any byte may be there.
    return { type, in: 'register', c: type.kind === 'bool' ? `(${value} != 0)` : value };
  }
  const size = sizeOf(type);
  if (type.kind === 'string') {
    // Room for the NUL that the helper puts behind a full array; what lies behind a NUL is garbage and left out.
    const room = f.allocate(size + 1);
    f.zero(room, size + 1);
    read(`${text}(${room.c}, ${size}, (void *)(${address}))`);
    const value = memory(type, room);
    if (into === undefined) return value;
    f.copy(into, value, size);
    return memory(type, into);
  }
  const place = into ?? f.allocate(size);
  if (outside !== undefined) f.zero(place, size);
  if (size > 0) read(`${bytes}(${place.c}, ${size}, (void *)(${address}))`);
  return memory(type, place);
}

/** A char array that is read straight into an event. */
export function textSource(f: FunctionEmitter, expr: Dereference): StringSource {
  const { address, outside } = emitAddress(f, expr);
  f.include('read.h');
  const size = sizeOf(expr.type);
  return {
    read: readers[expr.space].string,
    helper: `${readers[expr.space].helper}_str`,
    address: outside === undefined ? address : `${outside} ? 0 : ${address}`,
    limit: size,
    capacity: size,
    marksCut: true,
  };
}

/** C expression of the address; `outside` is a C variable that is 1 when an index was out of range (which is counted). */
function emitAddress(f: FunctionEmitter, expr: Dereference): { address: string; outside: string | undefined } {
  let address = knownPointer(f, expr) ?? f.value(expr.pointer).c;
  let outside: string | undefined;
  if (expr.indices.length > 0) address = f.temporary('u64', address);
  for (const { index, step, length, span } of expr.indices) {
    const position = f.temporary('u64', f.value(index).c);
    address += ` + ${position} * ${step}`;
    if (length === undefined) continue;
    const test = f.temporary('u8', `${position} >= ${length}`);
    f.c.line(`if (${test})`);
    f.c.line(`\t${f.countFailure('array-bounds', span, '0')}`);
    outside = outside === undefined ? test : f.temporary('u8', `${outside} | ${test}`);
  }
  if (expr.offset !== 0) address += ` + ${expr.offset}`;
  const path = expr.path === '' ? '' : ` /* ${expr.path} */`;
  return { address: address + path, outside };
}

/** The bits of a member out of the integer they were read with, as that type. */
export function bitField(value: string, type: Type, bits: NonNullable<Field['bits']>): string {
  const { shift, width } = bits;
  if (type.kind === 'int' && type.signed) return `((s64)((u64)(${value}) << ${64 - shift - width}) >> ${64 - width})`;
  const masked = `((u64)(${value}) >> ${shift} & ${(1n << BigInt(width)) - 1n}ULL)`;
  return type.kind === 'bool' ? `(${masked} != 0)` : masked;
}

export function emitMember(f: FunctionEmitter, expr: MemberExpr): CValue {
  let { object, offset } = expr;
  while (object.kind === 'member') {
    offset += object.offset;
    object = object.object;
  }
  const { type } = expr;
  const member =
    object.kind === 'map-read' ? emitMapPart(f, object, type, offset) : memberOf(f.value(object), type, offset);
  if (expr.bits !== undefined) return { ...member, c: bitField(member.c, type, expr.bits) };
  // What was copied from memory may be any byte.
  return type.kind === 'bool' && expr.object.type.kind === 'struct' ? { ...member, c: `(${member.c} != 0)` } : member;
}

/** Part of the value of a map, without a copy of the rest; zeros when the key is missing. */
function emitMapPart(f: FunctionEmitter, read: MapRead, type: Type, offset: number): CValue {
  const plan = f.map(read.map);
  const scalar = `((u8 *)&${dataVariable(plan)} + ${scalarHeader})`;
  const slot =
    read.key === undefined
      ? scalar
      : f.temporary('u8 *', `bpf_map_lookup_elem(&${plan.symbol}, ${f.mapKey(read.key)})`);
  const isMissing = read.key === undefined ? `!*(u64 *)&${dataVariable(plan)}` : `!${slot}`;
  countMissing(f, isMissing, read, 'map_lookup_elem');
  const part = memberOf({ type: read.type, in: 'memory', c: slot, align: 8 }, type, offset);
  const cType = scalarCType(type);
  if (cType !== undefined) {
    const value = f.temporary(cType, read.key === undefined ? part.c : '0');
    if (read.key !== undefined) f.c.block(`if (${slot})`, () => f.c.line(`${value} = ${part.c};`));
    return { type, in: 'register', c: value };
  }
  const size = sizeOf(type);
  const place = f.allocate(size);
  if (read.key === undefined) f.copy(place, part, size);
  else
    f.c.ifElse(
      slot,
      () => f.copy(place, part, size),
      () => f.zero(place, size),
    );
  return memory(type, place);
}

/** The part of a value in memory at `offset`. */
export function memberOf(object: CValue, type: Type, offset: number): CValue {
  const address = `(${object.c} + ${offset})`;
  const align = alignAt(object.align ?? 8, offset);
  const cType = scalarCType(type);
  if (cType !== undefined) return { type, in: 'register', c: at(cType, address, align) };
  return { type, in: 'memory', c: address, align };
}

export function emitIndex(f: FunctionEmitter, expr: IndexExpr): CValue {
  const object = f.value(expr.object);
  const size = sizeOf(expr.type);
  const index = f.temporary('u64', f.value(expr.index).c);
  const outside = f.temporary('u8', `${index} >= ${expr.length}`);
  f.c.line(`if (${outside})`);
  f.c.line(`\t${f.countFailure('array-bounds', expr.span, '0')}`);
  f.c.line(`LIMIT(${index}, ${Math.max(0, expr.length - 1)});`);
  const align = alignAt(object.align ?? 8, size);
  const cType = scalarCType(expr.type);
  const address = `(${object.c} + ${index} * ${size})`;
  if (cType !== undefined) {
    return { type: expr.type, in: 'register', c: f.temporary(cType, `${outside} ? 0 : ${at(cType, address, align)}`) };
  }
  const element = f.allocate(size);
  f.c.ifElse(
    outside,
    () => f.zero(element, size),
    () => f.copy(element, { type: expr.type, in: 'memory', c: address, align }, size),
  );
  return memory(expr.type, element);
}

export function emitAddressOf(f: FunctionEmitter, expr: AddressOf): CValue {
  f.include('read.h');
  return { type: expr.type, in: 'register', c: f.temporary('u64', `eb_address(${bpfPointer(f, expr)})`) };
}

/** C expression of the pointer as the verifier knows it, for C that works on BPF memory itself. */
export function bpfPointer(f: FunctionEmitter, { of }: AddressOf): string {
  if (of.kind === 'map') {
    const plan = f.map(of.map);
    return plan.storage === 'data' ? `&${dataVariable(plan)}.value` : `&${plan.symbol}`;
  }
  const { in: where, c } = f.variable(of.variable);
  return where === 'memory' ? c : `&${c}`;
}
