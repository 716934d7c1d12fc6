/**
 * Attaching: one row per kind of AttachSpec, each opening one descriptor per kernel object. If one of them fails those
 * before it are closed again. A perf link takes the kernel about 70 ms to close, a raw tracepoint 0.1 ms.
 */
import type { AttachSpec, CategoryTarget } from '../../src/program/attach-spec.ts';
import type { HostFiles } from '../../src/world/host-files.ts';
import { type AttachOptions, type BpfLink, RuntimeFailure } from '../bpf.ts';
import { attachPerfEvent, disablePerfEvent, openPerfEvent, openRawTracepoint } from './bpf-syscalls.ts';
import { native } from './native.ts';
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
  const links = new Links();
  try {
    for (const open of openers(program, spec, options, files)) links.add(open());
    return links;
  } catch (error) {
    links.close();
    throw error;
  }
}

class Links implements BpfLink {
  readonly #descriptors: number[] = [];

  get count(): number {
    return this.#descriptors.length;
  }

  add(descriptor: number): void {
    this.#descriptors.push(descriptor);
  }

  close(): void {
    for (let fd = this.#descriptors.pop(); fd !== undefined; fd = this.#descriptors.pop()) {
      disablePerfEvent(fd);
      native().close(fd);
    }
  }
}

function openers(
  program: Attachable,
  spec: AttachSpec,
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
        return checked(fd, program);
      });
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
        const fd = checked(openPerfEvent(event, pid ?? -1, cpu), program);
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

function failure(program: Attachable, errno: number, reason: string): RuntimeFailure {
  return new RuntimeFailure(`cannot attach ${program.probe}: ${reason}`, { errno, hint: hints[errno] });
}
