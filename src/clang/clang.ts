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
import type { Span } from '../../grammar/source.ts';
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
  compile(c: string, report: Report, options?: CompileOptions): Promise<Uint8Array | undefined>;
}

export interface ClangIdentity extends ClangLocation {
  /** First line of `clang --version`. */
  readonly version: string;
}

export interface CompileOptions {
  /** Parts of the script that are C as the user wrote it; errors there are the user's, all others are ours. */
  readonly userC?: readonly Span[];
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

  async compile(c: string, report: Report, options: CompileOptions = {}): Promise<Uint8Array | undefined> {
    const found = findClang(this.#options);
    if (!found.ok) {
      report.error(found.problem.code, undefined, found.problem.message, { hint: found.problem.hint });
      return undefined;
    }
    const script = Buffer.from(report.source.text, 'latin1');
    const helpers = join(packageRoot(), 'bpf-helpers');
    const args = compilerArguments(found.value, helpers);
    const cache = new ObjectCache({ env: this.#options.env, onRemark: this.#remark });
    const key = cache.isOff ? '' : cache.key([clangStamp(found.value), ...args, ...folderTexts(helpers), c, script]);
    const known = cache.read(key);
    if (known !== undefined) {
      this.#remark(`object ${key} taken from the cache`);
      return known;
    }
    const object = await this.#compileInFolder(found.value, args, { c, script, userC: options.userC ?? [] }, report);
    if (object !== undefined) cache.write(key, object);
    return object;
  }

  async #compileInFolder(
    clang: ClangLocation,
    args: readonly string[],
    input: { readonly c: string; readonly script: Uint8Array; readonly userC: readonly Span[] },
    report: Report,
  ): Promise<Uint8Array | undefined> {
    const parent = this.#options.env.TMPDIR || tmpdir();
    let folder: TemporaryFolder | undefined;
    try {
      folder = temporaryFolder(parent);
      writeFileSync(join(folder.path, 'script.bt'), input.script);
      writeFileSync(join(folder.path, 'program.c'), input.c, 'latin1');
      const messages = join(folder.path, 'messages');
      const failure = await runInto(messages, clang, args, folder.path, this.#options.env);
      if (failure !== undefined) {
        const stderr = readFileSync(messages, 'latin1');
        reportClangMessages({ clang, failure, stderr, userC: input.userC }, report);
        return undefined;
      }
      const file = join(folder.path, 'program.o');
      if (existsSync(file)) return readFileSync(file);
      report.error('clang-without-object', undefined, `${clang.path} ended well but made no object file`, {
        hint: 'Is it a clang? Leave out --clang and EBTRACE_CLANG to use the embedded one.',
      });
      return undefined;
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
 * Runs clang with its messages going to a file: pipes cost Node 5 ms, and hardly ever is there anything to read. Resolves
 * with the reason when there is no result.
 */
function runInto(
  messages: string,
  clang: ClangLocation,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const file = openSync(messages, 'wx', 0o600);
  const child = spawn(clang.path, args, { ...spawnOptions(cwd, env), stdio: ['ignore', file, file] });
  closeSync(file);
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
  return readdirSync(folder)
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

/** The folder with bpf-helpers/: above this file in a checkout, above dist/ in the bundle. */
function packageRoot(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'bpf-helpers/ebtrace.h'))) return folder;
  }
  throw new Error(`bpf-helpers/ is missing above ${import.meta.dirname}`);
}
