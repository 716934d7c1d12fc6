/** Probes at the return of functions that have none: they attach on most kernels, and never fire. */
import { neverReturns } from '../world/traceable-functions.ts';
import type { Explanation, Pattern } from './probe-kind.ts';

/** `entry`: the kind of probe that runs when the function is called. */
export function cautionAtReturn(entry: string, { parts }: Pattern): Explanation | undefined {
  const name = parts.at(-1) ?? '';
  if (!neverReturns(name)) return undefined;
  return {
    message: `${name} never returns, so this probe never fires`,
    hint: `${entry}:${name} runs when it is called.`,
  };
}
