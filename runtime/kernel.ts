/**
 * The small questions the runtime asks of the system beside BPF. `runtime/libbpf/system.ts` answers them for real;
 * tests have a fake.
 */
export interface Kernel {
  /** CLOCK_BOOTTIME in nanoseconds. */
  bootClock(): bigint;
  /** False when the kernel was built without bpf(2). */
  hasBpf(): boolean;
  /** Number of the newest BPF program of the system; `known` is an earlier answer, or 0. */
  newestProgram(known: number): number;
  /** Words of strerror(3) for a positive errno. */
  errorText(errno: number): string;
  /** Throws RuntimeFailure when there is no such process. */
  watchProcess(pid: number): ProcessWatch;
  /**
   * Returns when no BPF program runs any more that was running at the call: waits for an RCU grace period through
   * membarrier(2), MEMBARRIER_CMD_GLOBAL, 5 to 30 ms.
   */
  waitForPrograms(): void;
  /** Raises the limit on open files, if it can, so that `count` more can be opened. */
  allowOpenFiles(count: number): void;
  /** True when writing to the descriptor finds room or fails at once; false after `timeoutMs`. Blocks meanwhile. */
  waitWritable(fd: number, timeoutMs: number): boolean;
}

export interface ProcessWatch {
  /** Resolves when the process has ended; never when the watch was closed before. */
  readonly ended: Promise<void>;
  close(): void;
}
