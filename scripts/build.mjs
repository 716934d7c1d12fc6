/**
 * `npm run build [-- --clean | --check]`: bundles src/cli/main.ts and all it needs into dist/, once per change.
 *
 * The bundle is one CommonJS file with a V8 code cache beside it, not ES modules: measured on Node 20 with Chevrotain
 * inside (medians of alternating runs), ES modules with separate chunks start in 156 ms, one CommonJS file in 149 ms,
 * the same with a code cache in 128 ms, an empty program in 60 ms. `await import()` of our own files stays lazy: esbuild
 * wraps each such module and evaluates it when the import is reached; with the cache its text costs nothing before.
 * V8 refuses a cache of another version or other flags and compiles as usual, so the cache is never a risk.
 *
 * dist/main.cjs (entry, checks the Node version) -> dist/ebtrace-HASH.cjs + .cache, or instead of all three a start-up
 * snapshot, dist/ebtrace-HASH.blob (snapshot.mjs); dist/inputs holds the hash of
 * everything that went in. Files are named by that hash, so a build never disturbs a run that is just starting.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isCurrent, makeSnapshot } from './snapshot.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const inputFolders = ['grammar', 'src', 'runtime'];
const inputFiles = [
  'package.json',
  'package-lock.json',
  'scripts/build.mjs',
  'scripts/code-cache.cjs',
  'scripts/snapshot.mjs',
];
const bundleName = /^ebtrace-[0-9a-f]{16}\.(cjs|cache|blob)$/;

/** Hash of all inputs' names and bytes and of the Node version (the code cache is made for one). */
export function inputsHash() {
  const hash = createHash('sha256').update(process.version);
  for (const file of [...inputFolders.flatMap((folder) => filesBelow(join(root, folder))), ...inputFiles]) {
    const path = join(root, file);
    const bytes = readFileSync(path);
    hash.update(`\n${relative(root, path)} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex').slice(0, 16);
}

export function isBuilt(hash = inputsHash()) {
  return builtHash() === hash;
}

/** The bundle outlives another Node of the same version; its snapshot does not. Does nothing when both fit. */
export async function refreshSnapshot() {
  const name = `ebtrace-${builtHash()}`;
  if (existsSync(join(dist, `${name}.blob`)) && !isCurrent(dist, name)) await makeSnapshot(dist, name);
}

/** Builds when something changed; resolves to true when it did. Throws with esbuild's messages. */
export async function build() {
  const hash = inputsHash();
  if (isBuilt(hash)) {
    await refreshSnapshot();
    return false;
  }
  const previous = builtHash();
  mkdirSync(dist, { recursive: true });
  const bundle = `ebtrace-${hash}.cjs`;
  const { build: esbuild } = await import('esbuild');
  const result = await esbuild({
    entryPoints: [join(root, 'src/cli/main.ts')],
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: ['koffi'],
    // Without it esbuild leaves import('koffi') as it is, which a vm.Script cannot resolve.
    supported: { 'dynamic-import': false },
    define: {
      'import.meta.url': '__bundleUrl',
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
    },
    // The file is one function expression, the wrapper that Node gives to CommonJS modules, so that entry,
    // code-cache.cjs and snapshot compile the same text. A snapshot learns where it is when it comes to life.
    banner: { js: bundleStart },
    footer: { js: '})' },
    legalComments: 'none',
    // One byte a character in memory: half the size for V8 to read, which a snapshot does at every start.
    charset: 'ascii',
    logLevel: 'silent',
  });
  const text = result.outputFiles[0].text;
  writeAtomically(join(dist, bundle), text);
  writeCodeCache(join(dist, bundle));
  writeAtomically(join(dist, 'main.cjs'), entryText(`ebtrace-${hash}`));
  await makeSnapshot(dist, `ebtrace-${hash}`);
  writeAtomically(join(dist, 'inputs'), `${hash}\n`);
  removeOldBundles([hash, previous]);
  return true;
}

const bundleStart = `(function (exports, require, module, __filename, __dirname) {
let __bundleUrl;
module.moveTo = (file, folder) => {
  __bundleUrl = require('node:url').pathToFileURL(file).href;
  __filename = file;
  __dirname = folder;
};
module.moveTo(__filename, __dirname);`;

function builtHash() {
  try {
    return readFileSync(join(dist, 'inputs'), 'utf8').trim();
  } catch {
    return undefined;
  }
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|json)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

/**
 * What `node dist/main.cjs` runs. Only syntax of old Node versions before the version check. A cache that is missing
 * or refused costs time and nothing else.
 */
function entryText(name) {
  return `'use strict';
var version = process.versions.node.split('.');
if (version[0] < 20 || (+version[0] === 20 && version[1] < 19)) {
  process.stderr.write('ebtrace: needs Node 20.19 or newer, this is ' + process.execPath + ' ' + process.version + '\\n');
  process.exit(1);
}
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');
const filename = __dirname + '/${name}.cjs';
let cachedData;
try {
  cachedData = readFileSync(__dirname + '/${name}.cache');
} catch {}
const script = new Script(readFileSync(filename, 'utf8'), { filename, cachedData });
script.runInThisContext().call(exports, exports, require, module, filename, __dirname);
module.exports.start();
`;
}

/** A child runs the bundle on a small script, so that the functions which every start needs are in the cache. */
function writeCodeCache(bundle) {
  const child = spawnSync(process.execPath, [join(root, 'scripts/code-cache.cjs'), bundle], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, EBTRACE_CACHE: '0' },
    timeout: 60_000,
  });
  if (child.status === 0) return;
  process.stderr.write(`build: no code cache, starting will take longer: ${(child.stderr ?? '').trim()}\n`);
}

function writeAtomically(path, content) {
  const temporary = `${path}.${process.pid}.new`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}

function removeOldBundles(keep) {
  for (const name of readdirSync(dist)) {
    if (bundleName.test(name) && !keep.some((hash) => name.startsWith(`ebtrace-${hash}.`))) rmSync(join(dist, name));
  }
}

/** For a package: nothing of earlier builds. dist/node-path stays, it belongs to this machine and is not packed. */
function removeBuilt() {
  for (const name of ['inputs', 'main.cjs', 'snapshot']) rmSync(join(dist, name), { force: true });
  if (existsSync(dist)) removeOldBundles([]);
}

async function main(args) {
  if (args.includes('--check')) {
    process.exitCode = isBuilt() ? 0 : 1;
    return;
  }
  if (args.includes('--clean')) removeBuilt();
  const { installPackages } = await import('./setup.mjs');
  installPackages();
  try {
    if (await build()) process.stderr.write('build: dist/ is up to date with the sources\n');
  } catch (error) {
    if (error.errors === undefined) throw error;
    const { formatMessages } = await import('esbuild');
    const messages = await formatMessages(error.errors, { kind: 'error', color: process.stderr.isTTY });
    process.stderr.write(`${messages.join('')}build: failed\n`);
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
