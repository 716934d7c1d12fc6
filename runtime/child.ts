/**
 * Programs that ebtrace starts: the child of `-c`, and system(). This is the one place of the runtime that starts
 * processes, and looks at files to find them.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { RuntimeFailure } from './bpf.ts';

/** A child that exists, with its final pid, but has not executed its program yet. */
export interface StoppedChild {
  readonly pid: number;
  /** Resolves when the process has ended, whether or not it was resumed. */
  readonly ended: Promise<void>;
  /** Executes the program. */
  resume(): void;
  /** SIGTERM when it still runs; a child that was never resumed ends without having run its program. */
  terminate(): void;
}

/**
 * Waits for a line on descriptor 3, then becomes the program. When we die first the read fails. A later death of ours
 * ends the program through PR_SET_PDEATHSIG where setpriv(1) is installed; it is applied before the wait. Probes see the
 * last six system calls of dash, five that close descriptors and execve(2); the stdin of the program as the wait's would
 * cost it four more.
 */
const waitThenExecute = 'read ebtrace_go <&3 || exit 126; exec 3<&- "$0" "$@"';

/**
 * `command` is split at blanks, without quoting. Throws RuntimeFailure when the program is missing or not executable.
 */
export function startStopped(command: string, environment: NodeJS.ProcessEnv = process.env): StoppedChild {
  const [name, ...args] = command.split(/[ \t]+/).filter((word) => word !== '');
  if (name === undefined) throw new RuntimeFailure('the command of -c is empty', { errno: 2 });
  const program = findProgram(name, environment.PATH);
  const shell = ['/bin/sh', '-c', waitThenExecute, program, ...args];
  const setpriv = lookUp('setpriv', environment.PATH);
  const [file = '/bin/sh', ...rest] = setpriv === undefined ? shell : [setpriv, '--pdeathsig', 'TERM', ...shell];
  const child = spawn(file, rest, { stdio: ['inherit', 'inherit', 'inherit', 'pipe'], env: environment });
  return stoppedChild(child, command);
}

function stoppedChild(child: ChildProcess, command: string): StoppedChild {
  const { pid } = child;
  const gate = child.stdio[3];
  if (pid === undefined || gate === null || gate === undefined || !('write' in gate)) {
    throw new RuntimeFailure(`cannot start '${command}'`, { hint: 'the system may have no room for more processes' });
  }
  // A child that died before it was resumed closes its end; that is told by `ended`.
  gate.on('error', () => undefined);
  let running = true;
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => {
      running = false;
      resolve();
    });
  });
  return {
    pid,
    ended,
    resume: () => {
      gate.end('\n');
    },
    terminate: () => {
      gate.destroy();
      if (running) child.kill('SIGTERM');
      // A program that ignores SIGTERM does not keep us.
      child.unref();
    },
  };
}

/** The file that executes `name`, by PATH when there is no slash in it. Throws RuntimeFailure. */
export function findProgram(name: string, path: string | undefined): string {
  const found = name.includes('/') ? name : (lookUp(name, path) ?? lookUp(name, path, 'any'));
  if (found === undefined || !isFile(found)) {
    throw new RuntimeFailure(`cannot start '${name}': there is no such program`, {
      errno: 2,
      hint: name.includes('/') ? undefined : 'it was looked for in the folders of PATH; give its full path otherwise',
    });
  }
  if (!isExecutable(found)) {
    throw new RuntimeFailure(`cannot start '${name}': ${found} is not executable`, {
      errno: 13,
      hint: `make it so: chmod +x ${found}`,
    });
  }
  return found;
}

function lookUp(
  name: string,
  path: string | undefined,
  which: 'executable' | 'any' = 'executable',
): string | undefined {
  const candidates = (path ?? '/usr/local/bin:/usr/bin:/bin').split(':').map((folder) => `${folder || '.'}/${name}`);
  return candidates.find((file) => isFile(file) && (which === 'any' || isExecutable(file)));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Output of one system() that is kept, bytes. A command that prints more is ended. */
export const SYSTEM_OUTPUT_LIMIT = 16 * 1024 * 1024;

export interface RunningCommand {
  /**
   * What it printed on stdout and stderr, in the order it was printed, as a byte string; output beyond
   * SYSTEM_OUTPUT_LIMIT is cut with a remark. Resolves when nobody can print any more, or after `end()`.
   */
  readonly printed: Promise<string>;
  /** SIGTERM; what it printed until now is all there is. */
  end(): void;
}

/** Starts `sh -c command` in our process group, so that Ctrl-C at a terminal reaches it too. */
export function startSystem(command: string): RunningCommand {
  const child = spawn('/bin/sh', ['-c', 'exec /bin/sh -c "$1" 2>&1', 'sh', unicode(command)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const pieces: Buffer[] = [];
  let length = 0;
  let remark = '';
  let finish: () => void = () => undefined;
  const printed = new Promise<string>((resolve) => {
    finish = () => resolve(Buffer.concat(pieces).toString('latin1') + remark);
  });
  const end = (): void => {
    child.kill('SIGTERM');
    finish();
    // Its children may still have the other end of the pipe.
    child.stdout.destroy();
    child.unref();
  };
  child.stdout.on('data', (piece: Buffer) => {
    const kept = piece.subarray(0, SYSTEM_OUTPUT_LIMIT - length);
    pieces.push(kept);
    length += kept.length;
    if (kept.length === piece.length) return;
    remark = `[ebtrace: output cut after ${SYSTEM_OUTPUT_LIMIT} bytes]\n`;
    end();
  });
  child.once('close', finish);
  child.once('error', (error) => {
    remark = `[ebtrace: cannot run it: ${error.message}]\n`;
    finish();
  });
  return { printed, end };
}

/** Arguments of processes are Unicode in Node; bytes that are no UTF-8 cannot be passed and become U+FFFD. */
function unicode(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}
