/**
 * Lines typed in earlier sessions, kept in $XDG_STATE_HOME/ebtrace/history (else ~/.local/state/ebtrace/history), readable by
 * their user only: scripts name what somebody investigates.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { makeFolder } from '../clang/make-folder.ts';
import { systemError } from '../world/system-error.ts';

export interface History {
  /** Newest first, as node:readline has it. */
  readonly lines: readonly string[];
  /** Replaces the lines and writes them. Returns why that failed, the first time it does. */
  save(lines: readonly string[]): string | undefined;
}

export const historySize = 1000;

export function openHistory(path: string): History {
  let lines = readLines(path);
  let told = false;
  return {
    get lines() {
      return lines;
    },
    save: (next) => {
      lines = next.slice(0, historySize);
      try {
        makeFolder(dirname(path), 0o700);
        writeFileSync(
          path,
          [...lines]
            .reverse()
            .map((line) => `${line}\n`)
            .join(''),
          { mode: 0o600 },
        );
        return undefined;
      } catch (failure) {
        const reason = systemError(failure);
        if (reason === undefined) throw failure;
        if (told) return undefined;
        told = true;
        return `the history is not kept: ${path}: ${reason}`;
      }
    },
  };
}

export function historyPath(variables: Readonly<Record<string, string | undefined>>): string {
  const state = variables.XDG_STATE_HOME;
  const folder = state !== undefined && isAbsolute(state) ? state : join(homedir(), '.local/state');
  return join(folder, 'ebtrace/history');
}

function readLines(path: string): readonly string[] {
  try {
    const lines = readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    return lines.reverse().slice(0, historySize);
  } catch (failure) {
    // None yet, or not ours to read: the session starts without; save() says so when writing fails too.
    if (systemError(failure) === undefined) throw failure;
    return [];
  }
}
