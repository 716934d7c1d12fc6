/**
 * BPF iterators: a link says over what, a file made from it runs the program while it is read. The program writes a byte
 * for each object (bpf-helpers/iterator.h), so a read of few bytes runs it few times. A pinned iterator is only linked: it
 * runs whenever somebody reads the file it was pinned to.
 */
import { readSync } from 'node:fs';
import type { AttachSpec } from '../../src/program/attach-spec.ts';
import { type AttachOptions, type BpfLink, RuntimeFailure } from '../bpf.ts';
import { openIterator, openIteratorLink, pin } from './bpf-syscalls.ts';
import { native } from './native.ts';

/** What one object sends has to fit in the ring so many times; a read(2) costs less than a microsecond. */
const OBJECTS_A_STEP = 64;

const EPERM = 1;
const ENOENT = 2;
const E2BIG = 7;
const EEXIST = 17;
const EINVAL = 22;

type IteratorSpec = Extract<AttachSpec, { kind: 'iterator' }>;

/** Throws RuntimeFailure and leaves nothing open. */
export function attachIterator(
  program: { readonly fd: number; readonly probe: string },
  spec: IteratorSpec,
  options: AttachOptions,
): BpfLink {
  const { probe } = program;
  const pid = spec.over === 'tasks' ? options.pid : undefined;
  const link = openIteratorLink(program.fd, spec.over === 'cgroups' ? { over: 'cgroups' } : { over: 'tasks', pid });
  if (link < 0) throw linkFailure(probe, -link, pid);
  if (spec.pin !== undefined) {
    const status = pin(spec.pin, link);
    native().close(link);
    if (status < 0) throw pinFailure(probe, spec.pin, -status);
    return { count: 1, descriptors: [], missed: () => 0n, close: () => undefined };
  }
  const file = openIterator(link);
  // The file keeps the link alive.
  native().close(link);
  if (file < 0) throw new RuntimeFailure(`cannot read ${probe}: ${native().errorText(-file)}`, { errno: -file });
  return new RunningIterator(probe, file);
}

class RunningIterator implements BpfLink {
  readonly count = 1;
  /** Closing it takes no time. */
  readonly descriptors: readonly number[] = [];
  readonly #probe: string;
  readonly #marks = new Uint8Array(OBJECTS_A_STEP);
  #file: number | undefined;

  constructor(probe: string, file: number) {
    this.#probe = probe;
    this.#file = file;
  }

  readonly step = (): boolean => {
    if (this.#file === undefined) return false;
    try {
      return readSync(this.#file, this.#marks, 0, OBJECTS_A_STEP, null) > 0;
    } catch (failure) {
      const errno = failure instanceof Error && 'errno' in failure ? Math.abs(Number(failure.errno)) : EINVAL;
      throw new RuntimeFailure(`reading ${this.#probe} failed: ${native().errorText(errno)}`, { errno });
    }
  };

  missed(): bigint {
    return 0n;
  }

  close(): void {
    if (this.#file !== undefined) native().close(this.#file);
    this.#file = undefined;
  }
}

function linkFailure(probe: string, errno: number, pid: number | undefined): RuntimeFailure {
  const isTooOld = pid !== undefined && (errno === E2BIG || errno === EINVAL);
  return new RuntimeFailure(
    isTooOld
      ? `cannot attach ${probe}: this kernel cannot restrict an iterator to a process (Linux 6.1 and newer can)`
      : `cannot attach ${probe}: ${native().errorText(errno)}`,
    {
      errno,
      hint: isTooOld
        ? `leave out -p and -c, and test it in the script: if (ctx.task.tgid == ${pid}) { ... }`
        : undefined,
    },
  );
}

function pinFailure(probe: string, path: string, errno: number): RuntimeFailure {
  const hints: { readonly [errno: number]: string } = {
    [EEXIST]: `remove what is there: rm ${path}`,
    [ENOENT]: 'the folder has to exist; the BPF file system is mounted by `mount -t bpf bpf /sys/fs/bpf`',
    [EPERM]: 'the path has to be in a BPF file system, such as /sys/fs/bpf',
  };
  return new RuntimeFailure(`cannot pin ${probe} to ${path}: ${native().errorText(errno)}`, {
    errno,
    hint: hints[errno],
  });
}
