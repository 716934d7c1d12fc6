/** Loading programs of a few instructions, to ask the kernel what it lets programs do. */
import type { ProgramType } from '../../src/world/features.ts';
import { type ProgLoad, programType } from './bpf-attr.ts';
import { loadProgram } from './bpf-syscalls.ts';
import { native, textAt } from './native.ts';

/** struct bpf_insn of include/uapi/linux/bpf.h. */
export interface Instruction {
  readonly opcode: number;
  /** Number of the source register << 4 | that of the destination. */
  readonly registers?: number;
  readonly offset?: number;
  readonly immediate?: number;
}

/** r0 = 0; exit */
export const returnZero: readonly Instruction[] = [{ opcode: 0xb7 }, { opcode: 0x95 }];

export function callHelper(number: number): Instruction {
  return { opcode: 0x85, immediate: number };
}

interface TestOptions extends Pick<ProgLoad, 'expectedAttachType' | 'attachTo'> {
  /** What the verifier says is wanted. */
  readonly withLog?: true;
}

const SIZE = 4096;
/** Places in the memory: instructions at 0, then the license, then the log. */
const LICENSE = SIZE - 8;
const LOG = SIZE;

/** `result`: a descriptor, which the caller closes, or -errno; `log`: empty without `withLog`. */
export function loadTestProgram(
  type: ProgramType,
  instructions: readonly Instruction[],
  { withLog, ...options }: TestOptions = {},
): { readonly result: number; readonly log: string } {
  const memory = native().allocate(2 * SIZE);
  try {
    instructions.forEach(({ opcode, registers = 0, offset = 0, immediate = 0 }, i) => {
      memory.view.setUint8(i * 8, opcode);
      memory.view.setUint8(i * 8 + 1, registers);
      memory.view.setInt16(i * 8 + 2, offset, true);
      memory.view.setInt32(i * 8 + 4, immediate, true);
    });
    memory.bytes.set(Buffer.from('GPL\0', 'latin1'), LICENSE);
    const result = loadProgram({
      type: programType[type],
      instructions: memory.address,
      instructionCount: instructions.length,
      license: memory.address + BigInt(LICENSE),
      log: withLog ? memory.address + BigInt(LOG) : 0n,
      logSize: withLog ? SIZE : 0,
      ...options,
    });
    return { result, log: textAt(memory.bytes.subarray(LOG), SIZE) };
  } finally {
    memory.free();
  }
}

/** Whether the kernel takes the program. */
export function isAccepted(type: ProgramType, instructions: readonly Instruction[], options?: TestOptions): boolean {
  const { result } = loadTestProgram(type, instructions, options);
  if (result >= 0) native().close(result);
  return result >= 0;
}
