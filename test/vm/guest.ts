/**
 * Boots a kernel once with vm-run and runs cases in it; results arrive one by one.
 */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { whyNoBpf } from '../support/bpf-available.ts';
import { arm64Node, fetchOptions, guestOptions, isArm64, provideArm64 } from './arm64.ts';
import { type KernelName, titleOf, type VmCase } from './case.ts';
import type { Outcome } from './expectation.ts';
import { secondsFor, stage } from './staging.ts';

const root = join(import.meta.dirname, '../..');
const vmRun = join(import.meta.dirname, 'vm-run');

/** Why no guest can be booted here, or undefined. Fetches what is missing: QEMU, the kernel, what arm64 needs. */
export async function whyNoGuest(kernel: KernelName): Promise<string | undefined> {
  if (kernel === 'running') return whyNoBpf;
  if (process.getuid?.() !== 0) return 'guests need root';
  if (spawnSync('apt-get', ['--version']).status !== 0) return 'guests need apt, which brings kernels and QEMU';
  try {
    await promisify(execFile)(vmRun, [...fetchOptions(kernel), '--fetch']);
    if (isArm64(kernel)) await provideArm64(vmRun);
    return undefined;
  } catch (failure) {
    return `kernel ${kernel} cannot be fetched: ${failure instanceof Error ? failure.message : failure}`;
  }
}

/** Exit status of vm-run when the guest died or never answered. */
const GUEST_DIED = 125;

/** What a hundred cases leave in the guest's root is memory of the guest; QEMU was seen to hold 1.7 of 2 GiB. */
const MEGABYTES = 4096;

export async function bootGuest(kernel: KernelName, cases: readonly VmCase[]): Promise<Guest> {
  return new Guest(await stage(kernel, cases), kernel, cases);
}

/** `outcome` resolves as soon as the case has run, and rejects with what is known when the guest ended before that. */
export class Guest {
  readonly #waiting = new Map<string, Deferred<Outcome>>();
  #settled = 0;
  readonly ended: Promise<void>;

  /** Starts at once, and deletes the folder in the end. */
  constructor(folder: string, kernel: KernelName, cases: readonly VmCase[]) {
    for (const entry of cases) {
      const result = deferred<Outcome>();
      // A failed guest is reported by each test; here it is not "unhandled".
      result.promise.catch(() => undefined);
      this.#waiting.set(titleOf(entry), result);
    }
    this.ended = this.#start(folder, kernel, cases);
  }

  outcome(title: string): Promise<Outcome> {
    return this.#waiting.get(title)?.promise ?? Promise.reject(new Error(`no such case: ${title}`));
  }

  async #start(folder: string, kernel: KernelName, cases: readonly VmCase[]): Promise<void> {
    const limit = 120 + cases.reduce((sum, entry) => sum + secondsFor(entry), 0);
    const node = isArm64(kernel) ? arm64Node : process.execPath;
    const runner = [node, join(folder, 'run-cases.mjs'), join(folder, 'plan.json')];
    const command =
      kernel === 'running'
        ? runner
        : [vmRun, '--mem', `${MEGABYTES}`, ...guestOptions(kernel, folder), '--timeout', `${limit}`, '--', ...runner];
    let end = await this.#run(command, folder);
    // On a busy host a kernel may find its emulated timer too slow and panic before it has begun.
    if (end.status === GUEST_DIED && this.#settled === 0) end = await this.#run(command, folder);
    rmSync(folder, { recursive: true, force: true });
    const failure = new Error(`the guest ended (status ${end.status}) before this case had run:\n${end.text}`);
    for (const { reject } of this.#waiting.values()) reject(failure);
  }

  #run([file = '', ...words]: readonly string[], folder: string): Promise<{ status: number | null; text: string }> {
    const child = spawn(file, words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const abandon = (): void => {
      child.kill();
      rmSync(folder, { recursive: true, force: true });
    };
    process.once('exit', abandon);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (stdout + text).split('\n');
      stdout = lines.pop() ?? '';
      for (const line of lines) this.#settle(line);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    return new Promise((resolve) => {
      child.on('close', (status) => {
        process.off('exit', abandon);
        resolve({ status, text: stderr + stdout });
      });
    });
  }

  #settle(line: string): void {
    const outcome: Outcome = JSON.parse(line);
    this.#settled++;
    this.#waiting.get(outcome.title)?.resolve(outcome);
  }
}

/** Promise.withResolvers() comes with Node 22. */
interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: Error) => void;
}

function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<T>((fulfil, fail) => {
    resolve = fulfil;
    reject = fail;
  });
  return { promise, resolve, reject };
}
