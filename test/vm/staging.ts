/**
 * What a guest sees of ebtrace: a copy of program, helpers and workloads in a folder of its own, so that builds meanwhile do
 * not disturb it, and the plan for guest/run-cases.mjs. Packages are a link to those of the checkout.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeBuilder } from '../../scripts/snapshot.mjs';
import { arm64Koffi, compileForArm64, isArm64, stageArm64Packages } from './arm64.ts';
import { type KernelName, titleOf, type VmCase, variant } from './case.ts';

const root = join(import.meta.dirname, '../..');
const execute = promisify(execFile);

/**
 * Making a start-up snapshot for the guest's CPU takes about as long there as four starts; with it each start is shorter.
 */
const casesWorthSnapshot = 4;

/** The folder, for the caller to delete. */
export async function stage(kernel: KernelName, cases: readonly VmCase[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'ebtrace-vm-'));
  for (const part of ['bin', 'bpf-helpers']) cpSync(join(root, part), join(folder, part), { recursive: true });
  for (const part of ['test/vm/guest/run-cases.mjs', 'scripts/snapshot.mjs']) {
    cpSync(join(root, part), join(folder, part.replace(/.*\//, '')));
  }
  mkdirSync(join(folder, 'dist'));
  for (const name of readdirSync(join(root, 'dist'))) {
    if (!/\.blob$|^snapshot$/.test(name)) cpSync(join(root, 'dist', name), join(folder, 'dist', name));
  }
  if (isArm64(kernel)) await stageArm64Packages(folder);
  else symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  await compileWorkloads(folder, kernel, cases);
  const wantsSnapshot = kernel !== 'running' && cases.length >= casesWorthSnapshot;
  const plan = {
    cases: cases.map((entry, index) => planned(folder, variant(entry, kernel), index)),
    // EBTRACE is for the shell texts of cases.
    env: { EBTRACE_COLOR: 'never', EBTRACE: join(folder, 'bin/ebtrace') },
    inGuest: kernel !== 'running',
    outputLimit: 1_000_000,
    ...(wantsSnapshot ? { snapshot: await snapshotPlan(folder, kernel) } : {}),
  };
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan));
  return folder;
}

export function secondsFor(entry: VmCase): number {
  return entry.timeout ?? 60;
}

async function snapshotPlan(folder: string, kernel: KernelName): Promise<unknown> {
  const dist = join(folder, 'dist');
  const builder = join(folder, 'builder.cjs');
  const name = `ebtrace-${readFileSync(join(dist, 'inputs'), 'latin1').trim()}`;
  await writeBuilder(dist, name, builder, isArm64(kernel) ? arm64Koffi(folder) : undefined);
  return { builder, dist, name };
}

/** Static, so that they run under any root and make no system calls of a dynamic linker. */
async function compileWorkloads(folder: string, kernel: KernelName, cases: readonly VmCase[]): Promise<void> {
  mkdirSync(join(folder, 'workloads'));
  const named = cases.flatMap(({ workload }) =>
    workload !== undefined && 'program' in workload ? [workload.program] : [],
  );
  const programs = [...new Set(named)];
  if (programs.length > 0 && !isArm64(kernel)) await provideCompiler();
  for (const name of programs) {
    const source = join(import.meta.dirname, 'workloads', `${name}.c`);
    const output = join(folder, 'workloads', name);
    if (isArm64(kernel)) await compileForArm64(source, output);
    else await execute('cc', ['-static', '-O0', '-g', '-pthread', '-Wall', '-Werror', '-o', output, source]);
  }
}

/** The clang in our packages comes without a C library. */
async function provideCompiler(): Promise<void> {
  try {
    await execute('cc', ['--version']);
  } catch {
    // Another guest may be installing QEMU, and a new machine has no lists of packages.
    const install = 'apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends gcc libc6-dev';
    await execute('sh', ['-c', `${install} || { apt-get -o DPkg::Lock::Timeout=300 update -qq && ${install}; }`]);
  }
}

function planned(folder: string, entry: VmCase, index: number): unknown {
  const { before, after, signal, script, workload } = entry;
  const command = [
    join(folder, 'bin/ebtrace'),
    ...(script === undefined ? [] : ['-q']),
    ...(entry.args ?? []),
    ...(workload === undefined ? [] : ['-c', commandLine(folder, workload, index)]),
    ...(script === undefined ? [] : ['-e', script]),
  ];
  return { title: titleOf(entry), before, after, signal, command, env: entry.env ?? {}, timeout: secondsFor(entry) };
}

/** `-c` splits at blanks and knows no quotes, so a shell text goes into a file. */
function commandLine(folder: string, workload: NonNullable<VmCase['workload']>, index: number): string {
  if ('program' in workload) return [join(folder, 'workloads', workload.program), ...(workload.args ?? [])].join(' ');
  const file = join(folder, 'workloads', `${index}.sh`);
  writeFileSync(file, workload.shell);
  return `/bin/sh ${file}`;
}
