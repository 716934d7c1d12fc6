/**
 * The tables of this folder without a kernel: every row that runs live compiles here too, and the scripts of remarks/
 * have their diagnostics where the marks say. A remark file is many scripts, each behind a line `==== title`, which may
 * go on with `| unsafe`, `| args: a b` and the like; marks are written as test/support/annotate.ts has them, with the
 * code and without the words: those are in the tests of the compiler and in the manual.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SourceText } from '../../grammar/source.ts';
import { type BuildEnv, plan } from '../../src/build.ts';
import { createClang } from '../../src/clang/clang.ts';
import { fixtureWorld } from '../support/fixture-world.ts';
import { bareScript, placesOf } from './places.ts';
import { sections } from './programs.ts';
import { groupScript } from './table.ts';

const world = fixtureWorld();
const clang = createClang({ env: { ...process.env, EBTRACE_CACHE: '0' } });
const folder = join(import.meta.dirname, 'remarks');

describe.each(sections.filter(({ values }) => values.length > 0))('$title', ({ values }) => {
  test.each(values.flatMap((group) => group.rows.map(([expression]) => [expression, group] as const)))(
    '%s compiles',
    async (expression, { root = '', before = '', args = [] }) => {
      const script = groupScript({ about: '', root, before, rows: [[expression, '']] });
      const { diagnostics } = await plan(
        SourceText.fromUnicode('stdin', script),
        environment({ positionals: args }),
        clang,
      );
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    },
  );
});

describe.each(readdirSync(folder))('%s', (name) => {
  const cases = readFileSync(join(folder, name), 'utf8')
    .split(/^==== /m)
    .slice(1);
  expect(cases.length).toBeGreaterThan(0);
  test.each(cases.map((text) => [text.slice(0, text.indexOf('\n')), text.slice(text.indexOf('\n') + 1)] as const))(
    '%s',
    async (title, text) => {
      const source = SourceText.fromUnicode('stdin', bareScript(text));
      const { diagnostics } = await plan(source, environment(optionsOf(title)), clang);
      expect(placesOf(source, diagnostics)).toBe(text);
    },
  );
});

function environment(some: Partial<BuildEnv>): BuildEnv {
  return { world, environment: {}, positionals: [], unsafe: false, ...some };
}

/** What stands behind the title: `| unsafe`, `| args: 1 word`, `| env: NAME=value`. */
function optionsOf(title: string): Partial<BuildEnv> {
  const [, ...words] = title.split('|').map((part) => part.trim());
  const value = (name: string): readonly string[] =>
    words
      .find((word) => word.startsWith(`${name}: `))
      ?.split(' ')
      .slice(1) ?? [];
  return {
    unsafe: words.includes('unsafe'),
    positionals: value('args'),
    environment: Object.fromEntries(value('env').map((entry) => entry.split('='))),
  };
}
