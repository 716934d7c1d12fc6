/** Bodies that take stacks are perf tracepoints, whose stack begins where the event is. */
import { expect, test } from 'vitest';
import { tracepointShapes } from '../../src/probes/tracepoint-shape.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const world = fixtureWorld();

function shapes(names: readonly string[], parts: { readonly stack: boolean; readonly fields?: readonly string[] }) {
  const targets = names.map((name) => ({ name: `tracepoint:${name}`, parts: name.split(':') }));
  const taken = parts.stack ? targets.map((target) => target.name) : [];
  const usage = {
    args: parts.fields !== undefined,
    probe: false,
    perfTracepoint: parts.stack,
    fields: new Set(parts.fields),
    perfTracepoints: new Set(taken),
  };
  return tracepointShapes(targets, usage, world).map(({ type, attach, args, select }) => {
    const points = 'targets' in attach ? attach.targets.map((entry) => JSON.stringify(entry)).join() : '';
    return `${type} ${points} ${args?.from ?? 'no args'} by ${select.by}`;
  });
}

const switching = ['sched:sched_switch'];
const calls = ['syscalls:sys_enter_openat', 'syscalls:sys_enter_read'];

test('other events', () => {
  expect(shapes(switching, { stack: false })).toEqual(['raw_tracepoint {"name":"sched_switch"} no args by none']);
  expect(shapes(switching, { stack: true })).toEqual([
    'tracepoint {"category":"sched","name":"sched_switch"} no args by none',
  ]);
});

test('system calls are one perf tracepoint, whose record has the arguments in the same places', () => {
  expect(shapes(calls, { stack: false })).toEqual(['raw_tracepoint {"name":"sys_enter"} no args by syscall']);
  expect(shapes(calls, { stack: true })).toEqual([
    'tracepoint {"category":"raw_syscalls","name":"sys_enter"} no args by syscall',
  ]);
  expect(shapes(['syscalls:sys_enter_openat'], { stack: true, fields: ['filename'] })).toEqual([
    'tracepoint {"category":"raw_syscalls","name":"sys_enter"} context by syscall',
  ]);
});
