/**
 * Loading programs that have some reads of memory twice, as loads through pointers whose types the verifier knows and as
 * helper calls (src/compiler/typed-reads.ts). Loads are cheaper, and which of them a verifier takes is for it to say:
 * when it rejects the program, the helper calls are tried. `eb_params.typed_reads` is a constant for the verifier, so
 * that it looks at one form only, and removes the other one.
 */
import type { Program } from '../../src/program/program.ts';
import { type LoadedObject, type LoadOptions, RuntimeFailure } from '../bpf.ts';

/** Offset of typed_reads in struct eb_params. */
const OFFSET = 32;

export function loadWithTypedReads(
  program: Pick<Program, 'typedReads'>,
  options: LoadOptions,
  load: (options: LoadOptions) => LoadedObject,
): LoadedObject {
  if (!program.typedReads) return load(options);
  try {
    return load({ ...options, params: withTypedReads(options.params) });
  } catch (failure) {
    if (!(failure instanceof RuntimeFailure) || failure.log === undefined) throw failure;
    return load(options);
  }
}

function withTypedReads(params: Uint8Array): Uint8Array {
  const bytes = params.slice();
  new DataView(bytes.buffer).setUint32(OFFSET, 1, true);
  return bytes;
}
