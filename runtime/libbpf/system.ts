/** The interface Kernel over system calls. */
import { RuntimeFailure } from '../bpf.ts';
import type { Kernel, ProcessWatch } from '../kernel.ts';
import { newestProgram } from './bpf-syscalls.ts';
import { DescriptorWait } from './descriptor-wait.ts';
import { native } from './native.ts';

const CLOCK_BOOTTIME = 7;
const RLIMIT_NOFILE = 7;
/** linux/membarrier.h */
const MEMBARRIER_CMD_GLOBAL = 1;
const ESRCH = 3;
const ENOSYS = 38;

/** A wait ends at least this often, so that a process forced to exit is not held up for long. */
const WAIT_MS = 1000;
/** Without pidfd_open(2) (before 5.3) the process is looked at this often. */
const POLL_MS = 100;

export function systemKernel(): Kernel {
  return {
    bootClock: () => native().clock(CLOCK_BOOTTIME),
    // Command -1 does not exist: EINVAL or EPERM where bpf(2) does.
    hasBpf: () => native().call('bpf', 0xffff_ffff, 0, 0) !== -ENOSYS,
    errorText: (errno) => native().errorText(errno),
    newestProgram,
    watchProcess,
    // Where membarrier(2) is missing nothing can be done: a body that is running may still store what it was about to.
    waitForPrograms: () => void native().call('membarrier', MEMBARRIER_CMD_GLOBAL, 0, 0),
    allowOpenFiles,
    waitWritable: (fd, timeoutMs) => native().pollWritable(fd, timeoutMs),
  };
}

function watchProcess(pid: number): ProcessWatch {
  const descriptor = native().call('pidfdOpen', pid, 0);
  if (descriptor >= 0) return watchDescriptor(descriptor);
  if (descriptor === -ENOSYS && isAlive(pid)) return pollProcess(pid);
  const errno = descriptor === -ENOSYS ? ESRCH : -descriptor;
  throw new RuntimeFailure(`cannot follow process ${pid}: ${native().errorText(errno)}`, {
    errno,
    hint: errno === ESRCH ? 'the process has ended, or never was; `ps` lists those there are' : undefined,
  });
}

/** A pidfd is readable from the end of the process on. */
function watchDescriptor(descriptor: number): ProcessWatch {
  const waiting = new DescriptorWait(descriptor);
  let closed = false;
  const ended = new Promise<void>((resolve) => {
    const again = async (): Promise<void> => {
      while (!closed) {
        if (await waiting.wait(WAIT_MS)) return resolve();
      }
    };
    void again();
  });
  return {
    ended,
    close: () => {
      if (closed) return;
      closed = true;
      waiting.close();
      native().close(descriptor);
    },
  };
}

function pollProcess(pid: number): ProcessWatch {
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<void>((resolve) => {
    timer = setInterval(() => {
      if (isAlive(pid)) return;
      clearInterval(timer);
      resolve();
    }, POLL_MS);
  });
  return { ended, close: () => clearInterval(timer) };
}

function isAlive(pid: number): boolean {
  return native().call('kill', pid, 0) !== -ESRCH;
}

function allowOpenFiles(count: number): void {
  const limits = native().allocate(16);
  const read = native().call('prlimit', 0, RLIMIT_NOFILE, 0, limits.address);
  const wanted = BigInt(count + 200);
  if (read >= 0 && limits.view.getBigUint64(0, true) < wanted) {
    const hard = limits.view.getBigUint64(8, true);
    limits.view.setBigUint64(0, wanted, true);
    limits.view.setBigUint64(8, hard > wanted ? hard : wanted, true);
    // When it is refused opening will fail with EMFILE, which has its own message.
    native().call('prlimit', 0, RLIMIT_NOFILE, limits.address, 0);
  }
  limits.free();
}
