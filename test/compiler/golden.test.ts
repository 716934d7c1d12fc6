/**
 * The C that scripts become: golden/NAME.bt -> golden/NAME.c, on the recorded machine of test/fixtures.
 * `npx vitest run test/compiler/golden.test.ts -u` writes the files anew; what changed is then to be read. The C is
 * also compiled, with all warnings.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SourceText } from '../../grammar/source.ts';
import { compile } from '../../src/build.ts';
import { findClang } from '../../src/clang/find-clang.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const folder = join(import.meta.dirname, 'golden');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.bt'))
  .map((file) => basename(file, '.bt'));
const world = fixtureWorld();

function generate(name: string): string {
  const text = readFileSync(join(folder, `${name}.bt`), 'utf8');
  const result = compile(SourceText.fromUnicode(`${name}.bt`, text), {
    world,
    environment: {},
    positionals: ['100', 'word'],
    unsafe: false,
  });
  // A loop with while is a feature that the language wants to lose.
  expect(result.diagnostics.filter(({ code }) => code !== 'while-deprecated')).toEqual([]);
  return result.ok ? result.value.c : '';
}

test.each(names)('%s', async (name) => {
  await expect(generate(name)).toMatchFileSnapshot(join(folder, `${name}.c`));
});

test.each(names)('%s twice is the same', (name) => {
  expect(generate(name)).toBe(generate(name));
});

test('every C file belongs to a script', () => {
  const files = readdirSync(folder);
  expect(names.length).toBeGreaterThan(30);
  expect(files.filter((file) => !names.includes(basename(file, '.c')) && !file.endsWith('.bt'))).toEqual([]);
});

describe('clang', () => {
  const work = mkdtempSync(join(tmpdir(), 'ebtrace-golden-'));
  const clang = findClang({ env: process.env });

  beforeAll(() => {
    for (const name of names) writeFileSync(join(work, `${name}.c`), generate(name), 'latin1');
  });

  afterAll(() => rmSync(work, { recursive: true }));

  test.each(names)('accepts %s without a warning', (name) => {
    if (!clang.ok) throw new Error(clang.problem.message);
    const front =
      clang.value.kind === 'zig'
        ? ['clang', '-cc1', '-triple', 'bpfel', '-target-cpu', 'v3']
        : ['-target', 'bpfel', '-mcpu=v3'];
    const run = spawnSync(
      clang.value.path,
      [
        ...front,
        '-fsyntax-only',
        '-Werror',
        ...warnings,
        '-I',
        join(import.meta.dirname, '../../bpf-helpers'),
        `${name}.c`,
      ],
      { cwd: work, encoding: 'utf8' },
    );
    expect(`${run.stderr}${run.stdout}`).toBe('');
    expect(run.status).toBe(0);
  });
});

/** Values are computed before it is known whether they are used, and every map walk has the same parameters. */
const warnings = ['-Wall', '-Wextra', '-Wno-unused-variable', '-Wno-unused-parameter'];
