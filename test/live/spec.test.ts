/**
 * The tables of test/spec/ on the kernel: what every statement of the language reference says about results. Scripts
 * have nothing but begin, end and short intervals, so two run at a time.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { sections } from '../spec/programs.ts';
import { groupScript, type Run, type ValueGroup } from '../spec/table.ts';
import { canBpf, requireBpfInCi } from '../support/bpf-available.ts';
import { buildBundle, ebtrace, type RunResult } from '../support/ebtrace.ts';

requireBpfInCi();

describe.runIf(canBpf)('language reference', () => {
  beforeAll(buildBundle, 60_000);

  describe.each(sections)('$title', ({ values, runs }) => {
    for (const group of values) test.concurrent(group.about, () => twoAtATime(() => checkValues(group)));
    for (const run of runs) test.concurrent(run.about, () => twoAtATime(() => checkRun(run)));
  });
});

async function checkValues(group: ValueGroup): Promise<void> {
  const script = groupScript(group);
  const result = await ebtrace(['-q', '--no-warnings', '-e', script, ...separated(group.args)], { timeoutMs: 50_000 });
  const printed = result.stdout.split('\n').slice(0, group.rows.length);
  expect(result.stderr).toBe('');
  expect(group.rows.map(([expression], index) => [expression, printed[index]])).toEqual(group.rows);
  expect(result.status).toBe(0);
}

/** A number below zero looks like an option. */
function separated(args: readonly string[] = []): readonly string[] {
  return args.some((word) => /^-\d/.test(word)) ? ['--', ...args] : args;
}

async function checkRun(run: Run): Promise<void> {
  const { script, lines, options = [], args = [], env = {}, files = {} } = run;
  const folder = mkdtempSync(join(tmpdir(), 'ebtrace-spec-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const result = await ebtrace(['-q', ...options, '-e', script, ...args], { timeoutMs: 50_000, env, cwd: folder });
    checkStderr(run, result);
    const end = lines.indexOf('maps:');
    const ordered = end < 0 ? [...lines] : [...lines.slice(0, end), '', '', ...lines.slice(end + 1)];
    const expected = run.raw || end >= 0 ? ordered : [...ordered, '', ''];
    const stdout = result.stdout.split('\n');
    expect(run.anyOrder ? stdout.sort() : stdout).toEqual(run.anyOrder ? [...expected, ''].sort() : [...expected, '']);
    expect(result.status).toBe(run.status ?? 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function checkStderr({ stderr = [] }: Run, result: RunResult): void {
  if (stderr === 'any') return;
  if (stderr.length === 0) expect(result.stderr).toBe('');
  for (const text of stderr) expect(result.stderr).toContain(text);
}

let running = 0;
const waiting: (() => void)[] = [];

/** A script with a run of its own has both processors of a small machine busy for a moment. */
async function twoAtATime(work: () => Promise<void>): Promise<void> {
  if (running >= 2) await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
  try {
    await work();
  } finally {
    running--;
    waiting.shift()?.();
  }
}
