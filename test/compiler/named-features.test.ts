/** Every name that `--no-feature` takes changes what is made of some script: another program, or a refusal. */
import { expect, test } from 'vitest';
import { SourceText } from '../../grammar/source.ts';
import { compile } from '../../src/build.ts';
import { type KernelFeatures, namedFeatures } from '../../src/world/features.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const world = fixtureWorld();

/** The program and how it is attached, or why there is none. */
function made(script: string, features: KernelFeatures) {
  const env = { world: { ...world, features }, environment: {}, positionals: [], unsafe: false };
  const result = compile(SourceText.fromUnicode('script.bt', script), env);
  return result.ok
    ? { c: result.value.c, attached: result.value.probes.map(({ attach }) => attach) }
    : { refused: result.diagnostics.map(({ code }) => code) };
}

const scripts: { readonly [name: string]: string } = {
  kprobe_multi: 'kprobe:vfs_* { @ = count(); }',
  kprobe_session: 'kprobe:vfs_read { @a = 1; } kretprobe:vfs_read { @b = 1; }',
  attach_cookie: 'tracepoint:sched:sched_process_* { @[probe] = count(); }',
  loop: 'begin { $n = rand; for ($i : 0..$n) { @ = $i; } }',
  for_each_map_elem: 'begin { @m[1] = 1; for ($kv : @m) { print($kv); } }',
  map_lookup_percpu_elem: 'begin { @calls = count(); if (@calls > 1) { print(1); } }',
  map_keys_over_512_bytes: 'tracepoint:syscalls:sys_enter_openat { @[str(args.filename), str(args.filename)] = 1; }',
  get_current_task_btf: 'tracepoint:syscalls:sys_enter_openat { @[pid] = 1; }',
  task_pt_regs: 'tracepoint:syscalls:sys_enter_openat { @[args.flags] = 1; }',
  ktime_get_boot_ns: 'begin { print(nsecs); }',
  task_from_pid: 'interval:s:1 { print(comm(1)); }',
};

// Scripts have it for the sake of bpftrace's; nothing attaches so yet.
const withoutEffect = ['uprobe_multi'];

test('all of them are tried', () => {
  expect([...Object.keys(scripts), ...withoutEffect].sort()).toEqual(Object.keys(namedFeatures).sort());
  expect(withoutEffect.flatMap((name) => namedFeatures[name])).toEqual([]);
});

test.each(Object.entries(scripts))('%s', (name, script) => {
  const left = (namedFeatures[name] ?? []).map((feature) => [feature, false]);
  const usual = made(script, world.features);
  expect(usual).not.toHaveProperty('refused');
  expect(made(script, { ...world.features, ...Object.fromEntries(left) })).not.toEqual(usual);
});
