/**
 * Every system call event of the running kernel has a number in our table. A failure names the calls that a newer kernel
 * has and src/world/syscall-table.ts lacks.
 */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { syscallEventNumber, syscallName } from '../../src/world/syscalls.ts';
import type { Arch } from '../../src/world/world.ts';

const arch: Arch | undefined = process.arch === 'x64' ? 'x86_64' : process.arch === 'arm64' ? 'arm64' : undefined;
const events = listEvents();
const why = events.length > 0 ? '' : ' (skipped: needs root and a kernel with tracefs)';

describe.runIf(events.length > 0)(`system call events of this kernel${why}`, () => {
  it('all have a number', () => {
    const unknown = events.filter((event) => arch === undefined || syscallEventNumber(arch, event) === undefined);
    expect(unknown).toEqual([]);
    expect(events.length).toBeGreaterThan(400);
  });

  it('have one number each, and entry and exit agree', () => {
    const enters = events.filter((event) => event.startsWith('sys_enter_'));
    const numbers = enters.map((event) => (arch === undefined ? undefined : syscallEventNumber(arch, event)));
    expect(new Set(numbers).size).toBe(enters.length);
    for (const event of enters) {
      if (arch === undefined) continue;
      const number = syscallEventNumber(arch, event);
      expect(syscallEventNumber(arch, event.replace('enter', 'exit'))).toBe(number);
      expect(number === undefined ? undefined : syscallName(arch, number)).toBeTypeOf('string');
    }
  });
});

/** tracefs is mounted in a namespace of its own, so that the machine stays as it was. */
function listEvents(): readonly string[] {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return [];
  const script =
    'test -d /sys/kernel/tracing/events || mount -t tracefs tracefs /sys/kernel/tracing || exit 1; ls /sys/kernel/tracing/events/syscalls';
  const run = spawnSync('unshare', ['-m', 'sh', '-c', script], { encoding: 'utf8' });
  return run.status === 0 ? run.stdout.split('\n').filter((name) => /^sys_(enter|exit)_/.test(name)) : [];
}
