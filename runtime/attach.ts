/**
 * Attaches the programs of a session in the order in which bodies of the same event then run (probes-and-stdlib.md
 * 2.5), one link per target, so that one that cannot be attached costs only itself and Ctrl-C is noticed between two.
 * What happens to a failure is decided by the config option `missing_probes`.
 */
import { setImmediate } from 'node:timers/promises';
import type { Diagnostic } from '../grammar/diagnostic.ts';
import type { AttachSpec } from '../src/program/attach-spec.ts';
import type { ProbePlan, Program } from '../src/program/program.ts';
import { type AttachOptions, type BpfLink, type LoadedObject, RuntimeFailure } from './bpf.ts';
import { uptimeMs } from './clock.ts';
import type { LaterClosing } from './close-later.ts';

export interface Attaching {
  /** Links go here, also when attaching fails later: whoever made it closes them. */
  readonly links: LinkStack;
  readonly object: Pick<LoadedObject, 'program'>;
  readonly probes: readonly ProbePlan[];
  readonly options: AttachOptions;
  readonly missingProbes: string;
  readonly report: (diagnostic: Diagnostic) => void;
  /** Asked between two links; true gives up. */
  readonly aborted: () => boolean;
}

export type Attached =
  | { readonly ok: true; readonly count: number }
  /** The reason was reported unless the user gave up. */
  | { readonly ok: false };

export interface Closing {
  /** False when whoever waits has waited long enough. */
  readonly mayGoOn: (ms: number) => boolean;
  /** Has the rest closed by another process; undefined when that is not possible. */
  readonly closeLater: (descriptors: readonly number[]) => LaterClosing | undefined;
}

/** Links in the order they were opened; they are closed in reverse. */
export class LinkStack {
  readonly #links: { readonly program: string; readonly link: BpfLink }[] = [];

  push(program: string, link: BpfLink): void {
    this.#links.push({ program, link });
  }

  get size(): number {
    return this.#links.length;
  }

  /** How the iterators go on; empty when there are none. */
  steps(): readonly (() => boolean)[] {
    return this.#links.flatMap(({ link }) => (link.step === undefined ? [] : [link.step]));
  }

  /** Events that were not handed to programs; undefined where the kernel does not count them. */
  missed(): ReadonlyMap<string, bigint | undefined> {
    const missed = new Map<string, bigint | undefined>();
    for (const { program, link } of this.#links) {
      const before = missed.has(program) ? missed.get(program) : 0n;
      const count = before === undefined ? undefined : link.missed();
      missed.set(program, before === undefined || count === undefined ? undefined : before + count);
    }
    return missed;
  }

  /** Signals are seen between two. */
  async close({ mayGoOn, closeLater }: Closing): Promise<void> {
    const started = uptimeMs();
    let later: LaterClosing | undefined;
    for (let next = this.#links.pop(); next !== undefined; next = this.#links.pop()) {
      next.link.close();
      if (later !== undefined || this.#links.length === 0) continue;
      await setImmediate();
      if (mayGoOn(uptimeMs() - started)) continue;
      later = closeLater(this.#links.flatMap(({ link }) => link.descriptors));
    }
    later?.release();
  }
}

/** JavaScript gets to see signals this often while many links are opened. */
const YIELD_MS = 10;

/** Programs on one event are attached in the same way (src/probes), and fire in the order they were attached: that of the script. */
export async function attachAll(attaching: Attaching): Promise<Attached> {
  const { object, links, report, missingProbes } = attaching;
  let count = 0;
  let attempts = 0;
  let yielded = uptimeMs();
  await setImmediate();
  for (const probe of inAttachOrder(attaching.probes)) {
    if (probe.attach.kind === 'run-once') {
      count += isRequested(probe.attach.when) ? 0 : probe.count;
      continue;
    }
    const program = object.program(probe.program);
    let missing = 0;
    for (const single of singleTargets(probe)) {
      if (uptimeMs() - yielded > YIELD_MS) {
        await setImmediate();
        yielded = uptimeMs();
      }
      if (attaching.aborted()) return { ok: false };
      attempts++;
      try {
        const link = program.attach(single, attaching.options);
        links.push(probe.program, link);
        if (link.leftOut !== undefined) {
          missing += link.leftOut.targets;
          if (missingProbes !== 'ignore') report(cannotAttach(probe, link.leftOut.failure, missingProbes, 'they are'));
          if (missingProbes === 'error') return { ok: false };
        }
        if (missingProbes !== 'ignore') for (const part of link.failures ?? []) report(partlyAttached(probe, part));
      } catch (failure) {
        if (!(failure instanceof RuntimeFailure)) throw failure;
        missing += targetCount(single.attach);
        if (missingProbes !== 'ignore') report(cannotAttach(probe, failure, missingProbes));
        if (missingProbes === 'error') return { ok: false };
      }
    }
    count += missing === targetCount(probe.attach) ? 0 : probe.count - missing;
  }
  if (attempts > 0 && links.size === 0) {
    report({ severity: 'error', code: 'nothing-attached', message: 'None of the probes could be attached.' });
    return { ok: false };
  }
  return { ok: true, count };
}

/**
 * Most kinds of one event fire in the order in which they were attached. Kprobes fire in the reverse order. Behind a
 * return the one that was set up last comes first, so kretprobes count as the others; links for many functions say it.
 * Of tracing programs at one function the one that was attached last comes first, at its entry and behind its return.
 */
function inAttachOrder(probes: readonly ProbePlan[]): readonly ProbePlan[] {
  const reversed = probes.filter(({ attach }) => firesInReverse(attach)).reverse();
  return [...probes.filter(({ attach }) => !firesInReverse(attach)), ...reversed];
}

function firesInReverse(attach: AttachSpec): boolean {
  if (attach.kind === 'tracing') return true;
  if (attach.kind === 'kprobe-multi') return attach.newestFirst;
  return attach.kind === 'kprobe' && attach.at === 'entry';
}

/** Tests and benchmarks lie idle in a run that traces. */
function isRequested(when: string): boolean {
  return when === 'test' || when === 'bench';
}

/** One per program and map, one or two per link. */
export function descriptorsNeeded({ probes, maps }: Pick<Program, 'probes' | 'maps'>, cpus: number): number {
  const links = probes.reduce((sum, { attach }) => {
    if (attach.kind === 'perf-event') return sum + cpus;
    if (attach.kind === 'tracing') return sum + 1;
    if (attach.kind === 'kprobe-multi') return sum + mostMultiLinks;
    return sum + ('targets' in attach ? attach.targets.length : 0);
  }, 0);
  return probes.length + maps.length + links + 50;
}

/** One, unless functions have to be found that the kernel does not take. */
const mostMultiLinks = 64;

function targetCount(spec: AttachSpec): number {
  return 'targets' in spec ? spec.targets.length : 1;
}

function singleTargets(probe: ProbePlan): readonly ProbePlan[] {
  const spec = probe.attach;
  switch (spec.kind) {
    case 'raw-tracepoint':
      return spec.targets.map((target) => ({
        ...probe,
        name: spec.targets.length > 1 ? `${probe.name} (${target.name})` : probe.name,
        attach: { kind: spec.kind, targets: [target] },
      }));
    case 'tracepoint':
      return spec.targets.map((target) => ({
        ...probe,
        name: spec.targets.length > 1 ? `tracepoint:${target.category}:${target.name}` : probe.name,
        attach: { kind: spec.kind, targets: [target] },
      }));
    case 'kprobe':
      return spec.targets.map((target) => ({
        ...probe,
        name: spec.targets.length > 1 ? `${probe.name} (${target.name})` : probe.name,
        attach: { kind: spec.kind, at: spec.at, targets: [target] },
      }));
    default:
      return [probe];
  }
}

function partlyAttached(probe: ProbePlan, { what, hint }: RuntimeFailure): Diagnostic {
  const message = `${what.charAt(0).toUpperCase()}${what.slice(1)}; elsewhere the probe works`;
  return {
    severity: 'warning',
    code: 'partly-attached',
    span: probe.span,
    message,
    ...(hint === undefined ? {} : { hint }),
  };
}

function cannotAttach(probe: ProbePlan, failure: RuntimeFailure, policy: string, subject = 'the probe is'): Diagnostic {
  const what = failure.what.charAt(0).toUpperCase() + failure.what.slice(1);
  if (policy === 'warn') {
    return { severity: 'warning', code: 'probe-skipped', span: probe.span, message: `${what}; ${subject} left out.` };
  }
  const advice = "config = { missing_probes = 'warn' } goes on without probes that cannot be attached";
  return {
    severity: 'error',
    code: 'cannot-attach',
    span: probe.span,
    message: what,
    hint: failure.hint === undefined ? advice : `${failure.hint}; ${advice}`,
  };
}
