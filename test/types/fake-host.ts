/** A ValueHost with fixed answers, for the tests of decoding and formatting. */
import type { ValueHost } from '../../src/types/decode.ts';
import { int8, int32, pointerTo, stringType, uint32 } from '../../src/types/type.ts';

export const fakeHost: ValueHost = {
  kernelSymbol: (address) => (address === 0xffff_8000n ? 'vfs_read' : undefined),
  userSymbol: (address, pid) => (address === 0x1000n ? `main_of_${pid}` : undefined),
  userName: (uid) => (uid === 0n ? 'root' : undefined),
  timestamp: (format, mode, ns) => `time(${format},${mode},${ns})`,
  kernelStack: ({ mode, limit }, id) => `        stack ${id} of ${mode}, ${limit}\n`,
  cgroupPath: (filter, id) => `unified:/${filter}/${id}`,
  fieldsOf: (type) =>
    type.name === 'struct q'
      ? [
          { name: 'a', type: uint32, offset: 0, bits: { shift: 0, width: 3 } },
          { name: 'b', type: int32, offset: 0, bits: { shift: 3, width: 5 } },
          { name: 'c', type: stringType(3), offset: 4 },
          { name: 'loc', type: pointerTo(int8, 'kernel'), offset: 8, via: 'data-loc' },
        ]
      : undefined,
};

/** Numbers are bytes, strings are latin-1, [value, bytes] is a little-endian integer. */
export type Part = number | string | readonly [value: bigint | number, bytes: 1 | 2 | 4 | 8];

export function bytes(...parts: readonly Part[]): DataView {
  const all: number[] = [];
  for (const part of parts) {
    if (typeof part === 'number') all.push(part);
    else if (typeof part === 'string') all.push(...Buffer.from(part, 'latin1'));
    else {
      const [value, size] = part;
      const raw = BigInt.asUintN(size * 8, BigInt(value));
      for (let i = 0; i < size; i++) all.push(Number((raw >> BigInt(8 * i)) & 0xffn));
    }
  }
  return new DataView(Uint8Array.from(all).buffer);
}
