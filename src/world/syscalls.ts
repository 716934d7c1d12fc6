/**
 * System calls by number and name, per architecture. The probe kind `tracepoint` uses it to turn `syscalls:sys_enter_X`
 * into a test of the system call number in a raw tracepoint, the builtin `syscall_name` to print a number. The names are
 * those of the C headers (`stat`, not the kernel's `newstat`); the data is in syscall-table.ts.
 */

import { once } from './once.ts';
import { arm64Syscalls, type SyscallRun, x86Syscalls } from './syscall-table.ts';
import type { Arch } from './world.ts';

/** Undefined for a number that the architecture does not use, or not yet when this program was written. */
export function syscallName(arch: Arch, number: number): string | undefined {
  return tables[arch]().names.get(number);
}

/** All of them, by number. */
export function syscallNames(arch: Arch): ReadonlyMap<number, string> {
  return tables[arch]().names;
}

export function syscallNumber(arch: Arch, name: string): number | undefined {
  return tables[arch]().numbers.get(name);
}

/**
 * The number behind a tracefs event `sys_enter_X` or `sys_exit_X` (a bare name is enough, the category is always
 * `syscalls`). X is the name of the kernel's function, which for a few calls differs from the name in the headers.
 */
export function syscallEventNumber(arch: Arch, event: string): number | undefined {
  const prefix = eventPrefixes.find((text) => event.startsWith(text));
  if (prefix === undefined) return undefined;
  const kernelName = event.slice(prefix.length);
  return syscallNumber(arch, eventNames[arch][kernelName] ?? kernelName);
}

const eventPrefixes = ['sys_enter_', 'sys_exit_'] as const;

/** Kernel function name -> name in the headers, where they differ (arch/x86/entry/syscalls, asm-generic/unistd.h). */
const eventNames: { readonly [A in Arch]: { readonly [kernelName: string]: string } } = {
  x86_64: {
    newstat: 'stat',
    newfstat: 'fstat',
    newlstat: 'lstat',
    newuname: 'uname',
    sendfile64: 'sendfile',
    umount: 'umount2',
    sysctl: '_sysctl',
  },
  arm64: {
    newfstat: 'fstat',
    newuname: 'uname',
    sendfile64: 'sendfile',
    umount: 'umount2',
    fadvise64_64: 'fadvise64',
    arm64_personality: 'personality',
  },
};

interface SyscallTable {
  readonly names: ReadonlyMap<number, string>;
  readonly numbers: ReadonlyMap<string, number>;
}

const tables: { readonly [A in Arch]: () => SyscallTable } = {
  x86_64: once(() => makeTable(x86Syscalls)),
  arm64: once(() => makeTable(arm64Syscalls)),
};

function makeTable(runs: readonly SyscallRun[]): SyscallTable {
  const names = new Map<number, string>();
  const numbers = new Map<string, number>();
  for (const { from, names: text } of runs) {
    text
      .trim()
      .split(/\s+/)
      .forEach((name, i) => {
        names.set(from + i, name);
        numbers.set(name, from + i);
      });
  }
  return { names, numbers };
}
