/** Processes as /proc shows them; they come and go between two questions. */
import type { HostFiles } from './host-files.ts';

export function processExists(files: HostFiles, pid: number): boolean {
  return files.stat(`/proc/${pid}`)?.kind === 'directory';
}
