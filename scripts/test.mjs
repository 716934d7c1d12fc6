/** `npm test [-- VITEST-ARGUMENTS]`: all tests but those in guests, which take half an hour (`npm run test:vm`). */
import { runTests } from './run-tests.mjs';

await runTests(['--project', 'unit', '--project', 'live', ...process.argv.slice(2)]);
