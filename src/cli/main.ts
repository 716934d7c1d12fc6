/**
 * The program's entry: argv -> command -> exit status. Everything a command needs is imported when it is known to be
 * needed, because the time until probes are attached is a feature. Users' mistakes end here as Diagnostics with status
 * 1; an exception that arrives here is a bug of ours, says so, and ends with status 2.
 */
import { statSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import packageJson from '../../package.json' with { type: 'json' };
import type { RunEnvironment, RunRequest } from './building.ts';
import { type Command, parseCommandLine, type Script } from './command-line.ts';
import { variable } from './environment.ts';
import { colourStyle, openScreen, type Screen } from './screen.ts';
import type { Settings } from './settings.ts';
import { UsageMistake, usageDiagnostic } from './usage-mistake.ts';

const INTERNAL_ERROR = 2;

async function main(argv: readonly string[]): Promise<number> {
  const style = colourStyle(process.env);
  const screen = await openScreen(style ?? { colour: false });
  if (style === undefined)
    return refuse(screen, `USAGE: ${variable('colour', process.env)?.name} is auto, always or never`);
  const parsed = await parseCommandLine(argv, {
    version: packageJson.version,
    columns: process.stdout.columns ?? 100,
    isFile: (path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true,
  });
  if (!parsed.ok) {
    screen.report([parsed.diagnostic]);
    return 1;
  }
  try {
    return await perform(parsed.value, screen);
  } catch (mistake) {
    if (!(mistake instanceof UsageMistake)) throw mistake;
    screen.report([usageDiagnostic(mistake)]);
    return 1;
  }
}

function refuse(screen: Screen, message: string): number {
  const diagnostic: Diagnostic = { severity: 'error', code: 'refused', message };
  screen.report([diagnostic]);
  return 1;
}

async function perform(command: Command, screen: Screen): Promise<number> {
  switch (command.kind) {
    case 'show':
      screen.say(command.text.trimEnd());
      return 0;
    case 'nothing': {
      if (!isatty(0) || !isatty(1)) {
        screen.remark(command.usage.trimEnd());
        return 1;
      }
      const { startRepl } = await import('./repl.ts');
      return startRepl(command.settings, screen, packageJson.version);
    }
    case 'info': {
      const { showInfo } = await import('./info.ts');
      return showInfo(command.settings, screen, packageJson.version);
    }
    case 'list': {
      if (command.script === undefined) {
        const [env, { listCommand }] = await Promise.all([
          environment(command.settings, screen),
          import('./list-command.ts'),
        ]);
        return listCommand({ patterns: command.patterns }, command.settings, env);
      }
      return withScript(command.script, command.settings, screen, async (request, env) => {
        const { listCommand } = await import('./list-command.ts');
        return listCommand(request, command.settings, env);
      });
    }
    case 'run':
      if (command.settings.mode === 'format') return format(command.script, command.settings, screen);
      return withScript(command.script, command.settings, screen, async (request, env) => {
        const { settings } = request;
        if (settings.mode === 'compiler-bench') {
          const { benchCompiler } = await import('./compiler-bench.ts');
          return benchCompiler(request, env);
        }
        if (onlyCompiles(settings)) {
          const { compileOnly } = await import('./compile-only.ts');
          return compileOnly(request, env);
        }
        if (settings.host !== undefined) {
          return refuse(
            screen,
            'USAGE: a recorded machine cannot run anything; use --host with --emit-c, --emit-elf or -l',
          );
        }
        const { runScript } = await import('./run.ts');
        return runScript(request, env);
      });
  }
}

function onlyCompiles({ mode, emitC, emitElf, emitLlvm, record }: Settings): boolean {
  return mode === 'codegen' || [emitC, emitElf, emitLlvm, record].some((path) => path !== undefined);
}

async function withScript(
  script: Script,
  settings: Settings,
  screen: Screen,
  act: (request: RunRequest, env: RunEnvironment) => Promise<number>,
): Promise<number> {
  const { readScript } = await import('./read-script.ts');
  const read = readScript(script.from);
  if (!read.ok) {
    screen.report([read.diagnostic]);
    return 1;
  }
  const { source, folder } = read;
  const { positionals, named } = script;
  return act(
    { source, folder, positionals, named, settings, render: screen.render },
    await environment(settings, screen),
  );
}

/** Needs no machine. */
async function format(script: Script, settings: Settings, screen: Screen): Promise<number> {
  const [{ readScript }, { formatCommand }] = await Promise.all([
    import('./read-script.ts'),
    import('./format-command.ts'),
  ]);
  const read = readScript(script.from);
  if (read.ok) return formatCommand(read.source, settings.output, screen);
  screen.report([read.diagnostic]);
  return 1;
}

async function environment(settings: Settings, screen: Screen): Promise<RunEnvironment> {
  const { openMachine } = await import('./machine.ts');
  const { record } = settings;
  const { host, withoutFeatures, traceable } = settings;
  const options = { host, withoutFeatures, traceable, environment: process.env };
  if (record === undefined) return { machine: await openMachine(options), screen, variables: process.env };
  const { recordBelow } = await import('./compile-only.ts');
  const machine = await openMachine({ ...options, wrap: (files) => recordBelow(record, files) });
  return { machine, screen, variables: process.env };
}

/** Not through Screen: it may be what is broken. */
function internalError(error: unknown): never {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `ebtrace: internal error in version ${packageJson.version}; this is a bug of ebtrace, please report it with the script:\n${text}\n`,
  );
  process.exit(INTERNAL_ERROR);
}

/**
 * Runs the program; nothing happens when this module is merely loaded. dist/main.cjs calls it, also in a process that
 * came to life from a start-up snapshot (scripts/snapshot.mjs).
 */
export function start(): void {
  process.on('uncaughtException', internalError);
  process.on('unhandledRejection', internalError);
  giveBackCertificates(process.env);
  main(process.argv.slice(2)).then(
    (status) => process.exit(status),
    async (error: unknown) => {
      const { SinkClosed } = await import('../../runtime/output/output.ts');
      if (error instanceof SinkClosed) process.exit(0);
      internalError(error);
    },
  );
}

/** Loads what most runs need and runs it once: what a start-up snapshot holds. */
export async function warmUp(): Promise<void> {
  await (await import('./warm-up.ts')).warmUp();
}

/** bin/ebtrace hides the variable from Node, which would read all those certificates; programs we start may want it. */
function giveBackCertificates(env: NodeJS.ProcessEnv): void {
  const hidden = env.EBTRACE_HIDDEN_CA_CERTS;
  if (hidden === undefined) return;
  env.NODE_EXTRA_CA_CERTS = hidden;
  delete env.EBTRACE_HIDDEN_CA_CERTS;
}
