/**
 * hist and lhist: one map value holds all buckets (u64 each), so an update is one lookup and one increment.
 * The bucket rules are in types/histogram.ts and, the same again, in bpf-helpers/hist.h; a live test compares them.
 */

import { cInteger } from '../../c/writer.ts';
import { histBucketCount, histRows, lhistBucketCount, lhistRows } from '../../types/histogram.ts';
import type { AggregateType } from '../../types/type.ts';
import type { HistogramRow, Value } from '../../types/value.ts';
import type { CallSite } from '../builtin.ts';
import { defineAggregation } from '../builtin.ts';
import { integerArgument } from './scalar.ts';

const maximumBits = 5n;
const maximumBuckets = 1000n;

export const hist = defineAggregation({
  name: 'hist',
  signature: 'hist(n[, bits])',
  doc: {
    summary: 'Histogram with buckets at powers of two; `bits` (0 to 5) cuts each of them into 2^bits equal parts.',
    example: 'tracepoint:syscalls:sys_exit_read { @size = hist(args.ret); }',
  },
  arity: [1, 2],
  castable: false,
  check(call) {
    const bits = call.args[1] === undefined ? 0n : literalParameter(call, 1, 'bits');
    if (bits < 0n || bits > maximumBits) {
      call.report.error('hist-bits', call.args[1]?.span ?? call.span, `hist() takes 0 to 5 bits, and this is ${bits}`);
      return { ...integerArgument(call), parameters: [0n] };
    }
    return { ...integerArgument(call), parameters: [bits] };
  },
  size: (type) => histBucketCount(bitsOf(type)) * 8,
  update(emit, slot, [n], type) {
    emit.include('hist.h');
    const bits = bitsOf(type);
    const index = emit.temporary('u64', `eb_hist_index((u64)(${n}), ${type.signed ? 1 : 0}, ${bits})`);
    emit.c.line(`LIMIT(${index}, ${histBucketCount(bits) - 1});`);
    emit.c.line(`((u64 *)(${slot}))[${index}]++;`);
  },
  read: (view, offset, stride, copies, type) => ({
    kind: 'histogram',
    rows: histRows(buckets(view, offset, stride, copies, histBucketCount(bitsOf(type))), bitsOf(type)),
  }),
  order: totalCount,
  divide(value, divisor) {
    if (value.kind !== 'histogram') return value;
    const rows = value.rows.map((row) => ({ ...row, count: row.count / divisor }));
    return { kind: 'histogram', rows: trimRows(rows) };
  },
});

export const lhist = defineAggregation({
  name: 'lhist',
  signature: 'lhist(n, min, max, step)',
  doc: {
    summary: 'Histogram with buckets of `step` from `min` to `max`, and one bucket below and one above.',
    example: 'tracepoint:syscalls:sys_exit_read { @size = lhist(args.ret, 0, 4096, 256); }',
  },
  arity: [4, 4],
  castable: false,
  check(call) {
    const parameters = [1, 2, 3].map((i) => literalParameter(call, i, ['', 'min', 'max', 'step'][i] ?? ''));
    const problem = lhistProblem(parameters);
    if (problem !== undefined) {
      call.report.error('lhist-range', call.args[problem.argument]?.span ?? call.span, problem.message);
      return { ...integerArgument(call), parameters: [0n, 1n, 1n] };
    }
    return { ...integerArgument(call), parameters };
  },
  size: (type) => lhistBucketCount(...range(type)) * 8,
  update(emit, slot, [n], type) {
    emit.include('hist.h');
    const [low, high, step] = range(type);
    const bounds = [low, high, step].map((bound) => cInteger(bound, true)).join(', ');
    const index = emit.temporary('u64', `eb_lhist_index((u64)(${n}), ${type.signed ? 1 : 0}, ${bounds})`);
    emit.c.line(`LIMIT(${index}, ${lhistBucketCount(low, high, step) - 1});`);
    emit.c.line(`((u64 *)(${slot}))[${index}]++;`);
  },
  read: (view, offset, stride, copies, type) => ({
    kind: 'histogram',
    rows: lhistRows(buckets(view, offset, stride, copies, lhistBucketCount(...range(type))), ...range(type)),
  }),
  order: totalCount,
  divide: (value) => value,
});

function literalParameter(call: CallSite, index: number, name: string): bigint {
  const argument = call.args[index];
  if (argument?.kind === 'constant' && typeof argument.value === 'bigint') return argument.value;
  if (argument !== undefined && argument.type.kind !== 'error') {
    call.report.error(
      'aggregation-needs-literal',
      argument.span,
      `${call.name}() needs a literal integer for '${name}'`,
      { hint: 'the buckets are laid out when the script is compiled; a positional parameter such as $1 works too' },
    );
  }
  return name === 'step' || name === 'max' ? 1n : 0n;
}

function lhistProblem([min = 0n, max = 0n, step = 0n]: readonly bigint[]):
  | { message: string; argument: number }
  | undefined {
  if (step < 1n) return { message: `lhist() needs a step of at least 1, and this is ${step}`, argument: 3 };
  if (min >= max) return { message: `lhist() needs min below max, and ${min} is not below ${max}`, argument: 1 };
  if (max - min < step)
    return { message: `a step of ${step} is wider than the range from ${min} to ${max}`, argument: 3 };
  const count = (max - min) / step;
  if (count > maximumBuckets) {
    return { message: `lhist() has at most ${maximumBuckets} buckets, and this would need ${count}`, argument: 3 };
  }
  return undefined;
}

function bitsOf(type: AggregateType): number {
  return Number(type.parameters[0] ?? 0n);
}

function range(type: AggregateType): [bigint, bigint, bigint] {
  return [type.parameters[0] ?? 0n, type.parameters[1] ?? 1n, type.parameters[2] ?? 1n];
}

function buckets(view: DataView, offset: number, stride: number, copies: number, count: number): bigint[] {
  const sums: bigint[] = new Array<bigint>(count).fill(0n);
  for (let copy = 0; copy < copies; copy++) {
    const base = offset + copy * stride;
    for (let i = 0; i < count; i++) {
      const at = base + i * 8;
      // Most buckets are empty: look at them as two small numbers before making a bigint.
      if (view.getUint32(at, true) !== 0 || view.getUint32(at + 4, true) !== 0) {
        sums[i] = (sums[i] ?? 0n) + view.getBigUint64(at, true);
      }
    }
  }
  return sums;
}

function totalCount(value: Value): bigint {
  return value.kind === 'histogram' ? value.rows.reduce((total, row) => total + row.count, 0n) : 0n;
}

/** Division may empty the outer rows; printed rows run from the first to the last that is not empty. */
function trimRows(rows: readonly HistogramRow[]): readonly HistogramRow[] {
  const first = rows.findIndex((row) => row.count !== 0n);
  const last = rows.findLastIndex((row) => row.count !== 0n);
  return first < 0 ? [] : rows.slice(first, last + 1);
}
