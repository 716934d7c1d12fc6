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
  expect(c.match(/int p\d_body\(u64 \*ctx\) \{/g)).toHaveLength(3);
  expect(sites.map(({ kind, span }) => [kind, script.slice(span.start, span.end)])).toEqual([
    ['nested', 'kprobe:_raw_spin_lock'],
    ['nested', 'interval:s:1'],
    ['nested', 'self:signal:SIGUSR1'],
  ]);
});

it('costs nothing elsewhere', () => {
  expect(compiled('kprobe:vfs_read { @ = 1; }').c).not.toContain('eb_enter');
});
