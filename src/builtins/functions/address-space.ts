/** kptr() and uptr(): say which memory an address belongs to where the compiler cannot know, or knows better. */
import type { AddressSpace, Type } from '../../types/type.ts';
import { errorType } from '../../types/type.ts';
import type { Builtin } from '../builtin.ts';
import { defineFunction } from '../builtin.ts';
import { needsKind } from './arguments.ts';

export const addressSpaceFunctions: readonly Builtin[] = [
  inSpace('kptr', 'kernel', 'interval:s:1 { print(*kptr(kaddr("jiffies"))); }'),
  inSpace('uptr', 'user', 'tracepoint:raw_syscalls:sys_enter /args.id == 257/ { print(str(uptr(args.args[1]))); }'),
];

function inSpace(name: string, space: AddressSpace, example: string): Builtin {
  return defineFunction({
    name,
    signature: `${name}(address)`,
    doc: { summary: `The same address, as one of ${space} memory.`, example },
    arity: [1, 1],
    space,
    check(call): Type {
      if (!needsKind(call, 0, ['int', 'pointer'], 'an address')) return errorType;
      const type = call.args[0]?.type ?? errorType;
      return type.kind === 'pointer' ? { ...type, space } : type;
    },
    emit(emit, call) {
      const [address] = call.args;
      if (address === undefined) throw new Error(`${name} without address`);
      return { type: call.type, in: 'register', c: emit.value(address).c };
    },
  });
}
