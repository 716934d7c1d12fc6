/**
 * `npm run test:vm [-- OPTIONS]`: cases on real kernels in QEMU guests (test/vm/); without options all on 6.12 and the smoke set on the others.
 *   --kernel K     5.10, 6.1, 6.12, 7.2, arm64-6.12 or running; may be repeated. All cases, not only the smoke set
 *   --case REGEX   only cases whose name matches, on all kernels unless --kernel is given
 *   --smoke        of these only the smoke set
 *   --report       all cases on all kernels (or those of --kernel), and writes test/vm/REPORT.md; with --case '^KIND:' only those rows
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runTests } from './run-tests.mjs';

const kernels = ['5.10', '6.1', '6.12', '7.2', 'arm64-6.12', 'running'];
const { values } = parseArgs({
  options: {
    kernel: { type: 'string', multiple: true },
    case: { type: 'string' },
    smoke: { type: 'boolean' },
    report: { type: 'boolean' },
  },
});
const wanted = values.kernel ?? (values.report ? kernels : []);
const unknown = wanted.find((kernel) => !kernels.includes(kernel));
if (unknown !== undefined) {
  console.error(`test:vm: there is no kernel '${unknown}'; there are ${kernels.join(', ')}`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'ebtrace-vm-report-'));
const environment = {
  ...(wanted.length > 0 ? { EBTRACE_VM_KERNEL: wanted.join(',') } : {}),
  ...(values.case === undefined ? {} : { EBTRACE_VM_CASE: values.case }),
  ...(values.smoke ? { EBTRACE_VM_SMOKE: '1' } : {}),
  ...(values.report ? { EBTRACE_VM_REPORT: folder } : {}),
};
// Each test is shown as soon as its case has run.
await runTests(['--project', 'vm', ...testFiles()], environment, 'verbose');
rmSync(folder, { recursive: true, force: true });

/** A file without a test would count as a failure. */
function testFiles() {
  return wanted.map((kernel) => `test/vm/kernels/${kernel}.test.ts`);
}
