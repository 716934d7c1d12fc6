/** Where headers are looked for, in which order. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CSource } from '../../src/clang/c-source.ts';
import { includePaths } from '../../src/clang/include-paths.ts';

const folder = mkdtempSync(join(tmpdir(), 'ebtrace-test-include-'));
afterAll(() => rmSync(folder, { recursive: true }));
const nothing: CSource = { preamble: [], includeFiles: [], includeFolders: [], headers: [], objects: [] };

/** Values of an option, in order. */
function valuesOf(args: readonly string[], option: string): readonly string[] {
  return args.flatMap((arg, i) => (arg === option ? [args[i + 1] ?? ''] : []));
}

function tree(name: string, files: readonly string[]): string {
  for (const file of files) {
    mkdirSync(join(folder, name, file, '..'), { recursive: true });
    writeFileSync(join(folder, name, file), '');
  }
  return join(folder, name);
}

describe('include folders', () => {
  it('of the user come before those of the system', () => {
    const { args, searched } = includePaths(
      {
        ...nothing,
        includeFolders: ['one', '/two'],
        scriptFolder: '/scripts',
        environment: { CPATH: '/three::', C_INCLUDE_PATH: '/four' },
      },
      'x86_64',
      '/compiler',
    );
    expect(valuesOf(args, '-triple')).toEqual(['x86_64-unknown-linux-gnu']);
    expect(valuesOf(args, '-iquote')).toEqual(['/scripts', resolve('.')]);
    expect(valuesOf(args, '-I')).toEqual([resolve('one'), '/two', '/three', resolve('.'), resolve('.')]);
    const system = valuesOf(args, '-isystem');
    expect(system.indexOf('/four')).toBe(0);
    expect(searched.slice(0, 2)).toEqual(['/scripts', resolve('.')]);
    expect(searched).toEqual([...new Set(searched)]);
  });

  it('of a kernel come with what its headers need', () => {
    const source = tree('source', [
      'include/linux/types.h',
      'include/linux/kconfig.h',
      'include/uapi/a.h',
      'arch/arm64/include/asm/a.h',
      'arch/arm64/include/uapi/asm/a.h',
    ]);
    const build = tree('build', ['include/linux/types.h', 'include/generated/a.h', 'arch/arm64/include/generated/a.h']);
    const environment = { BPFTRACE_KERNEL_SOURCE: source, BPFTRACE_KERNEL_BUILD: build };
    const { args } = includePaths({ ...nothing, environment }, 'arm64', '/compiler');
    expect(valuesOf(args, '-triple')).toEqual(['aarch64-unknown-linux-gnu']);
    expect(valuesOf(args, '-isystem').filter((path) => path.startsWith(folder))).toEqual([
      `${source}/arch/arm64/include`,
      `${build}/arch/arm64/include`,
      `${build}/arch/arm64/include/generated`,
      `${source}/include`,
      `${build}/include`,
      `${build}/include/generated`,
      `${source}/arch/arm64/include/uapi`,
      `${source}/include/uapi`,
    ]);
    expect(valuesOf(args, '-include')).toEqual([`${source}/include/linux/kconfig.h`]);
    expect(valuesOf(args, '-D')).toContain('__KERNEL__');
  });

  it('of a folder that holds no kernel are not used', () => {
    const environment = { BPFTRACE_KERNEL_SOURCE: join(folder, 'nosuch') };
    const { args } = includePaths({ ...nothing, environment }, 'x86_64', '/compiler');
    expect(valuesOf(args, '-isystem').some((path) => path.startsWith(folder))).toBe(false);
  });
});
