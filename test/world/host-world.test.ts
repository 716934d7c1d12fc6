import { describe, expect, it } from 'vitest';
import { currentKernelFeatures } from '../../src/world/features.ts';
import { glob } from '../../src/world/glob.ts';
import { emptyHostFiles, type HostFiles } from '../../src/world/host-files.ts';
import { hostWorld } from '../../src/world/host-world.ts';
import type { World } from '../../src/world/world.ts';
import { fixtureFiles, fixtureWorld } from '../support/fixture-world.ts';

const options = { arch: 'x86_64', features: currentKernelFeatures } as const;

describe('the recorded machine', () => {
  const world = fixtureWorld();

  it('lists tracepoints by category, then name', () => {
    expect(names(world, 'sched', '*')).toEqual([
      'sched:sched_process_exec',
      'sched:sched_process_exit',
      'sched:sched_process_fork',
      'sched:sched_switch',
      'sched:sched_wakeup',
    ]);
    expect(names(world, '*', 'sys_enter')).toEqual(['raw_syscalls:sys_enter']);
    expect(names(world, '*sys*', 'sys_e*_read')).toEqual(['syscalls:sys_enter_read', 'syscalls:sys_exit_read']);
    expect(names(world, 'sched', 'sched_switch')).toEqual(['sched:sched_switch']);
    expect(names(world, 'sched', 'nosuch')).toEqual([]);
    expect(names(world, 'nosuch', '*')).toEqual([]);
    expect(names(world, '*', '*')).toHaveLength(28);
  });

  it('knows ids and fields, and which events it does not have', () => {
    const event = { category: 'sched', name: 'sched_switch' };
    expect(world.tracepointId(event)).toBe(372);
    expect(world.tracepointFields(event)).toHaveLength(11);
    expect(world.tracepointFields(event)).toBe(world.tracepointFields({ ...event }));
    expect(world.tracepointId({ category: 'sched', name: 'nosuch' })).toBeUndefined();
    expect(world.tracepointFields({ category: 'sched', name: 'nosuch' })).toBeUndefined();
  });

  it('knows raw tracepoints by their BTF typedefs', () => {
    expect(world.hasRawTracepoint('sched_switch')).toBe(true);
    expect(world.hasRawTracepoint('sys_enter')).toBe(true);
    expect(world.hasRawTracepoint('sched')).toBe(false);
    expect(world.hasRawTracepoint('')).toBe(false);
  });

  it('answers for the rest', () => {
    expect(world.arch).toBe('x86_64');
    expect(world.tracefs()).toBe('/sys/kernel/tracing');
    expect(world.kernelSymbol('vfs_read')).toBe(0xffffffff81002000n);
    expect(world.kernelSymbol('vfs')).toBeUndefined();
    expect(world.onlineCpus()).toEqual([0, 1]);
    expect(world.possibleCpus()).toBe(2);
    expect(world.cgroupId('/sys/kernel/tracing')).toBe(fixtureFiles().stat('/sys/kernel/tracing')?.inode);
    expect(world.cgroupId('/proc/kallsyms')).toBeUndefined();
    expect(world.cgroupId('/nosuch')).toBeUndefined();
  });
});

describe('a machine without anything', () => {
  it('answers without throwing', () => {
    const world = hostWorld(emptyHostFiles, options);
    expect(world.kernelTypes()).toBeUndefined();
    expect(world.tracefs()).toBeUndefined();
    expect(names(world, '*', '*')).toEqual([]);
    expect(names(world, 'sched', 'sched_switch')).toEqual([]);
    expect(world.tracepointFields({ category: 'sched', name: 'sched_switch' })).toBeUndefined();
    expect(world.hasRawTracepoint('sched_switch')).toBe(false);
    expect(world.kernelSymbol('vfs_read')).toBeUndefined();
    expect(world.onlineCpus()).toEqual([0]);
    expect(world.possibleCpus()).toBe(1);
  });
});

describe('laziness', () => {
  it('reads nothing before it is asked, and nothing twice', () => {
    const reads: string[] = [];
    const recorded = fixtureFiles();
    const counting: HostFiles = {
      ...recorded,
      read: (path) => {
        reads.push(path);
        return recorded.read(path);
      },
    };
    const world = hostWorld(counting, options);
    expect(reads).toEqual([]);
    const event = { category: 'sched', name: 'sched_switch' };
    for (let i = 0; i < 2; i++) {
      names(world, 'sched', 'sched_switch');
      world.tracepointId(event);
      world.hasRawTracepoint('sched_switch');
      world.kernelSymbol('vfs_read');
      world.tracepointId({ category: 'no', name: 'such' });
    }
    expect(reads).toEqual([
      '/sys/kernel/tracing/events/sched/sched_switch/id',
      '/sys/kernel/btf/vmlinux',
      '/proc/kallsyms',
      '/sys/kernel/tracing/events/no/such/id',
    ]);
  });

  it('reads the fields of an everyday event without BTF', () => {
    const reads: string[] = [];
    const recorded = fixtureFiles();
    const counting: HostFiles = {
      ...recorded,
      read: (path) => {
        reads.push(path);
        return recorded.read(path);
      },
    };
    const fields = hostWorld(counting, options).tracepointFields({ category: 'sched', name: 'sched_switch' });
    expect(fields?.find(({ name }) => name === 'next_pid')?.type).toEqual({ kind: 'int', bytes: 4, signed: true });
    expect(reads).toEqual(['/sys/kernel/tracing/events/sched/sched_switch/format']);
  });

  it('asks for a private tracefs once, and only where none is mounted', () => {
    let asked = 0;
    const tracefsRoot = (): string | undefined => {
      asked++;
      return '/sys/kernel/tracing';
    };
    const mounted = hostWorld(fixtureFiles(), { ...options, tracefsRoot });
    mounted.tracefs();
    expect(asked).toBe(0);
    const hidden = hostWorld({ ...fixtureFiles(), stat: () => undefined }, { ...options, tracefsRoot });
    expect(asked).toBe(0);
    expect(names(hidden, 'sched', 'sched_s*')).toEqual(['sched:sched_switch']);
    expect(hidden.tracefs()).toBe('/sys/kernel/tracing');
    expect(asked).toBe(1);
    const nowhere = hostWorld(emptyHostFiles, {
      ...options,
      tracefsRoot: () => {
        asked++;
        return undefined;
      },
    });
    nowhere.tracefs();
    nowhere.tracefs();
    expect(asked).toBe(2);
  });
});

function names(world: World, category: string, event: string): readonly string[] {
  return world.tracepoints(glob(category), glob(event)).map((found) => `${found.category}:${found.name}`);
}
