/** What is not in the list of functions that the user gave (--traceable-functions) is left out because of that. */
import type { TraceableFunctions } from '../world/traceable-functions.ts';
import type { Explanation } from './probe-kind.ts';

/** For a function that the kernel has. */
export function leftOutByUser(name: string, { userFile }: TraceableFunctions): Explanation | undefined {
  if (userFile === undefined) return undefined;
  return {
    message: `${userFile} does not list the function '${name}'`,
    hint: 'The file was named with --traceable-functions; without that option the list of the kernel counts.',
  };
}
