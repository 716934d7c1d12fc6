/**
 * Watchpoints: a perf event that is a debug register, one on each CPU for all processes (and for the kernel), or one for
 * each thread of the process of -p and -c. Threads and processes started later inherit it.
 */
import type { AttachSpec } from '../../src/program/attach-spec.ts';
import type { HostFiles } from '../../src/world/host-files.ts';
import { type AttachOptions, RuntimeFailure } from '../bpf.ts';
import { openPerfEvent } from './bpf-syscalls.ts';
import { PERF_TYPE_BREAKPOINT, type PerfEvent } from './perf-event-attr.ts';

/** HW_BREAKPOINT_* of include/uapi/linux/hw_breakpoint.h. */
const access: { readonly [letter: string]: number } = { r: 1, w: 2, x: 4 };

/** Length that executing wants: sizeof(long). */
const EXECUTE_LENGTH = 8;

const EINVAL = 22;

export interface BreakpointOpener {
  /** A descriptor of the perf event, or -errno. */
  readonly open: () => number;
  /** `CPU 3`, `thread 123`. */
  readonly where: string;
}

export function breakpointOpeners(
  spec: Extract<AttachSpec, { kind: 'breakpoint' }>,
  { pid, onlineCpus }: AttachOptions,
  files: HostFiles,
): readonly BreakpointOpener[] {
  const event: PerfEvent = {
    type: PERF_TYPE_BREAKPOINT,
    config: 0n,
    every: { by: 'period', period: 1n },
    inherit: true,
    breakpointType: [...spec.access].reduce((bits, letter) => bits | (access[letter] ?? 0), 0),
    config1: spec.address,
    config2: BigInt(spec.access === 'x' ? EXECUTE_LENGTH : spec.length),
  };
  if (crossesWord(spec)) return [{ open: () => -EINVAL, where: 'all CPUs' }];
  if (pid === undefined) {
    return onlineCpus.map((cpu) => ({ open: () => openPerfEvent(event, -1, cpu), where: `CPU ${cpu}` }));
  }
  const threads = files.list(`/proc/${pid}/task`)?.map(Number) ?? [pid];
  return threads.map((thread) => ({ open: () => openPerfEvent(event, thread, -1), where: `thread ${thread}` }));
}

/**
 * No debug register watches across such a border. x86 refuses; arm64 would watch the bytes in front of it and leave out
 * the rest without a word.
 */
function crossesWord({ address, length, access }: Extract<AttachSpec, { kind: 'breakpoint' }>): boolean {
  return access !== 'x' && Number(address % 8n) + length > 8;
}

/** What an errno means for a debug register. */
const reasons: { readonly [errno: number]: { readonly reason: string; readonly hint?: string } } = {
  [EINVAL]: {
    reason: 'the processor cannot watch this address with this length',
    hint: 'the address has to be a multiple of the length',
  },
  28: {
    reason: 'all debug registers of the processor are in use',
    hint: 'there are 4 of them on most machines: watch fewer addresses, or end other tracers and debuggers',
  },
};

/** `words` are those of the system for `errno`. */
export function breakpointFailure(probe: string, where: string, errno: number, words: string): RuntimeFailure {
  const known = reasons[errno];
  return new RuntimeFailure(`cannot attach ${probe} on ${where}: ${known?.reason ?? words}`, {
    errno,
    hint: known?.hint,
  });
}
