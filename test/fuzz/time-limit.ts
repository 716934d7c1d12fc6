/**
 * Work that may never end, in this thread: the one way to stop it is to call it from a script of `vm`, which throws
 * then. That takes a thread of its own each time, so cases are run many at a time.
 */
import { createContext, Script } from 'node:vm';

/** False when the work was stopped. */
export function endsWithin(ms: number, work: () => void): boolean {
  box.work = work;
  try {
    caller.runInContext(box, { timeout: ms });
    return true;
  } catch (error) {
    // It comes out of another context, where Error is another class.
    if (isObject(error) && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  }
}

const box: { work: () => void } = { work: () => undefined };
createContext(box);
const caller = new Script('work()');

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
