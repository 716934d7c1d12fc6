/**
 * Values out of a context of 64-bit words (fentry, fexit, raw tracepoints). Only the bytes that a type has are the
 * value's: the upper ones of a word may be anything.
 */
import { scalarCType } from '../c/c-type.ts';
import type { Type } from '../types/type.ts';
import type { CValue, Emit } from './builtin.ts';

/** The value of a scalar type in the word at `offset` (a multiple of 8). */
export function contextWord(emit: Emit, offset: number, type: Type): CValue {
  const cType = scalarCType(type);
  if (cType === undefined) throw new Error(`a value of kind ${type.kind} is no word`);
  if (type.kind === 'pointer') return { type, in: 'register', c: pointerWord(emit, offset) };
  const value = emit.temporary(cType, `(${cType})${wordAt(offset)}`);
  return { type, in: 'register', c: type.kind === 'bool' ? `((u8)${value} != 0)` : value };
}

export function wordAt(offset: number): string {
  return `*(volatile u64 *)((u8 *)ctx + ${offset})`;
}

/**
 * Where the verifier knows the types of arguments, a load of a pointer gives what it allows few calculations with, and it
 * refuses pointers to some types altogether. Read like any other memory it is a plain number.
 */
function pointerWord(emit: Emit, offset: number): string {
  if (emit.probe.shape.type !== 'tracing') return emit.temporary('u64', wordAt(offset));
  const value = emit.temporary('u64', '0');
  emit.c.line(`bpf_probe_read_kernel(&${value}, sizeof(${value}), (u8 *)ctx + ${offset});`);
  return value;
}
