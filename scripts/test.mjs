/**
 * `npm test [-- VITEST-ARGUMENTS]`: set-up, then all tests, then the skipped ones by reason and one closing line
 * `N passed, N failed[, N skipped]`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, setupOrExit } from './setup.mjs';

await setupOrExit();

const folder = mkdtempSync(join(tmpdir(), 'ebtrace-test-'));
const summaryFile = join(folder, 'summary.json');
const reporters = ['--reporter=default', `--reporter=${join(root, 'scripts/test-summary.mjs')}`];
// vitest colours its output under CI=true even where nobody can see colours.
const plainOutput = process.stdout.isTTY ? {} : { NO_COLOR: '1' };
const child = spawn(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', root, ...reporters, ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit', env: { ...process.env, ...plainOutput, EBTRACE_TEST_SUMMARY: summaryFile } },
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => {
  const { passed, failed, skipped } = readSummary();
  rmSync(folder, { recursive: true, force: true });
  printSkipped(skipped);
  // vitest also fails for reasons that no test shows, such as no test file found.
  const failures = code === 0 ? failed : Math.max(failed, 1);
  const tail = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
  console.log(`${passed} passed, ${failures} failed${tail}`);
  process.exitCode = failures > 0 ? 1 : 0;
});

function readSummary() {
  try {
    return JSON.parse(readFileSync(summaryFile, 'utf8'));
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
