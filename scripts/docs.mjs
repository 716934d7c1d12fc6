/**
 * `npm run docs [-- --check]`: makes LANGUAGE.md from docs/language/ and the registries (docs/manual.ts). With --check
 * nothing is written, and the status is 1 when the file is not what would be written.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'LANGUAGE.md');

/** TypeScript is bundled first: the oldest supported Node does not read it. koffi is not reached by the registries. */
async function loadManual() {
  const folder = mkdtempSync(join(root, 'node_modules/.docs-'));
  try {
    const outfile = join(folder, 'manual.mjs');
    await build({
      entryPoints: [join(root, 'docs/manual.ts')],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      external: ['koffi'],
      logLevel: 'error',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const folder = join(root, 'docs/language');
const fragments = readdirSync(folder)
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
const { manual } = await loadManual();
const text = await manual(fragments);
const current = existsSync(target) ? readFileSync(target, 'utf8') : undefined;

if (current === text) {
  console.log('docs: LANGUAGE.md is up to date');
} else if (process.argv.includes('--check')) {
  console.error('docs: LANGUAGE.md is not up to date; run: npm run docs');
  process.exitCode = 1;
} else {
  writeFileSync(target, text);
  console.log('docs: wrote LANGUAGE.md');
}
