import { expect, test } from 'vitest';
import { type Command, parseCommandLine } from '../../src/cli/command-line.ts';
import { optionFlags, optionNames, optionRow } from '../../src/cli/options.ts';

const environment = { version: '1.2.3', columns: 100, isFile: (path: string) => path === 'there.bt' };

async function command(...argv: string[]): Promise<Command> {
  const parsed = await parseCommandLine(argv, environment);
  if (!parsed.ok) throw new Error(parsed.diagnostic.message);
  return parsed.value;
}

async function script(...argv: string[]) {
  const parsed = await command(...argv);
  if (parsed.kind !== 'run') throw new Error(parsed.kind);
  return parsed.script;
}

async function settings(...argv: string[]) {
  const parsed = await command(...argv);
  if (parsed.kind === 'show') throw new Error(parsed.text);
  return parsed.settings;
}

test.each<[string[], unknown]>([
  [['a.bt'], { from: { file: 'a.bt' }, positionals: [] }],
  [['a.bt', '1', 'x'], { from: { file: 'a.bt' }, positionals: ['1', 'x'] }],
  [['-'], { from: 'stdin', positionals: [] }],
  [['-', 'x'], { from: 'stdin', positionals: ['x'] }],
  [['-e', 'p'], { from: { text: 'p' }, positionals: [] }],
  [['-ep'], { from: { text: 'p' }, positionals: [] }],
  [['-e', 'p', '-e', 'q'], { from: { text: 'q' }, positionals: [] }],
  [['a.bt', '-e', 'p'], { from: { text: 'p' }, positionals: ['a.bt'] }],
  [['-e', '-1'], { from: { text: '-1' }, positionals: [] }],
  [['-e', '--', 'x'], { from: { text: '--' }, positionals: ['x'] }],
  [['a.bt', 'x', '-q', 'y'], { from: { file: 'a.bt' }, positionals: ['x', 'y'] }],
  [['a.bt', '--', '-5', '-q'], { from: { file: 'a.bt' }, positionals: ['-5', '-q'] }],
  [['--', 'a.bt', 'x'], { from: { file: 'a.bt' }, positionals: ['x'] }],
  [['-e', 'p', 'é'], { from: { text: 'p' }, positionals: ['\xc3\xa9'] }],
  [['-e', ''], { from: { text: '' }, positionals: [] }],
])('%j', async (argv, expected) => expect(await script(...argv)).toEqual(expected));

test('options stand anywhere, long and short', async () => {
  const expected = { quiet: true, verbose: true, output: 'o', format: 'json', buffering: 'none', unsafe: true };
  expect(await settings('-q', 'a.bt', '-v', '-o', 'o', '-f', 'json', '-B', 'none', '--unsafe')).toMatchObject(expected);
  expect(await settings('-qvoo', '-fjson', 'a.bt', '-Bnone', '--unsafe')).toMatchObject(expected);
  expect(
    await settings('--quiet', '--verbose', '--output=o', '-f', 'json', '-B', 'none', '--unsafe', 'x'),
  ).toMatchObject(expected);
});

test('without options', async () => {
  expect(await settings('a.bt')).toEqual({
    pid: undefined,
    command: undefined,
    output: undefined,
    format: 'text',
    buffering: 'line',
    quiet: false,
    verbose: false,
    stages: new Set(),
    emitC: undefined,
    emitElf: undefined,
    dryRun: false,
    unsafe: false,
    probeFilter: undefined,
    warnings: true,
    clang: undefined,
    host: undefined,
    record: undefined,
  });
});

test('values', async () => {
  expect((await settings('-p', '17', 'a.bt')).pid).toBe(17);
  expect((await settings('-c', 'ls -l', 'a.bt')).command).toBe('ls -l');
  expect((await settings('--no-warnings', 'a.bt')).warnings).toBe(false);
  expect((await settings('--probe-filter', 'sys_(enter|exit)', 'a.bt')).probeFilter).toEqual(/sys_(enter|exit)/);
  expect((await settings('--emit-c', '-', '--emit-elf=x.o', 'a.bt')).emitElf).toBe('x.o');
});

test('-d takes lists, again and again', async () => {
  expect((await settings('-d', 'c', '-d', 'types,ast', 'a.bt')).stages).toEqual(new Set(['ast', 'types', 'c']));
  expect((await settings('-d', 'all', 'a.bt')).stages.size).toBe(5);
});

test.each<[string[], unknown]>([
  [['-l'], { patterns: '', script: undefined }],
  [['-l', 't:*'], { patterns: 't:*', script: undefined }],
  [['-lv', 't:*'], { patterns: 't:*', script: undefined, settings: { verbose: true } }],
  [['t:*', '--list'], { patterns: 't:*', script: undefined }],
  [['-l', 'a:*', 'b:*'], { patterns: 'a:*,b:*', script: undefined }],
  [['-l', 'there.bt'], { patterns: '', script: { from: { file: 'there.bt' }, positionals: [] } }],
  [['-l', 'missing.bt'], { patterns: 'missing.bt', script: undefined }],
  [['-l', '-e', 'p', 'x'], { patterns: '', script: { from: { text: 'p' }, positionals: ['x'] } }],
])('list: %j', async (argv, expected) => {
  expect(await command(...argv)).toMatchObject({ kind: 'list', ...Object(expected) });
});

test('nothing, and other commands', async () => {
  expect(await command()).toMatchObject({ kind: 'nothing', usage: expect.stringContaining('Usage: ebtrace') });
  expect(await command('--info')).toMatchObject({ kind: 'info' });
  expect(await command('-V')).toEqual({ kind: 'show', text: 'ebtrace v1.2.3\n' });
  expect(await command('--version')).toEqual({ kind: 'show', text: 'ebtrace v1.2.3\n' });
});

test('help shows every option that can be used', async () => {
  const help = await command('--help');
  if (help.kind !== 'show') throw new Error(help.kind);
  for (const name of optionNames) {
    const row = optionRow(name);
    const expected = row.unavailable
      ? expect.not.stringContaining(optionFlags(row))
      : expect.stringContaining(optionFlags(row));
    expect(help.text).toEqual(expected);
  }
  expect(help.text).toContain('(text, json)');
});

test.each([
  ['-k', 'x'],
  ['--warnings', 'x'],
  ['--test', 'x'],
  ['--test=codegen', 'x'],
  ['--bench'],
  ['--aot', 'out', 'x'],
  ['--fmt', 'x'],
  ['-I', '/usr/include', 'x'],
  ['--include', 'linux/fs.h', 'x'],
  ['--debuginfo', 'x'],
  ['--traceable-functions', 'x'],
  ['--no-feature', 'probe_read_kernel', 'x'],
  ['--usdt-file-activation', 'x'],
  ['--mode', 'codegen', 'x'],
  ['--emit-llvm', 'out', 'x'],
  ['--verify-llvm-ir', 'x'],
])('known from bpftrace, refused: %s', async (...argv) => {
  const parsed = await parseCommandLine(argv, { version: '1.2.3', columns: 80, isFile: () => false });
  expect(parsed.ok ? '' : parsed.diagnostic.message).toMatch(
    /^USAGE: -[-\w, ]* is not available in this version of ebtrace/,
  );
});

test.each<[string[], string]>([
  [['--frob'], "unknown option '--frob' [ebtrace --help shows all options]"],
  [['--unsaef', 'x'], "unknown option '--unsaef' [did you mean '--unsafe'? ebtrace --help shows all options]"],
  [['-Z'], "unknown option '-Z' [ebtrace --help shows all options]"],
  [['-e'], "option '-e <PROGRAM>' argument missing [ebtrace --help shows all options]"],
  [['-q'], 'there is no script: give a FILE, or its text with -e [ebtrace --help shows all options]'],
  [['-p', 'abc', 'x'], "'abc' is not a process id [-p takes a decimal number]"],
  [['-p', '', 'x'], "'' is not a process id [-p takes a decimal number]"],
  [['-p', '0x10', 'x'], "'0x10' is not a process id [-p takes a decimal number]"],
  [['-p', '0', 'x'], 'process id out of range: 0 [process ids are 1 to 4194304]'],
  [['-p', '-1', 'x'], 'process id out of range: -1 [process ids are 1 to 4194304]'],
  [['-p', '4194305', 'x'], 'process id out of range: 4194305 [process ids are 1 to 4194304]'],
  [
    ['-p', '1', '-c', 'ls', 'x'],
    '-c and -p cannot be used together [trace either a new command or a process that runs]',
  ],
  [['-f', 'xml', 'x'], "'xml' is no FORMAT for -f [one of: text, json]"],
  [['-B', 'some', 'x'], "'some' is no MODE for -B [one of: line, full, none]"],
  [['-d', 'ast,foo', 'x'], "'foo' is no STAGE for -d, --debug [one of: all, ast, types, c, libbpf, verifier]"],
  [['-k', 'x'], '-k, --warnings is not available in this version of ebtrace [ebtrace --help shows all options]'],
  [['-kk', 'x'], '-k, --warnings is not available in this version of ebtrace [ebtrace --help shows all options]'],
  [
    ['--probe-filter', '(', 'x'],
    '--probe-filter: invalid regular expression: /(/: Unterminated group [it takes a JavaScript regular expression]',
  ],
  [
    ['x', '--', '--name=1'],
    'unexpected program option: --name=1 [getopt() is not available in this version of ebtrace, so scripts have no options of their own]',
  ],
])('mistake: %j', async (argv, expected) => {
  const parsed = await parseCommandLine(argv, environment);
  expect(parsed.ok).toBe(false);
  if (parsed.ok) return;
  const { severity, message, hint } = parsed.diagnostic;
  expect(`${severity}: ${message} [${hint}]`).toBe(`error: USAGE: ${expected}`);
});
