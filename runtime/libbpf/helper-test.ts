/**
 * Does the kernel let programs of a type call a helper? Asked by loading the smallest program that does and reading
 * what the verifier says; wrong arguments do not matter, for an unknown helper is noticed first. (libbpf has such a
 * function, but that of 1.1 does not know how kernels from 6.11 on word the refusal.)
 */
import type { ProgramType } from '../../src/world/features.ts';
import { RuntimeFailure } from '../bpf.ts';
import { programType } from './bpf-attr.ts';
import { loadProgram } from './bpf-syscalls.ts';
import { native, textAt } from './native.ts';

const EPERM = 1;
const LOG_SIZE = 4096;
const refusals = ['unknown func', 'invalid func', 'cannot use helper'];

/** Throws RuntimeFailure when BPF may not be used at all. */
export function canCallHelper(type: ProgramType, helper: number): boolean {
  const memory = native().allocate(2 * LOG_SIZE);
  try {
    // call helper; r0 = 0; exit. An instruction is {u8 opcode; u8 registers; s16 offset; s32 immediate}.
    const instructions: readonly (readonly [number, number])[] = [
      [0x85, helper],
      [0xb7, 0],
      [0x95, 0],
    ];
    instructions.forEach(([opcode, immediate], i) => {
      memory.view.setUint8(i * 8, opcode);
      memory.view.setInt32(i * 8 + 4, immediate, true);
    });
    const license = 64;
    memory.bytes.set(Buffer.from('GPL\0', 'latin1'), license);
    const result = loadProgram({
      type: programType[type],
      instructions: memory.address,
      instructionCount: instructions.length,
      license: memory.address + BigInt(license),
      log: memory.address + BigInt(LOG_SIZE),
      logSize: LOG_SIZE,
    });
    if (result >= 0) {
      native().close(result);
      return true;
    }
    if (result === -EPERM) {
      throw new RuntimeFailure('the kernel does not let this process load BPF programs', {
        errno: EPERM,
        hint: 'run ebtrace as root',
      });
    }
    const log = textAt(memory.bytes.subarray(LOG_SIZE), LOG_SIZE);
    return log !== '' && !refusals.some((words) => log.includes(words));
  } finally {
    memory.free();
  }
}
