import { expect, test } from 'vitest';
import { type Command, parseCommandLine } from '../../src/cli/command-line.ts';
import { environmentRows } from '../../src/cli/environment.ts';
import { optionFlags, optionGroups, optionNames, optionRow } from '../../src/cli/options.ts';

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

/** Of a command that has some. */
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
])('%j', async (argv, expected) => expect(await script(...argv)).toEqual({ ...Object(expected), named: new Map() }));

test.each<[string[], readonly string[], readonly (readonly [string, string | true])[]]>([
  [['a.bt', '--', '--name=v'], [], [['name', 'v']]],
  [['a.bt', '--', '--flag', 'pos'], ['pos'], [['flag', true]]],
  [['a.bt', 'p0', '--', 'p1', '--name=v', '-5', '-x'], ['p0', 'p1', '-5', '-x'], [['name', 'v']]],
  [['-e', 'p', '--', '--name=v', 'x'], ['x'], [['name', 'v']]],
  [['-e', '--', '--', '--name=v'], [], [['name', 'v']]],
  [['--', 'a.bt', '--name=v'], [], [['name', 'v']]],
  [['a.bt', '--', '--help'], [], [['help', true]]],
  [['a.bt', '--', '--q=a=b'], [], [['q', 'a=b']]],
  [['a.bt', '--', '--empty='], [], [['empty', '']]],
  [['a.bt', '--', '--n=1', '--n=2'], [], [['n', '2']]],
  [['a.bt', '--', '--', '--='], ['--', '--='], []],
  [['a.bt', '--', '--é=ü'], [], [['\xc3\xa9', '\xc3\xbc']]],
])('named parameters: %j', async (argv, positionals, named) => {
  expect(await script(...argv)).toMatchObject({ positionals, named: new Map(named) });
});

test('words like options of a script are those of ebtrace before --', async () => {
  expect((await parseCommandLine(['a.bt', '--name=v'], environment)).ok).toBe(false);
});

test('options stand anywhere, long and short', async () => {
  const expected = { quiet: true, verbose: true, output: 'o', format: 'json', buffering: 'none', unsafe: true };
  expect(await settings('-q', 'a.bt', '-v', '-o', 'o', '-f', 'json', '-B', 'none', '--unsafe')).toMatchObject(expected);
  expect(await settings('-qvoo', '-fjson', 'a.bt', '-Bnone', '--unsafe')).toMatchObject(expected);
  expect(
    await settings('--quiet', '--verbose', '--output=o', '-f', 'json', '-B', 'none', '--unsafe', 'x'),
  ).toMatchObject(expected);
});

test('long options may be abbreviated as far as they stay one', async () => {
  expect(await settings('--quie', '--out=x', '--dry', 'a.bt')).toMatchObject({
    quiet: true,
    output: 'x',
    dryRun: true,
  });
  expect(await settings('--warn', 'a.bt')).toMatchObject({ warnings: 'all' });
  expect((await parseCommandLine(['--ver', 'a.bt'], environment)).ok).toBe(false);
  expect((await parseCommandLine(['--traceable', 'f', 'a.bt'], environment)).ok).toBe(true);
  expect(await script('-e', '--quie')).toMatchObject({ from: { text: '--quie' } });
});

test('without options', async () => {
  expect(await settings('a.bt')).toEqual({
    pid: undefined,
    command: undefined,
    output: undefined,
    format: 'text',
    buffering: 'line',
    quiet: false,
    statistics: false,
    verbose: false,
    stages: new Set(),
    includeFolders: [],
    includeFiles: [],
    mode: 'run',
    emitC: undefined,
    emitElf: undefined,
    emitLlvm: undefined,
    dryRun: false,
    unsafe: false,
    probeFilter: undefined,
    withoutFeatures: [],
    traceable: undefined,
    warnings: 'default',
    clang: undefined,
    host: undefined,
    record: undefined,
  });
});

test('values', async () => {
  expect((await settings('-p', '17', 'a.bt')).pid).toBe(17);
  expect((await settings('-c', 'ls -l', 'a.bt')).command).toBe('ls -l');
  expect((await settings('--no-warnings', 'a.bt')).warnings).toBe('none');
  expect((await settings('-k', 'a.bt')).warnings).toBe('all');
  expect((await settings('--warnings', 'a.bt')).warnings).toBe('all');
  expect((await settings('-I', 'a,b', 'a.bt', '-Ic')).includeFolders).toEqual(['a,b', 'c']);
  expect((await settings('--include', 'a.h', 'a.bt', '--include=b.h')).includeFiles).toEqual(['a.h', 'b.h']);
  expect((await settings('--emit-llvm', 'x', 'a.bt')).emitLlvm).toBe('x');
  expect((await settings('--probe-filter', 'sys_(enter|exit)', 'a.bt')).probeFilter).toEqual(/sys_(enter|exit)/);
  expect((await settings('--emit-c', '-', '--emit-elf=x.o', 'a.bt')).emitElf).toBe('x.o');
});

test('-d takes lists, again and again', async () => {
  expect((await settings('-d', 'c', '-d', 'types,ast', 'a.bt')).stages).toEqual(new Set(['ast', 'types', 'c']));
  expect((await settings('-d', 'all', 'a.bt')).stages.size).toBe(7);
});

test("-d takes bpftrace's words", async () => {
  expect((await settings('-d', 'parse,codegen', 'a.bt')).stages).toEqual(new Set(['ast', 'c']));
  expect((await settings('-d', 'codegen-opt', '-d', 'dis', 'a.bt')).stages).toEqual(new Set(['llvm', 'asm']));
});

test.each([
  [['--fmt'], 'format'],
  [['--mode', 'format'], 'format'],
  [['--fmt', '--mode=format'], 'format'],
  [['--mode', 'codegen'], 'codegen'],
  [['--mode', 'compiler-bench'], 'compiler-bench'],
])('%j', async (argv, mode) => expect((await settings(...argv, 'a.bt')).mode).toBe(mode));

test.each([['-b'], ['--btf'], ['--verify-llvm-ir']])('without effect: %s', async (...argv) =>
  expect(await settings(...argv, 'a.bt')).toEqual(await settings('a.bt')),
);

test('features and functions', async () => {
  expect(
    await settings('--no-feature', 'kprobe_multi,uprobe_multi', '--traceable-functions', 'f', 'a.bt'),
  ).toMatchObject({
    withoutFeatures: ['kprobe_multi', 'uprobe_multi'],
    traceable: 'f',
  });
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
    const isListed = help.text.includes(`\n  ${optionFlags(row)} `);
    expect([name, isListed]).toEqual([name, row.unavailable === undefined]);
    const isNamed = help.text.replaceAll('\n', ' ').includes(optionFlags(row));
    expect([name, isNamed]).toEqual([name, true]);
  }
  for (const group of optionGroups) expect(help.text).toContain(`\n${group}:\n`);
  for (const { names, internal } of environmentRows.map((row) => ({ internal: false, ...row }))) {
    expect([names[0], help.text.includes(`\n  ${names[0]} `)]).toEqual([names[0], !internal]);
  }
  expect(help.text.split('\n').filter((line) => line.length > 120)).toEqual([]);
  expect(help.text).toContain('(text, json)');
});

test.each([
  ['--aot', 'out', 'x'],
  ['--aot'],
  ['--debuginfo', 'x'],
  ['--dwarf-pid', '1', 'x'],
  ['--usdt-file-activation', 'x'],
])('known from bpftrace, refused: %s', async (...argv) => {
  const parsed = await parseCommandLine(argv, environment);
  expect(parsed.ok ? '' : parsed.diagnostic.message).toMatch(
    /^USAGE: --[-\w ]* is known from bpftrace and refused: \w{5}/,
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
  [
    ['-d', 'ast,foo', 'x'],
    "'foo' is no STAGE for -d, --debug [one of: all, ast, types, c, llvm, asm, libbpf, verifier]",
  ],
  [['-kk', 'x'], '-k is given twice [one -k reports both failed reads and missing map keys]'],
  [['-k', '--warnings', 'x'], '-k is given twice [one -k reports both failed reads and missing map keys]'],
  [
    ['--no-warnings', '-k', 'x'],
    '-k and --no-warnings cannot be used together [ask either for more warnings or for none]',
  ],
  [
    ['--no-feature', 'kprobe_multi,foo', 'x'],
    "'foo' is no FEATURE for --no-feature [one of: kprobe_multi, kprobe_session, uprobe_multi, attach_cookie, loop, for_each_map_elem, map_lookup_percpu_elem, map_keys_over_512_bytes, get_current_task_btf, task_pt_regs, ktime_get_boot_ns, task_from_pid]",
  ],
  [
    ['--no-feature', 'kprobe_mult', 'x'],
    "'kprobe_mult' is no FEATURE for --no-feature [did you mean 'kprobe_multi'? one of: kprobe_multi, kprobe_session, uprobe_multi, attach_cookie, loop, for_each_map_elem, map_lookup_percpu_elem, map_keys_over_512_bytes, get_current_task_btf, task_pt_regs, ktime_get_boot_ns, task_from_pid]",
  ],
  [['--mode', 'x', 'x'], "'x' is no MODE for --mode [one of: codegen, compiler-bench, format, test, bench]"],
  [
    ['--fmt', '--mode', 'codegen', 'x'],
    '--fmt and --mode codegen cannot be used together [they ask for different things]',
  ],
  [
    ['--probe-filter', '(', 'x'],
    '--probe-filter: invalid regular expression: /(/: Unterminated group [it takes a JavaScript regular expression]',
  ],
])('mistake: %j', async (argv, expected) => {
  const parsed = await parseCommandLine(argv, environment);
  expect(parsed.ok).toBe(false);
  if (parsed.ok) return;
  const { severity, message, hint } = parsed.diagnostic;
  expect(`${severity}: ${message} [${hint}]`).toBe(`error: USAGE: ${expected}`);
});
