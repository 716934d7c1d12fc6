/**
 * THE seam between ebtrace and the machine: everything the compiler learns about the world enters through `HostFiles`.
 * Paths are absolute paths of the traced machine. Tests use a directory version over a recorded tree.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface HostFiles {
  /** Whole file, or undefined when it is missing or cannot be read. */
  read(path: string): Uint8Array | undefined;
  /** File names in a directory, unsorted, or undefined when it is missing or cannot be read. */
  list(path: string): readonly string[] | undefined;
  /** Follows symbolic links; undefined when there is nothing. */
  stat(path: string): HostFileStat | undefined;
}

export interface HostFileStat {
  readonly kind: 'file' | 'directory' | 'other';
  readonly inode: bigint;
  readonly device: bigint;
  readonly size: bigint;
  /** Permission bits, as of chmod(2). */
  readonly mode: number;
}

/** The running machine. */
export const nodeHostFiles: HostFiles = hostFilesUnder('/');

/** A recorded machine below `root` (test/fixtures/hosts/NAME). */
export function hostFilesUnder(root: string): HostFiles {
  const place = (path: string): string => (root === '/' ? path : join(root, path));
  return {
    read: (path) => attempt(() => readFileSync(place(path))),
    list: (path) => attempt(() => readdirSync(place(path))),
    stat: (path) =>
      attempt(() => {
        const stat = statSync(place(path), { bigint: true });
        const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'other';
        return { kind, inode: stat.ino, device: stat.dev, size: stat.size, mode: Number(stat.mode) & 0o7777 };
      }),
  };
}

/** A machine without files: shows the boundary, serves tests that need no world. */
export const emptyHostFiles: HostFiles = { read: () => undefined, list: () => undefined, stat: () => undefined };

/** Files of other machines' kernels and processes come and go: "not there" is an answer here, not a failure. */
function attempt<T>(question: () => T): T | undefined {
  try {
    return question();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

export function readText(files: HostFiles, path: string): string | undefined {
  const bytes = files.read(path);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('latin1');
}
