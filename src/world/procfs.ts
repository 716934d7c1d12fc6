/**
 * Processes and modules as /proc shows them. Processes come and go between two questions, so every answer may be
 * undefined.
 */
import { type HostFiles, readText } from './host-files.ts';

export function processExists(files: HostFiles, pid: number): boolean {
  return files.stat(`/proc/${pid}`)?.kind === 'directory';
}

/** Name of the process's main thread (at most 15 bytes, TASK_COMM_LEN). */
export function processComm(files: HostFiles, pid: number): string | undefined {
  return readText(files, `/proc/${pid}/comm`)?.replace(/\n$/, '');
}

/**
 * Path of the program file. Its name is taken from the mapping in /proc/PID/maps that has the inode of /proc/PID/exe;
 * where none has (the program unmapped itself, or replaced file systems number inodes anew), the path is
 * `/proc/PID/exe`, which opens the right file as well.
 */
export function processExecutable(files: HostFiles, pid: number): string | undefined {
  const link = `/proc/${pid}/exe`;
  const target = files.stat(link);
  if (target === undefined) return undefined;
  for (const line of (readText(files, `/proc/${pid}/maps`) ?? '').split('\n')) {
    // ADDRESSES PERMISSIONS OFFSET DEVICE INODE PATH; a removed file has " (deleted)" after its path.
    const mapping = /^\S+ \S+ \S+ \S+ (\d+) +(\/.*)$/.exec(line);
    const path = mapping?.[2];
    if (path !== undefined && BigInt(mapping?.[1] ?? '0') === target.inode && !path.endsWith(' (deleted)')) return path;
  }
  return link;
}

/** Names of the loaded modules; empty when the kernel has no modules. */
export function loadedModules(files: HostFiles): readonly string[] {
  const lines = (readText(files, '/proc/modules') ?? '').split('\n');
  return lines.map((line) => line.split(' ')[0] ?? '').filter((name) => name !== '');
}
