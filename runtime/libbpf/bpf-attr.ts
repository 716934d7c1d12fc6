/**
 * union bpf_attr of linux/bpf.h, the commands we give ourselves. Each function writes its part at the start of a
 * zeroed view and returns the size to pass: as small as possible, for old kernels refuse non-zero bytes they do not
 * know.
 */
export const command = {
  progLoad: 5,
  progTestRun: 10,
  rawTracepointOpen: 17,
  linkCreate: 28,
} as const;

/** enum bpf_prog_type. */
export const programType = { tracepoint: 5, rawTracepoint: 17 } as const;

const BPF_PERF_EVENT = 41; // enum bpf_attach_type

export function writeProgTestRun(view: DataView, program: number): number {
  view.setUint32(0, program, true); // test.prog_fd; test.retval is written by the kernel at 4
  return 80;
}

export function testRunResult(view: DataView): number {
  return view.getUint32(4, true);
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

export interface ProgLoad {
  readonly type: number;
  readonly instructions: bigint;
  readonly instructionCount: number;
  readonly license: bigint;
  /** The verifier's words, NUL-terminated. */
  readonly log: bigint;
  readonly logSize: number;
}

export function writeProgLoad(view: DataView, program: ProgLoad): number {
  view.setUint32(0, program.type, true); // prog_type
  view.setUint32(4, program.instructionCount, true); // insn_cnt
  view.setBigUint64(8, program.instructions, true); // insns
  view.setBigUint64(16, program.license, true); // license
  view.setUint32(24, 1, true); // log_level
  view.setUint32(28, program.logSize, true); // log_size
  view.setBigUint64(32, program.log, true); // log_buf
  return 72;
}
