/** avg() and stats(): a total and a count per CPU, divided when they are read. */
import type { Aggregation } from '../builtin.ts';
import { defineAggregation } from '../builtin.ts';
import { integerArgument, intOf, sumPairs } from './scalar.ts';

/** Value of avg and stats: {64-bit total; u64 count}. */
const pair: Pick<Aggregation, 'arity' | 'check' | 'size' | 'update'> = {
  arity: [1, 1],
  check: (call) => ({ ...integerArgument(call), parameters: [] }),
  size: () => 16,
  update(emit, slot, [n]) {
    emit.c.line(`*(u64 *)(${slot}) += (u64)(${n});`);
    emit.c.line(`((u64 *)(${slot}))[1]++;`);
  },
};

export const avg = defineAggregation({
  ...pair,
  name: 'avg',
  signature: 'avg(n)',
  doc: {
    summary: 'Average of the integers given, cut towards zero.',
    example: 'tracepoint:syscalls:sys_exit_read { @[comm] = avg(args.ret); }',
  },
  castable: true,
  fold: {
    accumulators: ['u64', 'u64'],
    step: (slot, [total, count]) => [`${total} += *(u64 *)(${slot});`, `${count} += ((u64 *)(${slot}))[1];`],
    result: ([total, count], type) =>
      `(${count} ? ${type.signed ? `(u64)eb_divide_signed((s64)${total}, (s64)${count})` : `${total} / ${count}`} : 0)`,
  },
  read(view, offset, stride, copies, type) {
    const { total, count } = sumPairs(view, offset, stride, copies, type.signed);
    return { kind: 'average', value: count === 0n ? 0n : total / count };
  },
  order: intOf,
  divide: (value, divisor) => (value.kind === 'average' ? { kind: 'average', value: value.value / divisor } : value),
});

export const stats = defineAggregation({
  ...pair,
  name: 'stats',
  signature: 'stats(n)',
  doc: {
    summary: 'Count, average and total of the integers given.',
    example: 'tracepoint:syscalls:sys_exit_read { @[comm] = stats(args.ret); }',
  },
  castable: false,
  read(view, offset, stride, copies, type) {
    const { total, count } = sumPairs(view, offset, stride, copies, type.signed);
    return { kind: 'stats', count, average: count === 0n ? 0n : total / count, total };
  },
  order: (value) => (value.kind === 'stats' ? value.average : 0n),
  divide: (value, divisor) => (value.kind === 'stats' ? { ...value, average: value.average / divisor } : value),
});
