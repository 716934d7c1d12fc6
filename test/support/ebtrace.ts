/**
 * Runs bin/ebtrace as users do, for black-box and live tests. The bundle is built when it is older than its sources.
 */
import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
export const ebtracePath = join(root, 'bin/ebtrace');

export function buildBundle(): void {
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'pipe' });
}

export interface RunOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Words in front of the program, such as setpriv and its options. */
  readonly under?: readonly string[];
  /** Called with all of stderr so far, each time there is more; `process` can be signalled. */
  readonly onStderr?: (text: string, process: ChildProcess) => void;
  readonly onStdout?: (text: string, process: ChildProcess) => void;
  /** The run is ended by force after this time, and the status is then undefined. */
  readonly timeoutMs?: number;
}

export interface RunResult {
  /** Undefined when a signal ended the process. */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export function ebtrace(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = startEbtrace(args, options, ['pipe', 'pipe', 'pipe']);
    const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 20_000);
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      options.onStdout?.(stdout, child);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      options.onStderr?.(stderr, child);
    });
    child.stdin?.on('error', () => undefined).end(options.stdin ?? '');
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status: status ?? undefined, stdout, stderr });
    });
  });
}

export function startEbtrace(
  args: readonly string[],
  options: Pick<RunOptions, 'env' | 'cwd' | 'under'>,
  stdio: SpawnOptions['stdio'],
): ChildProcess {
  const [file = ebtracePath, ...words] = [...(options.under ?? []), ebtracePath, ...args];
  const env = { ...process.env, EBTRACE_COLOR: 'never', ...options.env };
  return spawn(file, words, {
    stdio: stdio ?? 'pipe',
    env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
}
