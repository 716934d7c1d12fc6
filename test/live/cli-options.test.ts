/** Options whose effect shows only while a script runs: -k, C headers, the script's own options, what clang makes. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canBpf, requireBpfInCi } from '../support/bpf-available.ts';
import { buildBundle, ebtrace } from '../support/ebtrace.ts';

requireBpfInCi();

const folder = mkdtempSync(join(tmpdir(), 'ebtrace-options-'));
const file = (name: string): string => join(folder, name);

afterAll(() => rmSync(folder, { recursive: true }));

describe.runIf(canBpf)('-k', () => {
  beforeAll(buildBundle, 60_000);

  const badPointer = 'begin { $p = (uint64 *)1; print(*$p); exit(); }';
  const missingKey = 'begin { @a[1] = 2; print(@a[7]); exit(); }';

  test('a failed read is reported at its place', async () => {
    expect(await ebtrace(['-q', '-k', '-e', badPointer])).toEqual({
      status: 0,
      stdout: '0\n\n\n',
      stderr: [
        'stdin:1:33-36: WARNING: Bad address',
        'Additional Info - helper: probe_read, retcode: -14',
        badPointer,
        '                                ~~~\n',
      ].join('\n'),
    });
  });

  test('so is a missing key', async () => {
    expect(await ebtrace(['-q', '-k', '-e', missingKey])).toEqual({
      status: 0,
      stdout: '0\n\n\n@a[1]: 2\n',
      stderr: [
        "stdin:1:26-31: WARNING: Can't look up map element because it does not exist.",
        'Additional Info - helper: map_lookup_elem, retcode: 0',
        missingKey,
        '                         ~~~~~\n',
      ].join('\n'),
    });
  });

  test.each([
    ['str()', 'print(str((uint8 *)8));', 'probe_read'],
    ['str() into a map', '@s = str((uint8 *)8); clear(@s);', 'probe_read'],
    ['buf()', 'print(buf((uint8 *)8, 4));', 'probe_read'],
    ['macaddr()', '@m = macaddr((uint8 *)8); clear(@m);', 'probe_read'],
    ['a member', 'print(((struct task_struct *)8).pid);', 'probe_read'],
  ])('%s', async (_name, statement, helper) => {
    const script = `begin { ${statement} exit(); }`;
    const { stderr } = await ebtrace(['-q', '-k', '-e', script]);
    expect(stderr).toMatch(
      new RegExp(`: WARNING: Bad address\nAdditional Info - helper: ${helper}\\w*, retcode: -14\n`),
    );
    expect(await ebtrace(['-q', '-e', script])).toMatchObject({ status: 0, stderr: '' });
  });

  test('without it neither is', async () => {
    expect((await ebtrace(['-q', '-e', badPointer])).stderr).toBe('');
    expect((await ebtrace(['-q', '-e', missingKey])).stderr).toBe('');
  });

  test('as JSON', async () => {
    const script = 'begin { $p = (uint64 *)1; $x = *$p; $z = 0; $y = 5 / $z; exit(); }';
    const { stdout, stderr } = await ebtrace(['-q', '-k', '-f', 'json', '-e', script]);
    expect(stderr).toBe('');
    expect(stdout.split('\n')).toEqual([
      '{"type": "helper_error", "msg": "Bad address", "helper": "probe_read", "retcode": -14, "filename": "stdin", "line": 1, "col": 32}',
      '{"type": "runtime_error", "msg": "Division or modulo by 0; 1 is used as the result.", "filename": "stdin", "line": 1, "col": 50}',
      '',
    ]);
  });

  test('a place that fails often is reported once, with a number', async () => {
    const script = 'begin { for ($i : 0..9) { $p = (uint64 *)1; @ = *$p; } exit(); }';
    const { stderr } = await ebtrace(['-q', '-k', '-e', script]);
    expect(stderr).toMatch(/^stdin:1:49-52: WARNING: Bad address \(9 times\)\n/);
  });
});

describe.runIf(canBpf)('what happens in a macro names its uses', () => {
  beforeAll(buildBundle, 60_000);

  test('warnings about the run: each use of its own', async () => {
    const script = 'macro d(x) { 5 / x }\nmacro e(x) { d(x) + d(x) }\nbegin { $z = 0; $y = e($z); exit(); }';
    const { stderr } = await ebtrace(['-q', '-e', script]);
    const about = (inner: string, marker: string): readonly string[] => [
      'stdin:1:14-19: WARNING: Division or modulo by 0; 1 is used as the result.',
      'macro d(x) { 5 / x }',
      '             ~~~~~',
      `stdin:2:${inner}: WARNING: expanded from d here`,
      'macro e(x) { d(x) + d(x) }',
      marker,
      'stdin:3:22-27: WARNING: expanded from e here',
      'begin { $z = 0; $y = e($z); exit(); }',
      '                     ~~~~~',
    ];
    expect(stderr.trimEnd().split('\n')).toEqual([
      ...about('14-18', '             ~~~~'),
      ...about('21-25', '                    ~~~~'),
    ]);
  });

  test('what is written in an argument is no part of the macro', async () => {
    const script = 'macro d(x) { x + 1 } begin { $z = 0; $y = d(1 / $z); exit(); }';
    const { stderr } = await ebtrace(['-q', '-e', script]);
    expect(stderr).toMatch(/^stdin:1:45-51: WARNING: Division .*\n.*\n.*\n$/);
  });

  test('warnf() and errorf(): the place, then the uses with their lines', async () => {
    const script = 'macro m(x) { warnf("w%d", x); errorf("e"); }\nbegin { m(5); exit(); }';
    expect((await ebtrace(['-q', '-e', script])).stderr).toBe(
      [
        'stdin:1:14-29: WARNING: w5',
        'stdin:2:9-13: WARNING: expanded from m here\nbegin { m(5); exit(); }\n        ~~~~',
        'stdin:1:31-42: ERROR: e',
        'stdin:2:9-13: ERROR: expanded from m here\nbegin { m(5); exit(); }\n        ~~~~\n',
      ].join('\n'),
    );
    expect((await ebtrace(['-q', '-f', 'json', '-e', script])).stdout.split('\n')[0]).toBe(
      '{"type": "warnf", "msg": "w5", "filename": "stdin", "line": 1, "col": 14}',
    );
  });
});

describe.runIf(canBpf)('C headers', () => {
  beforeAll(buildBundle, 60_000);

  test('-I and --include, several of each', async () => {
    for (const name of ['one', 'two']) {
      mkdirSync(file(name));
      writeFileSync(join(file(name), `${name}.h`), `#define ${name.toUpperCase()} ${name.length * 7}\n`);
    }
    writeFileSync(file('pair.h'), 'struct pair { int a; long b; };\n');
    const script = '#include "one.h"\nbegin { print((ONE, TWO, sizeof(struct pair))); exit(); }';
    const args = ['-I', file('one'), `-I${file('two')}`, '--include', 'two.h', '--include', file('pair.h')];
    expect(await ebtrace(['-q', ...args, '-e', script])).toEqual({
      status: 0,
      stdout: '(21, 21, 16)\n\n\n',
      stderr: '',
    });
  });

  test('a header that is not there', async () => {
    const { status, stderr } = await ebtrace(['--include', 'no-such.h', '-e', 'begin { exit(); }']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^ERROR: .*no-such\.h/);
  });
});

describe.runIf(canBpf)('a script', () => {
  beforeAll(buildBundle, 60_000);

  test('of a file may import what lies beside it', async () => {
    writeFileSync(file('other.bt'), 'macro seven() { 7 }\n');
    writeFileSync(file('main.bt'), 'import "other.bt";\nbegin { print(seven()); exit(); }\n');
    expect(await ebtrace(['-q', file('main.bt')], { cwd: '/' })).toEqual({ status: 0, stdout: '7\n\n\n', stderr: '' });
    const inline = ['-q', '-e', 'import "other.bt"; begin { print(seven()); exit(); }'];
    expect(await ebtrace(inline, { cwd: folder })).toEqual({ status: 0, stdout: '7\n\n\n', stderr: '' });
  });

  test('has options of its own behind --', async () => {
    const script = 'begin { print((getopt("name", "none"), getopt("n", 5), getopt("flag"), $1, $#)); exit(); }';
    const run = async (...args: string[]) => (await ebtrace(['-q', '-e', script, ...args])).stdout.trimEnd();
    expect(await run('8')).toBe('(none, 5, false, 8, 1)');
    expect(await run('8', '--', '--name=a=b', '--flag', '--n=0x10', '-9')).toBe('(a=b, 16, true, 8, 2)');
  });
});

describe.runIf(canBpf)('the environment', () => {
  beforeAll(buildBundle, 60_000);

  test.each(['BPFTRACE_BTF', 'EBTRACE_BTF'])('%s', async (name) => {
    const script = 'begin { print(offsetof(struct list_head, prev)); exit(); }';
    const run = (path: string) => ebtrace(['-q', '-e', script], { env: { [name]: path } });
    expect(await run('/sys/kernel/btf/vmlinux')).toMatchObject({ status: 0, stdout: '8\n\n\n' });
    expect(await run('/etc/passwd')).toEqual({
      status: 1,
      stdout: '',
      stderr: `ERROR: USAGE: ${name}: '/etc/passwd' is no BTF file\nHINT: it takes a file such as /sys/kernel/btf/vmlinux\n`,
    });
    expect((await run('/no/file')).stderr).toMatch(/cannot be read/);
  });
});

describe('what clang makes', () => {
  beforeAll(buildBundle, 60_000);

  test('--emit-llvm', async () => {
    const args = ['--emit-llvm', file('x'), '-e', 'begin { @x = 3; }'];
    expect(await ebtrace(args)).toEqual({ status: 0, stdout: '', stderr: '' });
    const [original, optimised] = ['original', 'optimized'].map((name) => readFileSync(file(`x.${name}.ll`), 'utf8'));
    for (const text of [original, optimised]) expect(text).toMatch(/^target triple = "bpfel"$[\s\S]*@p0\(/m);
    expect(optimised).not.toBe(original);
  });

  test('--mode codegen makes all and runs nothing', async () => {
    const quiet = { status: 0, stdout: '', stderr: '' };
    expect(await ebtrace(['--mode', 'codegen', '-e', 'begin { print(1); exit(); }'])).toEqual(quiet);
    const { status, stderr } = await ebtrace(['--mode', 'codegen', '-e', 'begin { nosuch(); }']);
    expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining("'nosuch'") });
    const shown = await ebtrace(['--mode', 'codegen', '-d', 'dis,codegen-opt', '-e', 'begin { @x = 3; }']);
    expect(shown.stdout).toMatch(/^# llvm\n[\s\S]*^# asm\n[\s\S]*^p0:/m);
  });

  test('--mode compiler-bench', async () => {
    const { status, stdout } = await ebtrace(['--mode', 'compiler-bench', '-e', 'begin { print(1); }']);
    expect(status).toBe(0);
    const [head, line, ...rows] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^Benchmark +Time\(ns\) +Iterations$/);
    expect(line).toMatch(/^-+$/);
    expect(rows.map((row) => row.replace(/ +\d+ +\d+$/, ''))).toEqual([
      'parse',
      'parse and load imports',
      'expand, match, check',
      'emit C',
      'clang',
    ]);
  });
});
