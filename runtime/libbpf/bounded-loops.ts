/**
 * Loading programs with loops that the verifier follows round by round, on kernels without bpf_loop(). How many rounds fit
 * into the million instructions that it looks at depends on the body, so the limit is a parameter (`eb_params.loop_rounds`,
 * which the verifier reads as a constant), and it is lowered until the kernel accepts the program.
 */
import type { Program } from '../../src/program/program.ts';
import { type LoadedObject, type LoadOptions, RuntimeFailure } from '../bpf.ts';

/** Tried first; the verifier keeps at most 8192 branches of one path open, and each round leaves one or more. */
const mostLoopRounds = 1024;
const fewestLoopRounds = 8;
/** Loops in one another multiply: less for each of them, or finding the limit takes the verifier long. */
const nestedStep = 8;

/** Offset of loop_rounds in struct eb_params. */
const OFFSET = 28;

/** Too many instructions (E2BIG) or open branches (E2BIG too, EFAULT in Linux 5.10). */
function isTooMuch({ errno, log = '' }: RuntimeFailure): boolean {
  return errno === E2BIG || log.includes('is too complex');
}

const E2BIG = 7;

export function loadWithLoops(
  program: Pick<Program, 'boundedLoops'>,
  options: LoadOptions,
  load: (options: LoadOptions) => LoadedObject,
): LoadedObject {
  if (program.boundedLoops === 0) return load(options);
  for (let rounds = mostLoopRounds / nestedStep ** (program.boundedLoops - 1); rounds > fewestLoopRounds; rounds /= 2) {
    try {
      const params = withRounds(options.params, rounds);
      const object = load({ ...options, params, verifierLog: false, onlyVerdict: true });
      if (!options.verifierLog) return object;
      object.close();
      return load({ ...options, params });
    } catch (failure) {
      if (!(failure instanceof RuntimeFailure)) throw failure;
      if (!isTooMuch(failure)) break;
    }
  }
  return load({ ...options, params: withRounds(options.params, fewestLoopRounds) });
}

function withRounds(params: Uint8Array, rounds: number): Uint8Array {
  const bytes = params.slice();
  new DataView(bytes.buffer).setUint32(OFFSET, rounds, true);
  return bytes;
}
