/**
 * `npm start [--silent] -- ARGS`: set-up, then bin/ebtrace with ARGS. Standard streams are the child's own.
 *
 * The child must see every signal once. Ctrl-C on a terminal reaches its whole foreground process group: child, this
 * process and npm, which passes it on to us once more; then there is nothing to forward. A signal sent to npm or to
 * this process alone is forwarded. (package.json says `exec node`, or npm's shell would keep signals to itself.)
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { root, setupOrExit } from './setup.mjs';

await setupOrExit();

const child = spawn(join(root, 'bin/ebtrace'), process.argv.slice(2), {
  stdio: 'inherit',
  // npm runs scripts in the package's folder; INIT_CWD is where the user stands, and script paths are relative to it.
  cwd: process.env.INIT_CWD ?? process.cwd(),
});
for (const signal of ['SIGINT', 'SIGQUIT']) {
  process.on(signal, () => {
    if (!inForegroundOfTerminal()) child.kill(signal);
  });
}
for (const signal of ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  process.stderr.write(`start: cannot run bin/ebtrace: ${error.message}\n`);
  process.exitCode = 1;
});
child.on('exit', (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 128 + constants.signals[signal];
});

/** Fields 5 and 8 of proc_pid_stat(5): our process group, and the foreground group of our terminal (-1 without one). */
function inForegroundOfTerminal() {
  if (process.platform !== 'linux') return process.stdin.isTTY === true;
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[2] === fields[5];
}
