/**
 * Options of clang that say where the headers of a script are: `-I` folders, CPATH, the script's folder, the headers of
 * the running kernel when they are installed, those of the compiler, and the system's. The C is read as C for this
 * machine (its macros, its sizes), because that is what its headers are written for; BPF comes in only when types
 * become BTF.
 */
import { existsSync, readdirSync } from 'node:fs';
import { release } from 'node:os';
import { join, resolve } from 'node:path';
import type { Arch } from '../world/world.ts';
import type { CSource } from './c-source.ts';
import { isFolder } from './make-folder.ts';

export interface IncludePaths {
  /** For clang -cc1. */
  readonly args: readonly string[];
  /** In the order of the search, for a message. */
  readonly searched: readonly string[];
}

export function includePaths(c: CSource, arch: Arch, compilerHeaders: string): IncludePaths {
  const { environment = {} } = c;
  const quote = [...(c.scriptFolder === undefined ? [] : [c.scriptFolder]), '.'].map((path) => resolve(path));
  const first = [...c.includeFolders, ...foldersIn(environment.CPATH)].map((path) => resolve(path));
  const kernel = kernelHeaders(arch, environment);
  const fromC = foldersIn(environment.C_INCLUDE_PATH).map((path) => resolve(path));
  const system = [...kernel.folders, ...fromC, ...compilerFolders(compilerHeaders), ...systemFolders(arch)];
  return {
    args: [
      '-triple',
      `${arch === 'arm64' ? 'aarch64' : arch}-unknown-linux-gnu`,
      ...eachWith('-iquote', quote),
      ...eachWith('-I', first),
      ...eachWith('-isystem', system),
      ...kernel.args,
    ],
    searched: [...new Set([...quote, ...first, ...system])],
  };
}

/** For the C of an imported `.bpf.c`, which is compiled for BPF: no kernel headers, as it has its own idea of those. */
export function bpfIncludePaths(
  folders: readonly string[],
  environment: CSource['environment'] = {},
  arch: Arch,
  compilerHeaders: string,
): IncludePaths {
  const first = [...folders, ...foldersIn(environment.CPATH)].map((path) => resolve(path));
  const system = [...compilerFolders(compilerHeaders), ...systemFolders(arch)];
  return { args: [...eachWith('-I', first), ...eachWith('-isystem', system)], searched: [...first, ...system] };
}

/** As in PATH, an empty entry is the current folder. */
function foldersIn(list: string | undefined): readonly string[] {
  return list === undefined || list === '' ? [] : list.split(':').map((path) => path || '.');
}

function eachWith(option: string, paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => [option, path]);
}

/**
 * The running kernel's headers, as distributions install them: `source` and `build` are one folder or two. They need
 * kconfig.h before everything else, and to be told that they are not read from user space.
 */
function kernelHeaders(
  arch: Arch,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly folders: readonly string[]; readonly args: readonly string[] } {
  const modules = `/lib/modules/${release()}`;
  const build = [environment.EBTRACE_KERNEL_BUILD ?? environment.BPFTRACE_KERNEL_BUILD, join(modules, 'build')].find(
    isKernelTree,
  );
  const source = [
    environment.EBTRACE_KERNEL_SOURCE ?? environment.BPFTRACE_KERNEL_SOURCE,
    join(modules, 'source'),
    build,
  ].find(isKernelTree);
  if (source === undefined) return { folders: [], args: [] };
  const name = arch === 'x86_64' ? 'x86' : arch;
  const places = (tail: string, generated: string): readonly string[] => [
    join(source, tail),
    ...(build === undefined ? [] : [join(build, tail), join(build, generated)]),
  ];
  const folders = [
    ...places(`arch/${name}/include`, `arch/${name}/include/generated`),
    ...places('include', 'include/generated'),
    ...places(`arch/${name}/include/uapi`, `arch/${name}/include/generated/uapi`),
    ...places('include/uapi', 'include/generated/uapi'),
  ].filter(isFolder);
  const kconfig = join(source, 'include/linux/kconfig.h');
  const defines = ['__KERNEL__', '__BPF_TRACING__', 'KBUILD_MODNAME="ebtrace"'].flatMap((text) => ['-D', text]);
  return {
    folders: [...new Set(folders)],
    args: [...defines, ...(existsSync(kconfig) ? ['-include', kconfig] : [])],
  };
}

function isKernelTree(path: string | undefined): path is string {
  return path !== undefined && existsSync(join(path, 'include/linux/types.h'));
}

/** The headers that came with an installed compiler, newest first, else our own few. */
function compilerFolders(own: string): readonly string[] {
  for (const parent of [
    '/usr/lib/clang',
    ...foldersBelow('/usr/lib', /^llvm-\d+$/).map((path) => `${path}/lib/clang`),
  ]) {
    const found = foldersBelow(parent, /^\d/).map((path) => join(path, 'include'));
    const usable = found.find((path) => existsSync(join(path, 'stddef.h')));
    if (usable !== undefined) return [usable];
  }
  return [own];
}

function foldersBelow(parent: string, name: RegExp): readonly string[] {
  if (!isFolder(parent)) return [];
  const version = (text: string): number => Number(/\d+/.exec(text)?.[0] ?? 0);
  return readdirSync(parent)
    .filter((entry) => name.test(entry))
    .sort((a, b) => version(b) - version(a))
    .map((entry) => join(parent, entry));
}

function systemFolders(arch: Arch): readonly string[] {
  const multiarch = `/usr/include/${arch === 'arm64' ? 'aarch64' : arch}-linux-gnu`;
  return ['/usr/local/include', multiarch, '/usr/include'].filter(isFolder);
}
