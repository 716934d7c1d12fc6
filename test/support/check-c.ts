/** Has clang check generated C, with all warnings, as the golden tests want it. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findClang } from '../../src/clang/find-clang.ts';

const clang = findClang({ env: process.env });

/** What clang says about the file in `folder`; nothing when it is fine. */
export function checkC(folder: string, file: string): string {
  if (!clang.ok) throw new Error(clang.problem.message);
  const front =
    clang.value.kind === 'zig'
      ? ['clang', '-cc1', '-triple', 'bpfel', '-target-cpu', 'v3']
      : ['-target', 'bpfel', '-mcpu=v3'];
  const helpers = ['-I', join(import.meta.dirname, '../../bpf-helpers')];
  const run = spawnSync(clang.value.path, [...front, '-fsyntax-only', '-Werror', ...warnings, ...helpers, file], {
    cwd: folder,
    encoding: 'utf8',
  });
  return run.status === 0 ? `${run.stderr}${run.stdout}` : `${run.stderr}${run.stdout}status ${run.status}`;
}

/** Values are computed before it is known whether they are used, and every map walk has the same parameters. */
const warnings = ['-Wall', '-Wextra', '-Wno-unused-variable', '-Wno-unused-parameter'];
