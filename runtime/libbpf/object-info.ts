/**
 * What the kernel counts about programs and links (BPF_OBJ_GET_INFO_BY_FD), for the trust report. Kernels fill as much of
 * the structs of linux/bpf.h as they know: what lies behind that is not known, which is not the same as zero.
 */
import type { ProgramCounts } from '../bpf.ts';
import { command } from './bpf-attr.ts';
import { type NativeMemory, native } from './native.ts';

const ATTR_SIZE = 16;
/** Where the kernel writes to in the scratch page, and for how much we have room. */
const INFO_AT = 64;
const INFO_ROOM = 512;

let area: NativeMemory | undefined;

/** Run time and runs are counted only while statistics are on (enableStatistics). */
export function programCounts(program: number): ProgramCounts {
  const info = infoOf(program);
  return {
    runTime: member(info, 192) ?? 0n, // bpf_prog_info.run_time_ns, 5.1
    runs: member(info, 200) ?? 0n, // bpf_prog_info.run_cnt
    recursionMisses: member(info, 208), // bpf_prog_info.recursion_misses, 5.12
  };
}

/** enum bpf_link_type */
const PERF_EVENT_LINK = 7;
const KPROBE_MULTI_LINK = 8;
/** enum bpf_perf_event_type */
const KPROBE_EVENT = 3;
const KRETPROBE_EVENT = 4;
const TRACEPOINT_EVENT = 5;
/** bpf_link_info.perf_event.kprobe.missed: kernels that have it (6.7) count for tracepoints, too (trace_call_bpf()). */
const KPROBE_MISSED = 48;

/**
 * Events that the link's program did not see, beside those of the program's recursionMisses. Undefined where events can be
 * lost and are not counted: perf events before 6.7, those of timers, software and hardware on any kernel (bpf_overflow_handler()).
 */
export function missedBy(link: number): bigint | undefined {
  const info = infoOf(link);
  // Without links (before 5.15) it is a perf event.
  if (info === undefined || info.byteLength < 24) return undefined;
  const kind = info.getUint32(0, true); // bpf_link_info.type
  if (kind === KPROBE_MULTI_LINK) return member(info, 32); // bpf_link_info.kprobe_multi.missed
  if (kind !== PERF_EVENT_LINK) return 0n;
  const missed = member(info, KPROBE_MISSED);
  const event = info.getUint32(16, true); // bpf_link_info.perf_event.type
  if (event === KPROBE_EVENT || event === KRETPROBE_EVENT) return missed;
  return event === TRACEPOINT_EVENT && missed !== undefined ? 0n : undefined;
}

/** The kernel counts runs and run time of all BPF programs until the descriptor is closed (5.8); -errno. */
export function enableStatistics(): number {
  const memory = scratch();
  memory.view.setUint32(0, 0, true); // enable_stats.type: BPF_STATS_RUN_TIME
  return native().call('bpf', command.enableStats, memory.address, 4);
}

/** As long as what the kernel wrote; undefined when the descriptor is no object of BPF. */
function infoOf(descriptor: number): DataView | undefined {
  const memory = scratch();
  memory.view.setUint32(0, descriptor, true); // info.bpf_fd
  memory.view.setUint32(4, INFO_ROOM, true); // info.info_len
  memory.view.setBigUint64(8, memory.address + BigInt(INFO_AT), true); // info.info
  if (native().call('bpf', command.objGetInfoByFd, memory.address, ATTR_SIZE) < 0) return undefined;
  const length = Math.min(memory.view.getUint32(4, true), INFO_ROOM);
  return new DataView(memory.view.buffer, memory.view.byteOffset + INFO_AT, length);
}

function member(info: DataView | undefined, offset: number): bigint | undefined {
  return info === undefined || info.byteLength < offset + 8 ? undefined : info.getBigUint64(offset, true);
}

function scratch(): NativeMemory {
  area ??= native().allocate(INFO_AT + INFO_ROOM);
  area.bytes.fill(0);
  return area;
}
