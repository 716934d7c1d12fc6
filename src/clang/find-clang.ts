/**
 * Which clang: `--clang PATH` or EBTRACE_CLANG, else the one embedded in the npm package `@zigc/PLATFORM-ARCH`, else
 * `clang` or the highest `clang-NN` in PATH. Nothing is run here: whether a system clang has the BPF target shows when it compiles.
 */
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ClangLocation {
  readonly path: string;
  /** `zig`: a Zig executable with clang inside; `clang`: clang itself. */
  readonly kind: 'zig' | 'clang';
}

export type Finding =
  | { readonly ok: true; readonly value: ClangLocation }
  | {
      readonly ok: false;
      readonly problem: { readonly code: string; readonly message: string; readonly hint: string };
    };

export interface FindOptions {
  readonly path?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** File from which the npm package is looked up; this one unless a test says otherwise. */
  readonly resolveFrom?: string;
}

export function findClang(options: FindOptions): Finding {
  const wanted = options.path ?? options.env.EBTRACE_CLANG;
  if (wanted !== undefined && wanted !== '') return explicitClang(wanted, options);
  const location = embeddedClang(options.resolveFrom ?? import.meta.url) ?? systemClang(options.env.PATH ?? '');
  if (location !== undefined) return { ok: true, value: location };
  return {
    ok: false,
    problem: {
      code: 'no-clang',
      message: `There is no clang to compile the program with: neither the npm package ${embeddedPackage} nor clang in PATH.`,
      hint: 'Install clang (apt-get install clang, dnf install clang) or name one with --clang PATH or EBTRACE_CLANG.',
    },
  };
}

const embeddedPackage = `@zigc/${process.platform}-${process.arch}`;

/** A path, or a name to look up in PATH. */
function explicitClang(wanted: string, options: FindOptions): Finding {
  const path = wanted.includes('/') ? resolve(wanted) : inFolders(wanted, options.env.PATH ?? '');
  if (path !== undefined && isExecutable(path)) {
    return { ok: true, value: { path, kind: /^zig([-.]|$)/.test(basename(path)) ? 'zig' : 'clang' } };
  }
  const origin = options.path === undefined ? 'EBTRACE_CLANG' : '--clang';
  return {
    ok: false,
    problem: {
      code: 'clang-not-executable',
      message: `'${wanted}' is not an executable file.`,
      hint: `${origin} takes the path of clang (or of a zig executable, which has clang inside).`,
    },
  };
}

function embeddedClang(from: string): ClangLocation | undefined {
  // As Node looks packages up, without the 2 ms that its loader takes to start.
  let folder = from.startsWith('file:') ? fileURLToPath(from) : from;
  while (folder !== dirname(folder)) {
    folder = dirname(folder);
    const path = join(folder, 'node_modules', embeddedPackage, 'bin/zig');
    if (isExecutable(path)) return { path, kind: 'zig' };
  }
  // An optional package: npm leaves it out where it does not exist for the machine.
  return undefined;
}

function systemClang(path: string): ClangLocation | undefined {
  const plain = inFolders('clang', path);
  if (plain !== undefined) return { path: plain, kind: 'clang' };
  let best: { readonly version: number; readonly path: string } | undefined;
  for (const folder of foldersOf(path)) {
    for (const name of namesIn(folder)) {
      const version = Number(/^clang-(\d+)$/.exec(name)?.[1] ?? Number.NaN);
      if (version > (best?.version ?? 0) && isExecutable(join(folder, name)))
        best = { version, path: join(folder, name) };
    }
  }
  return best === undefined ? undefined : { path: best.path, kind: 'clang' };
}

function inFolders(name: string, path: string): string | undefined {
  return foldersOf(path)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** Relative entries of PATH (and empty ones, the current folder) are not followed: we may be root. */
function foldersOf(path: string): readonly string[] {
  return path.split(delimiter).filter((folder) => folder.startsWith('/'));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // PATH often names folders that do not exist.
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // Missing or not executable: the question is answered.
    return false;
  }
}
