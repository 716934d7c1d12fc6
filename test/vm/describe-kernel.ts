/**
 * Shows each case of one kernel as one test. What to run is said by the environment, which scripts/test-vm.mjs sets:
 * EBTRACE_VM_KERNEL (only these, with all their cases), EBTRACE_VM_SMOKE (only the smoke set), EBTRACE_VM_CASE (a pattern),
 * EBTRACE_VM_REPORT (a folder for verdicts).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type KernelName, titleOf, type VmCase, variant } from './case.ts';
import { allCases } from './cases/index.ts';
import { judge, type Outcome, type Verdict } from './expectation.ts';
import { bootGuest, type Guest, whyNoGuest } from './guest.ts';
import { writeReport } from './report.ts';

const wanted = process.env.EBTRACE_VM_KERNEL?.split(',');
const filter = new RegExp(process.env.EBTRACE_VM_CASE ?? '');
const reportFolder = process.env.EBTRACE_VM_REPORT;

/** `extent`: what runs unless the environment asks for this kernel or for cases. */
export function describeKernel(kernel: KernelName, extent: 'all' | 'smoke'): void {
  if (wanted !== undefined && !wanted.includes(kernel)) return;
  const isAsked = wanted !== undefined || process.env.EBTRACE_VM_CASE !== undefined;
  const complete = process.env.EBTRACE_VM_SMOKE === undefined && (extent === 'all' || isAsked);
  const cases = allCases
    .filter((entry) => (complete || entry.smoke === true) && filter.test(titleOf(entry)))
    .filter((entry) => kernel !== 'running' || !isForGuests(entry));
  if (cases.length === 0) return;
  describe(`kernel ${kernel}`, () => runAll(kernel, cases));
}

function isForGuests({ before, after, onlyInGuests }: VmCase): boolean {
  return onlyInGuests === true || before !== undefined || after !== undefined;
}

/**
 * Emulated machines stumble now and then: a timer is late, a guest dies, and under QEMU 7.2 one of 120 compilations ends with
 * "out of memory" (vm-run fetches a newer one). So a few cases of a kernel that fail are run once more, each in a guest of
 * its own; the first failure is shown all the same, and the report counts them.
 */
const secondTries = 3;

function runAll(kernel: KernelName, cases: readonly VmCase[]): void {
  const verdicts: Record<string, Verdict> = {};
  let obstacle: string | undefined;
  let guest: Guest | undefined;
  let triesLeft = secondTries;
  beforeAll(async () => {
    obstacle = await whyNoGuest(kernel);
    if (obstacle === undefined) guest = await bootGuest(kernel, cases);
  });
  for (const entry of cases) {
    test(titleOf(entry), async ({ skip }) => {
      if (guest === undefined) {
        // CI has to notice when nothing was tried.
        if (process.env.CI === 'true') expect.fail(obstacle);
        return skip(obstacle);
      }
      let result = await resultOf(entry, kernel, guest);
      if (result.verdict.kind === 'fail' && triesLeft > 0) {
        triesLeft--;
        console.log(`${kernel}: ${titleOf(entry)} is tried again, for it failed:\n${result.shown}`);
        await guest.ended;
        result = await resultOf(entry, kernel, await bootGuest(kernel, [entry]));
        if (result.verdict.kind === 'pass') result = { ...result, verdict: { kind: 'pass', secondTry: true } };
      }
      verdicts[titleOf(entry)] = result.verdict;
      if (result.verdict.kind === 'fail') expect.fail(result.shown);
    });
  }
  afterAll(async () => {
    await guest?.ended;
    if (reportFolder === undefined || guest === undefined) return;
    mkdirSync(reportFolder, { recursive: true });
    writeFileSync(join(reportFolder, `${kernel}.json`), JSON.stringify(verdicts));
    writeReport(reportFolder);
  });
}

interface Result {
  readonly verdict: Verdict;
  readonly shown: string;
}

async function resultOf(entry: VmCase, kernel: KernelName, guest: Guest): Promise<Result> {
  try {
    const outcome = await guest.outcome(titleOf(entry));
    const verdict = judge(entry, kernel, outcome);
    return { verdict, shown: verdict.kind === 'fail' ? shown(variant(entry, kernel), verdict.problems, outcome) : '' };
  } catch (failure) {
    const words = failure instanceof Error ? failure.message : `${failure}`;
    return { verdict: { kind: 'fail', problems: [words] }, shown: words };
  }
}

function shown(entry: VmCase, problems: readonly string[], outcome: Outcome): string {
  const { stdout, stderr, seconds } = outcome;
  const told = [...problems, `script: ${entry.script ?? ''} ${(entry.args ?? []).join(' ')}`, `took ${seconds} s`];
  return [...told, '--- stdout', stdout, '--- stderr', stderr, '---'].join('\n');
}
