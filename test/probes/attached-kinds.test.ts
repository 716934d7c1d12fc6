/** iter, watchpoint, hardware, test and bench: what they stand for, as programs and in listings. */
import { expect, test } from 'vitest';
import { SourceText } from '../../grammar/source.ts';
import { compile } from '../../src/build.ts';
import { hardware } from '../../src/probes/hardware.ts';
import { iter } from '../../src/probes/iter.ts';
import { archTable } from '../../src/world/arch/index.ts';
import type { World } from '../../src/world/world.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const world = fixtureWorld();

function probesOf(script: string, on: World = world) {
  const built = compile(new SourceText('kinds.bt', script), {
    world: on,
    environment: {},
    positionals: [],
    unsafe: false,
  });
  return built.ok ? built.value.probes : built.diagnostics.map(({ message }) => message);
}

test('a watchpoint is a debug register', () => {
  expect(probesOf('watchpoint:0x1000:4:wr { }')).toMatchObject([
    {
      name: 'watchpoint:0x1000:4:rw',
      type: 'perf_event',
      attach: { kind: 'breakpoint', address: 0x1000n, length: 4, access: 'rw' },
    },
  ]);
  expect(probesOf('w:4096:8:x { }')).toMatchObject([{ name: 'watchpoint:4096:8:x' }]);
});

test('modes of watchpoints are those of the processor', () => {
  const arm: World = { ...world, arch: 'arm64' };
  expect(archTable('arm64').watchpointModes).toContain('r');
  expect(probesOf('watchpoint:0x1000:4:r { }', arm)).toMatchObject([{ attach: { access: 'r' } }]);
  expect(probesOf('watchpoint:0x1000:4:r { }')).toEqual([
    "Processors of this kind (x86_64) cannot watch with mode 'r'",
  ]);
});

test('an iterator is a tracing program, alone or pinned', () => {
  expect(probesOf('iter:task_file { }')).toMatchObject([
    { name: 'iter:task_file', type: 'tracing', attach: { kind: 'iterator', over: 'tasks' }, count: 1 },
  ]);
  expect(probesOf('it:task:mine { }')).toMatchObject([{ attach: { pin: '/sys/fs/bpf/mine' } }]);
  expect(probesOf('iter:task:/run/bpf/mine { }')).toMatchObject([{ attach: { pin: '/run/bpf/mine' } }]);
});

test('iterators are listed with the members of their context, the verifier own names left out', () => {
  const listed = iter.list(['task*'], world).map(({ line, details }) => [line, ...details()]);
  expect(listed).toEqual([
    ['iter:task', 'struct task_struct * task'],
    ['iter:task_file', 'struct task_struct * task', 'u32 fd', 'struct file * file'],
  ]);
  expect(iter.list(['file'], world)).toEqual([]);
});

test('hardware events have the numbers of perf_event.h and periods of their own', () => {
  expect(probesOf('hardware:cycles { } hardware:branch-misses:7 { } h:instructions: { }')).toMatchObject([
    { name: 'hardware:cycles', attach: { type: 0, config: 0n, every: { period: 1_000_000n } } },
    { name: 'hardware:branch-misses:7', attach: { type: 0, config: 5n, every: { period: 7n } } },
    { name: 'hardware:instructions', attach: { type: 0, config: 1n, every: { period: 1_000_000n } } },
  ]);
  expect(hardware.list(['b*'], world).map(({ line }) => line)).toEqual([
    'hardware:backend-stalls:',
    'hardware:branch-instructions:',
    'hardware:branch-misses:',
    'hardware:branches:',
    'hardware:bus-cycles:',
  ]);
});

test('tests and benchmarks are run, not attached, and what they return counts', () => {
  expect(probesOf('test:one { } bench:one { }')).toMatchObject([
    { name: 'test:one', type: 'xdp', attach: { kind: 'run-once', when: 'test' } },
    { name: 'bench:one', type: 'xdp', attach: { kind: 'run-once', when: 'bench' } },
  ]);
});
