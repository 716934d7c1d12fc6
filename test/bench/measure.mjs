/** Building blocks of the benchmark rows: a tool runs once, with its times on CLOCK_MONOTONIC and its peak memory. */
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Compiles workload.c with the embedded clang and its linker, so that no C compiler need be installed. */
export function buildWorkload(root, folder) {
  const zig = join(root, `node_modules/@zigc/${process.platform}-${process.arch}/bin/zig`);
  const triple = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[process.arch];
  const object = join(folder, 'workload.o');
  const program = join(folder, 'workload');
  const source = join(root, 'test/bench/workload.c');
  must(zig, ['clang', '-cc1', '-triple', triple, '-O2', '-emit-obj', '-fno-builtin', source, '-o', object]);
  must(zig, ['ld.lld', '-static', object, '-o', program]);
  return program;
}

function must(command, args) {
  const child = spawnSync(command, args, { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${child.error?.message ?? child.stderr}`);
}

/** Milliseconds on CLOCK_MONOTONIC, which is what Node's hrtime and the workload's file use. */
export const now = () => Number(process.hrtime.bigint()) / 1e6;

/**
 * Starts `command args` and resolves when it has ended: `{ started, ended, peakKb, stderr }`, times in
 * milliseconds; `peakKb` is 0 without `memory`. `stdout`: 'ignore', a file descriptor, or a function that gets each chunk and a handle
 * `{ interrupt(), pid }`. Rejects when the exit status is not 0.
 */
export function runTool(command, args, { stdout = 'ignore', env = {}, memory = false } = {}) {
  return new Promise((resolve, reject) => {
    const started = now();
    const piped = typeof stdout === 'function';
    const child = spawn(command[0], [...command.slice(1), ...args], {
      stdio: ['ignore', piped ? 'pipe' : stdout, 'pipe'],
      env: { ...process.env, ...env },
    });
    running.add(child);
    let stderr = '';
    let peakKb = 0;
    // Looking costs time on the CPU that the tool wants: only where memory is the question.
    const look = () => {
      peakKb = Math.max(peakKb, treeKb(child.pid));
    };
    const sampler = memory ? setInterval(look, 5) : undefined;
    const handle = { pid: child.pid, interrupt: () => child.kill('SIGINT') };
    if (piped) child.stdout.setEncoding('latin1').on('data', (text) => stdout(text, handle));
    child.stderr.setEncoding('latin1').on('data', (text) => {
      stderr += text;
    });
    child.on('error', reject);
    let ended = 0;
    child.on('exit', () => {
      ended = now();
    });
    child.on('close', (status, signal) => {
      clearInterval(sampler);
      running.delete(child);
      if (status === 0) resolve({ started, ended, peakKb, stderr });
      else reject(new Error(`${[...command, ...args].join(' ')}: ended with ${signal ?? status}\n${stderr}`));
    });
  });
}

const running = new Set();

/** The benchmark was interrupted: so is what it started. */
export function interruptAll() {
  for (const child of running) child.kill('SIGINT');
}

/** Memory of a process and the programs it started (clang, say; not the traced workload, which has none), in KiB. */
function treeKb(pid) {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
    );
    const own = Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0);
    return children.reduce((sum, child) => sum + treeKb(child), own);
  } catch {
    // It has just ended; the samples before count.
    return 0;
  }
}
