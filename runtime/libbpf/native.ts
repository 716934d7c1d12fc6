/**
 * The C library as koffi sees it, system calls included, and memory that C may keep pointers to. Addresses are bigint
 * and never leave this folder. Memory handed to the kernel through structures is always mapped here: the address of
 * a JavaScript typed array cannot be had safely (koffi.address() on one corrupts the heap, tried with 3.3.4).
 */
import koffi from 'koffi';
import { RuntimeFailure } from '../bpf.ts';

/** System-call numbers from asm/unistd.h; those from 424 on are the same everywhere. */
const systemCalls = {
  x64: { bpf: 321, perfEventOpen: 298, prlimit: 302, kill: 62, membarrier: 324 },
  arm64: { bpf: 280, perfEventOpen: 241, prlimit: 261, kill: 129, membarrier: 283 },
} as const;

const sharedSystemCalls = { fsopen: 430, fsconfig: 431, fsmount: 432, pidfdOpen: 434 } as const;

export type SystemCall = keyof typeof systemCalls.x64 | keyof typeof sharedSystemCalls;

/** bits/mman-linux.h, bits/resource.h, sys/epoll.h, linux/perf_event.h: values that are the same on both machines. */
const PROT_READ = 1;
const PROT_WRITE = 2;
const MAP_SHARED = 1;
const MAP_PRIVATE = 2;
const MAP_ANONYMOUS = 0x20;
const MAP_FAILED = 0xffff_ffff_ffff_ffffn;
const SC_PAGESIZE = 30;

/** More than anyone here waits for. */
export const EPOLL_EVENTS = 4;

/** Memory outside the JavaScript heap. Nothing may touch `bytes` or `view` after `free()`. */
export interface NativeMemory {
  readonly address: bigint;
  readonly buffer: ArrayBuffer;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  free(): void;
}

/** The C library of this process. Results below zero are negative errno values. */
export interface Native {
  readonly pageSize: number;
  /** `syscall(2)`; a negative result is -errno. */
  call(name: SystemCall, ...args: readonly (number | bigint)[]): number;
  allocate(size: number): NativeMemory;
  /** A NUL-terminated copy of a byte string. */
  allocateText(text: string): NativeMemory;
  /** Shared mapping of a file descriptor. Throws RuntimeFailure. */
  map(fd: number, size: number, offset: number, access: 'read' | 'read-write'): NativeMemory;
  ioctl(fd: number, request: number, argument: number): number;
  /** Memory that belongs to C, for immediate use. */
  viewAt(address: bigint, size: number): Uint8Array;
  close(fd: number): void;
  epollCreate(): number;
  epollAdd(epoll: number, fd: number): number;
  /**
   * Waits on a thread of the pool for at most `EPOLL_EVENTS` descriptors. `events` must stay until `done` was called
   * with those that are ready.
   */
  epollWait(epoll: number, events: NativeMemory, timeoutMs: number, done: (ready: readonly number[]) => void): void;
  /** poll(2) for POLLOUT: true when a write finds room, or will fail at once; false after `timeoutMs`. */
  pollWritable(fd: number, timeoutMs: number): boolean;
  eventFd(): number;
  /** Adds one to an event fd. */
  signalEventFd(fd: number): void;
  /** Resets an event fd to zero. */
  clearEventFd(fd: number): void;
  /** Nanoseconds of a clock of time.h: 0 wall clock, 1 monotonic, 7 boot time. */
  clock(id: number): bigint;
  /** strerror(3) for a positive errno. */
  errorText(errno: number): string;
  /** vsnprintf(3), for messages of C libraries. */
  format(format: bigint, args: bigint): string;
}

type Foreign = (...args: readonly (number | bigint | string | null | Uint8Array | BigInt64Array)[]) => number | bigint;

let instance: Native | undefined;

/** One per process: the functions behind it are the process's own. */
export function native(): Native {
  instance ??= openNative();
  return instance;
}

function openNative(): Native {
  const machine = process.arch;
  if (machine !== 'x64' && machine !== 'arm64') {
    throw new RuntimeFailure(`ebtrace runs on x86_64 and arm64, this machine is ${machine}`);
  }
  const numbers = { ...systemCalls[machine], ...sharedSystemCalls };
  const library = koffi.load(null);
  const declare = (name: string, result: string, args: string[]): Foreign => library.func(name, result, args);
  const errno = (): number => Number(koffi.errno());

  const syscall = declare('syscall', 'int64_t', Array(7).fill('int64_t'));
  const mmap = declare('mmap', 'void *', ['void *', 'size_t', 'int', 'int', 'int', 'int64_t']);
  const munmap = declare('munmap', 'int', ['void *', 'size_t']);
  const sysconf = declare('sysconf', 'int64_t', ['int']);
  const close = declare('close', 'int', ['int']);
  const write = declare('write', 'int64_t', ['int', 'void *', 'size_t']);
  const read = declare('read', 'int64_t', ['int', 'void *', 'size_t']);
  const eventfd = declare('eventfd', 'int', ['uint32_t', 'int']);
  const epollCreate = declare('epoll_create1', 'int', ['int']);
  const epollCtl = declare('epoll_ctl', 'int', ['int', 'int', 'int', 'void *']);
  const epollWait = library.func('epoll_wait', 'int', ['int', 'void *', 'int', 'int']);
  const poll = declare('poll', 'int', ['void *', 'uint64_t', 'int']);
  const ioctl = declare('ioctl', 'int', ['int', 'uint64_t', 'int64_t']);
  const clockGettime = declare('clock_gettime', 'int', ['int', 'void *']);
  const strerror = library.func('strerror', 'str', ['int']);
  const vsnprintf = declare('vsnprintf', 'int', ['void *', 'size_t', 'void *', 'void *']);

  // struct epoll_event {u32 events; u64 data} is packed on x86_64 only.
  const epollData = machine === 'x64' ? 4 : 8;
  const epollSize = epollData + 8;
  const pageSize = Number(sysconf(SC_PAGESIZE));
  const orErrno = (result: number | bigint): number => (Number(result) < 0 ? -errno() : Number(result));

  const mapping = (size: number, protection: number, flags: number, fd: number, offset: number): NativeMemory => {
    const length = Math.max(1, Math.ceil(size / pageSize)) * pageSize;
    const address = BigInt(mmap(null, length, protection, flags, fd, offset));
    if (address === MAP_FAILED) {
      const code = errno();
      throw new RuntimeFailure(`cannot map ${size} bytes of memory: ${String(strerror(code))}`, { errno: code });
    }
    const buffer = koffi.view(address, length);
    let mapped = true;
    return {
      address,
      buffer,
      bytes: new Uint8Array(buffer),
      view: new DataView(buffer),
      free: () => {
        if (mapped) munmap(address, length);
        mapped = false;
      },
    };
  };

  const allocate = (size: number): NativeMemory =>
    mapping(size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  /** 64-bit values that go in and out of C; large enough not to live in the moving heap. */
  const word = allocate(pageSize);

  return {
    pageSize,
    call: (name, ...args) => {
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = args;
      return orErrno(syscall(numbers[name], a, b, c, d, e, f));
    },
    allocate,
    allocateText: (text) => {
      const memory = allocate(text.length + 1);
      for (let i = 0; i < text.length; i++) memory.bytes[i] = text.charCodeAt(i);
      return memory;
    },
    map: (fd, size, offset, access) =>
      mapping(size, access === 'read' ? PROT_READ : PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset),
    ioctl: (fd, request, argument) => orErrno(ioctl(fd, request, argument)),
    viewAt: (address, size) => new Uint8Array(koffi.view(address, size)),
    close: (fd) => {
      close(fd);
    },
    epollCreate: () => orErrno(epollCreate(0x80000)),
    epollAdd: (epoll, fd) => {
      word.view.setUint32(0, 1, true); // EPOLLIN
      word.view.setBigUint64(epollData, BigInt(fd), true);
      return orErrno(epollCtl(epoll, 1, fd, word.address)); // EPOLL_CTL_ADD
    },
    epollWait: (epoll, events, timeoutMs, done) => {
      epollWait.async(epoll, events.address, EPOLL_EVENTS, timeoutMs, (_error: unknown, count: unknown) => {
        const ready = Math.max(0, Number(count));
        done(Array.from({ length: ready }, (_, i) => events.view.getInt32(i * epollSize + epollData, true)));
      });
    },
    pollWritable: (fd, timeoutMs) => {
      // struct pollfd {int fd; short events, revents}; 4 is POLLOUT.
      word.view.setInt32(0, fd, true);
      word.view.setUint32(4, 4, true);
      // An error is the write's to tell.
      return Number(poll(word.address, 1, timeoutMs)) !== 0;
    },
    eventFd: () => orErrno(eventfd(0, 0x80800)), // EFD_CLOEXEC | EFD_NONBLOCK
    signalEventFd: (fd) => {
      word.view.setBigUint64(0, 1n, true);
      write(fd, word.address, 8);
    },
    clearEventFd: (fd) => {
      read(fd, word.address, 8);
    },
    clock: (id) => {
      clockGettime(id, word.address);
      return word.view.getBigInt64(0, true) * 1_000_000_000n + word.view.getBigInt64(8, true);
    },
    errorText: (code) => String(strerror(code)),
    format: (format, args) => {
      const length = Number(vsnprintf(word.address, pageSize, format, args));
      return Buffer.from(word.buffer, 0, Math.max(0, Math.min(length, pageSize - 1))).toString('latin1');
    },
  };
}

/** Reads a NUL-terminated byte string out of native memory, at most `limit` bytes. */
export function textAt(bytes: Uint8Array, limit: number): string {
  const end = bytes.subarray(0, limit).indexOf(0);
  return Buffer.from(bytes.buffer, bytes.byteOffset, end < 0 ? limit : end).toString('latin1');
}
