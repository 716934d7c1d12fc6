/** What holds for every kind of the table, whatever it is: --probe-filter, max_probes, missing_probes. */
import { describe, expect, test } from 'vitest';
import { SourceText } from '../../grammar/source.ts';
import { type BuildEnv, compile } from '../../src/build.ts';
import { probeKinds } from '../../src/probes/index.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const world = fixtureWorld();

function built(script: string, more: Partial<BuildEnv> = {}) {
  const result = compile(new SourceText('policies.bt', script), {
    world,
    environment: {},
    positionals: [],
    unsafe: true,
    ...more,
  });
  const codes = result.diagnostics.map(({ severity, code }) => `${severity} ${code}`);
  return { names: result.ok ? result.value.probes.map(({ name }) => name) : undefined, codes };
}

/** Their examples compile on the recorded machine, which test/docs.test.ts sees to. begin, end and self are exempt. */
const examples = probeKinds
  .filter((kind) => kind.probeType !== 'special')
  .map((kind) => ({ name: kind.name, example: kind.doc.example }));

test('begin, end and self are exempt from --probe-filter', () => {
  const script = 'begin { } self:signal:SIGUSR1 { } interval:s:1 { } end { }';
  expect(built(script, { probeFilter: /^no such probe$/ }).names).toEqual(['begin', 'self:signal:SIGUSR1', 'end']);
});

test('a body that --probe-filter leaves out is checked, and what it stores has a type', () => {
  const script = 'begin { print(@y); } interval:s:1 { @y = 5; }';
  expect(built(script, { probeFilter: /none/ })).toEqual({ names: ['begin'], codes: [] });
  const wrong = 'begin { @x = 1; } interval:s:1 { @x = "a"; }';
  expect(built(wrong, { probeFilter: /none/ }).codes).toEqual(['error map-type']);
});

test('--test and --bench need nothing of what would be attached, nor of each other', () => {
  const script = 'begin { } test:a { @n = 1; } bench:b { @n++; } kprobe:vfs_read { @n++; } interval:s:1 { }';
  expect(built(script, { requested: 'test' }).names).toEqual(['begin', 'test:a']);
  expect(built(script, { requested: 'bench' }).names).toEqual(['begin', 'bench:b']);
  expect(built(script).names).toEqual(['begin', 'test:a', 'bench:b', 'kprobe:vfs_read', 'interval:s:1']);
});

test('one link for many functions counts once against max_probes', () => {
  const script = 'config = { max_probes = 2 } kprobe:vfs_* { } kretprobe:tcp_* { }';
  expect(built(script).codes).toEqual([]);
  expect(built(`${script} begin { }`).codes).toEqual(['error too-many-probes']);
});

describe.each(examples)('$name', ({ example }) => {
  const all = built(example);

  test('--probe-filter that matches nothing leaves begin and end only', () => {
    const { names } = built(example, { probeFilter: /^no such probe$/ });
    expect(names?.filter((name) => name !== 'begin' && name !== 'end')).toEqual([]);
  });

  test('--probe-filter that matches everything changes nothing', () => {
    expect(built(example, { probeFilter: /./ }).names).toEqual(all.names);
  });

  test('max_probes counts all probes of the kind', () => {
    const count = 2;
    const twice = `config = { max_probes = ${count} } ${example.replace(/^config\s*=\s*{[^}]*}/, '')} ${'begin { } '.repeat(count)}`;
    expect(built(twice).codes).toContain('error too-many-probes');
  });
});
