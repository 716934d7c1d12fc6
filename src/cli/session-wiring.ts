/**
 * Command line -> session: the settings as SessionOptions, and the real kernel, output and processes as SessionDeps.
 */
import { isatty } from 'node:tty';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { SourceText } from '../../grammar/source.ts';
import type { Bpf } from '../../runtime/bpf.ts';
import type { Buffering } from '../../runtime/output/sink.ts';
import type { SessionDeps, SessionOptions } from '../../runtime/session.ts';
import type { RequestedRun } from '../../runtime/test-run.ts';
import { knownAggregation } from '../builtins/aggregations/index.ts';
import type { EventHandler, EventHost } from '../builtins/builtin.ts';
import { knownBuiltin } from '../builtins/index.ts';
import type { EventPlan, ProbePlan, Program } from '../program/program.ts';
import type { World } from '../world/world.ts';
import type { RunEnvironment, RunRequest } from './building.ts';
import { environmentTable } from './environment.ts';
import type { Runtime } from './load-runtime.ts';
import { bytes, type Screen } from './screen.ts';
import type { Settings } from './settings.ts';

export const STDOUT = 1;
const STDERR = 2;

export async function sessionDeps(
  program: Program,
  runtime: Runtime,
  world: World,
  fd: number,
  { settings, render }: RunRequest,
  { machine, screen, isPrompt }: RunEnvironment,
): Promise<SessionDeps> {
  const [
    { FdSink },
    { slowReader },
    { backlogOf },
    { outputFormats },
    { sessionValues },
    { stackStore },
    { startStopped },
    { closeLater },
  ] = await Promise.all([
    import('../../runtime/output/sink.ts'),
    import('../../runtime/output/slow-reader.ts'),
    import('../../runtime/output/backlog.ts'),
    import('../../runtime/output/index.ts'),
    import('../../runtime/value-host.ts'),
    import('../../runtime/symbols/stacks.ts'),
    import('../../runtime/child.ts'),
    import('../../runtime/close-later.ts'),
  ]);
  const { kernel } = runtime;
  const source = new SourceText(program.sourceName, program.sourceText, program.sourceFiles);
  const shown = (diagnostic: Diagnostic): string => render(diagnostic, source);
  const isTerminal = isatty(fd);
  const buffering: Buffering = settings.buffering;
  const formats: { readonly [name: string]: (typeof outputFormats)[keyof typeof outputFormats] } = outputFormats;
  const format = formats[settings.format];
  if (format === undefined) throw new Error(`no output format '${settings.format}'`);
  const report = (diagnostic: Diagnostic): void => {
    if (settings.warnings !== 'none' || diagnostic.severity === 'error') remarks.write(bytes(shown(diagnostic)));
  };
  const stacks = stackStore(program.stacks, report);
  const { structs, strings } = program;
  const values = sessionValues({ files: machine.files, kernel, stacks, report, structs, strings });
  const host: EventHost = { values, config: program.config, sanitize: isTerminal };
  const results = new FdSink(fd, buffering, { isTerminal, reader: slowReader(fd, kernel.waitWritable) });
  const remarks = screen.heldErr({ reader: slowReader(STDERR, kernel.waitWritable), behind: results });
  return {
    bpf: settings.stages.has('verifier') ? showingRejections(runtime.bpf, screen) : runtime.bpf,
    kernel,
    files: machine.files,
    output: format({
      results,
      remarks,
      truncationTrailer: program.config.str_trunc_trailer,
      renderDiagnostic: shown,
      safe: isTerminal,
      endOfRun: isPrompt === true ? endAtPrompt(program) : '\n\n',
    }),
    backlog: backlogOf(results, remarks),
    report,
    stacks,
    handlers: program.events.map((event) => handlerOf(event, host)),
    values,
    aggregation: (type) => knownAggregation(type.by),
    startChild: (command) => startStopped(command),
    signals: process,
    closeLater,
    onlineCpus: world.onlineCpus(),
    possibleCpus: world.possibleCpus(),
    pageSize: runtime.pageSize,
    // Not asked for in vain: it may have to be mounted.
    tracefs: program.probes.some(({ attach }) => usesTracefs(attach.kind)) ? world.tracefs() : undefined,
  };
}

/** What waits for events is ended by Ctrl-C, which leaves the cursor behind `^C`. */
function endAtPrompt({ probes }: Program): string {
  return probes.some(({ attach }) => attach.kind !== 'run-once') ? '\n' : '';
}

/** For the numbers of events, and the addresses of functions. */
function usesTracefs(kind: ProbePlan['attach']['kind']): boolean {
  return kind === 'tracepoint' || kind === 'kprobe' || kind === 'kprobe-multi';
}

function handlerOf(event: EventPlan, host: EventHost): EventHandler {
  const handler = knownBuiltin(event.builtin).handler?.(event, host);
  if (handler === undefined) throw new Error(`${event.builtin}() sends events and has no handler for them`);
  return handler;
}

export function sessionOptions(
  settings: Settings,
  deps: SessionDeps,
  fd: number,
  env: RunEnvironment,
  requested?: RequestedRun,
): SessionOptions {
  const { screen, variables } = env;
  const wanted = environmentTable.attached.names.filter((name) => variables[name] !== undefined);
  return {
    pid: settings.pid,
    command: settings.command,
    quiet: settings.quiet,
    dryRun: settings.dryRun,
    statistics: settings.statistics,
    ...(requested === undefined ? {} : { requested }),
    warnings: settings.warnings,
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

/** What --test or --bench asks for; tests are caught as text, whatever the format of the results is. */
export async function requestedRun(
  program: Program,
  { settings, render }: RunRequest,
): Promise<RequestedRun | undefined> {
  const { mode } = settings;
  if (mode !== 'test' && mode !== 'bench') return undefined;
  const { TextOutput } = await import('../../runtime/output/text.ts');
  const source = new SourceText(program.sourceName, program.sourceText, program.sourceFiles);
  return {
    what: mode,
    capture: (sink) =>
      new TextOutput({
        results: sink,
        remarks: sink,
        truncationTrailer: program.config.str_trunc_trailer,
        renderDiagnostic: (diagnostic) => render(diagnostic, source),
      }),
  };
}

function showVerifierLog(program: string, log: string, screen: Screen): void {
  screen.err.write(`# verifier log of ${program}\n${log.trimEnd()}\n\n`);
}

/** The log of a program that was rejected comes with the failure. */
function showingRejections(bpf: Bpf, screen: Screen): Bpf {
  return {
    countRuns: () => bpf.countRuns(),
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
export function attachText({ name, program, attach, count }: ProbePlan): string {
  const points = count === 1 ? '' : ` (${count} probes, one program)`;
  switch (attach.kind) {
    case 'run-once':
      return `${name}: ${program} is run once`;
    case 'raw-tracepoint':
      return `${name}${points}: ${program} on raw tracepoint ${attach.targets.map((target) => target.name).join(', ')}`;
    case 'tracepoint':
      return `${name}${points}: ${program} on perf tracepoint`;
    case 'kprobe':
      return `${name}${points}: ${program} on one perf event for each function`;
    case 'kprobe-multi':
      return `${name}${points}: ${program} on one link for all functions${attach.at === 'both' ? ', entry and return' : ''}`;
    case 'tracing':
      return `${name}: ${program} on a trampoline of the function`;
    case 'breakpoint':
      return `${name}: ${program} on a debug register, ${attach.length} bytes at 0x${attach.address.toString(16)}`;
    case 'iterator':
      return `${name}: ${program} is an iterator${attach.pin === undefined ? '' : `, pinned to ${attach.pin}`}`;
    case 'perf-event':
      return `${name}: ${program} on perf event ${attach.type}:${attach.config}, ${attach.cpus === 'all' ? 'every CPU' : 'one CPU'}`;
  }
}
