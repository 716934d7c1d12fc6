/**
 * Set-up, then vitest with the arguments given, then the skipped tests by reason and one closing line
 * `N passed, N failed[, N skipped]`. For `npm test` and `npm run test:vm`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, setupOrExit } from './setup.mjs';

/** Sets the exit status of this process. `environment` is added to ours. */
export async function runTests(args, environment = {}, reporter = 'default') {
  await setupOrExit();
  const folder = mkdtempSync(join(tmpdir(), 'ebtrace-test-'));
  const summaryFile = join(folder, 'summary.json');
  const reporters = [`--reporter=${reporter}`, `--reporter=${join(root, 'scripts/test-summary.mjs')}`];
  // vitest colours its output under CI=true even where nobody can see colours.
  const plainOutput = process.stdout.isTTY ? {} : { NO_COLOR: '1' };
  const child = spawn(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', root, ...reporters, ...args],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...plainOutput, ...environment, EBTRACE_TEST_SUMMARY: summaryFile },
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const code = await new Promise((resolve) => child.on('exit', resolve));
  const { passed, failed, skipped } = readSummary(summaryFile);
  rmSync(folder, { recursive: true, force: true });
  printSkipped(skipped);
  // vitest also fails for reasons that no test shows, such as no test file found.
  const failures = code === 0 ? failed : Math.max(failed, 1);
  const tail = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
  console.log(`${passed} passed, ${failures} failed${tail}`);
  process.exitCode = failures > 0 ? 1 : 0;
}

function readSummary(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    console.log('vitest ended without a summary');
    return { passed: 0, failed: 1, skipped: [] };
  }
}

function printSkipped(skipped) {
  const byReason = groupByReason(skipped);
  for (const [reason, tests] of byReason) {
    console.log(`skipped, ${reason}: ${tests.length}`);
    if (reason === 'no reason given') for (const { name } of tests) console.log(`  ${name}`);
  }
}

function groupByReason(tests) {
  const groups = new Map();
  for (const test of tests) groups.set(test.reason, [...(groups.get(test.reason) ?? []), test]);
  return groups;
}
