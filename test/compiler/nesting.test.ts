/** Scripts with probes on functions that BPF programs run through themselves: no body runs within another one. */
import { expect, it } from 'vitest';
import { SourceText } from '../../grammar/source.ts';
import { compile } from '../../src/build.ts';
import type { World } from '../../src/world/world.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const fixture = fixtureWorld();
/** Every function may be there. */
const world: World = {
  ...fixture,
  traceableFunctions: () => ({ ...fixture.traceableFunctions(), isListed: false }),
};

function compiled(text: string) {
  const env = { world, environment: {}, positionals: [], unsafe: false };
  const result = compile(new SourceText('script.bt', text), env);
  if (!result.ok) throw new Error(result.diagnostics[0]?.message);
  return result.value;
}

it('guards all bodies that can run at the same time, and counts what is left out at its probe', () => {
  const script =
    'begin { @ = 1; } kprobe:_raw_spin_lock { @ = 2; } interval:s:1 { @ = 3; } self:signal:SIGUSR1 { @ = 4; }';
  const { c, sites } = compiled(script);
  expect(c.match(/eb_enter\((\d)\)/g)).toEqual(['eb_enter(0)', 'eb_enter(1)', 'eb_enter(2)']);
  expect(c.match(/EB_LEAVES /g)).toHaveLength(3);
  expect(sites.map(({ kind, span, program }) => [kind, script.slice(span.start, span.end), program])).toEqual([
    ['nested', 'kprobe:_raw_spin_lock', 'p1'],
    ['nested', 'interval:s:1', 'p2'],
    ['nested', 'self:signal:SIGUSR1', 'p3'],
  ]);
});

it.each<[string, 'behind' | 'before']>([
  ['pid == 7 && @x != 0', 'behind'],
  ['comm == "cat"', 'behind'],
  ['@n++ > 3', 'before'],
  ['kstack == kstack', 'before'],
])('leaves out what /%s/ lets through, which is asked %s it', (predicate, place) => {
  const { c } = compiled(`begin { @x = 1; } kprobe:_raw_spin_lock /${predicate}/ { @n = 2; }`);
  const body = c.slice(c.indexOf('int p1(u64 *ctx)'));
  const [guard, test] = [body.indexOf('EB_LEAVES '), body.indexOf('if (!(')];
  expect(test).toBeGreaterThan(0);
  expect(place === 'behind' ? guard > test : guard > 0 && guard < test).toBe(true);
});

it('costs nothing elsewhere', () => {
  expect(compiled('kprobe:vfs_read { @ = 1; }').c).not.toContain('eb_enter');
});
