/**
 * Attaches the programs of a session in the order in which bodies of the same event then run (probes-and-stdlib.md
 * 2.5), one link per target, so that one that cannot be attached costs only itself and Ctrl-C is noticed between two.
 * What happens to a failure is decided by the config option `missing_probes`.
 */
import { setImmediate } from 'node:timers/promises';
import type { Diagnostic } from '../grammar/diagnostic.ts';
import type { AttachSpec } from '../src/program/attach-spec.ts';
import type { ProbePlan } from '../src/program/program.ts';
import { type AttachOptions, type BpfLink, type LoadedObject, RuntimeFailure } from './bpf.ts';
import { uptimeMs } from './clock.ts';

export interface Attaching {
  readonly object: Pick<LoadedObject, 'program'>;
  readonly probes: readonly ProbePlan[];
  readonly options: AttachOptions;
  readonly missingProbes: string;
  readonly report: (diagnostic: Diagnostic) => void;
  /** Asked between two links; true gives up. */
  readonly aborted: () => boolean;
}

export type Attached =
  | { readonly ok: true; readonly links: LinkStack; readonly count: number }
  /** Nothing is attached; the reason was reported unless the user gave up. */
  | { readonly ok: false };

/** Links in the order they were opened; they are closed in reverse. */
export class LinkStack {
  readonly #links: BpfLink[] = [];

  push(link: BpfLink): void {
    this.#links.push(link);
  }

  get size(): number {
    return this.#links.length;
  }

  close(): void {
    for (let link = this.#links.pop(); link !== undefined; link = this.#links.pop()) link.close();
  }

  /** The same, with signals seen between two. */
  async closeGently(): Promise<void> {
    for (let link = this.#links.pop(); link !== undefined; link = this.#links.pop()) {
      link.close();
      if (this.#links.length > 0) await setImmediate();
    }
  }
}

/** JavaScript gets to see signals this often while many links are opened. */
const YIELD_MS = 10;

/** Programs on one event are attached in the same way (src/probes), and fire in the order they were attached: that of the script. */
export async function attachAll(attaching: Attaching): Promise<Attached> {
  const { object, report, missingProbes } = attaching;
  const links = new LinkStack();
  const giveUp = (): Attached => {
    links.close();
    return { ok: false };
  };
  let count = 0;
  let attempts = 0;
  let yielded = uptimeMs();
  await setImmediate();
  for (const probe of attaching.probes) {
    if (probe.attach.kind === 'run-once') {
      count += probe.count;
      continue;
    }
    const program = object.program(probe.program);
    let missing = 0;
    for (const single of singleTargets(probe)) {
      if (uptimeMs() - yielded > YIELD_MS) {
        await setImmediate();
        yielded = uptimeMs();
      }
      if (attaching.aborted()) return giveUp();
      attempts++;
      try {
        links.push(program.attach(single, attaching.options));
      } catch (failure) {
        if (!(failure instanceof RuntimeFailure)) {
          links.close();
          throw failure;
        }
        missing++;
        if (missingProbes !== 'ignore') report(cannotAttach(probe, failure, missingProbes));
        if (missingProbes === 'error') return giveUp();
      }
    }
    count += missing === targetCount(probe.attach) ? 0 : probe.count - missing;
  }
  if (attempts > 0 && links.size === 0) {
    report({ severity: 'error', code: 'nothing-attached', message: 'None of the probes could be attached.' });
    return { ok: false };
  }
  return { ok: true, links, count };
}

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
    default:
      return [probe];
  }
}

function cannotAttach(probe: ProbePlan, failure: RuntimeFailure, policy: string): Diagnostic {
  const what = failure.what.charAt(0).toUpperCase() + failure.what.slice(1);
  if (policy === 'warn') {
    return { severity: 'warning', code: 'probe-skipped', span: probe.span, message: `${what}; the probe is left out.` };
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
