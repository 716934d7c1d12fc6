/**
 * Attaching: one row per kind of AttachSpec, each opening one descriptor per kernel object. If one of them fails those
 * before it are closed again. A perf link takes the kernel about 70 ms to close, a raw tracepoint 0.1 ms.
 */
import type { AttachSpec, CategoryTarget } from '../../src/program/attach-spec.ts';
import type { HostFiles } from '../../src/world/host-files.ts';
import { type AttachOptions, type BpfLink, RuntimeFailure } from '../bpf.ts';
import { attachPerfEvent, disablePerfEvent, openPerfEvent, openRawTracepoint, openTracing } from './bpf-syscalls.ts';
import { breakpointFailure, breakpointOpeners } from './breakpoint.ts';
import { attachIterator } from './iterator-link.ts';
import { attachKprobe } from './kprobe-link.ts';
import { attachKprobeMulti, type MultiAttached } from './kprobe-multi-link.ts';
import { native } from './native.ts';
import { missedBy } from './object-info.ts';
import { PERF_TYPE_TRACEPOINT } from './perf-event-attr.ts';

/** A program to attach: its descriptor and what the attach point is called in messages. */
export interface Attachable {
  readonly fd: number;
  readonly probe: string;
}

/** Throws RuntimeFailure and leaves nothing attached. */
export function attachProgram(
  program: Attachable,
  spec: AttachSpec,
  options: AttachOptions,
  files: HostFiles,
): BpfLink {
  if (spec.kind === 'iterator') return attachIterator(program, spec, options);
  const links = new Links();
  try {
    if (spec.kind === 'breakpoint') addBreakpoints(links, program, spec, options, files);
    else if (spec.kind === 'kprobe-multi') links.addMulti(attachKprobeMulti(program, spec, files, options));
    else if (spec.kind === 'kprobe') {
      for (const target of spec.targets) links.addAll(attachKprobe(program, target, spec.at, files, options));
    } else for (const open of openers(program, spec, options, files)) links.add(open());
    return links;
  } catch (error) {
    links.close();
    throw error;
  }
}

class Links implements BpfLink {
  readonly failures: RuntimeFailure[] = [];
  leftOut?: NonNullable<BpfLink['leftOut']>;
  readonly #descriptors: number[] = [];

  get count(): number {
    return this.#descriptors.length;
  }

  get descriptors(): readonly number[] {
    return [...this.#descriptors];
  }

  missed(): bigint | undefined {
    let sum = 0n;
    for (const descriptor of this.#descriptors) {
      const count = missedBy(descriptor);
      if (count === undefined) return undefined;
      sum += count;
    }
    return sum;
  }

  add(descriptor: number): void {
    this.#descriptors.push(descriptor);
  }

  addAll(descriptors: readonly number[]): void {
    this.#descriptors.push(...descriptors);
  }

  addMulti({ descriptors, leftOut }: MultiAttached): void {
    this.addAll(descriptors);
    if (leftOut !== undefined) this.leftOut = leftOut;
  }

  close(): void {
    for (let fd = this.#descriptors.pop(); fd !== undefined; fd = this.#descriptors.pop()) {
      disablePerfEvent(fd);
      native().close(fd);
    }
  }
}

/** Debug registers are few, and each CPU has its own: what works is kept. Throws when nothing does. */
function addBreakpoints(
  links: Links,
  program: Attachable,
  spec: AttachSpec & { kind: 'breakpoint' },
  options: AttachOptions,
  files: HostFiles,
): void {
  for (const { open, where } of breakpointOpeners(spec, options, files)) {
    const event = open();
    const fd = event < 0 ? event : attachPerfEvent(event, program.fd, undefined);
    if (fd >= 0) links.add(fd);
    else links.failures.push(breakpointFailure(program.probe, where, -fd, native().errorText(-fd)));
  }
  const [first] = links.failures;
  if (links.count === 0 && first !== undefined) throw first;
}

function openers(
  program: Attachable,
  spec: Exclude<AttachSpec, { kind: 'iterator' | 'breakpoint' | 'kprobe' | 'kprobe-multi' }>,
  options: AttachOptions,
  files: HostFiles,
): readonly (() => number)[] {
  switch (spec.kind) {
    case 'run-once':
      throw new Error(`program for ${program.probe} is run, not attached`);
    case 'raw-tracepoint':
      return spec.targets.map((target) => () => {
        const fd = openRawTracepoint(target.name, program.fd, target.cookie);
        if (fd === -2) throw failure(program, 2, `there is no raw tracepoint '${target.name}'`);
        if (fd === -22)
          throw failure(
            program,
            22,
            'the kernel refuses the program',
            'it may read more arguments than the tracepoint has',
          );
        return checked(fd, program);
      });
    case 'tracing':
      return [() => traced(openTracing(program.fd), program)];
    case 'tracepoint':
      return spec.targets.map((target) => () => {
        const event = {
          type: PERF_TYPE_TRACEPOINT,
          config: tracepointId(program, target, options, files),
          every: { by: 'period', period: 1n },
          inherit: false,
        } as const;
        const fd = checked(openPerfEvent(event, -1, firstOf(options.onlineCpus)), program);
        return checked(attachPerfEvent(fd, program.fd, target.cookie), program);
      });
    case 'perf-event': {
      const pid = spec.followsPid ? options.pid : undefined;
      const cpus = spec.cpus === 'one' ? [firstOf(options.onlineCpus)] : options.onlineCpus;
      const event = { type: spec.type, config: spec.config, every: spec.every, inherit: pid !== undefined };
      return cpus.map((cpu) => () => {
        const opened = openPerfEvent(event, pid ?? -1, cpu);
        if (opened === -2) throw failure(program, 19, 'the event is not counted on this machine');
        const fd = checked(opened, program);
        return checked(attachPerfEvent(fd, program.fd, undefined), program);
      });
    }
  }
}

function firstOf(cpus: readonly number[]): number {
  return cpus[0] ?? 0;
}

/** The number perf_event_open(2) wants, from tracefs `events/CATEGORY/NAME/id`. */
function tracepointId(program: Attachable, target: CategoryTarget, options: AttachOptions, files: HostFiles): bigint {
  if (options.tracefs === undefined) {
    throw failure(program, 2, 'tracefs is not mounted, so the number of the tracepoint is not known');
  }
  const bytes = files.read(`${options.tracefs}/events/${target.category}/${target.name}/id`);
  if (bytes === undefined) throw failure(program, 2, `there is no tracepoint '${target.category}:${target.name}'`);
  return BigInt(Buffer.from(bytes).toString('latin1').trim());
}

/** The kernel attaches such a program by changing the function's code, which may not be possible. */
function traced(descriptor: number, program: Attachable): number {
  switch (descriptor) {
    case -ENOTSUPP:
      throw failure(program, ENOTSUPP, 'this kernel cannot attach programs to functions of this kind', tracingHint);
    case -EBUSY:
      throw failure(program, EBUSY, 'the kernel has no place for a probe at the start of this function', tracingHint);
    case -E2BIG:
      throw failure(program, E2BIG, 'as many programs as the kernel allows (38) are attached to this function already');
    default:
      return checked(descriptor, program);
  }
}

const E2BIG = 7;
const EBUSY = 16;
/** Of the kernel itself, so the C library has no words for it. */
const ENOTSUPP = 524;
const tracingHint =
  'fentry and fexit need ftrace with direct calls: on arm64 Linux 6.4 or newer and at most 8 arguments, on x86-64 with more than 6 arguments 6.6; ' +
  'a kprobe works on every kernel';

function checked(descriptor: number, program: Attachable): number {
  if (descriptor >= 0) return descriptor;
  throw failure(program, -descriptor, native().errorText(-descriptor));
}

/** What an errno means here, when the system's words do not tell. */
const hints: { readonly [errno: number]: string } = {
  1: 'attaching needs root, or CAP_BPF and CAP_PERFMON, and kernel lockdown must not forbid it',
  13: 'attaching needs root, or CAP_BPF and CAP_PERFMON, and kernel lockdown must not forbid it',
  3: 'the process to follow has ended',
  7: 'this kernel is too old for attach cookies of this kind of probe',
  19: 'this machine has no such event source (many virtual machines have no hardware counters)',
  24: 'too many open files: raise the limit with `ulimit -n`',
  95: 'this machine has no such event source (many virtual machines have no hardware counters)',
};

function failure(program: Attachable, errno: number, reason: string, hint = hints[errno]): RuntimeFailure {
  return new RuntimeFailure(`cannot attach ${program.probe}: ${reason}`, { errno, hint });
}
