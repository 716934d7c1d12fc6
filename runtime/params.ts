/**
 * The bytes of `struct eb_params` and `struct eb_control` in bpf-helpers/ebtrace.h, and of nothing else: what user
 * space and programs tell each other. The sizes are asserted there and checked when the object is loaded.
 */
import type { HostFiles } from '../src/world/host-files.ts';

export interface Params {
  readonly pidNamespace: PidNamespace;
  /** Child of -c, 0 without. */
  readonly childPid: number;
  /** Process of -p, 0 without. */
  readonly filterPid: number;
  readonly possibleCpus: number;
}

export interface PidNamespace {
  /** As the kernel numbers devices inside, which bpf_get_ns_current_pid_tgid() wants. */
  readonly device: bigint;
  readonly inode: bigint;
}

export function paramsBytes(params: Params): Uint8Array {
  const bytes = new Uint8Array(40);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, params.pidNamespace.device, true); // pidns_dev
  view.setBigUint64(8, params.pidNamespace.inode, true); // pidns_inode
  view.setUint32(16, params.childPid, true); // cpid
  view.setUint32(20, params.filterPid, true); // filter_pid
  view.setUint32(24, params.possibleCpus, true); // ncpus
  return bytes;
}

/** Our own PID namespace; zeros when /proc is not there. */
export function pidNamespace(files: HostFiles): PidNamespace {
  const stat = files.stat('/proc/self/ns/pid');
  return stat === undefined ? { device: 0n, inode: 0n } : { device: kernelDevice(stat.device), inode: stat.inode };
}

/** From the form of stat(2), minor split around major, to the kernel's (MKDEV in include/linux/kdev_t.h). */
export function kernelDevice(device: bigint): bigint {
  const major = (device >> 8n) & 0xfffn;
  const minor = (device & 0xffn) | ((device >> 12n) & 0xfff00n);
  return (major << 20n) | minor;
}

/** `struct eb_control`, in memory that is shared with the programs. */
export interface Control {
  /** `bootClock`: nanoseconds, what `elapsed` counts from. Before any body runs. */
  start(bootClock: bigint): void;
  /** No body runs from now on. */
  stop(): void;
  /** Whether the script called exit(), and with which status. */
  exitStatus(): number | undefined;
  /** Forgets that exit() was called. */
  clearExit(): void;
  /** True: user space reads the ring anyway, finished records need not wake it. */
  setBusy(busy: boolean): void;
}

/** Words of the struct. */
const STOP = 0;
const EXIT_REQUESTED = 1;
const EXIT_CODE = 2;
const BUSY = 3;
/** The lower half of a 64-bit number. */
const START = 4;
const WORDS = 6;
const BPF_RB_NO_WAKEUP = 1;

/** Each side writes its own words only, so nothing that the other one writes meanwhile is lost. */
export function controlOf(words: Uint32Array): Control {
  if (words.length !== WORDS) throw new Error(`the control section has ${words.length} words`);
  return {
    start: (bootClock) => {
      words[START] = Number(bootClock & 0xffffffffn);
      words[START + 1] = Number(bootClock >> 32n);
    },
    stop: () => void Atomics.store(words, STOP, 1),
    exitStatus: () => (Atomics.load(words, EXIT_REQUESTED) === 0 ? undefined : Atomics.load(words, EXIT_CODE)),
    clearExit: () => {
      Atomics.store(words, EXIT_REQUESTED, 0);
      Atomics.store(words, EXIT_CODE, 0);
    },
    setBusy: (busy) => void Atomics.store(words, BUSY, busy ? BPF_RB_NO_WAKEUP : 0),
  };
}
