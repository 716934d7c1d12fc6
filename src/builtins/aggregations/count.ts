/** count(): how often a place was reached. */
import { defineAggregation } from '../builtin.ts';
import { divideInt, intOf } from './scalar.ts';

/** Value: u64 number of calls. */
export const count = defineAggregation({
  name: 'count',
  signature: 'count()',
  doc: { summary: 'Count how often this is reached.', example: 'interval:s:1 { @ticks = count(); exit(); }' },
  arity: [0, 0],
  castable: true,
  check: () => ({ values: [], parameters: [], signed: false }),
  size: () => 8,
  update: (emit, slot) => emit.c.line(`(*(u64 *)(${slot}))++;`),
  fold: {
    accumulators: ['u64'],
    step: (slot, [total]) => [`${total} += *(u64 *)(${slot});`],
    result: ([total]) => `${total}`,
  },
  read(view, offset, stride, copies) {
    let total = 0n;
    for (let copy = 0; copy < copies; copy++) total += view.getBigUint64(offset + copy * stride, true);
    return { kind: 'int', value: BigInt.asUintN(64, total) };
  },
  order: intOf,
  divide: divideInt,
});
