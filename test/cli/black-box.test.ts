/** bin/ebtrace as a user starts it, in ways that need neither root nor a kernel: scripts are compiled for the fixture. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { buildBundle, ebtrace, type RunOptions, startEbtrace } from '../support/ebtrace.ts';
import { fixtureRoot } from '../support/fixture-world.ts';

const folder = mkdtempSync(join(tmpdir(), 'ebtrace-cli-'));
beforeAll(buildBundle, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** Compiles for the recorded machine; the C goes to stdout. */
function emit(script: string, args: readonly string[] = [], options: RunOptions = {}) {
  return ebtrace(['--host', fixtureRoot, '--emit-c', '-', '-e', script, ...args], options);
}

describe('what can be asked', () => {
  test('the version', async () => {
    const expected = { status: 0, stdout: `ebtrace v${packageJson.version}\n`, stderr: '' };
    expect(await ebtrace(['--version'])).toEqual(expected);
    expect(await ebtrace(['-V'])).toEqual(expected);
  });

  test('help', async () => {
    const { status, stdout, stderr } = await ebtrace(['--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: ebtrace [\s\S]*--emit-c[\s\S]*Examples:[\s\S]*\n$/);
  });

  test('usage on stderr when nothing is said and nobody types', async () => {
    const { status, stdout, stderr } = await ebtrace([]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^Usage: ebtrace /);
  });

  test('a list of the recorded machine', async () => {
    expect(await ebtrace(['--host', fixtureRoot, '-lv', 'tracepoint:sched:sched_wakeup'])).toEqual({
      status: 0,
      stdout: 'tracepoint:sched:sched_wakeup\n    char comm[16]\n    pid_t pid\n    int prio\n    int target_cpu\n',
      stderr: '',
    });
  });

  test('types of the recorded machine, among probes', async () => {
    const types = ['--host', fixtureRoot, '-lv', 'struct path,tracepoint:sched:sched_wakeup'];
    expect((await ebtrace(types)).stdout).toMatch(
      /^vmlinux: struct path \{\n\tstruct vfsmount \*mnt;\n\tstruct dentry \*dentry;\n\};\n\ntracepoint:sched:sched_wakeup\n/,
    );
  });

  test('probes of a recorded machine with other types', async () => {
    const env = { BPFTRACE_BTF: '/no/btf' };
    expect(await ebtrace(['--host', fixtureRoot, '-l', 'struct path'], { env })).toEqual({
      status: 1,
      stdout: '',
      stderr:
        "ERROR: USAGE: BPFTRACE_BTF: '/no/btf' cannot be read\nHINT: it takes a file such as /sys/kernel/btf/vmlinux\n",
    });
  });

  test('the probes of a script', async () => {
    const path = join(folder, 'list.bt');
    writeFileSync(path, 'begin { } tracepoint:block:* { @ = count(); }');
    const stdout = ['block_io_start', 'block_rq_complete', 'block_rq_issue'].map(
      (name) => `tracepoint:block:${name}\n`,
    );
    expect(await ebtrace(['--host', fixtureRoot, '-l', path])).toEqual({
      status: 0,
      stdout: stdout.join(''),
      stderr: '',
    });
  });
});

describe('compiling only', () => {
  test('--emit-c is the same every time', async () => {
    const script = 'tracepoint:sched:sched_switch < @[args.prev_pid] = count(); >';
    const [first, second] = [await emit(script), await emit(script)];
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout).toMatch(/^#define EB_SITES[\s\S]*#line 1 "script\.bt"/);
    expect(second.stdout).toBe(first.stdout);
  });

  test('--emit-c and --emit-elf write files', async () => {
    const [c, elf] = [join(folder, 'x.c'), join(folder, 'x.o')];
    const args = ['--host', fixtureRoot, '--emit-c', c, '--emit-elf', elf, '-e', 'begin { print(1); }'];
    expect(await ebtrace(args)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(readFileSync(c, 'latin1')).toContain('eb_license');
    expect(readFileSync(elf).subarray(0, 4).toString('latin1')).toBe('\x7fELF');
  });

  test('--fmt and --mode format print the script, -o writes it', async () => {
    const [script, target] = [join(folder, 'unformatted.bt'), join(folder, 'formatted.bt')];
    writeFileSync(script, 'begin{@x=1}');
    const formatted = await ebtrace(['--fmt', script]);
    expect(formatted).toMatchObject({ status: 0, stderr: '' });
    expect(formatted.stdout).toContain('@x = 1;\n');
    expect(await ebtrace(['--mode', 'format', '-'], { stdin: 'begin{@x=1}' })).toEqual(formatted);
    expect(await ebtrace(['--fmt', '-o', target, '-e', 'begin{@x=1}'])).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(readFileSync(target, 'utf8')).toBe(formatted.stdout);
    const { status, stdout, stderr } = await ebtrace(['--fmt', '-e', 'begin { @ = ; }']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^stdin:1:13-14: ERROR: /);
    expect((await ebtrace(['--fmt', join(folder, 'no.bt')])).stderr).toMatch(/^ERROR: cannot read the script /);
  });

  test('--emit-c to where nothing can be written', async () => {
    const args = ['--host', fixtureRoot, '--emit-c', join(folder, 'no/x.c'), '-e', 'begin { }'];
    const { status, stderr } = await ebtrace(args);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `ERROR: Cannot write '${folder}/no/x.c': no such file or directory\n`,
    });
  });

  test('-d ast and -d types', async () => {
    const { status, stdout } = await ebtrace([
      ...['--host', fixtureRoot, '--emit-c', '/dev/null', '-d', 'ast,types'],
      ...['-e', 'begin { $y = (1, "a"); @x[$y] = 5; print(@x); }'],
    ]);
    expect(status).toBe(0);
    expect(stdout).toContain('# ast\nscript\n  items[0]: probe\n    attachPoints[0]: attach-point text="begin"\n');
    expect(stdout).toMatch(
      /# types\n@x\[\(.*,string\[2\]\)\]: u?int\d+\nbegin, run-once\n {2}\$y: \(.*,string\[2\]\)\n/,
    );
  });

  test('--record makes what --host needs', async () => {
    const copy = join(folder, 'recorded');
    const script = 'tracepoint:sched:sched_switch { @[args.prev_comm] = count(); }';
    const recording = await ebtrace(['--host', fixtureRoot, '--record', copy, '-e', script]);
    expect(recording).toEqual({ status: 0, stdout: '', stderr: '' });
    const from = await ebtrace(['--host', copy, '--emit-c', '-', '-e', script]);
    expect(from).toEqual(await emit(script));
    expect(from.status).toBe(0);
  });

  test('parameters: numbers, texts, bytes', async () => {
    const { status, stdout } = await emit('begin { @[$1] = str($2); @[$#] = "x"; }', ['7', 'é']);
    expect(status).toBe(0);
    expect(stdout).toContain('\\303\\251');
  });

  test('a recorded machine runs nothing', async () => {
    const { status, stderr } = await ebtrace(['--host', fixtureRoot, '-e', 'begin { }']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^ERROR: USAGE: a recorded machine cannot run anything/);
  });
});

describe('scripts from everywhere', () => {
  const script = '#!/usr/bin/env ebtrace\nbegin { @x = 1; }\n';

  test('a file, stdin and -e give the same C', async () => {
    const path = join(folder, 'script.bt');
    writeFileSync(path, script);
    const compileOnly = ['--host', fixtureRoot, '--emit-c', '-'];
    const fromFile = await ebtrace([...compileOnly, path]);
    expect(fromFile).toMatchObject({ status: 0, stderr: '' });
    expect(await ebtrace([...compileOnly, '-'], { stdin: script })).toEqual(fromFile);
    expect(await ebtrace([...compileOnly, '-e', script])).toEqual(fromFile);
    expect(await ebtrace([path, ...compileOnly])).toEqual(fromFile);
  });

  test('from any folder, through a link', async () => {
    const { status } = await emit('begin { }', [], { cwd: '/' });
    expect(status).toBe(0);
  });
});

describe('mistakes', () => {
  const garbage = Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 37) % 256));

  test.each<[string, string, RegExp]>([
    ['an empty script', '', /^ERROR: the script is empty\nHINT: /],
    ['blanks and comments only', ' // nothing\n', /^ERROR: the script is empty\nHINT: /],
    ['an unknown probe', 'nosuch:x { }', /^stdin:1:1-7: ERROR: .*'nosuch'\nnosuch:x \{ \}\n~~~~~~\n/],
    [
      'a misspelt tracepoint',
      'tracepoint:sched:sched_swich { }',
      /ERROR: [\s\S]*HINT: .*tracepoint:sched:sched_switch/,
    ],
    ['an unknown function', 'begin { prnt(1); }', /^stdin:1:9-13: ERROR: .*'prnt'\n.*\n {8}~~~~\nHINT: .*print/],
    ['a type error', 'begin { @ = sum("x"); }', /^stdin:1:17-20: ERROR: .*\n.*\n {16}~~~\n/],
    ['an integer out of range', 'begin { @ = 99999999999999999999; }', /^stdin:1:13-33: ERROR: .*18446744073709551615/],
    [
      'two key types',
      'begin { @[1] = 1; @["x"] = 1; }',
      /^stdin:1:\d+-\d+: ERROR: .*\n[\s\S]*\nstdin:1:11-12: ERROR: /,
    ],
    ['a division by zero', 'begin { @ = 1 / 0; }', /^stdin:1:13-18: ERROR: .*zero/],
    ['system() without --unsafe', 'begin { system("id"); }', /^stdin:1:9-\d+: ERROR: [\s\S]*--unsafe/],
    ['several errors', 'begin { a(); }\nend { b(); }', /stdin:1:9-10: ERROR[\s\S]*stdin:2:7-8: ERROR/],
  ])('%s', async (_name, script, expected) => {
    const { status, stdout, stderr } = await emit(script);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(expected);
  });

  test('binary garbage', async () => {
    const path = join(folder, 'garbage.bt');
    writeFileSync(path, garbage);
    const { status, stderr } = await ebtrace(['--host', fixtureRoot, '--emit-c', '-', path]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/garbage\.bt:1:1-2: ERROR: this is not a text file: byte 0 is \\x00\n/);
    expect(stderr).not.toMatch(/[\x00-\x08\x0b-\x1f]/);
  });

  test.each<[string, string, RegExp]>([
    ['a missing file', 'missing.bt', /^ERROR: cannot read the script '.*missing\.bt': no such file or directory\n$/],
    ['a folder', '.', /^ERROR: cannot read the script '.*': it is a directory\n$/],
    ['an endless file', '/dev/zero', /^ERROR: '\/dev\/zero' is no script: it is larger than 16 MiB\n$/],
  ])('%s', async (_name, file, expected) => {
    const { status, stderr } = await ebtrace([file.startsWith('/') ? file : join(folder, file)]);
    expect(status).toBe(1);
    expect(stderr).toMatch(expected);
  });

  test('usage', async () => {
    expect(await ebtrace(['--frob'])).toEqual({
      status: 1,
      stdout: '',
      stderr: "ERROR: USAGE: unknown option '--frob'\nHINT: ebtrace --help shows all options\n",
    });
    const colour = await ebtrace(['--version'], { env: { EBTRACE_COLOR: 'blue' } });
    expect(colour).toEqual({
      status: 1,
      stdout: '',
      stderr: 'ERROR: USAGE: EBTRACE_COLOR is auto, always or never\n',
    });
    expect((await ebtrace(['-kk', 'x'])).stderr).toMatch(/^ERROR: USAGE: -k is given twice\nHINT: /);
  });

  test('a clang that is none', async () => {
    const args = ['--host', fixtureRoot, '--emit-elf', '/dev/null', '--clang', '/no/clang', '-e', 'begin { }'];
    const { status, stderr } = await ebtrace(args);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^ERROR: '\/no\/clang' is not an executable file\.\nHINT: --clang takes /);
  });

  test('warnings, colours and their absence', async () => {
    const warned = await emit('begin { 1 + 2; }', [], { env: { EBTRACE_COLOR: 'always' } });
    expect(warned.status).toBe(0);
    expect(warned.stderr).toMatch(/^\x1b\[33mstdin:1:9-14: WARNING: .*\x1b\[39m\nbegin/);
    const silent = await ebtrace([
      '--host',
      fixtureRoot,
      '--no-warnings',
      '--emit-c',
      '/dev/null',
      '-e',
      'begin { 1 + 2; }',
    ]);
    expect(silent).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

describe('large scripts', () => {
  const assignments = (count: number, separator: string): string =>
    Array.from({ length: count }, (_, i) => `$x${i % 50} = ${i};`).join(separator);

  test('100,000 lines', async () => {
    const path = join(folder, 'long.bt');
    writeFileSync(path, `begin {\n${assignments(100_000, '\n')}\nnosuch();\n}\n`);
    const { status, stderr } = await ebtrace([path], { timeoutMs: 100_000 });
    expect(status).toBe(1);
    expect(stderr).toMatch(/long\.bt:100002:1-7: ERROR: .*\nnosuch\(\);\n~~~~~~\n/);
  }, 100_000);

  test('one line of a megabyte', async () => {
    const path = join(folder, 'wide.bt');
    const head = `begin { ${assignments(70_000, ' ')} `;
    expect(head.length).toBeGreaterThan(900_000);
    writeFileSync(path, `${head}nosuch(); }`);
    const { status, stderr } = await ebtrace([path], { timeoutMs: 100_000 });
    expect(status).toBe(1);
    expect(stderr).toContain(`wide.bt:1:${head.length + 1}-${head.length + 7}: ERROR: `);
    expect(stderr.length).toBeLessThan(1000);
  }, 100_000);
});

describe('without privileges', () => {
  // Root without any capability is as powerless, and can still read this checkout.
  const powerless: RunOptions =
    process.getuid?.() === 0 ? { under: ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] } : {};

  test.runIf(process.platform === 'linux')('a run says what is missing and what to do', async () => {
    const expected = {
      status: 1,
      stdout: '',
      stderr:
        'ERROR: This process may not trace: CAP_BPF is missing\nHINT: run ebtrace as root, for example with sudo\n',
    };
    expect(await ebtrace(['-e', 'begin { exit(); }'], powerless)).toEqual(expected);
  });

  test('mistakes in the script come first', async () => {
    const { status, stderr } = await ebtrace(['-e', 'begin { nosuch(); }'], powerless);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^stdin:1:9-15: ERROR: /);
  });

  test('compiling goes on', async () => {
    expect(await emit('tracepoint:sched:sched_switch { @ = count(); }', [], powerless)).toMatchObject({
      status: 0,
      stderr: '',
    });
  });
});

test('a reader that goes away ends the output quietly', async () => {
  const child = startEbtrace(['--host', fixtureRoot, '-l'], {}, ['ignore', 'pipe', 'pipe']);
  child.stdout?.destroy();
  let stderr = '';
  child.stderr?.on('data', (text) => {
    stderr += text;
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
