/**
 * Closing perf links takes the kernel about 70 ms each, one after the other, whoever does it and however it is asked:
 * closing the events, the links, or exiting. Nobody should wait for that who has his results: a process of its own gets
 * the descriptors and ends when it is released, and the kernel closes them while it goes. Their programs do nothing any
 * more; the stop flag is set.
 */
import { spawn } from 'node:child_process';

/** The other process has the descriptors; closing them here is quick now. */
export interface LaterClosing {
  /** Closes them there. */
  release(): void;
}

/** Undefined when there is no such process: the descriptors are still the caller's alone. */
export function closeLater(descriptors: readonly number[]): LaterClosing | undefined {
  const child = spawn('/bin/sh', ['-c', 'read _'], {
    // Not ended by the Ctrl-C that ends this process, and in nobody's way.
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore', ...descriptors],
  });
  // Where it cannot be started it has no pid, which is what counts here.
  child.on('error', () => undefined);
  if (child.pid === undefined) return undefined;
  child.unref();
  // It ends when the pipe is closed: by us, or because this process is gone.
  return { release: () => void child.stdin?.destroy() };
}
