/**
 * What we ask of the kernel without libbpf: test runs, links, perf events. Doing it ourselves keeps one code path for
 * every libbpf version and lets a link be a single descriptor. Results below zero are -errno.
 */
import {
  command,
  type ProgLoad,
  testRunResult,
  writePerfLinkCreate,
  writeProgLoad,
  writeProgTestRun,
  writeRawTracepointOpen,
} from './bpf-attr.ts';
import { type NativeMemory, native } from './native.ts';
import { type PerfEvent, writePerfEventAttr } from './perf-event-attr.ts';

const PERF_FLAG_FD_CLOEXEC = 8;
const PERF_EVENT_IOC_ENABLE = 0x2400;
const PERF_EVENT_IOC_DISABLE = 0x2401;
const PERF_EVENT_IOC_SET_BPF = 0x4004_2408;

const ATTR_ROOM = 256;
const NAME_ROOM = 256;

let area: NativeMemory | undefined;

/** One page, zeroed where the attributes go: attributes at 0, a name at ATTR_ROOM. */
function scratch(): NativeMemory {
  area ??= native().allocate(4096);
  area.bytes.fill(0, 0, ATTR_ROOM);
  return area;
}

function bpf(number: number, memory: NativeMemory, size: number): number {
  return native().call('bpf', number, memory.address, size);
}

/** Returns the program's return value, or -errno. */
export function testRun(program: number): { readonly errno: number; readonly result: number } {
  const memory = scratch();
  const status = bpf(command.progTestRun, memory, writeProgTestRun(memory.view, program));
  return status < 0 ? { errno: -status, result: 0 } : { errno: 0, result: testRunResult(memory.view) };
}

export function openRawTracepoint(name: string, program: number, cookie: bigint | undefined): number {
  const memory = scratch();
  if (name.length >= NAME_ROOM) return -22;
  for (let i = 0; i < name.length; i++) memory.bytes[ATTR_ROOM + i] = name.charCodeAt(i);
  memory.bytes[ATTR_ROOM + name.length] = 0;
  const size = writeRawTracepointOpen(memory.view, memory.address + BigInt(ATTR_ROOM), program, cookie);
  return bpf(command.rawTracepointOpen, memory, size);
}

export function loadProgram(program: ProgLoad): number {
  const memory = scratch();
  return bpf(command.progLoad, memory, writeProgLoad(memory.view, program));
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
