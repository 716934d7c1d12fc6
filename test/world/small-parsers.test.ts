/** CPU lists, /proc, globs, system call numbers, ELF: each small enough for a few lines. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCpuList } from '../../src/world/cpu-list.ts';
import { readElf } from '../../src/world/elf.ts';
import { glob } from '../../src/world/glob.ts';
import { emptyHostFiles, type HostFiles, nodeHostFiles } from '../../src/world/host-files.ts';
import { processExists } from '../../src/world/procfs.ts';
import { syscallEventNumber, syscallName, syscallNumber } from '../../src/world/syscalls.ts';

describe('CPU lists', () => {
  it.each([
    ['0-3,5\n', [0, 1, 2, 3, 5]],
    ['0', [0]],
    ['5,0-1', [0, 1, 5]],
    ['0-1,1-2', [0, 1, 2]],
    ['', []],
    ['\n', []],
    ['3-1', []],
    ['a', []],
    ['0-', []],
    ['0,,1', []],
    ['0-4294967295', []],
  ])('%j', (text, expected) => {
    expect(parseCpuList(text)).toEqual(expected);
  });
});

describe('globs', () => {
  it.each([
    ['sched_*', 'sched_switch', true],
    ['sched_*', 'sched_', true],
    ['sched_*', 'xsched_', false],
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['*read*', 'vfs_read_more', true],
    ['a*b*c', 'abbc', true],
    ['a*b*c', 'acb', false],
    ['a*bc*c', 'abc', false],
    ['a**b', 'ab', true],
    ['a.c', 'abc', false],
    ['a?c', 'abc', false],
    ['a[b]c', 'abc', false],
  ])('%j and %j: %s', (pattern, name, expected) => {
    expect(glob(pattern).matches(name)).toBe(expected);
    expect(glob(pattern).hasWildcard).toBe(pattern.includes('*'));
  });
});

describe('processes', () => {
  const recorded: HostFiles = {
    ...emptyHostFiles,
    stat: (path) => {
      const kind = /^\/proc\/[78]$/.test(path) ? 'directory' : /^\/proc\/[78]\/exe$/.test(path) ? 'file' : undefined;
      return kind && { kind, inode: 42n, device: 1n, size: 0n, mode: 0o755 };
    },
  };

  it('are there', () => {
    expect(processExists(recorded, 7)).toBe(true);
  });

  it('may be gone', () => {
    expect(processExists(recorded, 9)).toBe(false);
  });

  it.runIf(process.platform === 'linux')('are found in /proc of this machine', () => {
    expect(processExists(nodeHostFiles, process.pid)).toBe(true);
  });
});

describe('system calls', () => {
  it.each([
    ['x86_64', 0, 'read'],
    ['x86_64', 59, 'execve'],
    ['x86_64', 257, 'openat'],
    ['x86_64', 334, 'rseq'],
    ['x86_64', 336, 'uprobe'],
    ['x86_64', 424, 'pidfd_send_signal'],
    ['x86_64', 462, 'mseal'],
    ['arm64', 56, 'openat'],
    ['arm64', 63, 'read'],
    ['arm64', 80, 'fstat'],
    ['arm64', 221, 'execve'],
    ['arm64', 260, 'wait4'],
    ['arm64', 293, 'rseq'],
    ['arm64', 450, 'set_mempolicy_home_node'],
  ] as const)('%s %i is %s', (arch, number, name) => {
    expect(syscallName(arch, number)).toBe(name);
    expect(syscallNumber(arch, name)).toBe(number);
  });

  it('leaves gaps where numbers are not in use', () => {
    expect(syscallName('x86_64', 400)).toBeUndefined();
    expect(syscallName('arm64', 244)).toBeUndefined();
    expect(syscallNumber('arm64', 'open')).toBeUndefined();
    expect(syscallName('x86_64', -1)).toBeUndefined();
  });

  it('knows events by the name of the kernel function', () => {
    expect(syscallEventNumber('x86_64', 'sys_enter_openat')).toBe(257);
    expect(syscallEventNumber('x86_64', 'sys_exit_newstat')).toBe(4);
    expect(syscallEventNumber('x86_64', 'sys_enter_umount')).toBe(166);
    expect(syscallEventNumber('x86_64', 'sys_enter_sendfile64')).toBe(40);
    expect(syscallEventNumber('arm64', 'sys_enter_fadvise64_64')).toBe(223);
    expect(syscallEventNumber('arm64', 'sys_enter_newfstat')).toBe(80);
    expect(syscallEventNumber('x86_64', 'openat')).toBeUndefined();
    expect(syscallEventNumber('x86_64', 'sys_enter_nosuch')).toBeUndefined();
    expect(syscallEventNumber('x86_64', 'sys_enter_constructor')).toBeUndefined();
  });
});

describe('ELF', () => {
  it.runIf(process.platform === 'linux')('reads the sections of the running program', () => {
    const elf = readElf(readFileSync(process.execPath));
    expect(elf?.machine).toBe(process.arch === 'x64' ? 62 : 183);
    expect(elf?.section('.text')?.length).toBeGreaterThan(1000);
    expect(elf?.section('.bss')).toBeUndefined();
    expect(elf?.section('.nosuch')).toBeUndefined();
  });

  it('refuses what is no 64-bit ELF file', () => {
    const header = Buffer.alloc(64);
    expect(readElf(header)).toBeUndefined();
    expect(readElf(new Uint8Array(3))).toBeUndefined();
    header.write('\x7fELF\x02\x01', 'latin1');
    header.writeBigUInt64LE(1n << 40n, 40);
    header.writeUInt16LE(64, 58);
    header.writeUInt16LE(5, 60);
    expect(readElf(header)).toBeUndefined();
  });
});
