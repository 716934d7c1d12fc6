/** The table of environment variables and the code that reads them agree. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { environmentRows, environmentTable, variable } from '../../src/cli/environment.ts';
import { optionNames } from '../../src/config/options.ts';

const root = join(import.meta.dirname, '../..');
const files = ['src', 'runtime', 'bin'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'environment.ts')
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')),
);

test('every variable of the table is read somewhere', () => {
  const unread = Object.entries(environmentTable).filter(([key, { names, doc }]) => {
    if (doc.includes('without effect')) return false;
    const byKey = new RegExp(`variable\\('${key}'|environmentTable\\.${key}\\b`);
    return !files.some((text) => byKey.test(text) || names.every((name) => text.includes(name)));
  });
  expect(unread.map(([key]) => key)).toEqual([]);
});

test('every EBTRACE_ variable in the code is in the table', () => {
  const known = new Set<string>(environmentRows.flatMap((row) => row.names));
  const options = new Set(optionNames.map((name) => `EBTRACE_${name.toUpperCase()}`));
  // Between bin/ebtrace and main.ts only; a C macro.
  const ours = new Set(['EBTRACE_HIDDEN_CA_CERTS', 'EBTRACE_HAVE_BTF']);
  const found = files.flatMap((text) => text.match(/\bEBTRACE_[A-Z][A-Z_]*[A-Z]\b/g) ?? []);
  expect(found.length).toBeGreaterThan(5);
  expect(found.filter((name) => !known.has(name) && !options.has(name) && !ours.has(name))).toEqual([]);
});

test('of several names the first that is set counts', () => {
  expect(variable('colour', {})).toBeUndefined();
  expect(variable('colour', { BPFTRACE_COLOR: 'never' })).toEqual({ name: 'BPFTRACE_COLOR', value: 'never' });
  const both = { EBTRACE_COLOR: 'always', BPFTRACE_COLOR: 'never' };
  expect(variable('colour', both)).toEqual({ name: 'EBTRACE_COLOR', value: 'always' });
});
