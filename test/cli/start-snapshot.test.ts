/**
 * bin/ebtrace decides whether to start from the snapshot, and a start from the snapshot is no different from a normal
 * one: same output, same status, nothing frozen that belongs to the process.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildBundle, ebtrace, ebtracePath, type RunOptions } from '../support/ebtrace.ts';
import { fixtureRoot } from '../support/fixture-world.ts';

const folder = mkdtempSync(join(tmpdir(), 'ebtrace-snapshot-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.runIf(process.platform === 'linux')('the launcher', () => {
  const root = join(folder, 'launcher');
  const node = join(root, 'node');
  const bin = join(root, 'bin/ebtrace');

  beforeEach(() => {
    rmSync(root, { recursive: true, force: true });
    for (const name of ['bin', 'dist']) mkdirSync(join(root, name), { recursive: true });
    cpSync(ebtracePath, bin);
    writeFileSync(
      node,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell script
      '#!/bin/sh\necho "$#:$*"\necho "${NODE_EXTRA_CA_CERTS-none} ${EBTRACE_HIDDEN_CA_CERTS-none}"\n',
    );
    chmodSync(node, 0o755);
    writeFileSync(join(root, 'dist/main.cjs'), '');
    writeFileSync(join(root, 'dist/x.blob'), '');
    writeFileSync(join(root, 'dist/node-path'), `${node}\n`);
    const stamp = execFileSync('stat', ['-L', '-c', '%n %s %Y %Z', node], { encoding: 'utf8' });
    note(`${stamp}${cpu}\nx.blob\n`);
  });
  const note = (text: string): void => writeFileSync(join(root, 'dist/snapshot'), text);
  const cpu = /^(?:flags|Features).*/m.exec(readFileSync('/proc/cpuinfo', 'latin1'))?.[0] ?? '';

  const start = (env: Readonly<Record<string, string>> = {}): readonly string[] => {
    const clean = { ...process.env };
    for (const name of ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'EBTRACE_SNAPSHOT']) delete clean[name];
    const child = spawnSync(bin, ['-e', 'a b', ''], { encoding: 'utf8', env: { ...clean, ...env } });
    return [child.stdout.split('\n')[0]?.replaceAll(root, '.') ?? '', child.stdout.split('\n')[1] ?? '', child.stderr];
  };
  const quick = '6:--snapshot-blob ./bin/../dist/x.blob ./bin/../dist/main.cjs -e a b ';
  const normal = '4:./bin/../dist/main.cjs -e a b ';

  it('uses a snapshot of this very Node', () => {
    expect(start()).toEqual([quick, 'none none', '']);
  });

  it.each([
    ['another Node', () => appendFileSync(node, '#\n')],
    ['a Node of the same size and another time', () => execFileSync('touch', ['-d', '2020-01-01', node])],
    ['no snapshot file', () => rmSync(join(root, 'dist/x.blob'))],
    ['no note about it', () => rmSync(join(root, 'dist/snapshot'))],
    ['a CPU of other features', () => note(readFileSync(join(root, 'dist/snapshot'), 'latin1').replace(' fp', ''))],
    ['an empty note', () => note('')],
    ['half a note', () => note(readFileSync(join(root, 'dist/snapshot'), 'latin1').split('\n').slice(0, 2).join('\n'))],
  ])('starts normally with %s', (_what, change) => {
    change();
    expect(start()).toEqual([normal, 'none none', '']);
  });

  it('starts normally when the user says so, or has options for Node', () => {
    expect(start({ EBTRACE_SNAPSHOT: '0' })[0]).toBe(normal);
    expect(start({ NODE_OPTIONS: '--max-old-space-size=100' })[0]).toBe(normal);
    expect(start({ NODE_OPTIONS: '', EBTRACE_SNAPSHOT: '1' })[0]).toBe(quick);
  });

  it('hides certificates from Node', () => {
    expect(start({ NODE_EXTRA_CA_CERTS: '/a b' })).toEqual([quick, 'none /a b', '']);
    expect(start({ NODE_EXTRA_CA_CERTS: '' })[1]).toBe(' none');
  });
});

describe.runIf(process.platform === 'linux')('a start from the snapshot', () => {
  beforeAll(() => {
    buildBundle();
    writeFileSync(join(folder, 'script.bt'), 'interval:s:1 { printf("%s\\n", str($1)); }');
  });

  it('is what bin/ebtrace does after a build', async () => {
    expect(existsSync(join(ebtracePath, '../../dist/snapshot'))).toBe(true);
    const { stderr, status } = await ebtrace(['--version'], { env: { NODE_OPTIONS: '', NODE_DEBUG: 'module' } });
    expect(status).toBe(0);
    // The module loader has nothing to do.
    expect(stderr).not.toContain('main.cjs');
    const normal = await ebtrace(['--version'], { env: { EBTRACE_SNAPSHOT: '0', NODE_DEBUG: 'module' } });
    expect(normal.stderr).toContain('main.cjs');
  });

  const cases: readonly (readonly [string, readonly string[], RunOptions])[] = [
    ['help', ['--help'], {}],
    ['a wrong option', ['--nosuch'], {}],
    ['C of a script from -e', ['--emit-c', '/dev/stdout', '-e', 'begin { @[pid] = count(); }'], {}],
    ['C of a file in another folder', ['--emit-c', '/dev/stdout', 'script.bt', 'word'], { cwd: folder }],
    ['a missing file in another folder', ['nosuch.bt'], { cwd: folder }],
    ['a script from stdin', ['--emit-c', '/dev/stdout', '-'], { stdin: 'begin { exit(); }' }],
    ['errors in colour', ['-e', 'begin { nosuch(); $x = "a" + 1; }'], { env: { EBTRACE_COLOR: 'always' } }],
    ['a wrong colour', ['--version'], { env: { EBTRACE_COLOR: 'sometimes' } }],
    [
      'an option from the environment',
      ['--emit-c', '/dev/stdout', '-e', 'begin { @[1] = 1; }'],
      { env: { EBTRACE_MAX_MAP_KEYS: '77' } },
    ],
    ['a wrong option from the environment', ['-e', 'begin { }'], { env: { EBTRACE_MAX_MAP_KEYS: 'x' } }],
    ['a recorded machine', ['--host', fixtureRoot, '-l', 'tracepoint:sched:*'], {}],
    ['the stages', ['-d', 'ast', '-d', 'types', '-d', 'c', '--emit-c', '/dev/null', '-e', 'begin { $a = 1; }'], {}],
    ['no arguments', [], {}],
  ];
  it.each(cases)('says the same: %s', async (_what, args, options) => {
    const [quick, normal] = await Promise.all([
      ebtrace(args, options),
      ebtrace(args, { ...options, env: { ...options.env, EBTRACE_SNAPSHOT: '0' } }),
    ]);
    expect(quick).toEqual(normal);
    expect(quick.stdout + quick.stderr).not.toBe('');
  });
});
