/**
 * Writes test/vm/REPORT.md (`npm run test:vm -- --report`) from the verdicts that the kernels' tests leave in a folder: a row
 * for each probe kind, a column for each kernel. The last kernel to finish sees all of them.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KernelName, type Kind, kernels, kinds, titleOf } from './case.ts';
import { allCases } from './cases/index.ts';
import type { Verdict } from './expectation.ts';

type Verdicts = Readonly<Record<string, Verdict>>;

const heading = `# Probe kinds on kernels
<!-- Written by \`npm run test:vm -- --report\`; do not edit. -->

Each cell: how many guest cases (test/vm/cases/) passed, and in the program's own words what the kernel does not have.
`;

export function writeReport(folder: string): void {
  const columns = kernels.map((kernel): readonly [KernelName, Verdicts] => [kernel, readVerdicts(folder, kernel)]);
  const rows = kinds.filter((kind) => allCases.some((entry) => entry.kind === kind));
  const lines = [
    heading,
    row(['', ...columns.map(([kernel]) => (kernel === 'running' ? 'the running kernel' : kernel))]),
    row(['---', ...columns.map(() => '---')]),
    ...rows.map((kind) => row([kind, ...columns.map(([, verdicts]) => cell(kind, verdicts))])),
  ];
  const file = join(import.meta.dirname, 'REPORT.md');
  writeFileSync(`${file}.new`, `${lines.join('\n')}\n`);
  renameSync(`${file}.new`, file);
}

function readVerdicts(folder: string, kernel: KernelName): Verdicts {
  const file = join(folder, `${kernel}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function cell(kind: Kind, verdicts: Verdicts): string {
  const found = allCases.filter((entry) => entry.kind === kind).flatMap((entry) => verdicts[titleOf(entry)] ?? []);
  if (found.length === 0) return 'not run';
  const passed = found.filter((verdict) => verdict.kind === 'pass').length;
  const failed = found.filter((verdict) => verdict.kind === 'fail').length;
  const words = new Set(found.flatMap((verdict) => (verdict.kind === 'refused' ? [verdict.words] : [])));
  return [
    ...(failed === 0 ? [] : [`**${failed} failed**`]),
    ...(passed === 0 ? [] : [`pass (${passed})`]),
    ...[...words].map((text) => text.replaceAll('|', '\\|')),
  ].join('; ');
}
