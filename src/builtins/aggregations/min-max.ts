/** min() and max(): the extremes, told from "nothing seen" by a flag. */
import type { Aggregation } from '../builtin.ts';
import { defineAggregation } from '../builtin.ts';
import { divideInt, integerArgument, intOf, readInt64 } from './scalar.ts';

/** Value: {64-bit extreme; u64 set}; `set` tells a zero that was seen from nothing seen. */
function extreme(name: 'min' | 'max', summary: string, comparison: '<' | '>'): Aggregation {
  return defineAggregation({
    name,
    signature: `${name}(n)`,
    doc: { summary, example: `tracepoint:syscalls:sys_exit_read { @[comm] = ${name}(args.ret); }` },
    arity: [1, 1],
    castable: true,
    check: (call) => ({ ...integerArgument(call), parameters: [] }),
    size: () => 16,
    update(emit, slot, [n], type) {
      const c = type.signed ? 's64' : 'u64';
      const value = emit.temporary(c, `(${c})(${n})`);
      emit.c.block(`if (!((u64 *)(${slot}))[1] || ${value} ${comparison} *(${c} *)(${slot}))`, () => {
        emit.c.line(`*(${c} *)(${slot}) = ${value};`);
        emit.c.line(`((u64 *)(${slot}))[1] = 1;`);
      });
    },
    fold: {
      accumulators: ['u64', 'u64'],
      step(slot, [value, set], type) {
        const c = type.signed ? 's64' : 'u64';
        return [
          `if (((u64 *)(${slot}))[1] && (!${set} || *(${c} *)(${slot}) ${comparison} (${c})${value})) {`,
          `\t${value} = *(u64 *)(${slot});`,
          `\t${set} = 1;`,
          '}',
        ];
      },
      result: ([value]) => `${value}`,
    },
    read(view, offset, stride, copies, type) {
      let found: bigint | undefined;
      for (let copy = 0; copy < copies; copy++) {
        const at = offset + copy * stride;
        if (view.getBigUint64(at + 8, true) === 0n) continue;
        const value = readInt64(view, at, type.signed);
        if (found === undefined || (comparison === '<' ? value < found : value > found)) found = value;
      }
      return { kind: 'int', value: found ?? 0n };
    },
    // Scripts written for bpftrace see its order: by the unsigned value, negative ones last.
    order: (value) => BigInt.asUintN(64, intOf(value)),
    divide: divideInt,
  });
}

export const min = extreme('min', 'Keep the smallest integer given.', '<');
export const max = extreme('max', 'Keep the largest integer given.', '>');
