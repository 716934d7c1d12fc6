/**
 * union bpf_attr of linux/bpf.h, the commands we give ourselves. Each function writes its part at the start of a
 * zeroed view and returns the size to pass: as small as possible, for old kernels refuse non-zero bytes they do not
 * know.
 */
import type { ProgramType } from '../../src/world/features.ts';

export const command = {
  mapCreate: 0,
  progLoad: 5,
  objPin: 6,
  progTestRun: 10,
  progGetNextId: 11,
  progGetFdById: 13,
  objGetInfoByFd: 15,
  rawTracepointOpen: 17,
  btfGetFdById: 19,
  linkCreate: 28,
  enableStats: 32,
  iterCreate: 33,
} as const;

/** enum bpf_prog_type, by the names of features.ts. */
export const programType: { readonly [Type in ProgramType]: number } = {
  kprobe: 2,
  tracepoint: 5,
  xdp: 6,
  perf_event: 7,
  raw_tracepoint: 17,
  tracing: 26,
};

/** enum bpf_attach_type */
export const attachType = { fentry: 24, iterator: 28 } as const;

const BPF_PERF_EVENT = 41;

/** enum bpf_attach_type: how a kprobe program is loaded that one link attaches to many functions. */
export const kprobeAttachType = { multi: 42, session: 56 } as const;

/** BPF_F_KPROBE_MULTI_RETURN */
const AT_RETURN = 1;

const BPF_MAP_TYPE_HASH = 1;

/** A hash map with one entry of 8 bytes. */
export function writeHashCreate(view: DataView, keySize: number): number {
  view.setUint32(0, BPF_MAP_TYPE_HASH, true); // map_type
  view.setUint32(4, keySize, true); // key_size
  view.setUint32(8, 8, true); // value_size
  view.setUint32(12, 1, true); // max_entries
  return 20;
}

export function writeProgTestRun(view: DataView, program: number): number {
  view.setUint32(0, program, true); // test.prog_fd; test.retval is written by the kernel at 4
  return 80;
}

/** With a packet to work on. */
export function writeRepeatedRun(view: DataView, program: number, packet: bigint, times: number): number {
  view.setUint32(0, program, true); // test.prog_fd
  view.setUint32(8, PACKET_SIZE, true); // test.data_size_in
  view.setBigUint64(16, packet, true); // test.data_in
  view.setUint32(32, times, true); // test.repeat
  return 80;
}

/** An Ethernet header, the smallest packet that XDP takes. */
const PACKET_SIZE = 14;

/** The kernel writes the number of the next program, by ascending number, behind `after`. */
/** The commands that take a number and give a descriptor, or the next number. */
export function writeIdRequest(view: DataView, id: number): number {
  view.setUint32(0, id, true);
  return 12;
}

export function writeProgGetNextId(view: DataView, after: number): number {
  view.setUint32(0, after, true);
  return 12;
}

export function nextIdResult(view: DataView): number {
  return view.getUint32(4, true);
}

export function testRunResult(view: DataView): number {
  return view.getUint32(4, true);
}

/** Nanoseconds of one run. */
export function testRunDuration(view: DataView): number {
  return view.getUint32(36, true);
}

export function writeRawTracepointOpen(
  view: DataView,
  name: bigint,
  program: number,
  cookie: bigint | undefined,
): number {
  view.setBigUint64(0, name, true); // raw_tracepoint.name
  view.setUint32(8, program, true); // raw_tracepoint.prog_fd
  if (cookie === undefined) return 16;
  view.setBigUint64(16, cookie, true); // raw_tracepoint.cookie, 6.10
  return 24;
}

export function writePerfLinkCreate(
  view: DataView,
  program: number,
  perfEvent: number,
  cookie: bigint | undefined,
): number {
  view.setUint32(0, program, true); // link_create.prog_fd
  view.setUint32(4, perfEvent, true); // link_create.target_fd
  view.setUint32(8, BPF_PERF_EVENT, true); // link_create.attach_type
  view.setBigUint64(16, cookie ?? 0n, true); // link_create.perf_event.bpf_cookie
  return 24;
}

/** `info`: address of a union bpf_iter_link_info, 0 for an iterator over everything. */
export function writeIteratorLinkCreate(view: DataView, program: number, info: bigint): number {
  view.setUint32(0, program, true); // link_create.prog_fd
  view.setUint32(8, attachType.iterator, true); // link_create.attach_type
  if (info === 0n) return 16;
  view.setBigUint64(16, info, true); // link_create.iter_info
  view.setUint32(24, ITERATOR_INFO_SIZE, true); // link_create.iter_info_len
  return 28;
}

/** union bpf_iter_link_info: `task` {u32 tid, pid, pid_fd}, `cgroup` {u32 order, fd; u64 id}; 6.1 and newer know these. */
export const ITERATOR_INFO_SIZE = 16;

export function writeIteratorTask(view: DataView, offset: number, pid: number): void {
  view.setUint32(offset + 4, pid, true); // task.pid
}

/** From the root on, parents before their children. */
export function writeIteratorCgroups(view: DataView, offset: number): void {
  view.setUint32(offset, BPF_CGROUP_ITER_DESCENDANTS_PRE, true); // cgroup.order
}

const BPF_CGROUP_ITER_DESCENDANTS_PRE = 2;

export function writeIteratorCreate(view: DataView, link: number): number {
  view.setUint32(0, link, true); // iter_create.link_fd
  return 8;
}

export function writePin(view: DataView, path: bigint, descriptor: number): number {
  view.setBigUint64(0, path, true); // pathname
  view.setUint32(8, descriptor, true); // bpf_fd
  return 12;
}

export interface KprobeMultiLink {
  readonly attachType: number;
  readonly atReturn: boolean;
  readonly count: number;
  /** Array of pointers to names; 0 when `addresses` is given. */
  readonly symbols: bigint;
  /** Array of the addresses themselves; 0 when `symbols` is given. */
  readonly addresses: bigint;
  /** Array of 64-bit cookies, or 0. */
  readonly cookies: bigint;
}

export function writeKprobeMultiLinkCreate(view: DataView, program: number, link: KprobeMultiLink): number {
  view.setUint32(0, program, true); // link_create.prog_fd
  view.setUint32(8, link.attachType, true); // link_create.attach_type
  view.setUint32(16, link.atReturn ? AT_RETURN : 0, true); // link_create.kprobe_multi.flags
  view.setUint32(20, link.count, true); // link_create.kprobe_multi.cnt
  view.setBigUint64(24, link.symbols, true); // link_create.kprobe_multi.syms
  view.setBigUint64(32, link.addresses, true); // link_create.kprobe_multi.addrs
  view.setBigUint64(40, link.cookies, true); // link_create.kprobe_multi.cookies
  return 48;
}

export interface ProgLoad {
  readonly type: number;
  readonly instructions: bigint;
  readonly instructionCount: number;
  readonly license: bigint;
  /** enum bpf_attach_type, for types that have several. */
  readonly expectedAttachType?: number;
  /** The function that a tracing program is for: of a BPF program, or of the kernel when `program` is 0. */
  readonly attachTo?: { readonly program: number; readonly btfId: number };
  /** The verifier's words, NUL-terminated. */
  readonly log: bigint;
  readonly logSize: number;
}

export function writeProgLoad(view: DataView, program: ProgLoad): number {
  view.setUint32(0, program.type, true); // prog_type
  view.setUint32(4, program.instructionCount, true); // insn_cnt
  view.setBigUint64(8, program.instructions, true); // insns
  view.setBigUint64(16, program.license, true); // license
  view.setUint32(24, program.log === 0n ? 0 : 1, true); // log_level
  view.setUint32(28, program.logSize, true); // log_size
  view.setBigUint64(32, program.log, true); // log_buf
  view.setUint32(68, program.expectedAttachType ?? 0, true); // expected_attach_type
  if (program.attachTo === undefined) return 72;
  view.setUint32(108, program.attachTo.btfId, true); // attach_btf_id
  view.setUint32(112, program.attachTo.program, true); // attach_prog_fd
  return 116;
}
