/**
 * One link for a program on many functions (kprobe_multi). The kernel takes all functions of a link or none, and does not say
 * which one it does not like. So what it refuses is asked for once more by addresses, then in halves, until the functions
 * are found that cannot be had; the rest is attached by as many links as that took.
 */
import type { AttachSpec, FunctionTarget } from '../../src/program/attach-spec.ts';
import type { HostFiles } from '../../src/world/host-files.ts';
import { coreKernel } from '../../src/world/traceable-functions.ts';
import type { RuntimeFailure } from '../bpf.ts';
import { kprobeAttachType } from './bpf-attr.ts';
import { openKprobeMulti } from './bpf-syscalls.ts';
import { kprobeFailure } from './kprobe-link.ts';
import { type PlaceOptions, placesOf } from './kprobe-places.ts';
import { type NativeMemory, native } from './native.ts';

type MultiSpec = AttachSpec & { readonly kind: 'kprobe-multi' };

interface Attachable {
  readonly fd: number;
  readonly probe: string;
}

export interface MultiAttached {
  readonly descriptors: readonly number[];
  /** Functions that could not be attached, while others could. */
  readonly leftOut?: { readonly failure: RuntimeFailure; readonly targets: number };
}

/** Throws RuntimeFailure, with nothing attached, when no function could be attached. */
export function attachKprobeMulti(
  program: Attachable,
  spec: MultiSpec,
  files: HostFiles,
  options: PlaceOptions,
): MultiAttached {
  const byName: readonly Place[] = spec.targets.map((target) => ({ target }));
  if (!spec.targets.some((target) => target.byAddress === true)) {
    const link = openLink(program, spec, byName);
    if (link >= 0) return { descriptors: [link] };
    if (!isAboutFunctions(-link)) throw kprobeFailure(program, -link);
  }
  const places = withAddresses(spec.targets, files, options) ?? byName;
  const search = new Search(program, spec);
  try {
    if (places.length > 0) search.attach(places);
  } catch (failure) {
    for (const descriptor of search.descriptors) native().close(descriptor);
    throw failure;
  }
  const { descriptors, attached, errno } = search;
  const missing = spec.targets.filter((target) => !attached.has(target));
  if (missing.length === 0) return { descriptors };
  const names = missing.map(({ name }) => name);
  if (descriptors.length === 0) throw kprobeFailure(program, errno, names);
  return { descriptors, leftOut: { failure: kprobeFailure(program, errno, names), targets: missing.length } };
}

/** A function of a target; without an address the kernel looks for the name. */
interface Place {
  readonly target: FunctionTarget;
  readonly address?: bigint;
}

/** Undefined when the kernel hides addresses. Targets without a place are not there (any more). */
function withAddresses(
  targets: readonly FunctionTarget[],
  files: HostFiles,
  options: PlaceOptions,
): readonly Place[] | undefined {
  const found = placesOf(new Set(targets.map(({ name }) => name)), files, options);
  if (found.size === 0) return undefined;
  const taken = new Set<bigint>();
  return targets.flatMap((target) =>
    (found.get(target.name) ?? []).flatMap(({ address, module = coreKernel }) => {
      if ((target.module !== undefined && target.module !== module) || taken.has(address)) return [];
      taken.add(address);
      return [{ target, address }];
    }),
  );
}

/** After so many functions that cannot be had the reason is another one. */
const mostRefused = 64;

class Search {
  readonly descriptors: number[] = [];
  readonly attached = new Set<FunctionTarget>();
  /** The last one that a single function met. */
  errno = ESRCH;
  readonly #program: Attachable;
  readonly #spec: MultiSpec;
  #refused = 0;

  constructor(program: Attachable, spec: MultiSpec) {
    this.#program = program;
    this.#spec = spec;
  }

  attach(places: readonly Place[]): void {
    const link = openLink(this.#program, this.#spec, places);
    if (link >= 0) {
      this.descriptors.push(link);
      for (const { target } of places) this.attached.add(target);
      return;
    }
    if (!isAboutFunctions(-link)) throw kprobeFailure(this.#program, -link);
    if (places.length === 1) {
      this.errno = -link;
      if (++this.#refused > mostRefused) throw kprobeFailure(this.#program, -link);
      return;
    }
    const half = places.length >> 1;
    this.attach(places.slice(0, half));
    this.attach(places.slice(half));
  }
}

const ENOENT = 2;
const ESRCH = 3;
const EINVAL = 22;

function isAboutFunctions(errno: number): boolean {
  return errno === ENOENT || errno === ESRCH || errno === EINVAL;
}

/** A descriptor, or -errno. Either all places have an address or none. */
function openLink({ fd }: Attachable, { at }: MultiSpec, places: readonly Place[]): number {
  const memory: NativeMemory[] = [];
  const allocate = (bytes: number): NativeMemory => {
    const piece = native().allocate(bytes);
    memory.push(piece);
    return piece;
  };
  const words = (values: readonly bigint[]): bigint => {
    const piece = allocate(values.length * 8);
    for (const [i, value] of values.entries()) piece.view.setBigUint64(i * 8, value, true);
    return piece.address;
  };
  try {
    const addresses = places.flatMap(({ address }) => address ?? []);
    const cookies = places.map(({ target }) => target.cookie ?? 0n);
    return openKprobeMulti(fd, {
      attachType: at === 'both' ? kprobeAttachType.session : kprobeAttachType.multi,
      atReturn: at === 'return',
      count: places.length,
      symbols: addresses.length > 0 ? 0n : words(textAddresses(places, allocate)),
      addresses: addresses.length > 0 ? words(addresses) : 0n,
      cookies: places.some(({ target }) => target.cookie !== undefined) ? words(cookies) : 0n,
    });
  } finally {
    for (const piece of memory) piece.free();
  }
}

function textAddresses(places: readonly Place[], allocate: (bytes: number) => NativeMemory): readonly bigint[] {
  const texts = allocate(places.reduce((sum, { target }) => sum + target.name.length + 1, 0));
  let used = 0;
  return places.map(({ target }) => {
    const text = Buffer.from(`${target.name}\0`, 'latin1');
    const address = texts.address + BigInt(used);
    texts.bytes.set(text, used);
    used += text.length;
    return address;
  });
}
