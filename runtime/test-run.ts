/**
 * --test and --bench: runs the bodies that were written for it, in order, in this process. What one of them prints is
 * caught: it is shown when the test failed. A test passes when it returns 0 and calls neither errorf() nor exit() with
 * a status; a benchmark is repeated until it has taken a millisecond.
 */
import type { Diagnostic, Note } from '../grammar/diagnostic.ts';
import type { ProbePlan } from '../src/program/program.ts';
import type { MapDump, Value } from '../src/types/value.ts';
import type { LoadedObject, RepeatedRun } from './bpf.ts';
import type { Output, Place, RuntimeRemark, Sink, TestReport, TestResult } from './output/output.ts';
import type { Control } from './params.ts';
import type { TrustReport } from './trust-report.ts';

/** What --test or --bench asks for. */
export interface RequestedRun {
  readonly what: 'test' | 'bench';
  /** An output of texts for people that ends in `sink`. */
  readonly capture: (sink: Sink) => Output;
}

export interface TestRun {
  readonly what: 'test' | 'bench';
  readonly probes: readonly ProbePlan[];
  readonly object: Pick<LoadedObject, 'program'>;
  readonly control: Pick<Control, 'exitStatus' | 'clearExit'>;
  readonly output: CapturingOutput;
  /** Handles all events that were sent so far. */
  readonly drain: () => Promise<void>;
  readonly report: (diagnostic: Diagnostic) => void;
  readonly stopped: () => boolean;
}

/** True when all tests passed, or all benchmarks ran. */
export async function runRequested(run: TestRun): Promise<boolean> {
  const { what, output, report } = run;
  const probes = run.probes.filter(({ attach }) => attach.kind === 'run-once' && attach.when === what);
  if (probes.length === 0) {
    report({ severity: 'warning', code: 'nothing-requested', message: `The script has no ${what} probes` });
    return true;
  }
  if (what === 'bench') return runBenchmarks(run, probes);
  output.tests({ kind: 'tests-begin', count: probes.length });
  const results: TestResult[] = [];
  for (const probe of probes) {
    if (run.stopped()) break;
    const name = nameOf(probe);
    output.tests({ kind: 'test-starts', name });
    output.flush();
    const outcome = await runOnce(run, probe, 1);
    const passed = !outcome.failed && outcome.result === 0;
    const result = { name, passed, durationNs: outcome.averageNs, output: outcome.output };
    results.push(result);
    output.tests({ kind: 'test-ended', result });
  }
  output.tests({ kind: 'tests-end', results });
  return results.length === probes.length && results.every((result) => result.passed);
}

/** It has taken long enough to be measured. */
const ENOUGH_NS = 1_000_000;
/** A body that takes no time at all. */
const MOST_REPEATS = 100_000_000;

async function runBenchmarks(run: TestRun, probes: readonly ProbePlan[]): Promise<boolean> {
  const { output } = run;
  output.tests({ kind: 'benchmarks-begin', names: probes.map(nameOf) });
  let allRan = true;
  for (const probe of probes) {
    if (run.stopped()) return false;
    const name = nameOf(probe);
    const outcome = await measure(run, probe);
    if (outcome.failed) {
      allRan = false;
      run.report(benchmarkFailed(probe, outcome));
    } else if (outcome.result === 0) {
      output.tests({ kind: 'benchmark', name, averageNs: outcome.averageNs, iterations: outcome.times });
      output.flush();
    }
  }
  return allRan;
}

async function measure(run: TestRun, probe: ProbePlan): Promise<Outcome & { readonly times: number }> {
  let times = 1;
  let outcome = await runOnce(run, probe, times);
  while (!outcome.failed && outcome.result === 0 && !run.stopped()) {
    const total = outcome.averageNs * times;
    if (total >= ENOUGH_NS || times >= MOST_REPEATS) break;
    times *= growth(total);
    outcome = await runOnce(run, probe, times);
  }
  return { ...outcome, times };
}

/** The less time the last round took, the larger the next one is. */
function growth(totalNs: number): number {
  if (totalNs < 1_000) return 1000;
  if (totalNs < 10_000) return 100;
  if (totalNs < 100_000) return 10;
  return 2;
}

interface Outcome extends RepeatedRun {
  /** errorf() was called, or exit() with a status. */
  readonly failed: boolean;
  readonly output: string;
}

async function runOnce(run: TestRun, probe: ProbePlan, times: number): Promise<Outcome> {
  run.output.capture();
  try {
    const repeated = run.object.program(probe.program).repeat(times);
    await run.drain();
    const status = run.control.exitStatus() ?? 0;
    const { text, errors } = run.output.captured();
    return { ...repeated, failed: status !== 0 || errors > 0, output: text };
  } finally {
    run.control.clearExit();
    run.output.release();
  }
}

/** `test:NAME` without what everyone knows. */
function nameOf({ name }: ProbePlan): string {
  return name.slice(name.indexOf(':') + 1);
}

function benchmarkFailed(probe: ProbePlan, { output }: Outcome): Diagnostic {
  return {
    severity: 'error',
    code: 'benchmark-failed',
    message: `Benchmark '${nameOf(probe)}' failed: it called errorf(), or exit() with a status`,
    span: probe.span,
    ...(output === '' ? {} : { hint: `it printed: ${output.trim()}` }),
  };
}

/** Hands everything on to the run's output, or catches it as text. */
export class CapturingOutput implements Output {
  readonly alwaysTellsTrust = false;
  readonly #direct: Output;
  readonly #caught: Output;
  #current: Output;
  #text = '';
  #errors = 0;

  constructor(direct: Output, capture: RequestedRun['capture']) {
    this.#direct = direct;
    this.#current = direct;
    this.#caught = capture({
      write: (text) => {
        this.#text += text;
      },
      flush: () => undefined,
    });
  }

  capture(): void {
    this.#current = this.#caught;
    this.#text = '';
    this.#errors = 0;
  }

  captured(): { readonly text: string; readonly errors: number } {
    return { text: this.#text, errors: this.#errors };
  }

  release(): void {
    this.#current = this.#direct;
  }

  attached(count: number): void {
    this.#current.attached(count);
  }

  text(type: Parameters<Output['text']>[0], text: string): void {
    this.#current.text(type, text);
  }

  value(value: Value): void {
    this.#current.value(value);
  }

  map(dump: MapDump): void {
    this.#current.map(dump);
  }

  endOfRun(): void {
    this.#current.endOfRun();
  }

  lostEvents(count: bigint, total: bigint): void {
    this.#current.lostEvents(count, total);
  }

  totalLostEvents(total: bigint): void {
    this.#current.totalLostEvents(total);
  }

  warning(remark: RuntimeRemark): void {
    this.#current.warning(remark);
  }

  message(severity: 'error' | 'warning', text: string, place: Place, expansions?: readonly Note[]): void {
    if (severity === 'error') this.#errors++;
    this.#current.message(severity, text, place, expansions);
  }

  tests(report: TestReport): void {
    this.#direct.tests(report);
  }

  pinned(path: string): void {
    this.#current.pinned(path);
  }

  trust(report: TrustReport): void {
    this.#direct.trust(report);
  }

  flush(): void {
    this.#direct.flush();
  }
}
