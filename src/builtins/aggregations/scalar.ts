/**
 * Pieces that the aggregations of single numbers share: checking of their one integer argument, 64-bit reads from
 * map values, and arithmetic on the values they print as.
 */

import { typeName } from '../../types/type.ts';
import type { TypedExpr } from '../../types/typed-tree.ts';
import type { Value } from '../../types/value.ts';
import type { CallSite } from '../builtin.ts';

/** The argument of sum, min, max, avg, stats, hist, lhist: an integer, kept with its sign. */
export function integerArgument(call: CallSite): { values: readonly TypedExpr[]; signed: boolean } {
  const argument = call.args[0];
  if (argument === undefined) return { values: [], signed: false };
  const type = argument.type;
  if (type.kind === 'int' || type.kind === 'bool' || type.kind === 'enum' || type.kind === 'error') {
    return { values: [argument], signed: type.kind === 'int' && type.signed };
  }
  call.report.error(
    'aggregation-needs-integer',
    argument.span,
    `${call.name}() counts with integers, and this is ${typeName(type)}`,
    type.kind === 'pointer' ? { hint: 'cast the pointer if its address is meant: (uint64)...' } : {},
  );
  return { values: [argument], signed: false };
}

export function readInt64(view: DataView, offset: number, signed: boolean): bigint {
  return signed ? view.getBigInt64(offset, true) : view.getBigUint64(offset, true);
}

/** Copies of a per-CPU value that have been written; sums of both words {value, count}. */
export function sumPairs(
  view: DataView,
  offset: number,
  stride: number,
  copies: number,
  signed: boolean,
): { total: bigint; count: bigint } {
  let total = 0n;
  let count = 0n;
  for (let copy = 0; copy < copies; copy++) {
    const at = offset + copy * stride;
    total += readInt64(view, at, signed);
    count += view.getBigUint64(at + 8, true);
  }
  return { total: wrap(total, signed), count };
}

/** 64-bit wrap-around, as the kernel's own counters do. */
export function wrap(value: bigint, signed: boolean): bigint {
  return signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
}

export function intOf(value: Value): bigint {
  return value.kind === 'int' || value.kind === 'average' ? value.value : 0n;
}

export function divideInt(value: Value, divisor: bigint): Value {
  return value.kind === 'int' ? { kind: 'int', value: value.value / divisor } : value;
}
