/**
 * `npm test [-- VITEST-ARGUMENTS]`: all tests, the guests of test/vm/ included (all cases on 6.12, one or two a kind on the
 * other kernels); `npm test -- --project unit --project live` leaves the guests out, `npm run test:vm` runs nothing else.
 */
import { runTests } from './run-tests.mjs';

await runTests(process.argv.slice(2));
