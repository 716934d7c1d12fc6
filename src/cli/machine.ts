/**
 * The machine that a command compiles for: the running one, or one recorded below a directory. Compiling starts before
 * libbpf is loaded, so it begins with a guess of what the kernel can do that also remembers what was asked; who loads
 * the runtime meanwhile compares, and compiles again in the rare case that the guess was wrong.
 */
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { currentKernelFeatures, type KernelFeatures } from '../world/features.ts';
import { type HostFiles, hostFilesUnder, nodeHostFiles } from '../world/host-files.ts';
import { hostWorld } from '../world/host-world.ts';
import { findTracefs } from '../world/tracefs.ts';
import type { Arch, World } from '../world/world.ts';

export interface Machine {
  readonly files: HostFiles;
  /** With guessed features. */
  readonly world: World;
  /** False when the kernel answers otherwise to what the compiler asked of the guess. */
  guessedRight(kernel: KernelFeatures): boolean;
  worldWith(kernel: KernelFeatures): World;
  /** Why tracefs could not be mounted, when somebody asked for tracepoints. */
  tracefsProblem(): Diagnostic | undefined;
}

export async function openMachine(
  host: string | undefined,
  wrap: (files: HostFiles) => HostFiles = (files) => files,
): Promise<Machine> {
  const files = wrap(host === undefined ? nodeHostFiles : hostFilesUnder(host));
  const mount = host === undefined ? await tracefsMount(files) : undefined;
  const asked = new Set<keyof KernelFeatures>();
  const guess = rememberQuestions(currentKernelFeatures, asked);
  const worldWith = (features: KernelFeatures): World =>
    hostWorld(files, { arch, features, ...(mount === undefined ? {} : { tracefsRoot: mount.root }) });
  return {
    files,
    world: worldWith(guess),
    guessedRight: (kernel) => [...asked].every((name) => kernel[name] === currentKernelFeatures[name]),
    worldWith,
    tracefsProblem: () => mount?.problem(),
  };
}

const arch: Arch = process.arch === 'arm64' ? 'arm64' : 'x86_64';

function rememberQuestions(features: KernelFeatures, asked: Set<keyof KernelFeatures>): KernelFeatures {
  const names = Object.keys(features) as (keyof KernelFeatures)[];
  const getters = names.map((name): [string, PropertyDescriptor] => [
    name,
    {
      enumerable: true,
      get: () => {
        asked.add(name);
        return features[name];
      },
    },
  ]);
  return Object.defineProperties({ ...features }, Object.fromEntries(getters));
}

interface TracefsMount {
  /** Mounts at the first call. */
  root(): string | undefined;
  problem(): Diagnostic | undefined;
}

/** Only where nobody has mounted tracefs is the runtime needed for it. */
async function tracefsMount(files: HostFiles): Promise<TracefsMount | undefined> {
  if (process.platform !== 'linux' || findTracefs(files) !== undefined) return undefined;
  const [{ mountTracefs }, { RuntimeFailure }] = await Promise.all([
    import('../../runtime/libbpf/tracefs-mount.ts'),
    import('../../runtime/bpf.ts'),
  ]);
  let answer: { readonly root: string | undefined } | undefined;
  let problem: Diagnostic | undefined;
  return {
    root: () => {
      if (answer !== undefined) return answer.root;
      try {
        answer = { root: mountTracefs() };
      } catch (failure) {
        if (!(failure instanceof RuntimeFailure)) throw failure;
        answer = { root: undefined };
        const hint = failure.hint === undefined ? {} : { hint: failure.hint };
        problem = {
          severity: 'error',
          code: 'no-tracefs',
          message: `Tracepoints cannot be looked up: ${failure.what}`,
          ...hint,
        };
      }
      return answer.root;
    },
    problem: () => problem,
  };
}
