/** Attaching kprobes: one perf event for a place in the kernel, or one link for many functions. */
import type { AttachSpec, KprobeTarget } from '../../src/program/attach-spec.ts';
import { type HostFiles, readText } from '../../src/world/host-files.ts';
import { RuntimeFailure } from '../bpf.ts';
import { kprobeAttachType } from './bpf-attr.ts';
import { attachPerfEvent, openKprobeMulti, openPerfEvent } from './bpf-syscalls.ts';
import { type NativeMemory, native } from './native.ts';

interface Attachable {
  readonly fd: number;
  readonly probe: string;
}

const source = '/sys/bus/event_source/devices/kprobe';

/** Returns a descriptor. Throws RuntimeFailure. */
export function attachKprobe(
  program: Attachable,
  target: KprobeTarget,
  at: 'entry' | 'return',
  files: HostFiles,
): number {
  const type = /^\d+/.exec(readText(files, `${source}/type`) ?? '')?.[0];
  if (type === undefined) throw failure(program, 19, 'this kernel has no kprobes');
  const returnBit = /config:(\d+)/.exec(readText(files, `${source}/format/retprobe`) ?? '')?.[1] ?? '0';
  const name = target.name === '' ? undefined : native().allocateText(target.name);
  try {
    const event = openPerfEvent(
      {
        type: Number(type),
        config: at === 'return' ? 1n << BigInt(returnBit) : 0n,
        every: { by: 'period', period: 1n },
        inherit: false,
        config1: name?.address ?? 0n,
        config2: target.offset,
      },
      -1,
      0,
    );
    return checked(event < 0 ? event : attachPerfEvent(event, program.fd, target.cookie), program);
  } finally {
    name?.free();
  }
}

/** Returns the descriptor of the link. Throws RuntimeFailure. */
export function attachKprobeMulti(program: Attachable, spec: AttachSpec & { readonly kind: 'kprobe-multi' }): number {
  const { targets, at } = spec;
  const memory: NativeMemory[] = [];
  const allocate = (bytes: number): NativeMemory => {
    const piece = native().allocate(bytes);
    memory.push(piece);
    return piece;
  };
  try {
    const names = allocate(targets.reduce((sum, { name }) => sum + name.length + 1, 0));
    const symbols = allocate(targets.length * 8);
    let used = 0;
    for (const [i, { name }] of targets.entries()) {
      symbols.view.setBigUint64(i * 8, names.address + BigInt(used), true);
      names.bytes.set(Buffer.from(`${name}\0`, 'latin1'), used);
      used += name.length + 1;
    }
    const cookies = targets.some(({ cookie }) => cookie !== undefined) ? allocate(targets.length * 8) : undefined;
    for (const [i, { cookie = 0n }] of targets.entries()) cookies?.view.setBigUint64(i * 8, cookie, true);
    const link = openKprobeMulti(program.fd, {
      attachType: at === 'both' ? kprobeAttachType.session : kprobeAttachType.multi,
      atReturn: at === 'return',
      count: targets.length,
      symbols: symbols.address,
      addresses: 0n,
      cookies: cookies?.address ?? 0n,
    });
    return checked(link, program);
  } finally {
    for (const piece of memory) piece.free();
  }
}

function checked(descriptor: number, program: Attachable): number {
  if (descriptor >= 0) return descriptor;
  const errno = -descriptor;
  throw failure(program, errno, reasons[errno] ?? native().errorText(errno));
}

/** What the kernel means by an errno here; the system's own words are about other things. */
const reasons: { readonly [errno: number]: string } = {
  2: 'the kernel has no such function',
  3: 'the kernel does not know one of these functions',
  16: 'the place is used by something else that changes the code of the kernel',
  22: 'the kernel does not allow a probe there',
  84: 'the offset is in the middle of an instruction',
  99: 'the kernel has several functions of that name and cannot tell which is meant',
};

const hints: { readonly [errno: number]: string } = {
  1: 'attaching needs root, or CAP_BPF and CAP_PERFMON, and kernel lockdown must not forbid it',
  13: 'attaching needs root, or CAP_BPF and CAP_PERFMON, and kernel lockdown must not forbid it',
  24: 'too many open files: raise the limit with `ulimit -n`',
  84: 'a disassembler shows where instructions start; a function begins at offset 0',
  99: 'with --unsafe a kprobe takes the address of one of them: kprobe:0xADDRESS (see /proc/kallsyms)',
};

function failure(program: Attachable, errno: number, reason: string): RuntimeFailure {
  return new RuntimeFailure(`cannot attach ${program.probe}: ${reason}`, { errno, hint: hints[errno] });
}
