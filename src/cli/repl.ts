/**
 * The prompt: `ebtrace` on a terminal without arguments. Each entry is compiled and run like a script of its own, with
 * one machine (and its mounted tracefs) for all of them; errors are shown and the prompt comes back. What belongs to a
 * session across entries lives in `startRepl`.
 */
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { compile } from '../build.ts';
import { buildEnvironment, type RunEnvironment } from './building.ts';
import type { Settings } from './command-line.ts';
import { listCommand } from './list-command.ts';
import { openMachine } from './machine.ts';
import { findReplCommand, type ReplSession } from './repl-commands.ts';
import { historyPath, openHistory } from './repl-history.ts';
import { asTyped, type Form, readEntry, sourceOf } from './repl-input.ts';
import { openPrompt } from './repl-prompt.ts';
import { runScript } from './run.ts';
import { bytes, type Screen } from './screen.ts';

/** Returns the exit status. */
export async function startRepl(settings: Settings, screen: Screen, version: string): Promise<number> {
  const env: RunEnvironment = {
    machine: await openMachine(settings.host),
    screen,
    variables: process.env,
    // Ctrl-C while a script is compiled ends that script, not the prompt.
    onInterrupt: () => undefined,
  };
  const session: ReplSession = {
    say: (text) => screen.say(text),
    list: (patterns) => {
      listCommand({ patterns: bytes(patterns) }, settings, env);
    },
  };
  const next = openPrompt({
    history: openHistory(historyPath(process.env)),
    colour: screen.style.colour,
    isIncomplete: (text) => readEntry(bytes(text)).kind === 'incomplete',
    remark: (text) => screen.remark(text),
  });
  screen.say(`ebtrace v${version}; :help shows what can be typed here`);
  for (;;) {
    const text = await next();
    if (text === undefined) return 0;
    const entry = readEntry(bytes(text));
    if (entry.kind === 'command') {
      const command = findReplCommand(entry.name);
      if ('problem' in command) screen.remark(command.problem);
      else if (command.run(entry.argument, session) === 'quit') return 0;
    } else if (entry.kind === 'script') {
      await runEntry(entry.text, entry.forms, settings, env);
    }
  }
}

async function runEntry(text: string, forms: readonly Form[], settings: Settings, env: RunEnvironment): Promise<void> {
  const form = forms.find((candidate) => compiles(text, candidate, settings, env)) ?? forms[forms.length - 1];
  if (form === undefined) throw new Error('an entry without a form');
  const render = (diagnostic: Diagnostic): string => {
    const typed = asTyped(diagnostic, text, form);
    return env.screen.render(typed.diagnostic, typed.source);
  };
  // The probe around statements is ours, so it is not counted.
  const quiet = settings.quiet || form.prefix !== '';
  const request = { source: sourceOf(text, form), positionals: [], settings: { ...settings, quiet }, render };
  await runScript(request, env);
}

function compiles(text: string, form: Form, settings: Settings, env: RunEnvironment): boolean {
  const request = { settings, positionals: [] };
  return compile(
    sourceOf(text, form),
    buildEnvironment(request, env, env.machine.world, () => undefined),
  ).ok;
}
