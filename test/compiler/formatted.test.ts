/** A formatted script becomes the same C: of the golden scripts, on the recorded machine, but for numbers of lines. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Report } from '../../grammar/diagnostic.ts';
import { formatScript } from '../../grammar/format.ts';
import { SourceText } from '../../grammar/source.ts';
import { compile } from '../../src/build.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const folder = join(import.meta.dirname, 'golden');
const names = readdirSync(folder).filter((file) => file.endsWith('.bt'));
const world = fixtureWorld();

function compiled(text: string): string {
  const source = new SourceText('script.bt', text);
  const result = compile(source, { world, environment: {}, positionals: ['100', 'word'], unsafe: false });
  return result.ok ? result.value.c.replace(/^\s*#line .*\n/gm, '') : JSON.stringify(result.diagnostics);
}

test.each(names)('%s', (name) => {
  const text = readFileSync(join(folder, name), 'latin1');
  const source = new SourceText(name, text);
  const formatted = formatScript(source, new Report(source)) ?? '';
  const c = compiled(text);
  expect(c).toContain('EB_SITES');
  expect(compiled(formatted)).toBe(c);
});
