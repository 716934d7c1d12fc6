/**
 * The run: cases of a seed one after the other, accepted programs to clang in batches, every failure made small. Used
 * by `npm run fuzz` and, with fixed seeds, by the test.
 */
import { join } from 'node:path';
import type { World } from '../../src/world/world.ts';
import { makeCase } from './cases.ts';
import { clangComplaints } from './clang-batch.ts';
import type { Corpus } from './corpus.ts';
import { judge, type Verdict } from './judge.ts';
import { minimised } from './minimise.ts';
import { endsWithin } from './time-limit.ts';

export interface FuzzOptions {
  readonly corpus: Corpus;
  readonly world: World;
  /** The project's folder. */
  readonly root: string;
  readonly seed: number;
  readonly first: number;
  readonly runs: number;
  /** One in so many accepted programs is given to clang. */
  readonly clangEvery: number;
  readonly onFailure?: (failure: Failure) => void;
}

export interface Failure {
  readonly seed: number;
  readonly number: number;
  readonly problem: string;
  readonly stack: string;
  /** Made small. */
  readonly script: string;
}

export interface FuzzResult {
  readonly failures: readonly Failure[];
  readonly accepted: number;
  readonly compiled: number;
  readonly slowestMs: number;
}

interface FailedCase {
  readonly number: number;
  readonly script: string;
  readonly verdict: Extract<Verdict, { readonly kind: 'failed' }>;
}

const batchSize = 200;
/** So many cases have this time together, which is far more than they need. */
const chunkSize = 500;
const chunkMs = 60_000;
/** For making a script small; one takes 20 ms and more. */
const mostClangRuns = 400;
/** More of one kind tell nothing new. */
const mostOfOneKind = 3;

export function fuzz(options: FuzzOptions): FuzzResult {
  const { corpus, world, root, seed, first, runs, clangEvery, onFailure } = options;
  const failures: Failure[] = [];
  const kinds = new Map<string, number>();
  const compiledTexts = new Set<string>();
  let batch: { readonly number: number; readonly script: string; readonly c: string }[] = [];
  let accepted = 0;
  let slowestMs = 0;

  const add = (number: number, problem: string, stack: string, script: () => string): void => {
    const kind = kindOf(problem, stack);
    const count = (kinds.get(kind) ?? 0) + 1;
    kinds.set(kind, count);
    if (count > mostOfOneKind) return;
    const failure = { seed, number, problem, stack, script: script() };
    failures.push(failure);
    onFailure?.(failure);
  };

  const compileBatch = (): void => {
    const helpers = join(root, 'bpf-helpers');
    const wrong = clangComplaints(
      batch.map(({ c }) => c),
      helpers,
    );
    for (const { index, messages } of wrong) {
      const entry = batch[index];
      if (entry === undefined) continue;
      const kind = kindOf(clangProblem(messages), '');
      const stillWrong = (text: string): boolean => {
        const verdict = judge(text, world);
        if (verdict.kind !== 'accepted') return false;
        const [still] = clangComplaints([verdict.c], helpers);
        return still !== undefined && kindOf(clangProblem(still.messages), '') === kind;
      };
      add(entry.number, clangProblem(messages), messages, () => minimised(entry.script, stillWrong, mostClangRuns));
    }
    batch = [];
  };

  let failed: FailedCase[] = [];
  const addFailed = (): void => {
    for (const { number, script, verdict } of failed) {
      const kind = kindOf(verdict.problem, verdict.stack);
      const fails = (text: string): boolean => {
        const again = judge(text, world);
        return again.kind === 'failed' && kindOf(again.problem, again.stack) === kind;
      };
      add(number, verdict.problem, verdict.stack, () => minimised(script, fails));
    }
    failed = [];
  };

  let number = first;
  const end = first + runs;
  const runOne = (): void => {
    const script = makeCase(corpus, seed, number);
    const verdict = judge(script, world);
    slowestMs = Math.max(slowestMs, verdict.ms);
    if (verdict.kind === 'failed') failed.push({ number, script, verdict });
    if (verdict.kind !== 'accepted') return;
    if (accepted++ % clangEvery !== 0 || compiledTexts.has(verdict.c)) return;
    compiledTexts.add(verdict.c);
    batch.push({ number, script, c: verdict.c });
  };
  while (number < end) {
    const chunkEnd = Math.min(end, number + chunkSize);
    const done = endsWithin(chunkMs, () => {
      for (; number < chunkEnd; number++) runOne();
    });
    // The case that was under way when time was up.
    if (!done) {
      const stopped = number++;
      add(stopped, 'does not end', '', () => makeCase(corpus, seed, stopped));
    }
    addFailed();
    if (batch.length >= batchSize) compileBatch();
  }
  compileBatch();
  return { failures, accepted, compiled: compiledTexts.size, slowestMs };
}

/** What two failures of one cause have in common: where it was thrown, or the words without names and numbers. */
function kindOf(problem: string, stack: string): string {
  const place = /^\s+at (.*)$/m.exec(stack)?.[1];
  if (place !== undefined) return `${problem.split(':')[0]} ${place}`;
  return (problem.split('\n')[0] ?? '').replace(/'[^']*'|"[^"]*"|\d+/g, '');
}

function clangProblem(messages: string): string {
  return `clang: ${/error: (.*)/.exec(messages)?.[1] ?? messages}`;
}
