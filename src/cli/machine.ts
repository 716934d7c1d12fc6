/**
 * The machine that a command compiles for: the running one, or one recorded below a directory. Compiling starts before
 * libbpf is loaded, so it begins with a guess of what the kernel can do that also remembers what was asked; who loads
 * the runtime meanwhile compares, and compiles again in the rare case that the guess was wrong.
 */
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import type { LoadedProgram } from '../world/bpf-programs.ts';
import { openBtf } from '../world/btf.ts';
import { currentKernelFeatures, type KernelFeatures, namedFeatures } from '../world/features.ts';
import { type HostFiles, hostFilesUnder, nodeHostFiles, readText } from '../world/host-files.ts';
import { hostWorld } from '../world/host-world.ts';
import { type KernelBtf, readKernelBtf } from '../world/kernel-types.ts';
import { findTracefs } from '../world/tracefs.ts';
import type { Arch, World } from '../world/world.ts';
import { type Environment, variable } from './environment.ts';
import { UsageMistake } from './usage-mistake.ts';

export interface Machine {
  readonly files: HostFiles;
  /** With guessed features. */
  readonly world: World;
  /** False when the kernel answers otherwise to what the compiler asked of the guess. */
  guessedRight(kernel: KernelFeatures): boolean;
  worldWith(kernel: KernelFeatures): World;
  /** All types of the kernel and its modules; empty when it tells none. */
  readonly kernelBtf: () => readonly KernelBtf[];
  /**
   * Does `work`, which compiles. When that asks for the BPF programs that are loaded, which takes the runtime, they are
   * read and it is done once more.
   */
  knowingPrograms<T>(work: () => Promise<T> | T): Promise<T>;
  /** Why tracefs could not be mounted, when somebody asked for tracepoints, or cannot be read. */
  tracefsProblem(): Diagnostic | undefined;
}

export interface MachineOptions {
  /** Directory of a recorded machine. */
  readonly host: string | undefined;
  readonly environment: Environment;
  readonly wrap?: (files: HostFiles) => HostFiles;
  /** --no-feature */
  readonly withoutFeatures?: readonly string[];
  /** --traceable-functions */
  readonly traceable?: string | undefined;
}

/** Throws UsageMistake when the environment names types of the kernel that are none. */
export async function openMachine({
  host,
  environment,
  wrap = (files) => files,
  withoutFeatures = [],
  traceable,
}: MachineOptions): Promise<Machine> {
  const files = wrap(host === undefined ? nodeHostFiles : hostFilesUnder(host));
  const kernelBtf = kernelBtfPath(environment, files);
  const mount = host === undefined ? await tracefsMount(files) : undefined;
  const programs = host === undefined ? programReader(files) : undefined;
  const asked = new Set<keyof KernelFeatures>();
  const guess = rememberQuestions(currentKernelFeatures, asked);
  const worldWith = (features: KernelFeatures): World =>
    hostWorld(files, {
      arch,
      features: without(features, withoutFeatures),
      kernelBtf,
      traceableFunctions: traceableFile(traceable, files),
      ...(mount === undefined ? {} : { tracefsRoot: mount.root }),
      ...(programs === undefined ? {} : { loadedPrograms: programs.known }),
    });
  return {
    files,
    world: worldWith(guess),
    guessedRight: (kernel) => [...asked].every((name) => kernel[name] === currentKernelFeatures[name]),
    worldWith,
    kernelBtf: () => readKernelBtf(files, kernelBtf),
    knowingPrograms: async (work) => {
      programs?.forget();
      const result = await work();
      return (await programs?.read()) === true ? work() : result;
    },
    tracefsProblem: () => mount?.problem() ?? lockedDown(files),
  };
}

/** A view: reading a feature that is left out does not ask the kernel. */
function without(features: KernelFeatures, names: readonly string[]): KernelFeatures {
  const left = names.flatMap((name) => namedFeatures[name] ?? []);
  return Object.create(features, Object.fromEntries(left.map((feature) => [feature, { value: false }])));
}

/** The kernel then lets nobody read tracefs, mounted or not. */
function lockedDown(files: HostFiles): Diagnostic | undefined {
  const isLocked = readText(files, '/sys/kernel/security/lockdown')?.includes('[confidentiality]') === true;
  if (!isLocked) return undefined;
  return {
    severity: 'error',
    code: 'tracefs-locked',
    message: 'Probes cannot be looked up: the kernel is locked down (confidentiality)',
    hint: 'boot without lockdown=confidentiality',
  };
}

function traceableFile(path: string | undefined, files: HostFiles): string | undefined {
  if (path === undefined || files.read(path) !== undefined) return path;
  throw new UsageMistake(
    `--traceable-functions: '${path}' cannot be read`,
    'it takes a file with one function a line, such as a copy of available_filter_functions',
  );
}

/** A file that is named and useless is a mistake, not a kernel without types. */
function kernelBtfPath(environment: Environment, files: HostFiles): string | undefined {
  const named = variable('kernelTypes', environment);
  if (named === undefined) return undefined;
  const content = files.read(named.value);
  if (content !== undefined && openBtf(content) !== undefined) return named.value;
  const problem = content === undefined ? 'cannot be read' : 'is no BTF file';
  throw new UsageMistake(
    `${named.name}: '${named.value}' ${problem}`,
    'it takes a file such as /sys/kernel/btf/vmlinux',
  );
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

interface ProgramReader {
  /** Undefined as long as they were not read; remembers that somebody asked. */
  known(): readonly LoadedProgram[] | undefined;
  /** Reads them if somebody asked since they were forgotten; true when it did. */
  read(): Promise<boolean>;
  /** They come and go. */
  forget(): void;
}

function programReader(files: HostFiles): ProgramReader {
  let isAsked = false;
  let programs: readonly LoadedProgram[] | undefined;
  return {
    known: () => {
      isAsked = true;
      return programs;
    },
    read: async () => {
      if (!isAsked) return false;
      const { loadRuntime } = await import('./load-runtime.ts');
      if (!(await loadRuntime(files)).ok) return false; // Whoever runs the script is told.
      const { loadedPrograms } = await import('../../runtime/libbpf/loaded-programs.ts');
      programs = loadedPrograms();
      return programs !== undefined;
    },
    forget: () => {
      isAsked = false;
      programs = undefined;
    },
  };
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
