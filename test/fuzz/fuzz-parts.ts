/**
 * Ten thousand scripts, most of them wrong, through the whole compiler, and the C of those that are right through clang:
 * no exception, no hang, the same result twice. `npm run fuzz -- --seed S` tries others.
 */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixtureWorld } from '../support/fixture-world.ts';
import { readCorpus } from './corpus.ts';
import { fuzz } from './fuzz.ts';

/** Parts, so that one that takes long is seen; numbers go on, so that a failure says what to run again. */
const parts = 5;
const runs = 2000;

export function fuzzParts({ seed, first }: { readonly seed: number; readonly first: number }): void {
  const root = join(import.meta.dirname, '../..');
  const corpus = readCorpus(root);
  const world = fixtureWorld();
  const starts = Array.from({ length: parts }, (_, part) => first + part * runs);

  describe.each(starts)(`cases of seed ${seed} from number %i on`, (start) => {
    test('no failure', { timeout: 120_000 }, () => {
      const { failures, accepted } = fuzz({ corpus, world, root, seed, first: start, runs, clangEvery: 3 });
      const shown = failures.map(
        ({ number, problem, script, stack }) => `case ${number}: ${problem}\n${script}\n${stack}`,
      );
      expect(shown).toEqual([]);
      expect(accepted).toBeGreaterThan(runs / 20);
    });
  });
}
