/**
 * The C for a kernel that has none of the features we ask for, in the form of golden.test.ts: golden-old-kernel/NAME.bt
 * -> NAME.c. Scripts of golden/ must be accepted there too, or be refused because of a feature.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { SourceText } from '../../grammar/source.ts';
import { compile } from '../../src/build.ts';
import type { Program } from '../../src/program/program.ts';
import { checkC } from '../support/check-c.ts';
import { oldKernelWorld } from '../support/fixture-world.ts';

const folder = join(import.meta.dirname, 'golden-old-kernel');
const names = scripts(folder);
const usual = scripts(join(import.meta.dirname, 'golden'));

function scripts(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.bt'))
    .map((file) => basename(file, '.bt'));
}

const env = { world: oldKernelWorld(), environment: {}, positionals: ['100', 'word'], unsafe: false };

function generate(path: string): { readonly program: Program | undefined; readonly errors: readonly Diagnostic[] } {
  const result = compile(SourceText.fromUnicode(basename(path), readFileSync(path, 'utf8')), env);
  return {
    program: result.ok ? result.value : undefined,
    errors: result.diagnostics.filter(({ severity }) => severity === 'error'),
  };
}

test.each(names)('%s', async (name) => {
  const { program, errors } = generate(join(folder, `${name}.bt`));
  expect(errors).toEqual([]);
  await expect(program?.c).toMatchFileSnapshot(join(folder, `${name}.c`));
});

test('only loops need the number of rounds', () => {
  expect(names.map((name) => [name, generate(join(folder, `${name}.bt`)).program?.boundedLoops])).toEqual([
    ['aggregations', 0],
    ['loops', 2],
    ['system-call', 0],
  ]);
});

const absent =
  /bpf_(loop|for_each_map_elem|map_lookup_percpu_elem|get_attach_cookie|ktime_get_boot_ns)\(|_btf\(|task_pt_regs\(/;

/** Codes of refusals because of the kernel. */
const refusals = /-kernel$|^map-key-size$/;

describe('scripts of golden/', () => {
  const work = mkdtempSync(join(tmpdir(), 'ebtrace-old-'));
  const found = usual.map((name) => ({ name, ...generate(join(import.meta.dirname, 'golden', `${name}.bt`)) }));
  const accepted = found.flatMap(({ name, program }) => (program === undefined ? [] : [{ name, program }]));

  beforeAll(() => {
    for (const { name, program } of accepted) writeFileSync(join(work, `${name}.c`), program.c, 'latin1');
  });

  afterAll(() => rmSync(work, { recursive: true }));

  test('are refused for what the kernel lacks only, and few are', () => {
    const codes = found.flatMap(({ errors }) => errors.map(({ code }) => code));
    expect(codes.filter((code) => !refusals.test(code))).toEqual([]);
    expect(accepted.length).toBeGreaterThan(usual.length * 0.8);
  });

  test.each(accepted)('$name uses nothing that the kernel lacks, and clang accepts it', ({ name, program }) => {
    expect(program.c.split('\n').filter((line) => absent.test(line))).toEqual([]);
    expect(checkC(work, `${name}.c`)).toBe('');
  });
});
