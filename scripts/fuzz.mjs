/**
 * `npm run fuzz [-- --runs N --seed S --first K --clang-every N --show]`: N scripts that are wrong, or nearly right, or
 * right, through the compiler on the recorded machine (test/fuzz/). Prints what fails, made small, and how to repeat it;
 * the status is 1 then. --show prints the scripts instead.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(root, 'node_modules/.fuzz-'));
process.setSourceMapsEnabled(true);
try {
  const outfile = join(folder, 'fuzz.mjs');
  await build({
    entryPoints: [join(root, 'test/fuzz/main.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'error',
  });
  const { main } = await import(pathToFileURL(outfile).href);
  process.exitCode = main(root, process.argv.slice(2));
} finally {
  rmSync(folder, { recursive: true });
}
