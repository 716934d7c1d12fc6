/**
 * The run command: script -> Program -> session, and back to an exit status. Order of what can be wrong: the script
 * first (it needs no privileges), then what this process may do, then what the options name (processes, files).
 *
 * clang compiles in a child process; libbpf is loaded and asked meanwhile.
 */
import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { Checked, Diagnostic } from '../../grammar/diagnostic.ts';
import type { SourceText } from '../../grammar/source.ts';
import type { Bpf } from '../../runtime/bpf.ts';
import type { Buffering } from '../../runtime/output/sink.ts';
import type { SessionDeps, SessionOptions } from '../../runtime/session.ts';
import { type BuildEnv, type BuildStage, build } from '../build.ts';
import { knownAggregation } from '../builtins/aggregations/index.ts';
import type { EventHandler, EventHost } from '../builtins/builtin.ts';
import { knownBuiltin } from '../builtins/index.ts';
import { createClang } from '../clang/clang.ts';
import type { EventPlan, ProbePlan, Program } from '../program/program.ts';
import { processExists } from '../world/procfs.ts';
import type { World } from '../world/world.ts';
import type { Settings } from './command-line.ts';
import { formatStage } from './format-stages.ts';
import { failureDiagnostic, loadRuntime, type Runtime } from './load-runtime.ts';
import type { Machine } from './machine.ts';
import type { DebugStage } from './options.ts';
import { systemError } from './read-script.ts';
import type { Screen } from './screen.ts';

export interface RunRequest {
  readonly source: SourceText;
  /** Values of $1, $2 ... as byte strings. */
  readonly positionals: readonly string[];
  readonly settings: Settings;
  /** Shows diagnostics about `source`. */
  readonly render: (diagnostic: Diagnostic) => string;
}

export interface RunEnvironment {
  readonly machine: Machine;
  readonly screen: Screen;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** A signal came before anything was attached. Without it the process ends at once. */
  readonly onInterrupt?: () => void;
}

/** A mistake in the script or on the command line, or no permission. */
const REFUSED = 1;
/** Stopped by a signal before anything was attached. */
const ABORTED = 255;

/** Returns the exit status. Throws for bugs only. */
export async function runScript(request: RunRequest, env: RunEnvironment): Promise<number> {
  const interrupt = catchInterrupts(env.onInterrupt ?? (() => process.exit(ABORTED)));
  try {
    const prepared = await prepare(request, env);
    if (prepared === undefined) return REFUSED;
    if (interrupt.requested) return ABORTED;
    return await runProgram(prepared, request, env, interrupt);
  } finally {
    interrupt.release();
  }
}

// ------------------------------------------------------------------------------------------------ compiling

interface Prepared {
  readonly program: Program;
  readonly runtime: Runtime;
  readonly world: World;
}

/** Undefined when something was wrong and reported. */
async function prepare(request: RunRequest, env: RunEnvironment): Promise<Prepared | undefined> {
  const { settings, source } = request;
  const { machine, screen } = env;
  const clang = createClang({
    path: settings.clang,
    env: env.variables,
    ...(settings.verbose ? { onRemark: (text: string) => screen.remark(`ebtrace: ${text}`) } : {}),
  });
  const stages = new StageTexts(settings.stages);
  let isPlanned = false;
  const onStage = (stage: BuildStage): void => {
    if (stage.name === 'c') isPlanned = true;
    stages.keep(stage);
  };
  try {
    const building = build(source, buildEnvironment(request, env, machine.world, onStage), clang);
    // build() has run up to clang by now; what cannot run needs no runtime.
    const runtime = isPlanned ? await loadRuntime(machine.files) : undefined;
    let built = await building;
    let world = machine.world;
    if (built.ok && runtime?.ok === true && !machine.guessedRight(runtime.value.features)) {
      world = machine.worldWith(runtime.value.features);
      built = await build(source, buildEnvironment(request, env, world, onStage), clang);
    }
    stages.print(screen);
    if (!(await isAccepted(built, request, env))) return undefined;
    if (!built.ok || runtime === undefined) return undefined;
    if (!runtime.ok) {
      screen.report([runtime.diagnostic]);
      return undefined;
    }
    return { program: built.value, runtime: runtime.value, world };
  } finally {
    // Also when a pass failed: what was made before explains it.
    stages.print(screen);
  }
}

export function buildEnvironment(
  { settings, positionals }: Pick<RunRequest, 'settings' | 'positionals'>,
  { variables }: Pick<RunEnvironment, 'variables'>,
  world: World,
  onStage: (stage: BuildStage) => void,
): BuildEnv {
  const { unsafe, probeFilter } = settings;
  return { world, environment: variables, positionals, unsafe, probeFilter, onStage };
}

/**
 * Reports what building said. Where tracefs could not be reached, that is why tracepoints were not found, and the
 * lack of privileges is why tracefs could not be reached.
 */
async function isAccepted(built: Checked<Program>, request: RunRequest, env: RunEnvironment): Promise<boolean> {
  const { machine, screen } = env;
  const problem = built.ok ? undefined : machine.tracefsProblem();
  if (problem !== undefined) {
    const runtime = await loadRuntime(machine.files);
    screen.report([runtime.ok ? problem : runtime.diagnostic]);
    return false;
  }
  reportBuild(built, request, screen);
  return built.ok;
}

export function reportBuild(
  built: Checked<unknown>,
  { settings, render }: Pick<RunRequest, 'settings' | 'render'>,
  screen: Screen,
): void {
  const wanted = built.diagnostics.filter((entry) => settings.warnings || entry.severity === 'error');
  for (const entry of wanted) screen.err.write(bytesOf(render(entry)));
  screen.err.flush();
}

/** Stages wait until the last build, so that each is shown once, and complete. */
export class StageTexts {
  readonly #wanted: ReadonlySet<DebugStage>;
  #texts = new Map<BuildStage['name'], string>();

  constructor(wanted: ReadonlySet<DebugStage>) {
    this.#wanted = wanted;
  }

  keep(stage: BuildStage): void {
    if (this.#wanted.has(stage.name)) this.#texts.set(stage.name, formatStage(stage));
  }

  /** Prints what was not printed yet. */
  print(screen: Screen): void {
    for (const text of this.#texts.values()) screen.out.write(text);
    screen.out.flush();
    this.#texts = new Map();
  }
}

// ------------------------------------------------------------------------------------------------ running

async function runProgram(
  { program, runtime, world }: Prepared,
  request: RunRequest,
  env: RunEnvironment,
  interrupt: Interrupt,
): Promise<number> {
  const { settings } = request;
  const { screen } = env;
  const refuse = (diagnostic: Diagnostic): number => {
    screen.report([diagnostic]);
    return REFUSED;
  };
  if (program.probes.length === 0) return settings.quiet ? REFUSED : refuse(nothingToAttach(settings));
  const missing = await missingTarget(settings, env);
  if (missing !== undefined) return refuse(missing);
  if (settings.verbose) for (const probe of program.probes) screen.remark(`ebtrace: ${attachText(probe)}`);
  const results = openResults(settings.output);
  if (!results.ok) return refuse(results.diagnostic);
  try {
    const deps = await sessionDeps(program, runtime, world, results.fd, request, env);
    const options = sessionOptions(settings, deps, results.fd, env);
    const ending = (await import('../../runtime/session.ts')).runSession(program, options, deps);
    // The session listens from here on.
    interrupt.release();
    return await ending;
  } finally {
    if (results.fd !== STDOUT) closeSync(results.fd);
  }
}

const STDOUT = 1;

function nothingToAttach(settings: Settings): Diagnostic {
  const hint = settings.probeFilter === undefined ? undefined : `--probe-filter ${settings.probeFilter} left none`;
  const entry = { severity: 'error', code: 'nothing-to-attach', message: 'The script has no probe to attach' } as const;
  return hint === undefined ? entry : { ...entry, hint };
}

/** Checked before anything is attached: the process of -p, the program of -c. */
async function missingTarget(
  { pid, command }: Settings,
  { machine, variables }: RunEnvironment,
): Promise<Diagnostic | undefined> {
  if (pid !== undefined && !processExists(machine.files, pid)) {
    return {
      severity: 'error',
      code: 'no-process',
      message: `There is no process ${pid} to trace`,
      hint: 'ps lists those there are',
    };
  }
  if (command === undefined) return undefined;
  const [{ findProgram }, { RuntimeFailure }] = await Promise.all([
    import('../../runtime/child.ts'),
    import('../../runtime/bpf.ts'),
  ]);
  const [name] = command.split(/[ \t]+/).filter((word) => word !== '');
  if (name === undefined) return { severity: 'error', code: 'empty-command', message: 'The command of -c is empty' };
  try {
    findProgram(name, variables.PATH);
    return undefined;
  } catch (failure) {
    if (failure instanceof RuntimeFailure) return failureDiagnostic('no-program', failure);
    throw failure;
  }
}

type Results = { readonly ok: true; readonly fd: number } | { readonly ok: false; readonly diagnostic: Diagnostic };

function openResults(path: string | undefined): Results {
  if (path === undefined) return { ok: true, fd: STDOUT };
  try {
    return { ok: true, fd: openSync(path, 'w') };
  } catch (failure) {
    const reason = systemError(failure);
    if (reason === undefined) throw failure;
    const message = `Cannot write results to '${path}': ${reason}`;
    return { ok: false, diagnostic: { severity: 'error', code: 'no-output-file', message } };
  }
}

async function sessionDeps(
  program: Program,
  runtime: Runtime,
  world: World,
  fd: number,
  { settings, render }: RunRequest,
  { machine, screen }: RunEnvironment,
): Promise<SessionDeps> {
  const [{ FdSink }, { outputFormats }, { sessionValues }, { startStopped }] = await Promise.all([
    import('../../runtime/output/sink.ts'),
    import('../../runtime/output/index.ts'),
    import('../../runtime/value-host.ts'),
    import('../../runtime/child.ts'),
  ]);
  const { kernel } = runtime;
  const isTerminal = isatty(fd);
  const buffering: Buffering = settings.buffering;
  const formats: { readonly [name: string]: (typeof outputFormats)[keyof typeof outputFormats] } = outputFormats;
  const format = formats[settings.format];
  if (format === undefined) throw new Error(`no output format '${settings.format}'`);
  const values = sessionValues({ files: machine.files, kernel, world, strings: program.strings });
  const host: EventHost = { values, config: program.config, sanitize: isTerminal };
  return {
    bpf: settings.stages.has('verifier') ? showingRejections(runtime.bpf, screen) : runtime.bpf,
    kernel,
    files: machine.files,
    output: format({
      results: new FdSink(fd, buffering, isTerminal),
      remarks: screen.err,
      truncationTrailer: program.config.str_trunc_trailer,
      renderDiagnostic: render,
      safe: isTerminal,
    }),
    report: (diagnostic) => {
      if (settings.warnings || diagnostic.severity === 'error') screen.err.write(bytesOf(render(diagnostic)));
    },
    handlers: program.events.map((event) => handlerOf(event, host)),
    values,
    aggregation: (type) => knownAggregation(type.by),
    startChild: (command) => startStopped(command),
    signals: process,
    onlineCpus: world.onlineCpus(),
    possibleCpus: world.possibleCpus(),
    pageSize: runtime.pageSize,
    tracefs: world.tracefs(),
    startNs: kernel.bootClock() - BigInt(Math.round(performance.now() * 1e6)),
  };
}

function handlerOf(event: EventPlan, host: EventHost): EventHandler {
  const handler = knownBuiltin(event.builtin).handler?.(event, host);
  if (handler === undefined) throw new Error(`${event.builtin}() sends events and has no handler for them`);
  return handler;
}

/** Harnesses of the language set one of these and wait for a line of that name on stdout. */
const notifications = ['__BPFTRACE_NOTIFY_PROBES_ATTACHED', '__EBTRACE_NOTIFY_PROBES_ATTACHED'] as const;

function sessionOptions(settings: Settings, deps: SessionDeps, fd: number, env: RunEnvironment): SessionOptions {
  const { screen, variables } = env;
  const wanted = notifications.filter((name) => variables[name] !== undefined);
  return {
    pid: settings.pid,
    command: settings.command,
    quiet: settings.quiet,
    dryRun: settings.dryRun,
    warnings: settings.warnings ? 'default' : 'none',
    flushBatches: settings.buffering !== 'full',
    onAttached: () => {
      if (wanted.length === 0) return;
      if (fd === STDOUT) deps.output.flush();
      for (const name of wanted) screen.say(name);
    },
    ...(settings.stages.has('verifier') ? { onVerifierLog: (name, log) => showVerifierLog(name, log, screen) } : {}),
    ...(settings.stages.has('libbpf') ? { onLibbpfMessage: (_level, text) => screen.err.write(`${text}\n`) } : {}),
  };
}

function showVerifierLog(program: string, log: string, screen: Screen): void {
  screen.err.write(`# verifier log of ${program}\n${log.trimEnd()}\n\n`);
}

/** The log of a program that was rejected comes with the failure. */
function showingRejections(bpf: Bpf, screen: Screen): Bpf {
  return {
    load: (program, options) => {
      try {
        return bpf.load(program, options);
      } catch (failure) {
        if (failure instanceof Error && 'log' in failure && typeof failure.log === 'string') {
          const name = 'program' in failure && typeof failure.program === 'string' ? failure.program : 'a program';
          showVerifierLog(name, failure.log, screen);
        }
        throw failure;
      }
    },
  };
}

/** For -v: the mechanism, which is not always the one that the probe's name suggests. */
function attachText({ name, program, attach, count }: ProbePlan): string {
  const points = count === 1 ? '' : ` (${count} probes, one program)`;
  switch (attach.kind) {
    case 'run-once':
      return `${name}: ${program} is run once`;
    case 'raw-tracepoint':
      return `${name}${points}: ${program} on raw tracepoint ${attach.targets.map((target) => target.name).join(', ')}`;
    case 'tracepoint':
      return `${name}${points}: ${program} on perf tracepoint`;
    case 'perf-event':
      return `${name}: ${program} on perf event ${attach.type}:${attach.config}, ${attach.cpus === 'all' ? 'every CPU' : 'one CPU'}`;
  }
}

function bytesOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

// ------------------------------------------------------------------------------------------------ signals

interface Interrupt {
  readonly requested: boolean;
  release(): void;
}

/** Until the session takes over. */
function catchInterrupts(onInterrupt: () => void): Interrupt {
  let requested = false;
  const listener = (): void => {
    requested = true;
    onInterrupt();
  };
  process.on('SIGINT', listener).on('SIGTERM', listener);
  return {
    get requested() {
      return requested;
    },
    release: () => {
      process.off('SIGINT', listener).off('SIGTERM', listener);
    },
  };
}
