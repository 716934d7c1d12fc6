/** The commands of the prompt: a new one is a row here. */
import { closest } from '../../grammar/suggest.ts';

/** What commands may do with the session. */
export interface ReplSession {
  /** Prints a line. */
  say(text: string): void;
  /** `-l` with these patterns. */
  list(patterns: string): void;
}

export interface ReplCommand {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Placeholder of the argument. */
  readonly argument?: string;
  readonly doc: string;
  run(argument: string, session: ReplSession): 'stay' | 'quit';
}

export const replCommands: readonly ReplCommand[] = [
  {
    name: 'help',
    aliases: ['h', '?'],
    doc: 'show this',
    run: (_argument, session) => {
      session.say(helpText());
      return 'stay';
    },
  },
  {
    name: 'list',
    aliases: ['l'],
    argument: '[PATTERN]',
    doc: 'list probes, such as :list tracepoint:sched:*',
    run: (argument, session) => {
      session.list(argument);
      return 'stay';
    },
  },
  { name: 'quit', aliases: ['q', 'exit'], doc: 'leave (Ctrl-D does as well)', run: () => 'quit' },
];

/** By name or alias; else what to say. */
export function findReplCommand(name: string): ReplCommand | { readonly problem: string } {
  const found = replCommands.find((entry) => entry.name === name || entry.aliases.includes(name));
  if (found !== undefined) return found;
  const near = closest(
    name,
    replCommands.map((entry) => entry.name),
  );
  return {
    problem: `there is no command ':${name}'; ${near === undefined ? ':help shows them' : `did you mean ':${near}'?`}`,
  };
}

function helpText(): string {
  const rows = replCommands.map(({ name, argument, doc }): [string, string] => [
    `:${name}${argument === undefined ? '' : ` ${argument}`}`,
    doc,
  ]);
  const width = Math.max(...rows.map(([form]) => form.length));
  return [
    'Type a script, and it runs at once; Ctrl-C ends it and prints its maps. It may have several lines.',
    '  tracepoint:sched:sched_switch { @[comm] = count(); }',
    'Statements and expressions without a probe run in a begin probe.',
    '  1 + 2',
    ...rows.map(([form, doc]) => `${form.padEnd(width)}  ${doc}`),
  ].join('\n');
}
