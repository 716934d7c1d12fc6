/**
 * Reads entries of one or more lines from the terminal with node:readline. There is one Interface per entry, so that the
 * terminal is in its usual state, and Ctrl-C a signal, while a script runs; what was typed ahead is kept for the next.
 */
import { createInterface } from 'node:readline';
import kleur from 'kleur';
import type { History } from './repl-history.ts';
import { historySize } from './repl-history.ts';

export interface PromptOptions {
  readonly history: History;
  readonly colour: boolean;
  /** More lines belong to the entry. Text as typed. */
  readonly isIncomplete: (text: string) => boolean;
  readonly remark: (text: string) => void;
}

/** Undefined at the end of the input (Ctrl-D). */
export type ReadEntry = () => Promise<string | undefined>;

export function openPrompt({ history, colour, isIncomplete, remark }: PromptOptions): ReadEntry {
  const paint = (text: string): string => {
    kleur.enabled = colour;
    return kleur.bold(text);
  };
  const first = paint('ebtrace> ');
  const further = paint('    ...> ');
  /** Lines that came after the one that completed an entry, and the unfinished one behind them. */
  let ahead: string[] = [];
  let unfinished = '';

  return () =>
    new Promise((resolve) => {
      const readline = createInterface({
        input: process.stdin,
        output: process.stdout,
        terminal: true,
        prompt: first,
        history: [...history.lines],
        historySize,
        removeHistoryDuplicates: true,
      });
      let lines: string[] = [];
      let isComplete = false;
      const take = (line: string): void => {
        if (isComplete) {
          ahead.push(line);
          return;
        }
        lines.push(line);
        if (isIncomplete(lines.join('\n'))) {
          readline.setPrompt(further);
          readline.prompt();
          return;
        }
        isComplete = true;
        // After all lines of the same paste have come.
        setImmediate(() => {
          unfinished = readline.line;
          readline.close();
        });
      };
      readline.on('line', take);
      readline.on('history', (all: readonly string[]) => {
        const problem = history.save(all);
        if (problem !== undefined) remark(problem);
      });
      // An empty entry: the prompt comes back, and what was typed is gone.
      readline.on('SIGINT', () => {
        process.stdout.write('^C\n');
        lines = [];
        isComplete = true;
        readline.close();
      });
      readline.on('close', () => {
        if (!isComplete) process.stdout.write('\n');
        resolve(isComplete ? lines.join('\n') : undefined);
      });
      readline.prompt();
      const before = ahead;
      ahead = [];
      for (const line of before) {
        if (!isComplete) process.stdout.write(`${line}\n`);
        take(line);
      }
      if (!isComplete && unfinished !== '') readline.write(unfinished);
      if (!isComplete) unfinished = '';
    });
}
