/**
 * The C of scripts, read by the embedded clang over the recorded machine: types, constants and macros, what is borrowed
 * from the kernel, where headers are found, and the cache.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Report } from '../../grammar/diagnostic.ts';
import { parse } from '../../grammar/index.ts';
import { SourceText } from '../../grammar/source.ts';
import { type CSource, readDefinitions } from '../../src/clang/c-definitions.ts';
import { createClang } from '../../src/clang/clang.ts';
import { typeName } from '../../src/types/type.ts';
import { type Definitions, noDefinitions } from '../../src/world/definitions.ts';
import { emptyHostFiles } from '../../src/world/host-files.ts';
import { hostWorld } from '../../src/world/host-world.ts';
import { KnownTypes } from '../../src/world/known-types.ts';
import type { World } from '../../src/world/world.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const world = fixtureWorld();
let folder: string;
let remarks: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ebtrace-test-c-'));
  remarks = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Read {
  readonly definitions: Definitions | undefined;
  /** `code "text under the span": message` */
  readonly messages: readonly string[];
}

async function read(
  text: string,
  {
    c = {},
    env = { EBTRACE_CACHE: '0' },
    on = world,
    path,
  }: { c?: Partial<CSource>; env?: Record<string, string>; on?: World; path?: string } = {},
): Promise<Read> {
  const report = new Report(new SourceText('stdin', text));
  const script = parse(report.source, report);
  const source: CSource = {
    preamble: script.preamble,
    includeFiles: [],
    includeFolders: [],
    headers: [],
    objects: [],
    scriptFolder: folder,
    ...c,
  };
  const clang = createClang({ path, env: { ...process.env, ...env }, onRemark: (remark) => remarks.push(remark) });
  const definitions = await readDefinitions(source, on, clang, report);
  const messages = report.diagnostics.map(
    ({ code, span, message }) => `${code}${span ? ` "${text.slice(span.start, span.end)}"` : ''}: ${message}`,
  );
  return { definitions, messages };
}

async function wellRead(...args: Parameters<typeof read>): Promise<Definitions> {
  const { definitions, messages } = await read(...args);
  expect(messages).toEqual([]);
  return definitions ?? fail();
}

function fieldsOf(definitions: Definitions, name: string, on = world): readonly string[] {
  const types = new KnownTypes(definitions.types, on.kernelTypes);
  const type = types.find('struct', name) ?? types.find('union', name) ?? types.find('typedef', name);
  const fields = type?.kind === 'struct' ? types.fields(type) : undefined;
  return (fields ?? fail()).map(({ offset, name: field, type: is, bits }) => {
    const place = is.kind === 'struct' ? ` of ${is.table}` : is.kind === 'pointer' ? ` ${is.space}` : '';
    return `${offset} ${field} ${typeName(is)}${place}${bits ? ` bits ${bits.shift}+${bits.width}` : ''}`;
  });
}

describe('types', () => {
  it('of all forms of members', async () => {
    const definitions = await wellRead(`
struct inner { long z; };
struct outer {
  unsigned a : 3, b : 5;
  struct inner *p, **pp;
  struct inner in;
  union { int as_int; char as_char; };
  struct { short deep; } named;
  char text[8], lines[2][16];
  int grid[2][3];
  int (*function)(void);
  float number;
  _Bool flag;
  enum { ONE, TWO } either;
  int __attribute__((btf_type_tag("user"))) *user;
  struct unknown *opaque;
  int rest[];
} // the last ';' is left out
begin {}`);
    expect(fieldsOf(definitions, 'outer')).toEqual([
      '0 a uint32 bits 0+3',
      '0 b uint32 bits 3+5',
      '8 p struct inner * none',
      '16 pp struct inner * * none',
      '24 in struct inner of script',
      '32 as_int int32',
      '32 as_char int8',
      '36 named struct (anonymous) of script',
      '38 text string[8]',
      '46 lines string[16][2]',
      '80 grid int32[3][2]',
      '104 function void * none',
      '112 number none',
      '116 flag bool',
      '120 either enum { ONE, ... }',
      '128 user int32 * user',
      '136 opaque struct unknown * none',
      '144 rest int32[0]',
    ]);
    expect(definitions.types?.alignment('outer')).toBe(8);
    expect(definitions.types?.offsetOf('outer', ['named', 'deep'])).toBe(36);
  });

  it('keep attributes, and whether they are unions', async () => {
    const definitions = await wellRead(`
struct packed { char a; long b; } __attribute__((packed)) __attribute__((aligned(2)));
union u { char a; int b; };
struct __attribute__((packed)) front { char a; short b; };
begin {}`);
    const { types } = definitions;
    expect(fieldsOf(definitions, 'packed')).toEqual(['0 a int8', '1 b int64']);
    expect(types?.find('struct', 'packed')).toMatchObject({ size: 10 });
    expect(types?.find('struct', 'front')).toMatchObject({ size: 3 });
    expect(types?.find('union', 'u')).toEqual({ kind: 'struct', table: 'script', name: 'u', size: 4, union: true });
    expect(types?.find('struct', 'u')).toBeUndefined();
    expect(types?.alignment('front')).toBe(1);
  });

  it('of typedefs in headers, those with names that begin with __ as well', async () => {
    writeFileSync(
      join(folder, 'own.h'),
      'typedef struct { int a; } pair_t, *pair_p; typedef unsigned __odd_t; typedef int (*call_t)(int), four[4];\n' +
        'static inline int twice(int x) { __asm__ volatile("cpuid" : : "a"(x)); return 2 * x; }\n' +
        'extern int variable; void function(struct seen_in_prototype *p);\n',
    );
    const definitions = await wellRead('#include "own.h"\nbegin {}');
    const name = (typedef: string): string => typeName(definitions.types?.find('typedef', typedef) ?? fail());
    expect(['pair_t', 'pair_p', '__odd_t', 'call_t', 'four'].map(name)).toEqual([
      'struct pair_t',
      'struct (anonymous) *',
      'uint32',
      'void *',
      'int32[4]',
    ]);
    expect(fieldsOf(definitions, 'pair_t')).toEqual(['0 a int32']);
    expect(definitions.types?.find('typedef', 'variable')).toBeUndefined();
  });
});

describe('constants', () => {
  it('of enums with and without a name', async () => {
    const { types } = await wellRead(`
enum { A = 5, B };
enum { MINUS = -1, LAST = 1 << 4 }
enum named { C = 7, WIDE = 1ull << 40 };
begin {}`);
    expect(types?.enumConstant('B')).toEqual({
      name: 'B',
      value: 6n,
      enumName: '{ A, ... }',
      values: [
        { name: 'A', value: 5n },
        { name: 'B', value: 6n },
      ],
    });
    expect(types?.enumConstant('MINUS')).toMatchObject({ value: -1n, enumName: '{ MINUS, ... }' });
    expect(types?.enumConstant('LAST')?.value).toBe(16n);
    expect(types?.enumConstant('WIDE')).toMatchObject({ value: 1n << 40n, enumName: 'named' });
    expect(types?.find('enum', 'named')).toMatchObject({ kind: 'enum', bytes: 8 });
    expect(types?.enumConstant('named')).toBeUndefined();
  });

  it('of macros, as they are at the end', async () => {
    const { macros, types } = await wellRead(`
#define LIMIT (4 * 1024) // four pages
#define SUM \\
  (LIMIT + \\
   1)
#define FUNCTION(x) x
#define GONE 1
#undef GONE
#define TWICE 1
#undef TWICE
#define TWICE 2
#define EMPTY
#define TEXT "a\\"b"
begin {}`);
    expect(own(macros)).toEqual([
      ['LIMIT', '(4 * 1024)'],
      ['SUM', '(LIMIT + 1)'],
      ['TWICE', '2'],
      ['EMPTY', ''],
      ['TEXT', '"a\\"b"'],
    ]);
    expect(types).toBeUndefined();
    // What clang defines itself, because headers do: #define INT_MAX __INT_MAX__
    expect(macros.get('__INT_MAX__')).toBe('2147483647');
  });

  it('depend on what the kernel has', async () => {
    const text =
      '#ifdef BPFTRACE_HAVE_BTF\n#define BTF 1\n#endif\n#ifdef EBTRACE_HAVE_BTF\n#define OURS 1\n#endif\nbegin {}';
    expect(own((await wellRead(text)).macros).map(([name]) => name)).toEqual(['BTF', 'OURS']);
    const bare = hostWorld(emptyHostFiles, { arch: 'x86_64', features: world.features });
    expect(own((await wellRead(text, { on: bare })).macros)).toEqual([]);
  });
});

describe('kernel types', () => {
  it('are borrowed by C that mentions them', async () => {
    const definitions = await wellRead(`
struct mine {
  u32 number;
  u8 small : 3;
  struct list_head list;
  atomic_t count;
  enum hrtimer_mode mode;
  struct task_struct *task;
  struct qstr names[2];
  char text[WIDE_LOW + 4];
};
begin {}`);
    expect(fieldsOf(definitions, 'mine')).toEqual([
      '0 number uint32',
      '4 small uint8 bits 0+3',
      '8 list struct list_head of vmlinux',
      '24 count struct atomic_t of vmlinux',
      '28 mode enum hrtimer_mode',
      '32 task struct task_struct * none',
      '40 names struct qstr[2]',
      '72 text string[5]',
    ]);
    expect(fieldsOf(definitions, 'list_head')).toEqual([
      '0 next struct list_head * kernel',
      '8 prev struct list_head * kernel',
    ]);
    expect(definitions.types?.offsetOf('list_head', ['prev'])).toBe(8);
    expect(definitions.types?.alignment('list_head')).toBe(8);
  });

  it('are replaced by those of the script, with a warning when they differ', async () => {
    const text = `
struct task_struct { int own; };
struct list_head { struct list_head *next, *prev; };
begin {}`;
    const { definitions, messages } = await read(text);
    expect(messages).toEqual([
      'kernel-type-redefined "task_struct": the kernel has another struct task_struct; this one is used',
    ]);
    expect(fieldsOf(definitions ?? fail(), 'task_struct')).toEqual(['0 own int32']);
  });

  it('are not there without BTF', async () => {
    const bare = hostWorld(emptyHostFiles, { arch: 'x86_64', features: world.features });
    const { messages } = await read('struct mine { u32 number; };\nbegin {}', { on: bare });
    expect(messages).toEqual([`c-definition "u32": in the C code: unknown type name 'u32'`]);
  });
});

describe('headers', () => {
  it('are those of the compiler, the system and the user', async () => {
    mkdirSync(join(folder, 'one'));
    mkdirSync(join(folder, 'two'));
    writeFileSync(join(folder, 'one/first.h'), '#include <second.h>\n#define FIRST 1\n');
    writeFileSync(join(folder, 'two/second.h'), '#define SECOND __LP64__\n');
    writeFileSync(join(folder, 'option.h'), 'struct by_option { int a; };\n');
    writeFileSync(join(folder, 'imported.h'), 'struct by_import { struct by_option b; };\n');
    const text = `#include <first.h>
#include <stddef.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <limits.h>
struct all { size_t size; bool yes; uint16_t two; va_list list; struct by_import by; char c[CHAR_BIT]; };
begin {}`;
    const definitions = await wellRead(text, {
      c: {
        includeFolders: [join(folder, 'one')],
        environment: { CPATH: join(folder, 'two') },
        includeFiles: [join(folder, 'option.h')],
        headers: [{ path: join(folder, 'imported.h'), span: { start: 0, end: 1 } }],
      },
    });
    expect(definitions.macros.get('SECOND')).toBe('__LP64__');
    expect(fieldsOf(definitions, 'all').slice(0, 3)).toEqual(['0 size uint64', '8 yes bool', '10 two uint16']);
    expect(definitions.types?.find('struct', 'by_import')).toMatchObject({ size: 4 });
  });

  it('that are missing or wrong are named where they are included', async () => {
    writeFileSync(join(folder, 'bad.h'), '#include "worse.h"\n');
    writeFileSync(join(folder, 'worse.h'), 'int fine;\nnosuch a;\nnosuch b;\n');
    const { definitions, messages } = await read('#include "bad.h"\nbegin {}');
    expect(definitions).toBe(noDefinitions);
    expect(messages).toEqual([
      `c-definition "#include "bad.h"": in the C code of ${folder}/worse.h, line 2: unknown type name 'nosuch'`,
    ]);
    const option = await read('begin {}', { c: { includeFiles: ['nosuch.h'] } });
    expect(option.messages).toEqual(["header-not-found: there is no header 'nosuch.h' (--include nosuch.h)"]);
    const span = { start: 0, end: 5 };
    const imported = await read('begin {}', { c: { headers: [{ path: join(folder, 'bad.h'), span }] } });
    expect(imported.messages[0]).toMatch(/^c-definition "begin": in the C code of .*worse\.h, line 2: /);
  });
});

describe('a header with thousands of types', () => {
  it('gives those that the script mentions, and what they lead to', async () => {
    const structs = Array.from(
      { length: 1500 },
      (_, i) => `struct s${i} { struct s${i + 1} *next; enum e${i} { E${i} = ${i} } e; };`,
    );
    writeFileSync(join(folder, 'huge.h'), structs.join('\n'));
    const env = { EBTRACE_CACHE: '1', EBTRACE_CACHE_DIR: join(folder, 'cache') };
    const first = await wellRead('#include "huge.h"\nbegin { print(sizeof(struct s1400)); }', { env });
    expect(fieldsOf(first, 's1401')).toEqual(['0 next struct s1402 * none', '8 e enum e1401']);
    expect(first.types?.find('struct', 's0')).toBeUndefined();
    const second = await wellRead('#include "huge.h"\nbegin { print(E77); print(sizeof(struct s0)); }', { env });
    expect(second.types?.find('struct', 's0')).toMatchObject({ size: 16 });
    expect(second.types?.enumConstant('E77')?.value).toBe(77n);
  });
});

describe('a clang of the system', () => {
  it('does the same', async () => {
    // The clang inside Zig under the name of clang: what a system clang is given, without having one installed.
    const zig = (await createClang({ env: {} }).identity())?.path;
    const path = join(folder, 'clang');
    writeFileSync(path, `#!/bin/sh\nexec '${zig}' clang "$@"\n`, { mode: 0o755 });
    const definitions = await wellRead('struct mine { u32 a; };\nenum { A = 3 };\nbegin {}', { path });
    expect(fieldsOf(definitions, 'mine')).toEqual(['0 a uint32']);
    expect(definitions.types?.enumConstant('A')?.value).toBe(3n);
  });

  it('that cannot do it is named', async () => {
    const path = join(folder, 'clang');
    writeFileSync(path, '#!/bin/sh\necho disk on fire >&2\nexit 3\n', { mode: 0o755 });
    const { definitions, messages } = await read('#define A 1\nbegin {}', { path });
    expect(definitions).toBe(noDefinitions);
    expect(messages).toEqual([`c-unreadable: ${path} could not read the C code (exit status 3): disk on fire`]);
    expect((await read('#define A 1\nbegin {}', { path: '/nosuch' })).messages[0]).toMatch(/^clang-not-executable: /);
    expect((await read('#define A 1\nbegin {}', { env: { TMPDIR: '/nosuch' } })).messages[0]).toMatch(
      /^temporary-folder: /,
    );
  });
});

/** Without those of clang and of the command line. */
function own(macros: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...macros].filter(([name]) => !/^_|^(linux|unix)$|_HAVE_BTF$/.test(name));
}

describe('cache', () => {
  const env = (): Record<string, string> => ({ EBTRACE_CACHE: '1', EBTRACE_CACHE_DIR: join(folder, 'cache') });

  it('is used while script, headers and kernel types are the same', async () => {
    const header = join(folder, 'own.h');
    writeFileSync(header, '#define ONE 1\n');
    const text =
      '#include "own.h"\nstruct mine { struct list_head list; enum { A } a; };\nenum { LONE = 3 };\nbegin {}';
    const first = await wellRead(text, { env: env() });
    const again = await wellRead(text, { env: env() });
    expect([...again.macros]).toEqual([...first.macros]);
    expect(fieldsOf(again, 'mine')).toEqual(fieldsOf(first, 'mine'));
    expect(again.types?.enumConstant('LONE')).toEqual(first.types?.enumConstant('LONE'));
    expect(remarks.filter((remark) => remark.startsWith('C definitions'))).toHaveLength(1);

    writeFileSync(header, '#define ONE 2\n');
    expect((await wellRead(text, { env: env() })).macros.get('ONE')).toBe('2');
    rmSync(header);
    expect((await read(text, { env: env() })).messages).toEqual([
      `header-not-found ""own.h"": there is no header 'own.h'`,
    ]);
  });
});

function fail(): never {
  throw new Error('there is nothing to look at');
}
