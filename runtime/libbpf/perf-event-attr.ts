/**
 * struct perf_event_attr of linux/perf_event.h, the members we set. Offsets are those of the first 72 bytes
 * (PERF_ATTR_SIZE_VER1), which every kernel knows.
 */
import type { Sampling } from '../../src/program/attach-spec.ts';

export const PERF_TYPE_TRACEPOINT = 2;
export const PERF_TYPE_BREAKPOINT = 5;
const PERF_ATTR_SIZE = 72;

const bit = { disabled: 1n << 0n, inherit: 1n << 1n, freq: 1n << 10n } as const;

export interface PerfEvent {
  readonly type: number;
  readonly config: bigint;
  readonly every: Sampling;
  /** Two words more whose meaning depends on the type: name and offset of a kprobe, address and length of a breakpoint. */
  readonly config1?: bigint;
  readonly config2?: bigint;
  /** Of a breakpoint: bits of HW_BREAKPOINT_*. */
  readonly breakpointType?: number;
  /** Also count processes that the watched one starts later. */
  readonly inherit: boolean;
}

/** Writes the structure at the start of `view`; the event is created disabled. */
export function writePerfEventAttr(view: DataView, event: PerfEvent): void {
  for (let i = 0; i < PERF_ATTR_SIZE; i++) view.setUint8(i, 0);
  view.setUint32(0, event.type, true); // type
  view.setUint32(4, PERF_ATTR_SIZE, true); // size
  view.setBigUint64(8, event.config, true); // config
  view.setBigUint64(16, event.every.by === 'period' ? event.every.period : event.every.hertz, true); // sample_period, sample_freq
  view.setBigUint64(
    40,
    bit.disabled | (event.inherit ? bit.inherit : 0n) | (event.every.by === 'frequency' ? bit.freq : 0n),
    true,
  ); // flag bits
  view.setUint32(48, 1, true); // wakeup_events
  view.setUint32(52, event.breakpointType ?? 0, true); // bp_type
  view.setBigUint64(56, event.config1 ?? 0n, true); // config1, kprobe_func, bp_addr
  view.setBigUint64(64, event.config2 ?? 0n, true); // config2, probe_offset, kprobe_addr, bp_len
}
