/**
 * Many C texts through one clang, up to types and warnings: starting it costs more than reading a program. Answers with
 * the first text that clang does not take.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findClang } from '../../src/clang/find-clang.ts';

export interface ClangComplaint {
  /** Index into the texts. */
  readonly index: number;
  readonly messages: string;
}

/** `helpers` is the folder bpf-helpers. */
export function clangComplaints(texts: readonly string[], helpers: string): readonly ClangComplaint[] {
  const folder = mkdtempSync(join(tmpdir(), 'ebtrace-fuzz-'));
  try {
    const names = texts.map((text, index) => {
      writeFileSync(join(folder, `${index}.c`), text, 'latin1');
      return `${index}.c`;
    });
    return complaints(names, folder, helpers).map(({ name, messages }) => ({
      index: Number.parseInt(name, 10),
      messages,
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Halves of a batch that is not accepted are tried on their own: messages name the script, not the C file. */
function complaints(
  names: readonly string[],
  folder: string,
  helpers: string,
): readonly { readonly name: string; readonly messages: string }[] {
  if (names.length === 0) return [];
  const messages = runClang(names, folder, helpers);
  if (messages === undefined) return [];
  const [name] = names;
  if (names.length === 1 && name !== undefined) return [{ name, messages }];
  const half = names.length >> 1;
  return [...complaints(names.slice(0, half), folder, helpers), ...complaints(names.slice(half), folder, helpers)];
}

function runClang(names: readonly string[], folder: string, helpers: string): string | undefined {
  const clang = findClang({ env: process.env });
  if (!clang.ok) throw new Error(clang.problem.message);
  const front =
    clang.value.kind === 'zig'
      ? ['clang', '-cc1', '-triple', 'bpfel', '-target-cpu', 'v3']
      : ['-target', 'bpfel', '-mcpu=v3'];
  const run = spawnSync(
    clang.value.path,
    [...front, '-fsyntax-only', '-Werror', '-Wall', '-Wextra', ...allowed, '-I', helpers, ...names],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  if (run.status === 0) return undefined;
  return `${run.stderr}${run.stdout}` || `clang ended with ${run.status ?? run.signal}`;
}

/** Values are computed before it is known whether they are used, and every map walk has the same parameters. */
const allowed = ['-Wno-unused-variable', '-Wno-unused-but-set-variable', '-Wno-unused-parameter'];
