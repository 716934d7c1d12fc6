/**
 * What we ask of the kernel without libbpf: test runs, links, perf events. Doing it ourselves keeps one code path for
 * every libbpf version and lets a link be a single descriptor. Results below zero are -errno.
 */
import {
  command,
  ITERATOR_INFO_SIZE,
  type KprobeMultiLink,
  nextIdResult,
  type ProgLoad,
  testRunDuration,
  testRunResult,
  writeHashCreate,
  writeIdRequest,
  writeIteratorCgroups,
  writeIteratorCreate,
  writeIteratorLinkCreate,
  writeIteratorTask,
  writeKprobeMultiLinkCreate,
  writePerfLinkCreate,
  writePin,
  writeProgGetNextId,
  writeProgLoad,
  writeProgTestRun,
  writeRawTracepointOpen,
  writeRepeatedRun,
} from './bpf-attr.ts';
import { type NativeMemory, native } from './native.ts';
import { type PerfEvent, writePerfEventAttr } from './perf-event-attr.ts';

const PERF_FLAG_FD_CLOEXEC = 8;
const PERF_EVENT_IOC_ENABLE = 0x2400;
const PERF_EVENT_IOC_DISABLE = 0x2401;
const PERF_EVENT_IOC_SET_BPF = 0x4004_2408;

/** How the page of `scratch()` is used: attributes at 0, a packet that stays zero, a name. */
const ATTR_ROOM = 256;
const PACKET_AT = 256;
const NAME_AT = 512;
const NAME_ROOM = 512;
const ENAMETOOLONG = 36;
const EPERM = 1;
const RLIMIT_MEMLOCK = 8;

let area: NativeMemory | undefined;

/** One page, zeroed where the attributes go. */
function scratch(): NativeMemory {
  area ??= native().allocate(4096);
  area.bytes.fill(0, 0, ATTR_ROOM);
  return area;
}

function bpf(number: number, memory: NativeMemory, size: number): number {
  return native().call('bpf', number, memory.address, size);
}

let lockedMemoryAllowed = false;

/**
 * Makes a map or a program. Before 5.11 these count as locked memory of the user and exceeding RLIMIT_MEMLOCK (often
 * 64 KB) reads as EPERM. The limit is lifted only then: a program started with `-c` inherits it. libbpf does it too, but
 * only when it loads an object, which is after our questions.
 */
function create(number: number, memory: NativeMemory, size: number): number {
  const result = bpf(number, memory, size);
  if (result !== -EPERM || lockedMemoryAllowed) return result;
  lockedMemoryAllowed = true;
  const limit = native().allocate(16);
  limit.bytes.fill(0xff, 0, 16); // RLIM_INFINITY, soft and hard
  const lifted = native().call('prlimit', 0, RLIMIT_MEMLOCK, limit.address, 0);
  limit.free();
  return lifted < 0 ? result : bpf(number, memory, size);
}

/** Returns the program's return value, or -errno. */
export function testRun(program: number): { readonly errno: number; readonly result: number } {
  const memory = scratch();
  const status = bpf(command.progTestRun, memory, writeProgTestRun(memory.view, program));
  return status < 0 ? { errno: -status, result: 0 } : { errno: 0, result: testRunResult(memory.view) };
}

/** Runs an XDP program on a packet of zeros. */
export function repeatedRun(
  program: number,
  times: number,
): { readonly errno: number; readonly result: number; readonly averageNs: number } {
  const memory = scratch();
  const packet = memory.address + BigInt(PACKET_AT);
  const status = bpf(command.progTestRun, memory, writeRepeatedRun(memory.view, program, packet, times));
  if (status < 0) return { errno: -status, result: 0, averageNs: 0 };
  return { errno: 0, result: testRunResult(memory.view), averageNs: testRunDuration(memory.view) };
}

/** What an iterator is restricted to, or has to be told: objects of one process, all cgroups. */
export type IteratorInfo = { readonly over: 'tasks'; readonly pid: number | undefined } | { readonly over: 'cgroups' };

export function openIteratorLink(program: number, about: IteratorInfo): number {
  const memory = scratch();
  memory.bytes.fill(0, NAME_AT, NAME_AT + ITERATOR_INFO_SIZE);
  if (about.over === 'cgroups') writeIteratorCgroups(memory.view, NAME_AT);
  else if (about.pid !== undefined) writeIteratorTask(memory.view, NAME_AT, about.pid);
  const isPlain = about.over === 'tasks' && about.pid === undefined;
  const info = isPlain ? 0n : memory.address + BigInt(NAME_AT);
  return bpf(command.linkCreate, memory, writeIteratorLinkCreate(memory.view, program, info));
}

/** A file that reads like the output of the iterator. */
export function openIterator(link: number): number {
  const memory = scratch();
  return bpf(command.iterCreate, memory, writeIteratorCreate(memory.view, link));
}

/** Gives a BPF object a name in the BPF file system. */
export function pin(path: string, descriptor: number): number {
  const memory = scratch();
  if (!writeName(memory, path)) return -ENAMETOOLONG;
  return bpf(command.objPin, memory, writePin(memory.view, memory.address + BigInt(NAME_AT), descriptor));
}

function writeName(memory: NativeMemory, name: string): boolean {
  if (name.length >= NAME_ROOM) return false;
  for (let i = 0; i < name.length; i++) memory.bytes[NAME_AT + i] = name.charCodeAt(i);
  memory.bytes[NAME_AT + name.length] = 0;
  return true;
}

/** Number of the newest BPF program of the system, at least `known`; they are counted up and never used twice. */
export function newestProgram(known: number): number {
  let newest = known;
  for (;;) {
    const memory = scratch();
    if (bpf(command.progGetNextId, memory, writeProgGetNextId(memory.view, newest)) < 0) return newest;
    newest = nextIdResult(memory.view);
  }
}

/** A descriptor of a loaded BPF program, or -errno. */
export function programById(id: number): number {
  const memory = scratch();
  return bpf(command.progGetFdById, memory, writeIdRequest(memory.view, id));
}

export function openRawTracepoint(name: string, program: number, cookie: bigint | undefined): number {
  const memory = scratch();
  if (!writeName(memory, name)) return -22;
  const size = writeRawTracepointOpen(memory.view, memory.address + BigInt(NAME_AT), program, cookie);
  return bpf(command.rawTracepointOpen, memory, size);
}

/** Attaches a tracing program to the function that it was loaded for. */
export function openTracing(program: number): number {
  const memory = scratch();
  return bpf(command.rawTracepointOpen, memory, writeRawTracepointOpen(memory.view, 0n, program, undefined));
}

export function createHash(keySize: number): number {
  const memory = scratch();
  return create(command.mapCreate, memory, writeHashCreate(memory.view, keySize));
}

export function loadProgram(program: ProgLoad): number {
  const memory = scratch();
  return create(command.progLoad, memory, writeProgLoad(memory.view, program));
}

/** Attaches the program to all functions of the link at once. */
export function openKprobeMulti(program: number, link: KprobeMultiLink): number {
  const memory = scratch();
  return bpf(command.linkCreate, memory, writeKprobeMultiLinkCreate(memory.view, program, link));
}

/** `pid` -1: every process. The event is created disabled. */
export function openPerfEvent(event: PerfEvent, pid: number, cpu: number): number {
  const memory = scratch();
  writePerfEventAttr(memory.view, event);
  return native().call('perfEventOpen', memory.address, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

/**
 * Connects a program with a perf event and enables the event. Since 5.15 by a link, which owns the event: the
 * descriptor of the event is closed and the link's is returned. Before that the program is set on the event itself,
 * whose descriptor is returned. On failure the event is closed.
 */
export function attachPerfEvent(event: number, program: number, cookie: bigint | undefined): number {
  const memory = scratch();
  const link = bpf(command.linkCreate, memory, writePerfLinkCreate(memory.view, program, event, cookie));
  const failed = (code: number): number => {
    if (link >= 0) native().close(link);
    native().close(event);
    return code;
  };
  if (link < 0) {
    // Kernels without perf links say EINVAL; a cookie cannot travel the old way.
    if (link !== -22 || cookie !== undefined) return failed(link);
    const status = native().ioctl(event, PERF_EVENT_IOC_SET_BPF, program);
    if (status < 0) return failed(status);
  }
  const enabled = native().ioctl(event, PERF_EVENT_IOC_ENABLE, 0);
  if (enabled < 0) return failed(enabled);
  if (link < 0) return event;
  native().close(event);
  return link;
}

/** For events without a link: stops it before its descriptor is closed. Harmless on a link (ENOTTY). */
export function disablePerfEvent(descriptor: number): void {
  native().ioctl(descriptor, PERF_EVENT_IOC_DISABLE, 0);
}
