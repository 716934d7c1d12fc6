/** `npm run fuzz`, behind scripts/fuzz.mjs: words in, failures out, status 1 when there was one. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { currentKernelFeatures } from '../../src/world/features.ts';
import { hostFilesUnder } from '../../src/world/host-files.ts';
import { hostWorld } from '../../src/world/host-world.ts';
import { makeCase } from './cases.ts';
import { readCorpus } from './corpus.ts';
import { type Failure, fuzz } from './fuzz.ts';

/** `root` is the project's folder. */
export function main(root: string, args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '1' },
      first: { type: 'string', default: '0' },
      'clang-every': { type: 'string', default: '1' },
      show: { type: 'boolean', default: false },
    },
  });
  const seed = whole(values.seed, 'seed');
  const first = whole(values.first, 'first');
  const runs = whole(values.runs, 'runs');
  const corpus = readCorpus(root);
  if (values.show) {
    for (let number = first; number < first + runs; number++) console.log(`${makeCase(corpus, seed, number)}\n`);
    return 0;
  }
  const started = performance.now();
  const clangEvery = Math.max(1, whole(values['clang-every'], 'clang-every'));
  const files = hostFilesUnder(join(root, 'test/fixtures/hosts/x86-6.18'));
  const world = hostWorld(files, { arch: 'x86_64', features: currentKernelFeatures });
  const result = fuzz({ corpus, world, root, seed, first, runs, clangEvery, onFailure: show });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${runs} cases of seed ${seed} in ${seconds} s: ${result.accepted} accepted, ${result.compiled} of them different and ` +
      `compiled by clang, slowest ${result.slowestMs.toFixed(0)} ms, ${result.failures.length} failures`,
  );
  return result.failures.length > 0 ? 1 : 0;
}

function show({ seed, number, problem, stack, script }: Failure): void {
  console.log(`case ${number} of seed ${seed} (npm run fuzz -- --seed ${seed} --first ${number} --runs 1): ${problem}`);
  console.log(`${script}\n${stack}\n`);
}

function whole(text: string, name: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} takes a number, not '${text}'`);
  return Number(text);
}
