/**
 * Does the kernel let programs of a type call a helper? Asked by loading the smallest program that does and reading
 * what the verifier says; wrong arguments do not matter, for an unknown helper is noticed first. (libbpf has such a
 * function, but that of 1.1 does not know how kernels from 6.11 on word the refusal.)
 */
import type { ProgramType } from '../../src/world/features.ts';
import { RuntimeFailure } from '../bpf.ts';
import { native } from './native.ts';
import { callHelper, loadTestProgram, returnZero } from './test-program.ts';

const EPERM = 1;
const refusals = ['unknown func', 'invalid func', 'cannot use helper'];

/** Throws RuntimeFailure when BPF may not be used at all. */
export function canCallHelper(type: ProgramType, helper: number): boolean {
  const { result, log } = loadTestProgram(type, [callHelper(helper), ...returnZero], { withLog: true });
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
  return log !== '' && !refusals.some((words) => log.includes(words));
}
