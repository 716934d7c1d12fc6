/**
 * `import "path";` -> the files that it means. A file that everybody may write is passed over with a warning: a tracer
 * runs as root, and would run what anybody puts there.
 */
import { posix } from 'node:path';
import type { Import } from '../../grammar/ast.ts';
import type { Report } from '../../grammar/diagnostic.ts';
import type { HostFileStat, HostFiles } from '../world/host-files.ts';

export interface FoundImport {
  readonly kind: 'script' | 'header' | 'object';
  /** Absolute and normalised: the same file has the same path. */
  readonly path: string;
  /** As users know it: the path of the statement, with the file's name behind it for a directory. */
  readonly name: string;
}

/** Files of a directory are sorted by name; what cannot be imported is left out there in silence. */
export function findImport(item: Import, files: HostFiles, folder: string, report: Report): readonly FoundImport[] {
  const path = posix.resolve(folder, item.path);
  const stat = item.path === '' ? undefined : files.stat(path);
  const kind = kindOf(path);
  if (stat === undefined && standardLibrary.test(item.path)) return [];
  if (stat?.kind === 'file' && kind === undefined) {
    report.error('import-type', item.span, `"${item.path}" is nothing that can be imported`, {
      hint: `imports are files ${suffixes.map(([suffix]) => `*${suffix}`).join(', ')} and directories of them`,
    });
    return [];
  }
  if (stat === undefined || stat.kind === 'other' || !isSafe(path, stat, files, item, report)) {
    report.error('import-missing', item.span, `cannot import "${item.path}"`, { hint: `looked at ${path}` });
    return [];
  }
  if (stat.kind === 'file') return kind === undefined ? [] : [{ kind, path, name: item.path }];
  return [...(files.list(path) ?? [])].sort().flatMap((name): readonly FoundImport[] => {
    const file = posix.join(path, name);
    const fileKind = kindOf(name);
    const fileStat = files.stat(file);
    if (fileKind === undefined || fileStat?.kind !== 'file' || !isSafe(file, fileStat, files, item, report)) return [];
    return [{ kind: fileKind, path: file, name: posix.join(item.path, name) }];
  });
}

/** Always there: what it defines are builtins. */
const standardLibrary = /^stdlib(\/|$)/;

const suffixes: readonly (readonly [string, FoundImport['kind']])[] = [
  ['.bt', 'script'],
  ['.h', 'header'],
  ['.bpf.c', 'object'],
  ['.bpf.o', 'object'],
];

function kindOf(path: string): FoundImport['kind'] | undefined {
  return suffixes.find(([suffix]) => path.endsWith(suffix))?.[1];
}

/** The permission of "others" to write. */
const writableByAll = 0o002;

/** Whoever can write the folder can replace the file. */
function isSafe(path: string, stat: HostFileStat, files: HostFiles, item: Import, report: Report): boolean {
  const folder = posix.dirname(path);
  const open = stat.mode & writableByAll ? path : (files.stat(folder)?.mode ?? 0) & writableByAll ? folder : undefined;
  if (open === undefined) return true;
  report.warning('import-unsafe', item.span, `${path} is not imported: everybody may write to ${open}`, {
    hint: `chmod o-w ${open}`,
  });
  return false;
}
