/**
 * What the fuzzer starts from: scripts that are right, out of the examples, the golden files, the manual and the
 * tables of the tests; and their tokens.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { forms, programs } from '../grammar/programs.ts';
import { specPrograms } from '../spec/programs.ts';
import { type Token, tokensOf } from './tokens.ts';

export interface Corpus {
  readonly scripts: readonly (readonly Token[])[];
  /** Every different token text, in the order in which it was met. */
  readonly words: readonly string[];
}

/** `root` is the project's folder. */
export function readCorpus(root: string): Corpus {
  const texts = [
    ...scriptsIn(join(root, 'examples')),
    ...scriptsIn(join(root, 'test/compiler/golden')),
    ...fencedScripts(readFileSync(join(root, 'LANGUAGE.md'), 'latin1')),
    ...programs,
    ...forms,
    ...specPrograms(),
  ];
  const scripts = texts.map(tokensOf).filter((tokens) => tokens.length > 0);
  return { scripts, words: [...new Set(scripts.flatMap((tokens) => tokens.map(({ text }) => text)))] };
}

function scriptsIn(folder: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.bt'));
  return names.sort().map((name) => readFileSync(join(folder, name), 'latin1'));
}

function fencedScripts(markdown: string): readonly string[] {
  return [...markdown.matchAll(/```bt\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
}
