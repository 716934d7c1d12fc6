/** `npm test [-- VITEST-ARGUMENTS]`: all tests. */
import { runTests } from './run-tests.mjs';

await runTests(process.argv.slice(2));
