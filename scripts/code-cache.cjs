/**
 * `node code-cache.cjs dist/ebtrace-HASH.cjs`: runs the bundle on a small script and writes the V8 code cache beside it.
 * The cache made after running holds the functions that ran, which is what the next start needs. Called by build.mjs in
 * a process of its own because the program ends the process when it is done.
 */
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname } = require('node:path');
const { Script } = require('node:vm');

const filename = process.argv[2];
const cache = filename.replace(/\.cjs$/, '.cache');
const script = new Script(readFileSync(filename, 'utf8'), { filename });
const exported = {};

process.once('exit', () => {
  writeFileSync(`${cache}.new`, script.createCachedData());
  renameSync(`${cache}.new`, cache);
  // How the warm-up ended does not matter: without a kernel or root it stops earlier and fewer functions are cached.
  process.exitCode = 0;
});
process.argv = [
  process.argv[0],
  filename,
  '--dry-run',
  '-e',
  'BEGIN { @[pid] = count(); printf("%d\\n", 1); exit(); }',
];
const loaded = { exports: exported };
script.runInThisContext().call(exported, exported, createRequire(filename), loaded, filename, dirname(filename));
loaded.exports.start();
