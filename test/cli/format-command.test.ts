import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { SourceText } from '../../grammar/source.ts';
import { formatCommand } from '../../src/cli/format-command.ts';
import type { Screen } from '../../src/cli/screen.ts';
import { buildBundle, ebtrace } from '../support/ebtrace.ts';

const folder = mkdtempSync(join(tmpdir(), 'ebtrace-format-'));
beforeAll(() => buildBundle(), 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const script = 'begin{print("caf\xc3\xa9")} // x';
const formatted = 'begin {\n  print("caf\xc3\xa9");\n} // x\n';

interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly diagnostics: readonly Diagnostic[];
}

function run(text: string, output?: string): Outcome {
  const stdout: string[] = [];
  const diagnostics: Diagnostic[] = [];
  const out = { write: (bytes: string) => void stdout.push(bytes), flush: () => undefined };
  const screen: Screen = {
    out,
    err: out,
    heldErr: () => ({ ...out, blocked: false, heldBytes: 0, discard: () => undefined }),
    style: { colour: false },
    say: () => undefined,
    remark: () => undefined,
    render: () => '',
    report: (entries) => void diagnostics.push(...entries),
  };
  const status = formatCommand(new SourceText('stdin', text), output, screen);
  return { status, stdout: stdout.join(''), diagnostics };
}

test('to stdout', () => {
  const expected = { status: 0, stdout: formatted, diagnostics: [] };
  expect(run(script)).toEqual(expected);
  expect(run(script, '-')).toEqual(expected);
});

test('a script with errors: status 1, nothing is written', () => {
  const path = join(folder, 'errors.bt');
  writeFileSync(path, 'old');
  const { status, stdout, diagnostics } = run('begin { f(; $x = ; }', path);
  expect([status, stdout, diagnostics.length]).toEqual([1, '', 2]);
  expect(readFileSync(path, 'latin1')).toBe('old');
});

test('-o replaces the file, keeps its mode and leaves nothing else behind', () => {
  const path = join(folder, 'a.bt');
  writeFileSync(path, script, 'latin1');
  chmodSync(path, 0o751);
  const before = statSync(path).ino;
  expect(run(script, path)).toEqual({ status: 0, stdout: '', diagnostics: [] });
  expect(readFileSync(path, 'latin1')).toBe(formatted);
  expect(statSync(path).mode & 0o7777).toBe(0o751);
  expect(statSync(path).ino).not.toBe(before);
  const after = statSync(path).ino;
  run(formatted, path);
  expect(statSync(path).ino).toBe(after); // nothing to do
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('-o makes the file, and follows symbolic links', () => {
  const made = join(folder, 'made.bt');
  expect(run(script, made).status).toBe(0);
  expect(readFileSync(made, 'latin1')).toBe(formatted);
  for (const [link, target] of [
    ['link.bt', 'a2.bt'],
    ['dangling.bt', 'nothing-yet.bt'],
  ] as const) {
    if (link === 'link.bt') writeFileSync(join(folder, target), 'old');
    symlinkSync(target, join(folder, link));
    expect(run(script, join(folder, link)).status).toBe(0);
    expect(lstatSync(join(folder, link)).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, target), 'latin1')).toBe(formatted);
  }
});

test('-o that cannot be written', () => {
  const [missing] = run(script, join(folder, 'none', 'a.bt')).diagnostics;
  expect(missing?.code).toBe('formatted-not-written');
  expect(missing?.message).toMatch(/^Cannot write '.*none\/a\.bt': no such file or directory/i);
  mkdirSync(join(folder, 'directory'));
  const { status, diagnostics } = run(script, join(folder, 'directory'));
  expect([status, diagnostics[0]?.code]).toEqual([1, 'formatted-not-written']);
  expect(run(script, '/dev/null')).toEqual({ status: 0, stdout: '', diagnostics: [] });
});

test('--fmt reads -e, stdin or a file; errors are shown and end with 1', async () => {
  const expected = { status: 0, stdout: 'begin {\n  print(1);\n}\n', stderr: '' };
  expect(await ebtrace(['--fmt', '-e', 'begin{print(1)}'])).toEqual(expected);
  expect(await ebtrace(['--fmt', '-'], { stdin: 'begin{print(1)}' })).toEqual(expected);
  const path = join(folder, 'whole.bt');
  writeFileSync(path, 'begin{print(1)}');
  expect(await ebtrace(['--fmt', path])).toEqual(expected);
  expect(await ebtrace(['--fmt', path, '-o', path])).toEqual({ ...expected, stdout: '' });
  expect(readFileSync(path, 'latin1')).toBe(expected.stdout);
  expect(await ebtrace(['--fmt', '-e', 'begin { $x = 1 and 2; }'])).toEqual({
    status: 1,
    stdout: '',
    stderr: `stdin:1:16-19: ERROR: expected ';' after '1', found 'and'
begin { $x = 1 and 2; }
               ~~~
HINT: write '&&' for 'and'
`,
  });
}, 60_000);
