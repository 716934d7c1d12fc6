/**
 * Runs in the guest (or on the running kernel) under plain Node: `node run-cases.mjs PLAN.json`. Runs the plan's cases one
 * after the other and prints one JSON line for each. It judges nothing, so that the host can show what came out.
 */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, cpSync, mkdtempSync, openSync, readFileSync, readSync } from 'node:fs';
// Lies beside this file in the guest.
import { snapshotFrom } from './snapshot.mjs';

const plan = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const environment = { ...process.env, ...plan.env };
const kernelLog = plan.inGuest ? openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK) : undefined;

newComplaints();
if (plan.inGuest) intoMemory(import.meta.dirname);
if (plan.snapshot !== undefined) snapshotFrom(plan.snapshot.builder, plan.snapshot.dist, plan.snapshot.name);
for (const entry of plan.cases) process.stdout.write(`${JSON.stringify(await runCase(entry))}\n`);
if (kernelLog !== undefined) closeSync(kernelLog);

/** At its own place, so that starts do not ask the host for each of the program's files. */
function intoMemory(folder) {
  const copy = mkdtempSync('/dev/shm/ebtrace-');
  cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
  const mounted = spawnSync('mount', ['--bind', copy, folder], { encoding: 'latin1' });
  if (mounted.status !== 0) throw new Error(mounted.stderr);
}

async function runCase(entry) {
  const broken = runShell(entry.before, 'before');
  const outcome = broken === undefined ? await run(entry) : { broken, stdout: '', stderr: '', seconds: 0 };
  const notUndone = runShell(entry.after, 'after');
  return { ...outcome, title: entry.title, broken: outcome.broken ?? notUndone, complaints: newComplaints() };
}

function runShell(text, what) {
  if (text === undefined) return undefined;
  const done = spawnSync('sh', ['-e', '-c', text], { encoding: 'latin1', env: environment, timeout: 60_000 });
  return done.status === 0 ? undefined : `'${what}' ended with ${done.status ?? done.signal}: ${done.stderr}`;
}

function run(entry) {
  return new Promise((resolve) => {
    const begin = process.hrtime.bigint();
    const [file, ...words] = entry.command;
    // A group of its own, so that a run that does not end takes its children along.
    const child = spawn(file, words, {
      env: { ...environment, ...entry.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const text = { stdout: '', stderr: '' };
    let signalled = false;
    for (const stream of ['stdout', 'stderr']) {
      child[stream].setEncoding('latin1').on('data', (chunk) => {
        if (text[stream].length < plan.outputLimit) text[stream] += chunk;
        if (entry.signal === undefined || signalled) return;
        if (!new RegExp(entry.signal.when, 'm').test(text.stdout + text.stderr)) return;
        signalled = true;
        child.kill(entry.signal.name);
      });
    }
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child);
    }, entry.timeout * 1000);
    child.on('error', (error) => {
      text.stderr += error.message;
    });
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      const seconds = Number((process.hrtime.bigint() - begin) / 10_000_000n) / 100;
      resolve({ ...text, status, signal, timedOut, seconds });
    });
  });
}

function killGroup(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

/** Warnings and worse in the kernel's log since the last call: a case that gives the kernel reason to complain has failed. */
function newComplaints() {
  const lines = [];
  if (kernelLog === undefined) return lines;
  const record = Buffer.alloc(8192);
  for (;;) {
    let length;
    try {
      length = readSync(kernelLog, record);
    } catch (error) {
      // EPIPE: records were overwritten before we read them; the next read goes on behind the gap.
      if (error.code === 'EPIPE') continue;
      return lines;
    }
    const line = record.toString('latin1', 0, length);
    if (/WARNING: |BUG: |Oops|Call Trace:/.test(line)) lines.push(line.slice(line.indexOf(';') + 1).split('\n')[0]);
  }
}
