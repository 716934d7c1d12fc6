/** Failed system calls of Node in words, for messages to users: `ENOENT` means nothing to most of them. */
import { getSystemErrorMap } from 'node:util';

/** The system's words for a failed call; undefined for other exceptions. */
export function systemError(failure: unknown): string | undefined {
  if (!(failure instanceof Error) || !('errno' in failure) || typeof failure.errno !== 'number') return undefined;
  if ('code' in failure && failure.code === 'EISDIR') return 'it is a directory';
  return getSystemErrorMap().get(failure.errno)?.[1] ?? failure.message;
}
