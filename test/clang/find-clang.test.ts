/** Order of the places where clang is looked for, on made-up folders; nothing is run. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FindOptions, findClang } from '../../src/clang/find-clang.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ebtrace-test-find-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, mode = 0o755): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
  chmodSync(path, mode);
  return path;
}

/** `KIND PATH` or the code of the problem; nothing embedded unless the test put it there. */
function find(options: FindOptions): string {
  const found = findClang({ resolveFrom: join(folder, 'app/main.cjs'), ...options });
  return found.ok ? `${found.value.kind} ${found.value.path}` : found.problem.code;
}

const embedded = `app/node_modules/@zigc/${process.platform}-${process.arch}`;

it('prefers --clang, then EBTRACE_CLANG, then the embedded one, then PATH', () => {
  const system = put('bin/clang');
  const zig = put(`${embedded}/bin/zig`);
  writeFileSync(put(`${embedded}/package.json`), '{}');
  const mine = put('mine/clang-22');
  const env = { PATH: join(folder, 'bin') };
  expect(find({ path: mine, env: { ...env, EBTRACE_CLANG: system } })).toBe(`clang ${mine}`);
  expect(find({ env: { ...env, EBTRACE_CLANG: mine } })).toBe(`clang ${mine}`);
  expect(find({ env })).toBe(`zig ${zig}`);
  rmSync(join(folder, 'app'), { recursive: true });
  expect(find({ env })).toBe(`clang ${system}`);
});

it('takes the highest clang-NN when there is no plain clang', () => {
  put('a/clang-9');
  put('b/clang-99', 0o644);
  const best = put('b/clang-19');
  put('b/clang-format-20');
  expect(find({ env: { PATH: `${join(folder, 'a')}:${join(folder, 'missing')}:${join(folder, 'b')}` } })).toBe(
    `clang ${best}`,
  );
});

it('looks a bare name up in PATH and knows zig by its name', () => {
  const zig = put('bin/zig-0.16');
  expect(find({ path: 'zig-0.16', env: { PATH: join(folder, 'bin') } })).toBe(`zig ${zig}`);
});

it('does not follow relative folders of PATH', () => {
  expect(find({ env: { PATH: '.::bin' } })).toBe('no-clang');
});

it('refuses a folder and a file that is not executable', () => {
  expect(find({ path: folder, env: {} })).toBe('clang-not-executable');
  expect(find({ path: put('clang', 0o644), env: {} })).toBe('clang-not-executable');
});
