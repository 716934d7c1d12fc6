/** Macros, C macros, parameters and imports while a script runs; results are those of bpftrace 0.27.1, byte for byte. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canBpf, requireBpfInCi } from '../support/bpf-available.ts';
import { buildBundle, ebtrace, type RunOptions } from '../support/ebtrace.ts';

requireBpfInCi();

const folder = mkdtempSync(join(tmpdir(), 'ebtrace-expansion-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a file that others may not write, and returns its path. */
function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o644);
  return path;
}

async function prints(script: string, lines: readonly string[], args: readonly string[] = []): Promise<void> {
  const result = await ebtrace(['-q', '-e', script, ...args], { timeoutMs: 30_000 });
  const end = lines.indexOf('maps:');
  const all = end < 0 ? [...lines, '', ''] : [...lines.slice(0, end), '', '', ...lines.slice(end + 1)];
  expect(result).toEqual({ status: 0, stdout: all.map((line) => `${line}\n`).join(''), stderr: '' });
}

async function run(args: readonly string[], options: RunOptions = {}): Promise<{ stdout: string; stderr: string }> {
  const { stdout, stderr } = await ebtrace(['-q', ...args], { timeoutMs: 30_000, ...options });
  return { stdout, stderr };
}

describe.runIf(canBpf)('expansion', () => {
  beforeAll(buildBundle, 60_000);

  test('arguments are evaluated at every use, and seen by reference where the macro says so', async () => {
    await prints('macro twice(x) { x + x } begin { $n = 1; print(twice({ $n += 1; $n })); }', ['5']);
    await prints(
      `macro m(x, $x, @x) { $x = x; @x = x; }
       macro inc($v) { $v++; $v }
       begin { $z = 1; m(3, $z, @z); print($z); print(inc($z) + inc($z)); print($z); }`,
      ['3', '9', '5', 'maps:', '@z: 3'],
    );
  });

  test('variables of a macro are its own, in nested uses and in loops', async () => {
    await prints(
      `macro add(x) { $v = 1; x + $v }
       macro sum(n) { $s = 0; for ($i : 0..n) { if ($i == 2) { continue; } $s += $i; } $s }
       begin { $v = 10; $i = 5; $s = 7; print(add(add($v))); print(sum($i) + sum(3)); print(($v, $i, $s)); }`,
      ['12', '9', '(10, 5, 7)'],
    );
  });

  test('macros in predicates, as keys, as formats, where literals are needed, and with maps', async () => {
    await prints(
      `macro yes(x) { x > 0 } macro three() { 3 } macro form() { "<%d>\\n" }
       macro all(@m) { for ($kv : @m) { print($kv); } len(@m) }
       begin /yes(three)/ { unroll (three) { @a[three, "k"]++; } printf(form, three()); print(all(@a)); }
       begin /!yes(1)/ { print("never"); }`,
      ['<3>', '((3, k), 3)', '1', 'maps:', '@a[3, k]: 3'],
    );
  });

  test('type parameters', async () => {
    await prints(
      `struct two_of_us { int a; long b; }
       macro first(t, p) { *((t*)p) }
       macro pair(t) { sizeof(struct t) }
       begin { $n = (uint64)0x0102030405060708; print(first(typeof(uint16), &$n)); print(pair(typeof(two_of_us))); }`,
      ['1800', '16'],
    );
  });

  test('C macros are expressions, not text', async () => {
    await prints(
      `#define SUM 1 + 2
#define BIG (SUM * 1024)
#define NAME "na" + "me"
macro m(x) { x * SUM }
begin { print((SUM * 2, BIG, NAME, m(SUM))); unroll (SUM) { print(SUM); } }`,
      ['(6, 3072, name, 9)', '3', '3', '3'],
    );
  });

  test('named parameters are constants, also where literals are needed', async () => {
    const script =
      'macro n() { getopt("n", 2, "rounds") } begin { unroll (n) { print(n); } @ = lhist(1, 0, getopt("max", 10), 10); if (getopt("v")) { print(getopt("s", "none")); } }';
    const histogram = ['maps:', '@:', `[0, 10)                1 |${'@'.repeat(52)}|`, ''];
    await prints(script, ['2', '2', ...histogram]);
    await prints(script, ['1', 'a=b', ...histogram], ['--', '--n=1', '--v', '--s=a=b']);
    await prints('begin { print((str($1 + 2), str($#), $2, $#)); }', ['(llo, 3, 16, 3)'], ['hello', '0x10', 'x']);
  });

  test('imports are relative to the main script, and run before it', async () => {
    file('lib/deep.bt', 'begin { print("deep"); }\nend { print("deep end"); }\n');
    file(
      'lib/a.bt',
      'import "lib/deep.bt";\n#define N 3\nstruct of_ours { int a; };\nmacro plus(x) { x + N }\nbegin { print("a"); }\n',
    );
    const main = file(
      'main.bt',
      'import "lib";\nimport "lib/a.bt";\nbegin { print(plus(sizeof(struct of_ours))); }\nend { print("main end"); }\n',
    );
    const expected = { stdout: 'deep\na\n7\ndeep end\nmain end\n\n\n', stderr: '' };
    expect(await run([main], { cwd: '/' })).toEqual(expected);
    expect(
      await run(['-e', 'import "lib"; begin { print(plus(4)); } end { print("main end"); }'], { cwd: folder }),
    ).toEqual(expected);
  });

  test('places at run time are those of the imported file', async () => {
    file(
      'warn.bt',
      'macro div(x) {\n  $zero = 0;\n  x / $zero }\nbegin { @m[1] = 1; delete(@m, 2); errorf("no %d", 1); clear(@m); }\n',
    );
    const main = file('warns.bt', 'import "warn.bt";\n\nbegin { print(div(8)); }\n');
    const text = await run([main]);
    expect(text.stdout).toBe('1\n\n\n');
    expect(text.stderr).toContain('warn.bt:4:20-33: WARNING: ');
    expect(text.stderr).toContain(
      'begin { @m[1] = 1; delete(@m, 2); errorf("no %d", 1); clear(@m); }\n                   ~~~~~~~~~~~~~\n',
    );
    expect(text.stderr).toContain('warn.bt:3:3-12: WARNING: Division');
    expect(text.stderr).toContain('  x / $zero }\n  ~~~~~~~~~\n');
    expect(text.stderr).toContain('warn.bt:4:35-53: ERROR: no 1\n');
    const { stdout } = await run(['-f', 'json', main]);
    const places = stdout.split('\n').filter((line) => line.includes('"filename"'));
    expect(places.length).toBeGreaterThanOrEqual(3);
    for (const line of places)
      expect(JSON.stringify(JSON.parse(line))).toMatch(/"filename":"warn\.bt","line":[34],"col":\d+/);
  });

  test('what everybody may write to is not imported', async () => {
    chmodSync(file('open/lib.bt', 'begin { print("bad"); }\n'), 0o666);
    file('open/good.bt', 'begin { print("good"); }\n');
    const { stdout, stderr } = await run(['-e', 'import "open"; begin { print("main"); }'], { cwd: folder });
    expect(stdout).toBe('good\nmain\n\n\n');
    expect(stderr).toContain('WARNING: ');
    expect(stderr).toContain('everybody may write');
    const refused = await ebtrace(['-q', '-e', 'import "open/lib.bt"; begin { }'], { timeoutMs: 30_000, cwd: folder });
    expect(refused.status).toBe(1);
    expect(refused.stdout).toBe('');
  });
});
