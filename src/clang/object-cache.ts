/**
 * Compiled objects by a hash of all that went into them, so that a script that ran before starts without clang.
 * ebtrace usually runs as root and loads what it reads here into the kernel: the folder must be ours alone (0700), and
 * an entry is used only when the opened file belongs to us, nobody else can write it, and its checksum (over key and
 * object) is right. Whatever stands against the cache is said once and costs the cache, never the run.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isFolder, makeFolder } from './make-folder.ts';

export interface ObjectCacheOptions {
  /** EBTRACE_CACHE=0 turns the cache off; folder: EBTRACE_CACHE_DIR, XDG_CACHE_HOME/ebtrace, HOME/.cache/ebtrace. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onRemark: (text: string) => void;
  /** Defaults: 64 MiB and 500 entries. */
  readonly limits?: CacheLimits;
}

export interface CacheLimits {
  readonly bytes: number;
  readonly entries: number;
}

const defaultLimits: CacheLimits = { bytes: 64 << 20, entries: 500 };
const checksumSize = 32;
const entryName = /^[0-9a-f]{64}$/;

export class ObjectCache {
  readonly #folder: string | undefined;
  readonly #remark: (text: string) => void;
  readonly #limits: CacheLimits;

  constructor(options: ObjectCacheOptions) {
    this.#remark = options.onRemark;
    this.#limits = options.limits ?? defaultLimits;
    this.#folder = this.#usableFolder(options.env);
  }

  /** True when nothing is kept: a key is of no use then. */
  get isOff(): boolean {
    return this.#folder === undefined;
  }

  /** Hash over the parts, each with its length, so that no two lists of parts run into each other. */
  key(parts: readonly (string | Uint8Array)[]): string {
    const hash = createHash('sha256').update('ebtrace object 1');
    for (const part of parts) {
      const bytes = typeof part === 'string' ? Buffer.from(part) : part;
      hash.update(`\0${bytes.length}\0`).update(bytes);
    }
    return hash.digest('hex');
  }

  read(key: string): Uint8Array | undefined {
    if (this.#folder === undefined) return undefined;
    const path = join(this.#folder, key);
    const bytes = this.#attempt(`read ${path}`, () => readOwnFile(path));
    if (bytes === undefined) return undefined;
    const object = bytes.subarray(checksumSize);
    if (bytes.length <= checksumSize || !timingSafeEqual(bytes.subarray(0, checksumSize), checksum(key, object))) {
      this.#remark(`the cached object ${path} is damaged and was removed`);
      this.#attempt(`remove ${path}`, () => rmSync(path, { force: true }));
      return undefined;
    }
    const now = new Date();
    this.#attempt(`mark ${path} as used`, () => utimesSync(path, now, now));
    return object;
  }

  write(key: string, object: Uint8Array): void {
    const folder = this.#folder;
    if (folder === undefined) return;
    this.#attempt(`write to ${folder}`, () => {
      const temporary = join(folder, `.${randomBytes(12).toString('hex')}.new`);
      try {
        writeFileSync(temporary, Buffer.concat([checksum(key, object), object]), { flag: 'wx', mode: 0o600 });
        renameSync(temporary, join(folder, key));
      } finally {
        rmSync(temporary, { force: true });
      }
      this.#removeOldest(folder);
    });
  }

  #usableFolder(env: ObjectCacheOptions['env']): string | undefined {
    if (env.EBTRACE_CACHE === '0') return undefined;
    const base = env.XDG_CACHE_HOME || (env.HOME ? join(env.HOME, '.cache') : undefined);
    const folder = env.EBTRACE_CACHE_DIR || (base === undefined ? undefined : join(base, 'ebtrace'));
    if (folder === undefined) {
      this.#remark('compiled objects are not cached: HOME is not set');
      return undefined;
    }
    const home = env.EBTRACE_CACHE_DIR || env.XDG_CACHE_HOME ? undefined : env.HOME;
    if (home !== undefined && !isFolder(home)) {
      this.#remark(`compiled objects are not cached: there is no home folder ${home}`);
      return undefined;
    }
    return this.#attempt(`use ${folder}`, () => {
      makeFolder(folder, 0o700);
      const stat = lstatSync(folder);
      const problem = !stat.isDirectory()
        ? 'is not a folder'
        : stat.uid !== process.geteuid?.()
          ? 'belongs to another user'
          : (stat.mode & 0o077) !== 0
            ? 'is open to other users (chmod 700 it)'
            : undefined;
      if (problem === undefined) return folder;
      this.#remark(`compiled objects are not cached: ${folder} ${problem}`);
      return undefined;
    });
  }

  #removeOldest(folder: string): void {
    const entries = readdirSync(folder)
      .filter((name) => entryName.test(name))
      .map((name) => ({ path: join(folder, name), stat: statSync(join(folder, name), { throwIfNoEntry: false }) }))
      .flatMap(({ path, stat }) => (stat === undefined ? [] : [{ path, size: stat.size, used: stat.mtimeMs }]))
      .sort((a, b) => b.used - a.used);
    let bytes = 0;
    entries.forEach(({ path, size }, index) => {
      bytes += size;
      if (bytes > this.#limits.bytes || index >= this.#limits.entries) rmSync(path, { force: true });
    });
  }

  /** A full disk or a read-only home is a reason to go on without the cache, and to say so. */
  #attempt<T>(what: string, action: () => T): T | undefined {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      this.#remark(`cache: could not ${what}: ${error.message}`);
      return undefined;
    }
  }
}

function checksum(key: string, object: Uint8Array): Buffer {
  return createHash('sha256').update(key).update(object).digest();
}

/** Undefined when there is none, or when it could be somebody else's: then it is not an entry of ours. */
function readOwnFile(path: string): Uint8Array | undefined {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile() || stat.uid !== process.geteuid?.() || (stat.mode & 0o022) !== 0) return undefined;
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
