/** mkdir -p for folders of ours: the object cache, the history of the prompt, recorded machines. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Folder by folder, as Node's own recursion never returns from where none can be made, as below /proc (seen with
 * 20.20). Throws the system's errors; whether what is there already is a folder, the caller finds out by using it.
 */
export function makeFolder(path: string, mode = 0o777): void {
  if (isFolder(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path), mode);
  try {
    mkdirSync(path, { mode });
  } catch (failure) {
    // Another run may have made it meanwhile.
    if (!(failure instanceof Error && 'code' in failure && failure.code === 'EEXIST')) throw failure;
  }
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
