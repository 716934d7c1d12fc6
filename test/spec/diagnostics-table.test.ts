/** The table of messages in the manual: a row for each code of the sources, and an example that leads to it. */
import { expect, test } from 'vitest';
import { codesInSources, diagnosticRows, elsewhere } from '../../docs/diagnostics/diagnostics.ts';

const rows = await diagnosticRows();
const listed = [...rows.map(({ code }) => code), ...Object.keys(elsewhere)];

test('every code of the sources has a row', () => {
  const codes = codesInSources();
  expect(codes.length).toBeGreaterThan(200);
  expect(codes.filter((code) => !listed.includes(code))).toEqual([]);
});

test('no row is about a code that does not exist, and none is there twice', () => {
  const codes = codesInSources();
  expect(listed.filter((code, index) => !codes.includes(code) || listed.indexOf(code) !== index)).toEqual([]);
});

test.each(rows.map((row) => [row.code, row] as const))('%s: its example leads to it', (code, row) => {
  expect(row.said?.code, `${row.example.script}\n${row.besides.join('\n')}`).toBe(code);
});

/** Each is about a text that is wrong in a way that other messages speak of too. */
const withOthers = [
  ...['many-bad-characters', 'too-many-errors', 'import-too-late', 'misplaced-shebang', 'unclosed-c-definition'],
  ...['no-floats', 'predicate-needs-blank'],
];

test('examples show one mistake', () => {
  const several = rows.filter(({ code, besides }) => besides.length > 0 && !withOthers.includes(code));
  expect(several.map(({ code, besides }) => `${code}: besides ${besides.join(' and ')}`)).toEqual([]);
});
