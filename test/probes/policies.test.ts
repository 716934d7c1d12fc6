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
