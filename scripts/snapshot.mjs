/**
 * The start-up snapshot: the program after `warmUp()` (src/cli/warm-up.ts) as a file that Node maps into a new process
 * instead of loading the bundle, 30 to 35 ms faster. Made at set-up by the Node that runs there; never packed.
 *
 * Node ends with an error when a snapshot was not made by the very same binary on a CPU with the same features, so
 * bin/ebtrace compares: dist/snapshot holds the path, size and times of the binary as `stat` prints them, the features as
 * /proc/cpuinfo has them, and the name of the file. Anything unexpected means the normal start. A snapshot is tried before it is used; when making or trying it fails there is none, which
 * costs time and nothing else.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `stat -L -c` prints about the binary; bin/ebtrace asks the same. */
const statFormat = '%n %s %Y %Z';

/** True when dist/snapshot belongs to this Node and to the bundle `ebtrace-HASH`. */
export function isCurrent(dist, name) {
  const [binary, cpu, file] = readLines(join(dist, 'snapshot'));
  const isSame = binary !== undefined && binary === binaryStamp() && cpu === cpuFeatures();
  return isSame && file === `${name}.blob` && existsSync(join(dist, file));
}

/** Makes dist/NAME.blob from dist/NAME.cjs, and dist/snapshot; or neither, and says why. */
export async function makeSnapshot(dist, name) {
  const builder = join(dist, `${name}.${process.pid}.builder.cjs`);
  try {
    await writeBuilder(dist, name, builder);
    snapshotFrom(builder, dist, name, tryOut);
  } catch (error) {
    rmSync(join(dist, 'snapshot'), { force: true });
    process.stderr.write(`build: no start-up snapshot, starting will take longer: ${error.message}\n`);
  } finally {
    rmSync(builder, { force: true });
  }
}

/** The program of which Node makes the snapshot. `koffi` is told for a machine that is not this one. */
export async function writeBuilder(dist, name, builder, koffi = nativeKoffi(dist)) {
  const { transform } = await import('esbuild');
  // Without blanks and comments: V8 reads the text at every start. Names stay, for stack traces.
  const { code } = await transform(builderText(readFileSync(join(dist, `${name}.cjs`), 'utf8'), koffi), {
    minifyWhitespace: true,
    minifySyntax: true,
    charset: 'ascii',
  });
  writeFileSync(builder, code);
}

/** Without `check` where every start that follows is a test of its own (test/vm/). Throws when Node makes none. */
export function snapshotFrom(builder, dist, name, check = () => undefined) {
  rmSync(join(dist, 'snapshot'), { force: true });
  const stamp = binaryStamp();
  const features = cpuFeatures();
  if (process.platform !== 'linux' || stamp === undefined || features === undefined) return;
  const fresh = join(dist, `${name}.blob.${process.pid}.new`);
  try {
    // Without the warnings that some modules of Node are not promised to work: tryOut() and the tests show that they do.
    const made = run(['--no-warnings', '--snapshot-blob', fresh, '--build-snapshot', builder]);
    if (made.status !== 0 || !existsSync(fresh)) throw new Error(made.stderr.trim() || 'Node made none');
    check(dist, fresh);
    renameSync(fresh, join(dist, `${name}.blob`));
    writeFileSync(join(dist, 'snapshot'), `${stamp}\n${features}\n${name}.blob\n`);
  } finally {
    rmSync(fresh, { force: true });
  }
}

/**
 * The native part of koffi, which is all of it that we use: looking for it among those for other machines takes koffi
 * 8 ms at every start. Undefined when it cannot be found out.
 */
function nativeKoffi(dist) {
  const script = `
    const { createRequire } = require('node:module');
    const { version } = createRequire(process.argv[1])('koffi');
    const files = Object.keys(require('node:module')._cache).filter((file) => file.endsWith('.node'));
    if (files.length === 1) console.log(JSON.stringify({ file: files[0], version }));`;
  const found = run(['-e', script, join(dist, 'main.cjs')]);
  return found.status === 0 && found.stdout !== '' ? JSON.parse(found.stdout) : undefined;
}

/**
 * The bundle as a program that Node saves after it ran. Modules of Node are there already; packages are looked up when
 * the snapshot comes to life, below the place of the main.cjs that it was started with.
 */
function builderText(bundle, koffi) {
  return `'use strict';
const { startupSnapshot } = require('node:v8');
const place = { load: undefined };
const builtin = require;
// Node loads a part of its own at the first such call.
builtin('node:fs').rmSync('/nonexistent/ebtrace', { recursive: true, force: true });
const load = (name) => (place.load === undefined || name.startsWith('node:') ? builtin(name) : place.load(name));
const koffi = ${JSON.stringify(koffi ?? null)};
const loadKoffi = () => {
  try {
    const native = { exports: {} };
    process.dlopen(native, koffi.file);
    if (native.exports.version === koffi.version) return native.exports;
  } catch {
    // It is somewhere else now.
  }
  return undefined;
};
const loaded = { exports: {} };
(${bundle.trim().replace(/;$/, '')}
).call(loaded.exports, loaded.exports, load, loaded, '/', '/');
const program = loaded.exports;
// V8 adds its newest methods when a snapshot comes to life; until then the program gets stand-ins.
const standIns = {
  toReversed() { return [...this].reverse(); },
  toSorted(compare) { return [...this].sort(compare); },
};
const missing = Object.keys(standIns).filter((name) => !(name in Array.prototype));
for (const name of missing) {
  Object.defineProperty(Array.prototype, name, { value: standIns[name], configurable: true });
}
program.warmUp().then(
  () => {
    for (const name of missing) delete Array.prototype[name];
  },
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
startupSnapshot.setDeserializeMainFunction(() => {
  const { dirname, resolve } = builtin('node:path');
  process.argv[1] = resolve(process.argv[1]);
  const file = builtin('node:fs').realpathSync(process.argv[1]);
  const require = builtin('node:module').createRequire(file);
  place.load = (name) => (name === 'koffi' ? loadKoffi() : undefined) ?? require(name);
  loaded.moveTo(file, dirname(file));
  program.start();
});
`;
}

/** The same answers as without it: to a simple question and to one that takes parser, checker and emitter. */
function tryOut(dist, blob) {
  const main = join(dist, 'main.cjs');
  for (const args of [
    ['--version'],
    ['-d', 'c', '--emit-c', '/dev/null', '-e', 'begin { @ = count(); } end { nosuch(); }'],
  ]) {
    const [normal, quick] = [run([main, ...args]), run(['--snapshot-blob', blob, main, ...args])];
    for (const part of ['status', 'stdout', 'stderr']) {
      if (normal[part] !== quick[part]) throw new Error(`with it, ebtrace ${args[0]} gave: ${quick[part]}`);
    }
  }
}

function run(args) {
  return spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', NODE_EXTRA_CA_CERTS: '' },
    timeout: 60_000,
  });
}

function binaryStamp() {
  const stat = spawnSync('stat', ['-L', '-c', statFormat, '--', process.execPath], { encoding: 'utf8' });
  return stat.status === 0 ? stat.stdout.trim() : undefined;
}

/** The line of /proc/cpuinfo about the first CPU. */
function cpuFeatures() {
  return readLines('/proc/cpuinfo').find((line) => /^(flags|Features)/.test(line));
}

function readLines(path) {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}
