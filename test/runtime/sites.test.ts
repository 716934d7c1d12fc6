/** Failures that programs counted -> remarks: which are reported, what they say, where. */
import { expect, test } from 'vitest';
import { SourceText } from '../../grammar/source.ts';
import type { RuntimeRemark } from '../../runtime/output/output.ts';
import { placeOf, siteReporter, type Warnings } from '../../runtime/sites.ts';
import type { SitePlan } from '../../src/program/program.ts';

const source = new SourceText('main.bt', 'begin { }\n').including('other.bt', 'end {\n  @a[1]\n}\n').source;
const place = source.text.indexOf('@a[1]');
const span = { start: place, end: place + 5 };

/** One row for each site and CPU: {u64 count; s64 code}, two CPUs. */
function counted(...rows: readonly (readonly [count: bigint, code: bigint])[]) {
  const copies = 2;
  const values = new DataView(new ArrayBuffer(rows.length * 16));
  for (const [i, [count, code]] of rows.entries()) {
    values.setBigUint64(i * 16, count, true);
    values.setBigInt64(i * 16 + 8, code, true);
  }
  const count = rows.length / copies;
  const keys = new Uint8Array(Uint32Array.from({ length: count }, (_, i) => i).buffer);
  return {
    ...{ keySize: 4, valueSize: 16, copies, maxEntries: count },
    entries: () => ({ count, keys, values: new Uint8Array(values.buffer) }),
    lookup: () => undefined,
    update: () => undefined,
    delete: () => false,
  };
}

function reported(sites: readonly SitePlan[], warnings: Warnings, map: ReturnType<typeof counted>): RuntimeRemark[] {
  const remarks: RuntimeRemark[] = [];
  const reporter = siteReporter({
    ...{ sites, source, warnings },
    map: () => map,
    errorText: (errno) => `error ${errno}`,
    output: {
      lostEvents: () => undefined,
      totalLostEvents: () => undefined,
      warning: (remark) => remarks.push(remark),
    },
  });
  reporter.report();
  reporter.report();
  return remarks;
}

test('the place is that of the imported file, and each failure is told once', () => {
  const site: SitePlan = { kind: 'probe-read', onlyWithK: false, span, helper: 'bpf_probe_read_user' };
  const remarks = reported([site], 'default', counted([2n, -14n], [1n, -14n]));
  expect(remarks).toMatchObject([
    {
      type: 'helper_error',
      message: 'error 14',
      helper: 'probe_read_user',
      returnCode: -14,
      count: 3n,
      place: { file: 'other.bt', line: 2, column: 3, endColumn: 8 },
      diagnostic: {
        message: 'error 14 (3 times)\nAdditional Info - helper: probe_read_user, retcode: -14',
        span,
      },
    },
  ]);
});

test.each<[Warnings, number]>([
  ['none', 0],
  ['default', 1],
  ['all', 2],
])('%s', (warnings, count) => {
  const sites: SitePlan[] = [
    { kind: 'divide-by-zero', onlyWithK: false, span },
    { kind: 'map-lookup', onlyWithK: true, span, helper: 'map_lookup_elem' },
  ];
  expect(reported(sites, warnings, counted([1n, 0n], [0n, 0n], [1n, 0n], [0n, 0n]))).toHaveLength(count);
});

test('a place over several lines ends with its first', () => {
  expect(placeOf(source, { start: source.text.indexOf('end'), end: source.text.length })).toEqual({
    file: 'other.bt',
    line: 1,
    column: 1,
    endColumn: 6,
  });
});
