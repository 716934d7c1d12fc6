/**
 * A vitest reporter for scripts/test.mjs: writes what was counted, and every skipped test with its reason, as JSON to
 * the file that EBTRACE_TEST_SUMMARY names. A file that does not load and an error outside all tests count as failures.
 */
import { writeFileSync } from 'node:fs';

export default class TestSummary {
  onTestRunEnd(modules, unhandledErrors) {
    const summary = { passed: 0, failed: unhandledErrors.length, skipped: [] };
    for (const module of modules) {
      summary.failed += module.errors().length;
      for (const suite of module.children.allSuites()) summary.failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') summary.passed++;
        else if (result.state === 'failed') summary.failed++;
        else summary.skipped.push({ name: test.fullName, reason: result.note ?? 'no reason given' });
      }
    }
    writeFileSync(process.env.EBTRACE_TEST_SUMMARY, JSON.stringify(summary));
  }
}
