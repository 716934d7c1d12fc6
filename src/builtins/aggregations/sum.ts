/** sum(): a total per CPU. */
import { defineAggregation } from '../builtin.ts';
import { divideInt, integerArgument, intOf, readInt64, wrap } from './scalar.ts';

/** Value: 64-bit total, signed if any argument is. */
export const sum = defineAggregation({
  name: 'sum',
  signature: 'sum(n)',
  doc: {
    summary: 'Add up the integers given.',
    example: 'tracepoint:syscalls:sys_exit_read /args.ret > 0/ { @bytes[comm] = sum(args.ret); }',
  },
  arity: [1, 1],
  castable: true,
  check: (call) => ({ ...integerArgument(call), parameters: [] }),
  size: () => 8,
  update: (emit, slot, [n]) => emit.c.line(`*(u64 *)(${slot}) += (u64)(${n});`),
  fold: {
    accumulators: ['u64'],
    step: (slot, [total]) => [`${total} += *(u64 *)(${slot});`],
    result: ([total]) => `${total}`,
  },
  read(view, offset, stride, copies, type) {
    let total = 0n;
    for (let copy = 0; copy < copies; copy++) total += readInt64(view, offset + copy * stride, type.signed);
    return { kind: 'int', value: wrap(total, type.signed) };
  },
  order: intOf,
  divide: divideInt,
});
