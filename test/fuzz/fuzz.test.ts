/**
 * Twenty thousand scripts, most of them wrong, through the whole compiler, and the C of those that are right through
 * clang: no exception, no hang, the same result twice. `npm run fuzz -- --seed S` tries others.
 */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixtureWorld } from '../support/fixture-world.ts';
import { makeCase } from './cases.ts';
import { readCorpus } from './corpus.ts';
import { fuzz } from './fuzz.ts';
import { judge } from './judge.ts';
import { minimised } from './minimise.ts';
import { textOf, tokensOf } from './tokens.ts';

const root = join(import.meta.dirname, '../..');
const corpus = readCorpus(root);
const world = fixtureWorld();

describe('the fuzzer', () => {
  test('makes the same case again', () => {
    expect(makeCase(corpus, 5, 77)).toBe(makeCase(corpus, 5, 77));
    expect(makeCase(corpus, 5, 77)).not.toBe(makeCase(corpus, 6, 77));
  });

  test('cuts text into tokens and loses nothing', () => {
    const text = 'begin /* c */ { $x = "a\\"b" << 0x1f; @m[1]++ } // end\n\xff"';
    expect(textOf(tokensOf(text))).toBe(text);
  });

  test('makes what fails small', () => {
    const script = 'begin { $a = 1; if ($a) { print(bad, 2); } } end { @x = (bad + 1); }';
    expect(minimised(script, (text) => /print\(.*bad/.test(text))).toBe('print( bad');
  });

  test('judges', () => {
    expect(judge('begin { $x = 1; print($x); }', world)).toMatchObject({ kind: 'accepted' });
    expect(judge('begin { print($x); }', world)).toMatchObject({ kind: 'rejected' });
  });
});

/** Parts, so that one that takes long is seen; numbers go on, so that a failure says what to run again. */
const parts = 10;
const runs = 2000;

describe.each(Array.from({ length: parts }, (_, part) => part * runs))('cases of seed 1 from number %i on', (first) => {
  test('no failure', { timeout: 120_000 }, () => {
    const { failures, accepted } = fuzz({ corpus, world, root, seed: 1, first, runs, clangEvery: 3 });
    expect(
      failures.map(({ number, problem, script, stack }) => `case ${number}: ${problem}\n${script}\n${stack}`),
    ).toEqual([]);
    expect(accepted).toBeGreaterThan(runs / 20);
  });
});
