/**
 * Calls that are done in user space -> a record in the event ring. Without long strings the record is reserved in the
 * ring and written in place; with them it is put together in per-CPU memory, the strings packed with their real
 * length behind the fixed part, and copied out.
 */

import type { EventShape, StringSource } from '../builtins/builtin.ts';
import { knownBuiltin } from '../builtins/index.ts';
import { scalarCType } from '../c/c-type.ts';
import type { EventField } from '../program/program.ts';
import { alignUp, sizeOf } from '../types/layout.ts';
import type { CallExpr, TypedExpr } from '../types/typed-tree.ts';
import type { FunctionEmitter } from './emit-context.ts';
import { steady } from './emit-expression.ts';
import { readers, textSource } from './emit-memory.ts';
import { expansionsAt } from './plan.ts';

/** Strings of up to this many bytes travel at their full size: cheaper than measuring them. */
const inlineStrings = 64;
const headerSize = 8;

export function emitEvent(f: FunctionEmitter, call: CallExpr, shape: EventShape): void {
  const { fields, fixedSize } = layOut(shape.values);
  const id = f.program.tables.events.length;
  f.program.tables.events.push({
    id,
    builtin: call.builtin,
    fields,
    fixedSize,
    literals: shape.literals,
    span: call.span,
    ...expansionsAt(f.program.tables, call.span),
  });
  f.include('ring.h');
  if (fields.some((field) => field.storage === 'tail')) emitOutput(f, call, id, shape, fields, fixedSize);
  else emitReserved(f, call, id, shape, fields, fixedSize);
}

function layOut(values: readonly TypedExpr[]): { fields: EventField[]; fixedSize: number } {
  let end = headerSize;
  const fields = values.map((value): EventField => {
    if (travelsInTail(value)) {
      const offset = alignUp(end, 4);
      end = offset + 4;
      return { type: value.type, offset, storage: 'tail' };
    }
    const size = sizeOf(value.type);
    const offset = alignUp(end, scalarCType(value.type) === undefined ? 8 : size);
    end = offset + size;
    return { type: value.type, offset, storage: 'inline' };
  });
  return { fields, fixedSize: alignUp(end, 8) };
}

function travelsInTail(value: TypedExpr): boolean {
  return value.type.kind === 'string' && (value.kind === 'vector-string' || value.type.size > inlineStrings);
}

function emitReserved(
  f: FunctionEmitter,
  call: CallExpr,
  id: number,
  shape: EventShape,
  fields: readonly EventField[],
  fixedSize: number,
): void {
  // Nothing may leave the program while a record is reserved, so everything but plain reads is evaluated before.
  const early = new Map(
    shape.values
      .filter((value) => !writesInPlace(value))
      .map((value, i, all) => [value, steady(f, f.value(value), ...all.slice(i + 1))]),
  );
  const record = f.temporary('u8 *', `bpf_ringbuf_reserve(&eb_ring, ${fixedSize}, 0)`);
  f.c.ifElse(
    record,
    () => {
      f.c.line(`*(u64 *)${record} = ${id};`);
      for (const [i, value] of shape.values.entries()) {
        const field = fields[i];
        if (field === undefined) continue;
        const place = { c: `(${record} + ${field.offset})`, align: 8 };
        const known = early.get(value);
        if (known === undefined) f.store(value, place);
        else f.storeValue(known, { ...place, align: scalarCType(value.type) === undefined ? 8 : sizeOf(value.type) });
      }
      f.c.line(`bpf_ringbuf_submit(${record}, EB_WAKEUP);`);
    },
    () => f.c.line(f.countFailure('lost-event', call.span, '-28', 'ringbuf_reserve')),
  );
}

/** Builtins without arguments and plain arguments of the probe: no way out of the program in them. */
function writesInPlace(value: TypedExpr): boolean {
  return (
    (value.kind === 'call' && value.args.length === 0 && value.type.kind === 'string') || value.kind === 'args-field'
  );
}

function emitOutput(
  f: FunctionEmitter,
  call: CallExpr,
  id: number,
  shape: EventShape,
  fields: readonly EventField[],
  fixedSize: number,
): void {
  const capacity = shape.values.reduce(
    (sum, value) => sum + (travelsInTail(value) ? tailMask(sizeOf(value.type) + 1) + 1 : 0),
    0,
  );
  const record = f.allocateScratch(fixedSize + alignUp(capacity, 8));
  f.c.line(`*(u64 *)${record.c} = ${id};`);
  const tail = f.temporary('u64', '0');
  for (const [i, value] of shape.values.entries()) {
    const field = fields[i];
    if (field === undefined) continue;
    const at = `(${record.c} + ${field.offset})`;
    if (field.storage === 'inline') {
      f.store(value, { c: at, align: scalarCType(value.type) === undefined ? 8 : sizeOf(value.type) });
    } else appendString(f, value, `(${record.c} + ${fixedSize} + ${tail})`, at, tail);
  }
  const result = f.temporary('long', `bpf_ringbuf_output(&eb_ring, ${record.c}, ${fixedSize} + ${tail}, EB_WAKEUP)`);
  f.c.line(`if (${result})`);
  f.c.line(`\t${f.countFailure('lost-event', call.span, result, 'ringbuf_output')}`);
}

/** Where the bytes of a string value are: behind the pointer of str(), or in BPF memory. */
function stringSource(f: FunctionEmitter, value: TypedExpr): StringSource {
  if (value.kind === 'call') {
    const source = knownBuiltin(value.builtin).source?.(f, value);
    if (source !== undefined) return source;
  }
  const size = sizeOf(value.type);
  if (value.kind === 'vector-string') {
    f.include('read.h');
    const pointer = f.temporary('u64', '0');
    const { bytes, string, helper } = readers[value.space];
    const word = `(void *)(${f.value(value.vector).c} + ${value.index * 8})`;
    f.read(`${bytes}(&${pointer}, 8, ${word})`, value.span, helper);
    return { read: string, helper: `${helper}_str`, address: pointer, limit: size, capacity: size, marksCut: false };
  }
  if (value.kind === 'dereference') return textSource(f, value);
  const { c } = f.value(value);
  return { read: 'bpf_probe_read_kernel_str', address: c, limit: size, capacity: size, marksCut: true };
}

function appendString(f: FunctionEmitter, value: TypedExpr, to: string, lengthAt: string, tail: string): void {
  const source = stringSource(f, value);
  const room = source.marksCut ? source.capacity + 1 : source.capacity;
  const limit = source.marksCut ? `${room}` : `${source.limit}`;
  let read = `${source.read}(${to}, ${limit}, (void *)(u64)(${source.address}))`;
  if (source.helper !== undefined && f.program.reportReads) {
    read = f.temporary('long', read);
    f.c.line(`if (${read} < 0)`);
    f.c.line(`\t${f.countFailure('probe-read', value.span, read, source.helper)}`);
  }
  const count = f.temporary('u64', `eb_stored(${read}, ${tailMask(room)})`);
  if (!source.marksCut) f.c.line(`*(u32 *)${lengthAt} = ${count};`);
  else {
    const cut = f.temporary('u64', `eb_exceeds(${count}, ${source.capacity})`);
    f.c.line(`${count} = (${count} - ${cut}) & ${tailMask(room)};`);
    f.c.line(`*(u32 *)${lengthAt} = ${count} | ${cut} << 31;`);
  }
  f.c.line(`${tail} += ${count};`);
}

/** All bits of the smallest power of two above `room`: how the verifier learns how far a string can reach. */
function tailMask(room: number): number {
  let mask = 1;
  while (mask <= room) mask *= 2;
  return mask - 1;
}
