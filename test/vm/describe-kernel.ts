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
    .filter((entry) => kernel !== 'running' || (entry.before === undefined && entry.after === undefined));
  if (cases.length === 0) return;
  describe(`kernel ${kernel}`, () => runAll(kernel, cases));
}

function runAll(kernel: KernelName, cases: readonly VmCase[]): void {
  const verdicts: Record<string, Verdict> = {};
  let obstacle: string | undefined;
  let guest: Guest | undefined;
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
      const outcome = await guest.outcome(titleOf(entry));
      const verdict = judge(entry, kernel, outcome);
      verdicts[titleOf(entry)] = verdict;
      if (verdict.kind === 'fail') expect.fail(shown(variant(entry, kernel), verdict.problems, outcome));
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

function shown(entry: VmCase, problems: readonly string[], outcome: Outcome): string {
  const { stdout, stderr, seconds } = outcome;
  const told = [...problems, `script: ${entry.script ?? ''} ${(entry.args ?? []).join(' ')}`, `took ${seconds} s`];
  return [...told, '--- stdout', stdout, '--- stderr', stderr, '---'].join('\n');
}
