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

/** Kernels that were not run keep the column that they have, kinds of which no case was run their row. */
export function writeReport(folder: string): void {
  const file = join(import.meta.dirname, 'REPORT.md');
  const before = existsSync(file) ? readRows(readFileSync(file, 'utf8')) : [];
  const columns = kernels.map((kernel) => columnOf(kernel, readVerdicts(folder, kernel), before));
  const rows = kinds.filter((kind) => allCases.some((entry) => entry.kind === kind));
  const lines = [
    heading,
    row(['', ...kernels.map(titleOfColumn)]),
    row(['---', ...kernels.map(() => '---')]),
    ...rows.map((kind) => row([kind, ...columns.map((column) => column(kind))])),
  ];
  writeFileSync(`${file}.new`, `${lines.join('\n')}\n`);
  renameSync(`${file}.new`, file);
}

function columnOf(
  kernel: KernelName,
  verdicts: Verdicts,
  before: readonly (readonly string[])[],
): (kind: Kind) => string {
  const index = before[0]?.indexOf(titleOfColumn(kernel)) ?? -1;
  return (kind) => cell(kind, verdicts) ?? before.find(([first]) => first === kind)?.[index] ?? 'not run';
}

function titleOfColumn(kernel: KernelName): string {
  return kernel === 'running' ? 'the running kernel' : kernel;
}

function readVerdicts(folder: string, kernel: KernelName): Verdicts {
  const file = join(folder, `${kernel}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** The cells of each line of a table, the heading first. */
function readRows(text: string): readonly (readonly string[])[] {
  const lines = text.split('\n').filter((line) => line.startsWith('| '));
  return lines.map((line) => line.slice(2, -2).split(/(?<!\\)\s*\|\s?/));
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Undefined when no case of the kind was run. */
function cell(kind: Kind, verdicts: Verdicts): string | undefined {
  const found = allCases.filter((entry) => entry.kind === kind).flatMap((entry) => verdicts[titleOf(entry)] ?? []);
  if (found.length === 0) return undefined;
  const passes = found.filter((verdict) => verdict.kind === 'pass');
  const passed = passes.length;
  const again = passes.filter((verdict) => verdict.secondTry === true).length;
  const failed = found.filter((verdict) => verdict.kind === 'fail').length;
  const words = new Set(found.flatMap((verdict) => (verdict.kind === 'refused' ? [withoutNames(verdict.words)] : [])));
  return [
    ...(failed === 0 ? [] : [`**${failed} failed**`]),
    ...(passed === 0 ? [] : [`pass (${passed}${again === 0 ? '' : `, ${again} on a second try`})`]),
    ...[...words].map((text) => text.replaceAll('|', '\\|')),
  ].join('; ');
}

/** The same for each function is told once. */
function withoutNames(words: string): string {
  return words.replace(/\b(f(?:entry|exit)|k(?:ret)?probe):[\w:*]+/g, '$1:...');
}
