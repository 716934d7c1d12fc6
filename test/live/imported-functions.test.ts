/**
 * Functions of imported BPF objects: C compiled or taken as an object, called from scripts, linked by libbpf and loaded.
 * The script's only probe is begin, which runs once and attaches to nothing.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Diagnostic, Report } from '../../grammar/diagnostic.ts';
import { SourceText } from '../../grammar/source.ts';
import { RuntimeFailure } from '../../runtime/bpf.ts';
import { linkProgram } from '../../runtime/libbpf/linker.ts';
import { openBpf } from '../../runtime/libbpf/object.ts';
import { paramsBytes } from '../../runtime/params.ts';
import { compile } from '../../src/build.ts';
import { readBpfImports } from '../../src/clang/bpf-imports.ts';
import { createClang } from '../../src/clang/clang.ts';
import type { Program } from '../../src/program/program.ts';
import { noDefinitions } from '../../src/world/definitions.ts';
import { nodeHostFiles } from '../../src/world/host-files.ts';
import { canBpf, requireBpfInCi } from '../support/bpf-available.ts';
import { buildBundle, ebtrace } from '../support/ebtrace.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

requireBpfInCi();

const lib = `
#define SEC(name) __attribute__((section(name), used))
struct pair { int a; long long b; };
enum color { RED, GREEN = 5 };
int calls = 100;
const volatile int step = 7;
static int table[4] = { 1, 2, 3, 4 };
struct { int (*type)[2]; int (*key_size)[4]; int (*value_size)[8]; int (*max_entries)[4]; } slots SEC(".maps");
static void *(*const lookup)(void *map, const void *key) = (void *)1;
static __attribute__((noinline)) int inner(int x) { return x + step; }
int twice(int x) { calls++; return 2 * x; }
unsigned char low(unsigned char n) { return n; }
long long counted(void) { return calls + inner(table[calls & 3]); }
int shade(enum color c) { return c == GREEN ? 1 : 0; }
_Bool negative(long long n) { return n < 0; }
void put(unsigned int slot, long long value) { long long *at = lookup(&slots, &slot); if (at) *at = value; }
long long get(unsigned int slot) { long long *at = lookup(&slots, &slot); return at ? *at : -1; }
long long read_one(void *map, unsigned int key) { long long k = key; long long *at = lookup(map, &k); return at ? *at : -1; }
long long sum(struct pair *p) { return p ? 1 : 0; }
`;

const clang = createClang({ env: { ...process.env, EBTRACE_CACHE: '0' } });

describe.runIf(canBpf)('imported functions', () => {
  let folder = '';
  beforeAll(() => {
    buildBundle();
    folder = mkdtempSync(join(tmpdir(), 'ebtrace-test-imports-'));
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function build(
    text: string,
    files: readonly (readonly [string, string | Uint8Array])[],
  ): Promise<{ readonly program: Program | undefined; readonly diagnostics: readonly Diagnostic[] }> {
    const source = SourceText.fromUnicode('stdin', text);
    const report = new Report(source);
    const objects = files.map(([name, content]) => {
      writeFileSync(join(folder, name), content);
      return { path: join(folder, name), span: { start: 0, end: 5 } };
    });
    const c = { preamble: [], includeFiles: [], includeFolders: [], headers: [], objects };
    const imports = await readBpfImports(c, 'x86_64', clang, report);
    if (report.hasErrors) return { program: undefined, diagnostics: report.diagnostics };
    const env = { world: fixtureWorld(), environment: {}, positionals: [], unsafe: false };
    const compiled = compile(source, env, { ...noDefinitions, ...imports });
    if (!compiled.ok) return { program: undefined, diagnostics: compiled.diagnostics };
    const object = await clang.compile(compiled.value.c, report);
    expect(report.diagnostics).toEqual([]);
    if (object === undefined) throw new Error('clang made no object');
    return { program: { ...compiled.value, object }, diagnostics: compiled.diagnostics };
  }

  /** The values of the scalar maps after begin has run. */
  async function run(text: string, files: readonly (readonly [string, string | Uint8Array])[]) {
    const { program, diagnostics } = await build(text, files);
    expect(diagnostics.filter((entry) => entry.severity === 'error')).toEqual([]);
    if (program === undefined) throw new Error('not compiled');
    const object = openBpf(nodeHostFiles).load(program, {
      params: paramsBytes({
        pidNamespace: { device: 0n, inode: 0n },
        childPid: 0,
        filterPid: 0,
        possibleCpus: 1,
      }),
      logSize: 1_000_000,
      verifierLog: false,
      ringBytes: 4096,
    });
    try {
      object.program('p0').run();
      return Object.fromEntries(
        program.maps
          .filter((map) => map.shape === 'scalar')
          .map((map) => {
            const bytes = object.map(map.symbol).lookup(new Uint8Array(4)) ?? new Uint8Array(16);
            return [map.name, new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(8, true)];
          }),
      );
    } finally {
      object.close();
    }
  }

  test('C is compiled and linked: arguments, results, its data, its maps, maps of the script', async () => {
    const values = await run(
      `begin {
        $n = 20; $big = (int64)300; @m[5] = (int64)55; @m[6] = (int64)66;
        @a = (int64)twice($n) + twice(1);
        @b = (int64)low((uint8)$big);
        @c = counted();
        @d = (int64)shade(5) * 10 + shade(0);
        put(2, 99); @e = get(2) + get(1) * 1000;
        @f = read_one(&@m, 6);
        @g = negative(-4) ? (int64)1 : 0;
        @h = sum((int8 *)0);
        for ($i : 0..3) { @i = (int64)twice($i); }
        @j = via(3);
      }
      fn via($n: int64): int64 { return twice((int32)$n) + 1; }`,
      [['lib.bpf.c', lib]],
    );
    expect(values).toEqual({
      '@a': 42n,
      '@b': 44n,
      '@c': 102n + 3n + 7n,
      '@d': 10n,
      '@e': 99n,
      '@f': 66n,
      '@g': 1n,
      '@h': 0n,
      '@i': 4n,
      '@j': 7n,
    });
  });

  test('an object file is taken as it is; several are linked together; headers beside the C are found', async () => {
    const one = await objectOf('int one(void) { return 1; }');
    writeFileSync(join(folder, 'two.h'), 'static inline int helper(void) { return 2; }');
    const two = '#include "two.h"\nint two(void) { return helper(); }';
    const values = await run('begin { @x = (int64)one() * 10 + two(); }', [
      ['one.bpf.o', one],
      ['two.bpf.c', two],
    ]);
    expect(values).toEqual({ '@x': 12n });
  });

  test('an object that no call asks for is linked as well', async () => {
    const { program } = await build('begin { @x = 1; }', [['lib.bpf.c', lib]]);
    if (program === undefined) throw new Error('not compiled');
    expect(program.imports.map((entry) => entry.object.length > 0)).toEqual([true]);
    const linked = linkProgram(program, nodeHostFiles);
    expect(Buffer.from(linked).includes('counted')).toBe(true);
    expect(linkProgram({ ...program, imports: [] }, nodeHostFiles)).toBe(program.object);
  });

  test('what libbpf cannot link is told with its words', async () => {
    const licensed = (license: string) =>
      `char _license[] __attribute__((section("license"), used)) = "${license}"; int of_${license}(void) { return 1; }`;
    expect(await run('begin { @x = (int64)of_GPL(); }', [['gpl.bpf.c', licensed('GPL')]])).toEqual({ '@x': 1n });
    const { program } = await build('begin { @x = 1; }', [
      ['gpl.bpf.c', licensed('GPL')],
      ['mit.bpf.c', licensed('MIT')],
    ]);
    if (program === undefined) throw new Error('not compiled');
    expect(failureOf(() => linkProgram(program, nodeHostFiles))).toMatchObject({
      what: `cannot link ${join(folder, 'mit.bpf.c')}: Invalid argument`,
      hint: expect.stringContaining('license'),
    });
  });

  test('mistakes are told at the import or the call', async () => {
    const of = async (script: string, ...files: (readonly [string, string | Uint8Array])[]) =>
      (await build(script, files)).diagnostics.map(
        ({ code, message, hint }) =>
          `${code}: ${message.replaceAll(folder, '')}${hint === undefined ? '' : ` (${hint.replace(/(looked in \/).*/, '$1')})`}`,
      );
    expect(await of('begin { }', ['bad.bpf.c', 'int one(void)\n{ return x; }\nint two(void) { return y; }'])).toEqual([
      "import-c: /bad.bpf.c:2:10: use of undeclared identifier 'x'",
      "import-c: /bad.bpf.c:3:24: use of undeclared identifier 'y'",
    ]);
    expect(await of('begin { }', ['no.bpf.c', '#include "none.h"\n'])).toEqual([
      "import-c: /no.bpf.c:1:10: 'none.h' file not found (-I DIR names another folder; looked in /)",
    ]);
    expect(await of('begin { }', ['not.bpf.o', 'text'])).toEqual([
      'import-object: /not.bpf.o is no BPF object with type information (BTF) (clang writes BTF with -target bpf -g)',
    ]);
    expect(
      await of('begin { }', ['a.bpf.c', 'int f(void) { return 1; }'], ['b.bpf.c', 'int f(void) { return 2; }']),
    ).toEqual(['import-function-twice: f() is in /b.bpf.c and in /a.bpf.c']);
  });

  test('a script that imports runs, and its linked object can be written', async () => {
    writeFileSync(
      join(folder, 'count.bpf.c'),
      'int calls = 5;\nint twice(int x) { calls++; return 2 * x; }\nint total(void) { return calls; }',
    );
    const script = `import "count.bpf.c";
      fn quad($x: int32): int32 { return twice(twice($x)); }
      begin { print(quad(5)); print(total()); }
      interval:ms:10 { print(twice(4)); exit(); }
      end { print(total()); }`;
    writeFileSync(join(folder, 'main.bt'), script);
    const ran = await ebtrace(['-q', join(folder, 'main.bt')], { timeoutMs: 30_000 });
    expect(ran).toEqual({ status: 0, stdout: '20\n7\n8\n8\n\n\n', stderr: '' });
    const elf = join(folder, 'linked.o');
    expect(await ebtrace(['--emit-elf', elf, join(folder, 'main.bt')])).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(elf).includes('quad') && readFileSync(elf).includes('twice')).toBe(true);
    writeFileSync(join(folder, 'more.bpf.c'), 'int calls = 9;\nint more(void) { return calls; }');
    writeFileSync(join(folder, 'both.bt'), `import "more.bpf.c";\n${script}`);
    const refused = await ebtrace(['--emit-elf', elf, join(folder, 'both.bt')]);
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toContain('count.bpf.c: Invalid argument\nHINT: libbpf says: conflicting');
  });

  async function objectOf(c: string): Promise<Uint8Array> {
    const { program } = await build('begin { }', [['source.bpf.c', c]]);
    const [first] = program?.imports ?? [];
    if (first === undefined) throw new Error('no object');
    return first.object;
  }
});

function failureOf(work: () => unknown): RuntimeFailure {
  try {
    work();
  } catch (error) {
    if (error instanceof RuntimeFailure) return error;
    throw error;
  }
  throw new Error('it worked');
}
