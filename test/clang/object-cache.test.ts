/** The cache of objects: what it gives back, and above all what it refuses. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type CacheLimits, ObjectCache } from '../../src/clang/object-cache.ts';

let parent: string;
let folder: string;
let remarks: string[];
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'ebtrace-test-cache-'));
  folder = join(parent, 'cache');
  remarks = [];
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

function open(env: Record<string, string> = { EBTRACE_CACHE_DIR: folder }, limits?: CacheLimits): ObjectCache {
  return new ObjectCache({ env, onRemark: (text) => remarks.push(text), ...(limits === undefined ? {} : { limits }) });
}

const object = Buffer.from('an object');

function filled(): string {
  const cache = open();
  const key = cache.key(['a']);
  cache.write(key, object);
  return key;
}

it('gives back what was written, in a folder and files of its owner alone', () => {
  const key = filled();
  expect(open().read(key)).toEqual(object);
  expect(open().read(open().key(['b']))).toBeUndefined();
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, key)).mode & 0o777).toBe(0o600);
  expect(remarks).toEqual([]);
});

it('makes different keys of parts that run into each other', () => {
  const cache = open();
  expect(cache.key(['ab', 'c'])).not.toBe(cache.key(['a', 'bc']));
  expect(cache.key(['ab'])).toBe(cache.key([Buffer.from('ab')]));
});

it('finds its folder: EBTRACE_CACHE_DIR, XDG_CACHE_HOME, HOME; and none', () => {
  const places = [
    [{ EBTRACE_CACHE_DIR: join(parent, 'x'), HOME: parent }, 'x'],
    [{ XDG_CACHE_HOME: join(parent, 'xdg'), HOME: parent }, 'xdg/ebtrace'],
    [{ HOME: join(parent, 'home') }, 'home/.cache/ebtrace'],
  ] as const;
  mkdirSync(join(parent, 'home'));
  for (const [env, expected] of places) {
    const cache = open(env);
    cache.write(cache.key(['a']), object);
    expect(readdirSync(join(parent, expected))).toHaveLength(1);
  }
  expect(open({}).read('0')).toBeUndefined();
  expect(remarks).toEqual(['compiled objects are not cached: HOME is not set']);
});

it('makes its folder below a home that exists, and in no other way', () => {
  const home = join(parent, 'nosuch');
  expect(open({ HOME: home }).isOff).toBe(true);
  expect(readdirSync(parent)).toEqual([]);
  expect(remarks).toEqual([`compiled objects are not cached: there is no home folder ${home}`]);
  remarks = [];
  expect(open({ HOME: '/proc' }).isOff).toBe(true);
  expect(remarks).toHaveLength(1);
  expect(remarks[0]).toContain('could not use /proc/.cache/ebtrace');
  expect(open({ EBTRACE_CACHE_DIR: join(folder, 'a/b') }).isOff).toBe(false);
});

it('is off with EBTRACE_CACHE=0', () => {
  const cache = open({ EBTRACE_CACHE: '0', EBTRACE_CACHE_DIR: folder });
  cache.write(cache.key(['a']), object);
  expect(readdirSync(parent)).toEqual([]);
});

it('removes a damaged entry and says so', () => {
  const key = filled();
  const path = join(folder, key);
  for (const damage of [readFileSync(path).fill(0, 33, 34), readFileSync(path).subarray(0, 20), Buffer.alloc(0)]) {
    writeFileSync(path, damage);
    remarks = [];
    expect(open().read(key)).toBeUndefined();
    expect(remarks).toEqual([`the cached object ${path} is damaged and was removed`]);
    expect(readdirSync(folder)).toEqual([]);
  }
});

it('refuses an entry that was put under another name', () => {
  const key = filled();
  const other = open().key(['b']);
  writeFileSync(join(folder, other), readFileSync(join(folder, key)), { mode: 0o600 });
  expect(open().read(other)).toBeUndefined();
});

it('refuses a folder that others may enter, a link and a file', () => {
  const key = filled();
  chmodSync(folder, 0o770);
  expect(open().read(key)).toBeUndefined();
  expect(remarks).toEqual([`compiled objects are not cached: ${folder} is open to other users (chmod 700 it)`]);
  chmodSync(folder, 0o700);
  const link = join(parent, 'link');
  symlinkSync(folder, link);
  expect(open({ EBTRACE_CACHE_DIR: link }).read(key)).toBeUndefined();
  writeFileSync(join(parent, 'file'), '');
  expect(open({ EBTRACE_CACHE_DIR: join(parent, 'file') }).read(key)).toBeUndefined();
  expect(remarks).toHaveLength(3);
});

it('refuses an entry that others may write and one that is a link', () => {
  const key = filled();
  chmodSync(join(folder, key), 0o666);
  expect(open().read(key)).toBeUndefined();
  rmSync(join(folder, key));
  symlinkSync('/etc/hostname', join(folder, key));
  expect(open().read(key)).toBeUndefined();
});

it('drops what was used longest ago beyond its limits', () => {
  const limits = { bytes: 960, entries: 3 };
  const cache = open(undefined, limits);
  const keys = ['a', 'b', 'c', 'd'].map((name) => cache.key([name]));
  keys.forEach((key, index) => {
    cache.write(key, object);
    utimesSync(join(folder, key), index + 1, index + 1);
  });
  const present = (): boolean[] => keys.map((key) => readdirSync(folder).includes(key));
  expect(present()).toEqual([false, true, true, true]);
  expect(cache.read(keys[1] ?? '')).toEqual(object);
  cache.write(keys[0] ?? '', object);
  expect(present()).toEqual([true, true, false, true]);
  cache.write(keys[2] ?? '', Buffer.alloc(900));
  expect(readdirSync(folder)).toEqual([keys[2]]);
});

it('goes on without the cache when the folder cannot be made', () => {
  mkdirSync(parent, { recursive: true });
  writeFileSync(folder, '');
  const cache = open({ EBTRACE_CACHE_DIR: join(folder, 'below-a-file') });
  cache.write(cache.key(['a']), object);
  expect(remarks[0]).toContain('could not use');
});
