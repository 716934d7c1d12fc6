/**
 * Whether tests may use BPF here, asked of the kernel itself. Live tests run by `describe.runIf(canBpf)` after calling
 * `requireBpfInCi()`: where BPF is missing they are skipped and say why, and in CI that is a failure.
 */
import { expect, test } from 'vitest';
import { RuntimeFailure } from '../../runtime/bpf.ts';
import { openLibbpf } from '../../runtime/libbpf/library.ts';
import { systemKernel } from '../../runtime/libbpf/system.ts';
import { preflight } from '../../runtime/preflight.ts';
import { nodeHostFiles } from '../../src/world/host-files.ts';

/** Undefined when BPF can be used. */
export const whyNoBpf = reason();
export const canBpf = whyNoBpf === undefined;

/** One test that is skipped with the reason, or fails in CI, when BPF is not available. */
export function requireBpfInCi(): void {
  const name = canBpf ? 'BPF is available' : `BPF is not available: ${whyNoBpf}`;
  test.skipIf(!canBpf && process.env.CI !== 'true')(name, () => {
    expect(whyNoBpf).toBeUndefined();
  });
}

function reason(): string | undefined {
  try {
    preflight(nodeHostFiles, systemKernel());
    openLibbpf(nodeHostFiles);
    return undefined;
  } catch (failure) {
    if (failure instanceof RuntimeFailure) return failure.what;
    throw failure;
  }
}
