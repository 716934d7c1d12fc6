/** bin/ebtrace, beside a program that only tells how it was called: any folder, links, blanks, a PATH without node. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const bin = join(import.meta.dirname, '../../bin/ebtrace');
let folder: string;
let launcher: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'ebtrace test launcher ')));
  launcher = install('check out');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A package folder below `folder`; returns the path of its launcher. */
function install(name: string): string {
  mkdirSync(join(folder, name, 'bin'), { recursive: true });
  mkdirSync(join(folder, name, 'dist'));
  copyFileSync(bin, join(folder, name, 'bin/ebtrace'));
  writeFileSync(
    join(folder, name, 'dist/main.cjs'),
    'console.log(JSON.stringify([process.argv.slice(2), process.argv0, process.ppid])); process.exit(7);',
  );
  return join(folder, name, 'bin/ebtrace');
}

interface Call {
  readonly arguments: readonly string[];
  readonly node: string;
  readonly parent: number;
}

function run(command: string, args: readonly string[], env: Record<string, string> = { PATH: process.env.PATH ?? '' }) {
  const child = spawnSync(command, args, { encoding: 'utf8', env, cwd: '/' });
  return { status: child.status, stdout: child.stdout, stderr: child.stderr };
}

function called(command: string, args: readonly string[], env?: Record<string, string>): Call {
  const { status, stdout, stderr } = run(command, args, env);
  expect(stderr).toBe('');
  expect(status).toBe(7);
  const [passed, node, parent] = JSON.parse(stdout);
  return { arguments: passed, node, parent };
}

/** Has the programs that the launcher itself may call, and no node. */
function folderWithoutNode(): string {
  const path = join(folder, 'tools');
  mkdirSync(path);
  symlinkSync(run('/bin/sh', ['-c', 'command -v readlink']).stdout.trim(), join(path, 'readlink'));
  return path;
}

it('passes arguments as they are, becomes node and gives its exit status', () => {
  const args = ['-e', 'BEGIN { printf("a  b\\n"); }', '', '*', '$1'];
  const call = called(launcher, args);
  expect(call.arguments).toEqual(args);
  expect(call.parent).toBe(process.pid);
});

it('is found through links, relative ones and links to links', () => {
  mkdirSync(join(folder, 'bin'));
  symlinkSync('../check out/bin/ebtrace', join(folder, 'bin/one'));
  symlinkSync('one', join(folder, 'bin/two'));
  symlinkSync(join(folder, 'bin/two'), join(folder, 'three'));
  for (const path of ['bin/one', 'bin/two', 'three']) {
    expect(called(join(folder, path), ['x']).arguments).toEqual(['x']);
  }
});

it('is found in PATH and as an argument of sh', () => {
  const env = { PATH: `${join(folder, 'check out/bin')}:${process.env.PATH}` };
  expect(called('/bin/sh', ['-c', 'ebtrace y'], env).arguments).toEqual(['y']);
  expect(called('/bin/sh', ['-c', 'cd "$0" && exec sh ebtrace z', join(folder, 'check out/bin')]).arguments).toEqual([
    'z',
  ]);
});

it('uses the recorded node where PATH has none, as under sudo', () => {
  writeFileSync(join(folder, 'check out/dist/node-path'), `${process.execPath}\n`);
  expect(called(launcher, [], { PATH: folderWithoutNode() }).node).toBe(process.execPath);
});

it('uses the node of PATH when the recorded one is gone', () => {
  writeFileSync(join(folder, 'check out/dist/node-path'), '/nonexistent/node\n');
  expect(called(launcher, ['x']).arguments).toEqual(['x']);
});

it('uses the node beside a global installation', () => {
  const installed = install('prefix/lib/node_modules/ebtrace');
  mkdirSync(join(folder, 'prefix/bin'));
  symlinkSync(process.execPath, join(folder, 'prefix/bin/node'));
  symlinkSync('../lib/node_modules/ebtrace/bin/ebtrace', join(folder, 'prefix/bin/ebtrace'));
  const path = folderWithoutNode();
  expect(called(installed, ['x'], { PATH: path }).arguments).toEqual(['x']);
  expect(called(join(folder, 'prefix/bin/ebtrace'), ['x'], { PATH: path }).arguments).toEqual(['x']);
});

it('says what to do without node and without a build', () => {
  expect(run(launcher, [], { PATH: folderWithoutNode() })).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(/^ebtrace: Node 20\.19 or newer is not in PATH .*\n$/),
  });
  rmSync(join(folder, 'check out/dist'), { recursive: true });
  expect(run(launcher, [])).toEqual({
    status: 1,
    stdout: '',
    stderr: `ebtrace: not built yet; run this once: npm --prefix '${join(folder, 'check out')}' run build\n`,
  });
});

it('is packed with all that it needs, and nothing of this machine', () => {
  const root = join(import.meta.dirname, '../..');
  const packed = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8' });
  const names: string[] = JSON.parse(packed.stdout)[0].files.map((file: { path: string }) => file.path);
  expect(names).toEqual(expect.arrayContaining(['bin/ebtrace', 'bpf-helpers/ebtrace.h', 'package.json', 'README.md']));
  expect(
    names.filter((name) => !/^(bin|dist|bpf-helpers|examples)\/|^[A-Z]+(\.md)?$|^package\.json$/.test(name)),
  ).toEqual([]);
  expect(names).not.toContain('dist/node-path');
});
