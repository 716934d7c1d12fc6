/**
 * C text -> BPF object, by running clang: THE seam between ebtrace and the compiler it needs. Last step of `build`.
 * The embedded clang lives in a Zig package and is driven through its front end (`zig clang -cc1`), a system clang
 * through its driver; both get the same options, so that the object does not depend on where clang came from more than
 * it must.
 *
 * clang runs in a private temporary folder that holds the C text and the script as `script.bt`: the C says
 * `#line N "script.bt"`, and clang copies those lines into the object, where the verifier log finds them. All names are
 * relative to that folder, so the same input gives the same bytes. Objects are kept in a cache (object-cache.ts).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Report } from '../../grammar/diagnostic.ts';
import { systemError } from '../world/system-error.ts';
import { reportClangMessages, tooSlow } from './clang-messages.ts';
import { type ClangLocation, findClang } from './find-clang.ts';
import { ObjectCache } from './object-cache.ts';

export interface Clang {
  /** Which clang is used; asks it for its version. Undefined when there is none or it does not run. */
  identity(): Promise<ClangIdentity | undefined>;
  /**
   * The object file for C text whose `#line` directives name `script.bt`, which is `report.source`. Undefined when
   * clang is missing or rejects the text: then the report has the error.
   */
  compile(c: string, report: Report): Promise<Uint8Array | undefined>;
  /**
   * For questions about C that is not ours (c-definitions.ts): hands `use` a private folder to run clang in. Undefined
   * when there is no clang or no folder, or clang cannot be started: then the report has the error.
   */
  inWorkshop<T>(report: Report, use: (workshop: Workshop) => Promise<T>): Promise<T | undefined>;
}

/** A private folder with a clang, for a few runs over the same files. */
export interface Workshop {
  readonly location: ClangLocation;
  readonly folder: string;
  /** Tells two installations of clang apart. */
  readonly stamp: string;
  readonly cache: ObjectCache;
  /** For -v. */
  remark(text: string): void;
  write(name: string, latin1: string): void;
  /** Undefined when the run did not write it. */
  read(name: string): Uint8Array | undefined;
  /** Runs the front end, `clang -cc1`, in the folder. stdout becomes the file `NAME.out`. */
  frontEnd(name: string, args: readonly string[]): Promise<FrontEndRun>;
}

export interface FrontEndRun {
  /** Why there is no result. */
  readonly failure: string | undefined;
  readonly stderr: string;
}

export interface ClangIdentity extends ClangLocation {
  /** First line of `clang --version`. */
  readonly version: string;
}

export interface ClangOptions {
  /** `--clang PATH`; wins over EBTRACE_CLANG. */
  readonly path?: string | undefined;
  /** EBTRACE_CLANG, EBTRACE_CACHE, EBTRACE_CACHE_DIR, XDG_CACHE_HOME, HOME, PATH, TMPDIR. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told why the cache is not used and the like; for `-v`. */
  readonly onRemark?: (text: string) => void;
}

export function createClang(options: ClangOptions): Clang {
  return new HostClang(options);
}

class HostClang implements Clang {
  readonly #options: ClangOptions;
  readonly #remark: (text: string) => void;

  constructor(options: ClangOptions) {
    this.#options = options;
    this.#remark = options.onRemark ?? (() => {});
  }

  async identity(): Promise<ClangIdentity | undefined> {
    const found = findClang(this.#options);
    if (!found.ok) return undefined;
    const args = found.value.kind === 'zig' ? ['clang', '--version'] : ['--version'];
    const result = await runClang(found.value, args, '/', this.#options.env);
    if (result.failure !== undefined) return undefined;
    return { ...found.value, version: result.stdout.split('\n')[0] ?? '' };
  }

  async compile(c: string, report: Report): Promise<Uint8Array | undefined> {
    const clang = this.#find(report);
    if (clang === undefined) return undefined;
    const script = Buffer.from(report.source.text, 'latin1');
    const helpers = join(packageRoot(), 'bpf-helpers');
    const args = compilerArguments(clang, helpers);
    const cache = this.#cache();
    const key = cache.isOff ? '' : cache.key([clangStamp(clang), ...args, ...folderTexts(helpers), c, script]);
    const known = cache.read(key);
    if (known !== undefined) {
      this.#remark(`object ${key} taken from the cache`);
      return known;
    }
    const object = await this.#compileInFolder(clang, args, { c, script }, report);
    if (object !== undefined) cache.write(key, object);
    return object;
  }

  async inWorkshop<T>(report: Report, use: (workshop: Workshop) => Promise<T>): Promise<T | undefined> {
    const clang = this.#find(report);
    if (clang === undefined) return undefined;
    const { env } = this.#options;
    return this.#inFolder(report, (folder) =>
      use({
        location: clang,
        folder,
        stamp: clangStamp(clang),
        cache: this.#cache(),
        remark: this.#remark,
        write: (name, text) => writeFileSync(join(folder, name), text, 'latin1'),
        read: (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name)) : undefined),
        frontEnd: async (name, args) => {
          const files = { stdout: join(folder, `${name}.out`), stderr: join(folder, `${name}.messages`) };
          const front = clang.kind === 'zig' ? ['clang', '-cc1'] : ['-cc1'];
          const failure = await runInto(files, clang, [...front, ...args], folder, env);
          return { failure, stderr: readFileSync(files.stderr, 'latin1') };
        },
      }),
    );
  }

  #find(report: Report): ClangLocation | undefined {
    const found = findClang(this.#options);
    if (found.ok) return found.value;
    report.error(found.problem.code, undefined, found.problem.message, { hint: found.problem.hint });
    return undefined;
  }

  #cache(): ObjectCache {
    return new ObjectCache({ env: this.#options.env, onRemark: this.#remark });
  }

  #compileInFolder(
    clang: ClangLocation,
    args: readonly string[],
    input: { readonly c: string; readonly script: Uint8Array },
    report: Report,
  ): Promise<Uint8Array | undefined> {
    return this.#inFolder(report, async (folder) => {
      writeFileSync(join(folder, 'script.bt'), input.script);
      writeFileSync(join(folder, 'program.c'), input.c, 'latin1');
      const messages = join(folder, 'messages');
      const failure = await runInto({ stdout: messages }, clang, args, folder, this.#options.env);
      if (failure !== undefined) {
        reportClangMessages({ clang, failure, stderr: readFileSync(messages, 'latin1') }, report);
        return undefined;
      }
      const file = join(folder, 'program.o');
      if (existsSync(file)) return readFileSync(file);
      report.error('clang-without-object', undefined, `${clang.path} ended well but made no object file`, {
        hint: 'Is it a clang? Leave out --clang and EBTRACE_CLANG to use the embedded one.',
      });
      return undefined;
    });
  }

  async #inFolder<T>(report: Report, use: (folder: string) => Promise<T>): Promise<T | undefined> {
    const parent = this.#options.env.TMPDIR || tmpdir();
    let folder: TemporaryFolder | undefined;
    try {
      folder = temporaryFolder(parent);
      return await use(folder.path);
    } catch (failure) {
      const reason = systemError(failure);
      if (reason === undefined) throw failure;
      report.error('temporary-folder', undefined, `Cannot work in the temporary folder ${parent}: ${reason}`, {
        hint: 'TMPDIR names another one, which must exist, be writable and have a few megabytes free.',
      });
      return undefined;
    } finally {
      folder?.remove();
    }
  }
}

/** Debug info that we do not use, and most of clang's time for long scripts. */
const noAssignmentTracking = '-fexperimental-assignment-tracking=disabled';

/**
 * Both kinds: BPF of kernel 5.1 and newer (-mcpu=v3, 32-bit jumps), BTF with line information, no warnings but those
 * about C that would not mean what it says. `.` as compilation folder keeps the temporary folder's name out of the
 * object, and is where clang finds the lines of script.bt; the prefix map does it for the helpers' headers.
 */
function compilerArguments(clang: ClangLocation, helpers: string): readonly string[] {
  const common = [
    '-O2',
    '-fno-caret-diagnostics',
    '-Wno-everything',
    ...[
      'implicit-function-declaration',
      'implicit-int',
      'incompatible-pointer-types',
      'int-conversion',
      'return-type',
    ].map((warning) => `-Werror=${warning}`),
    '-fdebug-compilation-dir=.',
    `-fdebug-prefix-map=${helpers}=bpf-helpers`,
    '-I',
    helpers,
    'program.c',
    '-o',
    'program.o',
  ];
  if (clang.kind === 'zig') {
    const frontEnd = ['clang', '-cc1', '-triple', 'bpfel', '-target-cpu', 'v3', '-emit-obj'];
    return [...frontEnd, '-debug-info-kind=constructor', '-dwarf-version=5', noAssignmentTracking, ...common];
  }
  return [
    '-Xclang',
    noAssignmentTracking,
    '-target',
    'bpfel',
    '-mcpu=v3',
    '-g',
    '-c',
    '-fno-color-diagnostics',
    ...common,
  ];
}

interface ClangRun {
  readonly stdout: string;
  /** Why there is no result: an exit status other than 0, a signal, or that it could not be started. */
  readonly failure: string | undefined;
}

/** Milliseconds. The largest programs that the kernel takes are compiled in about a tenth of this. */
const longestRun = 60_000;

function runClang(
  clang: ClangLocation,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ClangRun> {
  return new Promise((resolve) => {
    const child = spawn(clang.path, args, { ...spawnOptions(cwd, env), stdio: ['ignore', 'pipe', 'ignore'] });
    let stdout = '';
    child.stdout.setEncoding('latin1').on('data', (text: string) => {
      stdout += text;
    });
    onEnd(child, 'close', (failure) => resolve({ stdout, failure }));
  });
}

/**
 * Runs clang with what it writes going to files (one, when `stderr` is left out): pipes cost Node 5 ms, and hardly ever
 * is there anything to read. Resolves with the reason when there is no result.
 */
function runInto(
  files: { readonly stdout: string; readonly stderr?: string },
  clang: ClangLocation,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const stdout = openSync(files.stdout, 'w', 0o600);
  const stderr = files.stderr === undefined ? stdout : openSync(files.stderr, 'w', 0o600);
  const child = spawn(clang.path, args, { ...spawnOptions(cwd, env), stdio: ['ignore', stdout, stderr] });
  closeSync(stdout);
  if (stderr !== stdout) closeSync(stderr);
  return new Promise((resolve) => onEnd(child, 'exit', resolve));
}

/** The C locale: messages are parsed. */
function spawnOptions(cwd: string, env: Readonly<Record<string, string | undefined>>) {
  return { cwd, env: { ...env, LC_ALL: 'C' }, timeout: longestRun, killSignal: 'SIGKILL' } as const;
}

function onEnd(child: ChildProcess, event: 'exit' | 'close', done: (failure: string | undefined) => void): void {
  const started = Date.now();
  child.on('error', (error) => done(error.message));
  child.on(event, (code: number | null, signal: NodeJS.Signals | null) => {
    const isSlow = signal === 'SIGKILL' && Date.now() - started >= longestRun;
    done(isSlow ? tooSlow : signal !== null ? `ended by ${signal}` : code !== 0 ? `exit status ${code}` : undefined);
  });
}

/** Tells two installations apart without running them. */
function clangStamp(clang: ClangLocation): string {
  const stat = statSync(clang.path);
  return `${clang.kind} ${clang.path} ${stat.size} ${stat.mtimeMs}`;
}

function folderTexts(folder: string): readonly Uint8Array[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort()
    .flatMap((name) => [Buffer.from(name), readFileSync(join(folder, name))]);
}

interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

/**
 * Mode 0700, removed also when the process exits or dies of a signal meanwhile. Where the program handles a signal
 * itself, its handler decides what happens and the folder goes at exit.
 */
function temporaryFolder(parent: string): TemporaryFolder {
  const path = mkdtempSync(join(parent, 'ebtrace-'));
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (signals.some((name) => process.listeners(name).some((listener) => listener !== onSignal))) return;
    remove();
    process.kill(process.pid, signal);
  };
  const remove = (): void => {
    process.off('exit', remove);
    for (const signal of signals) process.off(signal, onSignal);
    rmSync(path, { recursive: true, force: true });
  };
  process.on('exit', remove);
  for (const signal of signals) process.on(signal, onSignal);
  return { path, remove };
}

/** The C headers of a compiler itself (stddef.h and its like), which the embedded clang comes without. */
export function compilerHeaders(): string {
  return join(packageRoot(), 'bpf-helpers', 'compiler');
}

/** The folder with bpf-helpers/: above this file in a checkout, above dist/ in the bundle. */
function packageRoot(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'bpf-helpers/ebtrace.h'))) return folder;
  }
  throw new Error(`bpf-helpers/ is missing above ${import.meta.dirname}`);
}
