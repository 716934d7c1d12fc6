/** Attaching a kprobe by a perf event of its own, and what errors mean where kprobes are attached. */
import type { KprobeTarget } from '../../src/program/attach-spec.ts';
import { archTable } from '../../src/world/arch/index.ts';
import { type HostFiles, readText } from '../../src/world/host-files.ts';
import type { FunctionPlace } from '../../src/world/kallsyms.ts';
import { RuntimeFailure } from '../bpf.ts';
import { attachPerfEvent, openPerfEvent } from './bpf-syscalls.ts';
import { type PlaceOptions, placesOf } from './kprobe-places.ts';
import { native } from './native.ts';

interface Attachable {
  readonly fd: number;
  readonly probe: string;
}

const source = '/sys/bus/event_source/devices/kprobe';
const ENODEV = 19;
const EINVAL = 22;
const EILSEQ = 84;
const EADDRNOTAVAIL = 99;

/** Returns descriptors, one for each function that is meant. Throws RuntimeFailure. */
export function attachKprobe(
  program: Attachable,
  target: KprobeTarget,
  at: 'entry' | 'return',
  files: HostFiles,
  options: PlaceOptions,
): readonly number[] {
  const type = /^\d+/.exec(readText(files, `${source}/type`) ?? '')?.[0];
  if (type === undefined) throw kprobeFailure(program, ENODEV);
  const returnBit = /config:(\d+)/.exec(readText(files, `${source}/format/retprobe`) ?? '')?.[1] ?? '0';
  const kind = { type: Number(type), config: at === 'return' ? 1n << BigInt(returnBit) : 0n };
  const known = target.isAmbiguous === true ? copiesOf(target, files, options) : [];
  const event = known.length > 0 ? -EADDRNOTAVAIL : open(program, kind, target);
  if (event >= 0) return [event];
  // x86 says so itself; arm64, where it is plain from the number, has one word for everything.
  if (event === -EINVAL && isInsideInstruction(target.offset)) throw kprobeFailure(program, EILSEQ);
  const places = known.length === 0 && event === -EADDRNOTAVAIL ? copiesOf(target, files, options) : known;
  if (places.length === 0) throw kprobeFailure(program, -event);
  const opened = places.map((address) => open(program, kind, { ...target, name: '', offset: address + target.offset }));
  const descriptors = opened.filter((descriptor) => descriptor >= 0);
  // Others of that name may be where no probe is allowed.
  if (descriptors.length === 0) throw kprobeFailure(program, -(opened[0] ?? event));
  return descriptors;
}

/**
 * Where the functions are whose name is not enough for the kernel. One that was written in full is the kernel's own, even
 * if a module has one of that name.
 */
function copiesOf(target: KprobeTarget, files: HostFiles, options: PlaceOptions): readonly bigint[] {
  const [name = '', module] = target.name.split(':').reverse();
  const all = placesOf(new Set([name]), files, options).get(name) ?? [];
  const isMeant = (place: FunctionPlace): boolean =>
    module === undefined ? target.everyCopy === true || place.module === undefined : place.module === module;
  const meant = all.filter(isMeant).map(({ address }) => address);
  return target.everyCopy === true || meant.length === 1 ? meant : [];
}

/** A descriptor, or -errno. */
function open(
  program: Attachable,
  kind: { readonly type: number; readonly config: bigint },
  { name, offset, cookie }: KprobeTarget,
): number {
  const text = name === '' ? undefined : native().allocateText(name);
  try {
    const every = { by: 'period', period: 1n } as const;
    const place = { config1: text?.address ?? 0n, config2: offset };
    const event = openPerfEvent({ ...kind, ...place, every, inherit: false }, -1, 0);
    return event < 0 ? event : attachPerfEvent(event, program.fd, cookie);
  } finally {
    text?.free();
  }
}

function isInsideInstruction(offset: bigint): boolean {
  const { instructionAlignment } = archTable(process.arch === 'arm64' ? 'arm64' : 'x86_64');
  return offset % BigInt(instructionAlignment) !== 0n;
}

/** What the kernel means by an errno here; the system's own words are about other things. */
const reasons: { readonly [errno: number]: string } = {
  2: 'the kernel has no such function',
  3: 'the kernel has no such function that can be traced',
  16: 'the place is used by something else that changes the code of the kernel',
  19: 'this kernel has no kprobes',
  [EINVAL]: 'the kernel does not allow a probe there',
  [EILSEQ]: 'the offset is in the middle of an instruction',
  99: 'the kernel has several functions of that name and cannot tell which is meant',
};

const hints: { readonly [errno: number]: string } = {
  1: 'attaching needs root, or CAP_BPF and CAP_PERFMON, and kernel lockdown must not forbid it',
  13: 'attaching needs root, or CAP_BPF and CAP_PERFMON, and kernel lockdown must not forbid it',
  24: 'too many open files: raise the limit with `ulimit -n`',
  [EILSEQ]: 'a disassembler shows where instructions start; a function begins at offset 0',
  99: 'with --unsafe a kprobe takes the address of one of them: kprobe:0xADDRESS (see /proc/kallsyms)',
};

/** `functions`: those of a wildcard that it is about. */
export function kprobeFailure({ probe }: Attachable, errno: number, functions: readonly string[] = []): RuntimeFailure {
  const reason = reasons[errno] ?? native().errorText(errno);
  return new RuntimeFailure(`cannot attach ${probe}${inFunctions(functions)}: ${reason}`, {
    errno,
    hint: hints[errno],
  });
}

const mostNamed = 3;

function inFunctions(names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length - mostNamed;
  return ` to ${names.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
