/**
 * READ ME SECOND (after src/build.ts): what happens while a script runs, from the compiled Program to the exit status.
 * The order is that of probes-and-stdlib.md, 2.5: load, begin bodies, attach, poll, stop, end bodies, maps, detach.
 * Results are printed before links are closed: the stop flag silences every body at once, closing takes its time.
 * Somewhat more than 400 lines, because the steps share their state and are read in one go.
 */
import { setImmediate } from 'node:timers/promises';
import type { Diagnostic } from '../grammar/diagnostic.ts';
import { SourceText } from '../grammar/source.ts';
import type { Program } from '../src/program/program.ts';
import type { ValueHost } from '../src/types/decode.ts';
import type { AggregateType } from '../src/types/type.ts';
import type { HostFiles } from '../src/world/host-files.ts';
import { attachAll, descriptorsNeeded, LinkStack } from './attach.ts';
import { type Bpf, type LoadedObject, RuntimeFailure } from './bpf.ts';
import type { StoppedChild } from './child.ts';
import { uptimeMs } from './clock.ts';
import type { LaterClosing } from './close-later.ts';
import { EventReader } from './event-reader.ts';
import { dispatcher, type EventHandler } from './events.ts';
import { explainFailure } from './explain-failure.ts';
import { Iteration } from './iterator.ts';
import type { Kernel, ProcessWatch } from './kernel.ts';
import { type AggregationReader, dumpMap } from './maps.ts';
import type { Backlog } from './output/backlog.ts';
import { type Output, SinkClosed } from './output/output.ts';
import { SinkFailed } from './output/sink.ts';
import { Pace } from './pace.ts';
import { type Control, controlOf, paramsBytes, pidNamespace } from './params.ts';
import { performAction } from './perform-action.ts';
import { ringBytes } from './ring-size.ts';
import { siteReporter, type Warnings } from './sites.ts';
import { type SignalSource, Stop } from './stop.ts';
import type { StackStore } from './symbols/stacks.ts';
import { CapturingOutput, type RequestedRun, runRequested } from './test-run.ts';
import { missedEvents, trustReport } from './trust-report.ts';

export interface SessionOptions {
  /** Process of -p. */
  readonly pid: number | undefined;
  /** Command of -c. */
  readonly command: string | undefined;
  /** -q: no line about the number of probes. */
  readonly quiet: boolean;
  /** --dry-run: attach, then stop; nothing runs and nothing is printed. */
  readonly dryRun: boolean;
  /** --stats: runs are counted, and the trust report is shown in any case. */
  readonly statistics: boolean;
  /** --test, --bench: run those bodies instead of attaching the others. */
  readonly requested?: RequestedRun;
  readonly warnings: Warnings;
  /** False with -B full: output leaves when its buffer is full and at the end. */
  readonly flushBatches: boolean;
  /** Called when everything is attached and the child of -c runs. */
  readonly onAttached?: () => void;
  /** -d verifier: the verifier's log of each program. */
  readonly onVerifierLog?: (program: string, log: string) => void;
  /** -d libbpf. */
  readonly onLibbpfMessage?: (level: 'warn' | 'info' | 'debug', text: string) => void;
}

export interface SessionDeps {
  readonly bpf: Bpf;
  readonly kernel: Kernel;
  readonly files: HostFiles;
  readonly output: Output;
  /** What `output` and `report` could not hand over yet. */
  readonly backlog: Backlog;
  /** Errors and warnings about attaching and loading. */
  readonly report: (diagnostic: Diagnostic) => void;
  /** handlers[id] belongs to program.events[id]. */
  readonly handlers: readonly EventHandler[];
  readonly values: ValueHost;
  readonly stacks: StackStore;
  readonly aggregation: (type: AggregateType) => AggregationReader;
  readonly startChild: (command: string) => StoppedChild;
  readonly signals: SignalSource;
  /** Has descriptors closed by another process, so that this one can end; undefined when that is not possible. */
  readonly closeLater: (descriptors: readonly number[]) => LaterClosing | undefined;
  readonly onlineCpus: readonly number[];
  readonly possibleCpus: number;
  readonly pageSize: number;
  /** Root of tracefs; undefined when there is none. */
  readonly tracefs: string | undefined;
}

/** Load, attach or another step that has to work did not: reported, nothing left behind. */
const FAILED = 255;
/** The results could not be written, for example because the disk is full. */
const OUTPUT_FAILED = 1;

/**
 * Runs the program to its end. Returns the exit status; user mistakes and refusals of the kernel are reported, not
 * thrown.
 */
export async function runSession(program: Program, options: SessionOptions, deps: SessionDeps): Promise<number> {
  const stop = new Stop(deps.signals);
  const { requested } = options;
  const catching = requested === undefined ? undefined : new CapturingOutput(deps.output, requested.capture);
  const session = new Session(program, options, catching === undefined ? deps : { ...deps, output: catching }, stop);
  try {
    session.load();
    if (!options.dryRun) session.runPrograms('begin');
    if (requested !== undefined && catching !== undefined && !options.dryRun) {
      await session.runRequested(requested, catching);
    } else {
      if (!(await session.attach())) return FAILED;
      if (options.dryRun) return 0;
      session.start();
      await session.poll();
    }
    await session.silence();
    session.runPrograms('end');
    await session.finish();
    return session.exitCode;
  } catch (failure) {
    if (failure instanceof SinkClosed) return session.exitCode;
    if (failure instanceof SinkFailed) {
      deps.report({ severity: 'error', code: 'output-failed', message: failure.message });
      return OUTPUT_FAILED;
    }
    if (!(failure instanceof RuntimeFailure)) throw failure;
    deps.report(session.explain(failure));
    return FAILED;
  } finally {
    await session.close();
    stop.close();
  }
}

/** The end of the process waits this long for links to be closed. */
const CLOSING_MS = 300;
/** Lost events and warnings are reported this often while the script runs. */
const REPORT_MS = 1000;

class Session {
  exitCode = 0;
  readonly #program: Program;
  readonly #options: SessionOptions;
  readonly #deps: SessionDeps;
  readonly #stop: Stop;
  readonly #source: SourceText;
  #child: StoppedChild | undefined;
  #watch: ProcessWatch | undefined;
  #loaded: Loaded | undefined;
  readonly #links = new LinkStack();
  #iterating: Iteration | undefined;
  #counting: { close(): void } | undefined;
  #missed: ReadonlyMap<string, bigint | undefined> = new Map();
  #attachedCount = 0;
  #exitSeen = false;

  constructor(program: Program, options: SessionOptions, deps: SessionDeps, stop: Stop) {
    this.#program = program;
    this.#options = options;
    this.#deps = deps;
    this.#stop = stop;
    this.#source = new SourceText(program.sourceName, program.sourceText, program.sourceFiles);
  }

  /** The child exists before loading: its pid is a constant of the programs. It does not run yet. */
  load(): void {
    const { bpf, kernel, files, possibleCpus, pageSize, output } = this.#deps;
    const { pid, command, warnings, onLibbpfMessage, onVerifierLog } = this.#options;
    if (pid !== undefined) this.#watch = kernel.watchProcess(pid);
    if (command !== undefined) this.#child = this.#deps.startChild(command);
    const end = (): void => this.#stop.request('process-ended');
    void this.#watch?.ended.then(end);
    void this.#child?.ended.then(end);
    kernel.allowOpenFiles(descriptorsNeeded(this.#program, this.#deps.onlineCpus.length));
    const object = bpf.load(this.#program, {
      params: paramsBytes({
        pidNamespace: pidNamespace(files),
        childPid: this.#child?.pid ?? 0,
        filterPid: pid ?? 0,
        possibleCpus,
      }),
      logSize: this.#program.config.log_size,
      verifierLog: onVerifierLog !== undefined,
      ringBytes: ringBytes(this.#program.config.perf_rb_pages, files, pageSize, this.#program.events.length > 0),
      ...(onLibbpfMessage === undefined ? {} : { onLibbpfMessage }),
    });
    if (this.#options.statistics) this.#counting = bpf.countRuns();
    for (const [name, log] of object.verifierLogs) onVerifierLog?.(name, log);
    this.#deps.stacks.connect(object);
    const reading = { values: this.#deps.values, aggregation: this.#deps.aggregation };
    const actions = {
      program: this.#program,
      source: this.#source,
      object,
      reading,
      output,
      warnings,
      onExit: (code: number) => {
        // Ends a test, not the run.
        if (this.#options.requested !== undefined) return;
        this.exitCode = code;
        this.#exitSeen = true;
        this.#stop.request('exit');
      },
      onSystem: (command: string) => reader.queueCommand(command),
    };
    const ring = object.ring();
    this.#stop.onStop(() => ring.wake());
    const handle = dispatcher(this.#program.events, this.#deps.handlers, {
      print: (text) => output.text('printf', text),
      perform: (action, event) => performAction(actions, action, event) && reader.hasTime,
    });
    // Bodies of end probes may call exit() too: what they send afterwards is dropped.
    const untilExit: typeof handle = (view, offset, length) => this.#exitSeen || handle(view, offset, length);
    const { backlog, report } = this.#deps;
    const reader = new EventReader({ ring, handle: untilExit, output, backlog, report, stop: this.#stop });
    const control = controlOf(object.sharedWords(this.#program.abi.control));
    control.start(kernel.bootClock());
    this.#loaded = {
      object,
      ring,
      control,
      reading,
      reader,
      sites: siteReporter({
        sites: this.#program.sites,
        map: () => object.map(this.#program.abi.sites),
        source: this.#source,
        warnings,
        errorText: (errno) => kernel.errorText(errno),
        output,
      }),
    };
  }

  runPrograms(when: 'begin' | 'end' | 'signal'): void {
    for (const { attach, program } of this.#program.probes) {
      if (attach.kind === 'run-once' && attach.when === when) this.#ready.object.program(program).run();
    }
  }

  /** Nothing is attached. Status 1 tells that something failed. */
  async runRequested({ what }: RequestedRun, output: CapturingOutput): Promise<void> {
    const { object, control, reader, sites } = this.#ready;
    const drain = async (): Promise<void> => {
      while ((await reader.look()) > 0);
      sites.report();
    };
    await drain();
    const isDone = control.exitStatus();
    if (isDone !== undefined) this.exitCode = isDone;
    else {
      const { probes } = this.#program;
      const { report } = this.#deps;
      const stopped = (): boolean => this.#stop.requested;
      const passed = await runRequested({ what, probes, object, control, output, drain, report, stopped });
      this.exitCode = passed ? 0 : 1;
    }
    this.#stop.request('nothing-left');
  }

  /** False when the session cannot go on; nothing is attached then. */
  async attach(): Promise<boolean> {
    const attached = await attachAll({
      object: this.#ready.object,
      links: this.#links,
      probes: this.#program.probes,
      options: {
        pid: this.#options.pid ?? this.#child?.pid,
        onlineCpus: this.#deps.onlineCpus,
        tracefs: this.#deps.tracefs,
      },
      missingProbes: this.#program.config.missing_probes,
      report: this.#deps.report,
      aborted: () => this.#stop.reason === 'signal',
    });
    if (!attached.ok) return false;
    this.#attachedCount = attached.count;
    return true;
  }

  start(): void {
    this.#child?.resume();
    if (!this.#options.quiet) this.#deps.output.attached(this.#attachedCount);
    this.#options.onAttached?.();
    for (const path of this.#iteration.paths) this.#deps.output.pinned(path);
  }

  async poll(): Promise<void> {
    const { ring, control, sites, reader } = this.#ready;
    const { stacks } = this.#deps;
    const iteration = this.#iteration;
    const waitsForSomething =
      !iteration.isAll && (this.#links.size > 0 || this.#child !== undefined || this.#hasSignalProbe());
    const pace = new Pace(ring, control);
    let reported = uptimeMs();
    while (!this.#stop.requested) {
      const goesOn = iteration.advance();
      const records = await reader.look();
      stacks.makeRoom();
      // exit() counts even when its event found no room in the ring; events before it are printed.
      const exitCode = control.exitStatus();
      if (exitCode !== undefined && !this.#stop.requested) {
        while (!this.#stop.requested && (await reader.look()) > 0);
        if (!this.#stop.requested) {
          this.exitCode = exitCode;
          this.#stop.request('exit');
        }
      }
      if (this.#stop.takeTrigger()) {
        this.runPrograms('signal');
        continue;
      }
      if (uptimeMs() - reported >= REPORT_MS) {
        sites.report();
        reported = uptimeMs();
      }
      if (this.#options.flushBatches) this.#deps.output.flush();
      await reader.handOver();
      if (this.#stop.requested) break;
      if (goesOn) await setImmediate();
      else if (records === 0 && !waitsForSomething) this.#stop.request('nothing-left');
      else await pace.pause(records, Math.max(1, REPORT_MS - (uptimeMs() - reported)));
    }
  }

  /** No body runs after this. What exit() left behind in the ring is dropped, all else is printed. */
  async silence(): Promise<void> {
    const { object, control, reader } = this.#ready;
    control.stop();
    this.#missed = missedEvents(this.#program, object, this.#links.missed());
    this.#child?.terminate();
    // Bodies that had begun before are still storing and sending.
    if (this.#links.size > 0) this.#deps.kernel.waitForPrograms();
    // Commands that wait would make the end of the run wait. Those of end bodies are run.
    if (this.#stop.reason !== 'exit') await reader.drainLast({ dropCommands: this.#stop.reason === 'signal' });
    else reader.dropAll();
  }

  /** Output of the end bodies, remarks, maps; everything is handed to the operating system. */
  async finish(): Promise<void> {
    const { object, reader, sites, reading } = this.#ready;
    const { output } = this.#deps;
    this.#exitSeen = false;
    await reader.drainLast({ dropCommands: false });
    sites.report();
    sites.reportTotal();
    const trust = trustReport({
      program: this.#program,
      object,
      source: this.#source,
      counted: this.#counting !== undefined,
      missed: this.#missed,
      failed: sites.totals(),
    });
    output.endOfRun();
    if (this.#program.config.print_maps_on_exit && this.#options.requested === undefined) {
      const plans = [...this.#program.maps].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
      for (const plan of plans) {
        const dump = dumpMap(plan, object.map(plan.symbol), reading, { top: 0, divisor: 0n, unset: 'omit' });
        if (dump !== undefined) output.map(dump);
        await reader.handOver();
      }
    }
    const isIncomplete = !trust.complete && this.#options.warnings !== 'none';
    const isExpected = output.alwaysTellsTrust && !this.#options.quiet;
    if (this.#counting !== undefined || isIncomplete || isExpected) output.trust(trust);
    output.flush();
    await reader.handOver();
  }

  explain(failure: RuntimeFailure): Diagnostic {
    return explainFailure(failure, this.#source, this.#program.probes);
  }

  /**
   * Perf links take the kernel 70 ms each. Neither a second Ctrl-C nor the user of very many waits for them: they are
   * closed by another process.
   */
  async close(): Promise<void> {
    this.#child?.terminate();
    this.#watch?.close();
    await this.#loaded?.reader.handOverRemarks();
    await this.#links.close({
      mayGoOn: (ms) => ms < CLOSING_MS && !this.#stop.isHurried,
      closeLater: this.#deps.closeLater,
    });
    this.#counting?.close();
    this.#loaded?.object.close();
  }

  get #iteration(): Iteration {
    this.#iterating ??= new Iteration(this.#links, this.#program.probes);
    return this.#iterating;
  }

  get #ready(): Loaded {
    if (this.#loaded === undefined) throw new Error('the session is not loaded');
    return this.#loaded;
  }

  #hasSignalProbe(): boolean {
    return this.#program.probes.some(({ attach }) => attach.kind === 'run-once' && attach.when === 'signal');
  }
}

/** What there is once the object is in the kernel. */
interface Loaded {
  readonly object: LoadedObject;
  readonly ring: ReturnType<LoadedObject['ring']>;
  readonly control: Control;
  readonly reading: Parameters<typeof dumpMap>[2];
  readonly reader: EventReader;
  readonly sites: ReturnType<typeof siteReporter>;
}
