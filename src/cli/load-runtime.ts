/**
 * Loads the runtime when a command is about to run something, and asks whether it can: privileges, koffi, libbpf. Each
 * refusal is one Diagnostic. Called while clang compiles, so that the two do not wait for each other.
 */
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import type { Bpf, RuntimeFailure } from '../../runtime/bpf.ts';
import type { Kernel } from '../../runtime/kernel.ts';
import type { KernelFeatures } from '../world/features.ts';
import type { HostFiles } from '../world/host-files.ts';

export interface Runtime {
  readonly bpf: Bpf;
  readonly kernel: Kernel;
  readonly features: KernelFeatures;
  readonly pageSize: number;
}

export type LoadedRuntime =
  | { readonly ok: true; readonly value: Runtime }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

/** `ask` puts its questions about the kernel now; the answers are kept. */
export async function loadRuntime(
  files: HostFiles,
  ask: (features: KernelFeatures) => void = () => undefined,
): Promise<LoadedRuntime> {
  if (process.platform !== 'linux') {
    return refused(
      'not-linux',
      `ebtrace traces Linux; on ${process.platform} it compiles only`,
      'see --emit-c and --host',
    );
  }
  const { RuntimeFailure } = await import('../../runtime/bpf.ts');
  try {
    const [{ systemKernel }, { preflight }, { openBpf }, { askKernel }, { native }] = await Promise.all([
      import('../../runtime/libbpf/system.ts'),
      import('../../runtime/preflight.ts'),
      import('../../runtime/libbpf/object.ts'),
      import('../../runtime/features.ts'),
      import('../../runtime/libbpf/native.ts'),
      // Not used here; loaded now, while there is time.
      import('../../runtime/session.ts'),
      import('../../runtime/output/index.ts'),
      import('../../runtime/value-host.ts'),
    ]);
    const kernel = systemKernel();
    preflight(files, kernel);
    const features = askKernel(files);
    ask(features);
    return { ok: true, value: { bpf: openBpf(files), kernel, features, pageSize: native().pageSize } };
  } catch (failure) {
    if (failure instanceof RuntimeFailure) return { ok: false, diagnostic: failureDiagnostic('cannot-trace', failure) };
    if (isMissingKoffi(failure)) {
      return refused('no-koffi', `koffi cannot be loaded: ${failure.message}`, 'install the packages anew: npm ci');
    }
    throw failure;
  }
}

/** For failures that belong to no place of the script. */
export function failureDiagnostic(code: string, failure: RuntimeFailure): Diagnostic {
  const message = failure.what.charAt(0).toUpperCase() + failure.what.slice(1);
  return { severity: 'error', code, message, ...(failure.hint === undefined ? {} : { hint: failure.hint }) };
}

function refused(code: string, message: string, hint: string): LoadedRuntime {
  return { ok: false, diagnostic: { severity: 'error', code, message, hint } };
}

/** The package, or its part for this machine, is not installed. */
function isMissingKoffi(failure: unknown): failure is Error {
  if (!(failure instanceof Error)) return false;
  const code = 'code' in failure ? failure.code : undefined;
  const notFound = code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_DLOPEN_FAILED';
  return (notFound || /native Koffi module/i.test(failure.message)) && /koffi/i.test(failure.message);
}
