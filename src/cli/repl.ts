/**
 * The prompt: `ebtrace` on a terminal without arguments. Each entry is compiled and run like a script of its own, with
 * one machine (and its mounted tracefs) for all of them; errors are shown and the prompt comes back. What belongs to a
 * session across entries lives in `startRepl`.
 */
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import type { SourceText } from '../../grammar/source.ts';
import { plan } from '../build.ts';
import { createClang } from '../clang/clang.ts';
import { buildEnvironment, type RunEnvironment, type RunRequest } from './building.ts';
import { listCommand } from './list-command.ts';
import { openMachine } from './machine.ts';
import { findReplCommand, type ReplSession } from './repl-commands.ts';
import { historyPath, openHistory } from './repl-history.ts';
import { asTyped, type Form, readEntry, sourceOf } from './repl-input.ts';
import { openPrompt } from './repl-prompt.ts';
import { runScript } from './run.ts';
import { bytes, type Screen } from './screen.ts';
import type { Settings } from './settings.ts';

/** Returns the exit status. */
export async function startRepl(settings: Settings, screen: Screen, version: string): Promise<number> {
  const env: RunEnvironment = {
    machine: await openMachine({ host: settings.host, environment: process.env }),
    screen,
    variables: process.env,
    // Ctrl-C while a script is compiled ends that script, not the prompt.
    onInterrupt: () => undefined,
    isPrompt: true,
  };
  let listing: Promise<unknown> = Promise.resolve();
  const session: ReplSession = {
    say: (text) => screen.say(text),
    list: (patterns) => {
      listing = listCommand({ patterns: bytes(patterns) }, settings, env);
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
      await listing;
    } else if (entry.kind === 'script') {
      await runEntry(entry.text, entry.forms, settings, env);
    }
  }
}

async function runEntry(text: string, forms: readonly Form[], settings: Settings, env: RunEnvironment): Promise<void> {
  const form = await chooseForm(text, forms, settings, env);
  // The probe around statements is ours, so it is not counted.
  const quiet = settings.quiet || form.prefix !== '';
  await runScript(requestOf(text, form, { ...settings, quiet }, env), env);
}

/** The first that compiles, else the last, whose errors are then shown. */
async function chooseForm(
  text: string,
  forms: readonly Form[],
  settings: Settings,
  env: RunEnvironment,
): Promise<Form> {
  const last = forms.at(-1);
  if (last === undefined) throw new Error('an entry without a form');
  const clang = createClang({ path: settings.clang, env: env.variables });
  for (const form of forms.slice(0, -1)) {
    const request = requestOf(text, form, settings, env);
    // With clang, because names may come from C in the entry.
    const { machine } = env;
    const planned = await machine.knowingPrograms(() =>
      plan(request.source, buildEnvironment(request, env, machine.world), clang),
    );
    if (planned.ok) return form;
  }
  return last;
}

function requestOf(text: string, form: Form, settings: Settings, env: RunEnvironment): RunRequest {
  const source = sourceOf(text, form);
  const render = (diagnostic: Diagnostic, shown: SourceText): string => {
    const typed = asTyped(diagnostic, text, form, shown);
    return env.screen.render(typed.diagnostic, typed.source);
  };
  return { source, folder: process.cwd(), positionals: [], named: new Map(), settings, render };
}
