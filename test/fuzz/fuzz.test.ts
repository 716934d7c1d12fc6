/** The fuzzer, and the first half of its fixed cases; fuzz-more.test.ts, which may run beside this, has the others. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixtureWorld } from '../support/fixture-world.ts';
import { makeCase } from './cases.ts';
import { readCorpus } from './corpus.ts';
import { fuzzParts } from './fuzz-parts.ts';
import { judge } from './judge.ts';
import { minimised } from './minimise.ts';
import { textOf, tokensOf } from './tokens.ts';

const corpus = readCorpus(join(import.meta.dirname, '../..'));
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
    expect(minimised(script, (text) => /print\(.*bad/.test(text))).toBe('print(bad');
  });

  test('judges', () => {
    expect(judge('begin { $x = 1; print($x); }', world)).toMatchObject({ kind: 'accepted' });
    expect(judge('begin { print($x); }', world)).toMatchObject({ kind: 'rejected' });
  });
});

fuzzParts({ seed: 1, first: 0 });
