/**
 * The run command: script -> Program -> session, and back to an exit status. Order of what can be wrong: the script
 * first (it needs no privileges), then what this process may do, then what the options name (processes, files).
 *
 * clang compiles in a child process; libbpf is loaded and asked meanwhile.
 */
import { closeSync, openSync, writeFileSync } from 'node:fs';
import type { Checked, Diagnostic } from '../../grammar/diagnostic.ts';
import { type BuildStage, build } from '../build.ts';
import { createClang } from '../clang/clang.ts';
import type { Program } from '../program/program.ts';
import { processExists } from '../world/procfs.ts';
import { systemError } from '../world/system-error.ts';
import type { World } from '../world/world.ts';
import { buildEnvironment, type RunEnvironment, type RunRequest, reportBuild, StageTexts } from './building.ts';
import { failureDiagnostic, loadRuntime, type Runtime } from './load-runtime.ts';
import { attachText, requestedRun, STDOUT, sessionDeps, sessionOptions } from './session-wiring.ts';
import type { Settings } from './settings.ts';

/** A mistake in the script or on the command line, or no permission. */
const REFUSED = 1;
/** Nothing in the script is attached. */
const NOTHING_ATTACHED = 255;
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
    const building = machine.knowingPrograms(() =>
      build(source, buildEnvironment(request, env, machine.world, onStage), clang),
    );
    // build() has run up to clang by now; what cannot run needs no runtime.
    let runtime = isPlanned ? await loadRuntime(machine.files, machine.guessedRight) : undefined;
    let built = await building;
    // With C of its own a script is planned only after clang has read that.
    if (built.ok) runtime ??= await loadRuntime(machine.files, machine.guessedRight);
    let world = machine.world;
    if (built.ok && runtime?.ok === true && !machine.guessedRight(runtime.value.features)) {
      world = machine.worldWith(runtime.value.features);
      built = await build(source, buildEnvironment(request, env, world, onStage), clang);
    }
    if (built.ok) await stages.translate(built.value.c, clang, built.source);
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
  const idle = onlyRequested(program, settings);
  if (idle !== undefined) {
    screen.report([idle]);
    return NOTHING_ATTACHED;
  }
  const missing = await missingTarget(settings, env);
  if (missing !== undefined) return refuse(missing);
  if (settings.verbose) for (const probe of program.probes) screen.remark(`ebtrace: ${attachText(probe)}`);
  const results = openResults(settings.output);
  if (!results.ok) return refuse(results.diagnostic);
  try {
    const deps = await sessionDeps(program, runtime, world, results.fd, request, env);
    const requested = await requestedRun(program, request);
    const options = sessionOptions(settings, deps, results.fd, env, requested);
    nameProcess();
    const ending = (await import('../../runtime/session.ts')).runSession(program, options, deps);
    // The session listens from here on.
    interrupt.release();
    return await ending;
  } finally {
    if (results.fd !== STDOUT) closeSync(results.fd);
  }
}

function nothingToAttach(settings: Settings): Diagnostic {
  const hint = settings.probeFilter === undefined ? undefined : `--probe-filter ${settings.probeFilter} left none`;
  const entry = { severity: 'error', code: 'nothing-to-attach', message: 'The script has no probe to attach' } as const;
  return hint === undefined ? entry : { ...entry, hint };
}

/** Tests and benchmarks lie idle unless they are asked for; a script of nothing else would do nothing. */
function onlyRequested({ probes }: Program, { mode }: Settings): Diagnostic | undefined {
  if (mode !== 'run') return undefined;
  const kinds = probes.map(({ attach }) => (attach.kind === 'run-once' ? attach.when : undefined));
  if (!kinds.every((when) => when === 'test' || when === 'bench')) return undefined;
  const message = `No probes attached; use --${kinds[0]} to run ${kinds[0] === 'test' ? 'test' : 'benchmark'} probes.`;
  return { severity: 'error', code: 'only-requested', message };
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

// ------------------------------------------------------------------------------------------------ signals

interface Interrupt {
  readonly requested: boolean;
  release(): void;
}

const interrupting = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Until the session takes over. */
function catchInterrupts(onInterrupt: () => void): Interrupt {
  let requested = false;
  const listener = (): void => {
    requested = true;
    onInterrupt();
  };
  for (const signal of interrupting) process.on(signal, listener);
  return {
    get requested() {
      return requested;
    },
    release: () => {
      for (const signal of interrupting) process.off(signal, listener);
    },
  };
}

/** begin and end bodies run as this process: their `comm` is the tool, not `node` (proc(5), /proc/PID/comm). */
function nameProcess(): void {
  writeFileSync('/proc/self/comm', 'ebtrace');
}
