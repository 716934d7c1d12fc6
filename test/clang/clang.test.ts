/** The embedded clang for real: objects, their determinism, the cache in use, and every way in which it can go wrong. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Diagnostic, Report } from '../../grammar/diagnostic.ts';
import { SourceText } from '../../grammar/source.ts';
import { createClang } from '../../src/clang/clang.ts';

const script = 'BEGIN\n{\n  @ = rand;  // the answer\n  exit();\n}\n';
const good = `#include "ebtrace.h"
#line 3 "script.bt"
SEC("raw_tp/sys_enter") int first(void *ctx) { return bpf_get_prandom_u32(); }
char LICENSE[] SEC("license") = "GPL";
`;

let folder: string;
let remarks: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ebtrace-test-clang-'));
  mkdirSync(join(folder, 'tmp'));
  remarks = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  readonly object: Buffer | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

async function compile(
  c: string,
  { env = {}, path, text = script }: { env?: Record<string, string>; path?: string; text?: string } = {},
): Promise<Outcome> {
  const report = new Report(new SourceText('stdin', text));
  const clang = createClang({
    path,
    env: { PATH: process.env.PATH, TMPDIR: join(folder, 'tmp'), EBTRACE_CACHE: '0', ...env },
    onRemark: (remark) => remarks.push(remark),
  });
  const object = await clang.compile(c, report);
  return { object: object === undefined ? undefined : Buffer.from(object), diagnostics: report.diagnostics };
}

/** The one diagnostic as `code "text under its span": message`. */
async function problem(...args: Parameters<typeof compile>): Promise<string> {
  const { object, diagnostics } = await compile(...args);
  expect(object).toBeUndefined();
  expect(diagnostics).toHaveLength(1);
  const [entry] = diagnostics;
  const text =
    entry?.span === undefined ? '' : ` "${(args[1]?.text ?? script).slice(entry.span.start, entry.span.end)}"`;
  return `${entry?.code}${text}: ${entry?.message}`;
}

describe('compile', () => {
  it('makes a BPF object with BTF and the lines of the script', async () => {
    const { object, diagnostics } = await compile(good);
    expect(diagnostics).toEqual([]);
    expect(object?.subarray(0, 4)).toEqual(Buffer.from('\x7fELF', 'latin1'));
    expect(object?.readUInt16LE(18)).toBe(247); // EM_BPF
    expect(object?.includes('.BTF.ext')).toBe(true);
    expect(object?.includes('  @ = rand;  // the answer')).toBe(true);
  });

  it('gives the same bytes for the same input, in whatever folder', async () => {
    const first = await compile(good);
    mkdirSync(join(folder, 'another'));
    const second = await compile(good, { env: { TMPDIR: join(folder, 'another') } });
    expect(first.object?.equals(second.object ?? Buffer.alloc(0))).toBe(true);
    expect(first.object?.includes(folder)).toBe(false);
    expect(first.object?.includes(join(import.meta.dirname, '../..'))).toBe(false);
  });

  it('says what is wrong with the temporary folder', async () => {
    const env = { TMPDIR: join(folder, 'nosuch') };
    expect(await problem(good, { env })).toBe(
      `temporary-folder: Cannot work in the temporary folder ${env.TMPDIR}: no such file or directory`,
    );
    expect((await compile(good, { env })).diagnostics[0]?.hint).toContain('TMPDIR');
  });

  it('says so when a clang makes nothing', async () => {
    expect(await problem(good, { path: '/bin/true' })).toBe(
      'clang-without-object: /bin/true ended well but made no object file',
    );
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  });

  it('drives a clang of the system as well', async () => {
    // The clang inside Zig behind its own driver: the options of a system clang without having one installed.
    const zig = (await createClang({ env: {} }).identity())?.path;
    const driver = join(folder, 'clang');
    writeFileSync(driver, `#!/bin/sh\nexec '${zig}' clang "$@"\n`, { mode: 0o755 });
    expect((await createClang({ path: driver, env: {} }).identity())?.kind).toBe('clang');
    const { object, diagnostics } = await compile(good, { path: driver });
    expect(diagnostics).toEqual([]);
    expect(object?.includes('.BTF.ext')).toBe(true);
    expect(object?.includes('  @ = rand;  // the answer')).toBe(true);
    expect(object?.includes(folder)).toBe(false);
  });

  it('leaves nothing in the temporary folder', async () => {
    await compile(good);
    await compile('nonsense;');
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  });
});

describe('cache', () => {
  const env = (): Record<string, string> => ({ EBTRACE_CACHE: '1', EBTRACE_CACHE_DIR: join(folder, 'cache') });
  const hits = (): number => remarks.filter((remark) => remark.endsWith('taken from the cache')).length;

  it('gives the same object without running clang', async () => {
    const first = await compile(good, { env: env() });
    expect(hits()).toBe(0);
    const second = await compile(good, { env: env() });
    expect(hits()).toBe(1);
    expect(first.object?.equals(second.object ?? Buffer.alloc(0))).toBe(true);
  });

  it('knows a changed script and changed C from the old ones', async () => {
    await compile(good, { env: env() });
    const changed = await compile(good, { env: env(), text: script.replace('answer', 'question') });
    expect(changed.object?.includes('the question')).toBe(true);
    await compile(`${good}int more = 1;\n`, { env: env() });
    expect(hits()).toBe(0);
    expect(readdirSync(join(folder, 'cache'))).toHaveLength(3);
  });

  it('keeps nothing of a failed compilation', async () => {
    await compile('nonsense;', { env: env() });
    expect(readdirSync(join(folder, 'cache'))).toEqual([]);
  });
});

describe('errors', () => {
  it('in generated C are ours, at the line of the script', async () => {
    expect(await problem('#line 3 "script.bt"\nint f(void) { return nosuch; }\n')).toBe(
      'generated-c "@ = rand;  // the answer": The C code generated here does not compile: ' +
        "use of undeclared identifier 'nosuch' (script.bt line 3).",
    );
  });

  it('in a part without a script line have no place', async () => {
    expect(await problem('int f(void) { return nosuch(1); }')).toMatch(
      /^generated-c: .*call to undeclared function 'nosuch'.*\(program\.c line 1\)\.$/,
    );
  });

  it('about the stack name the limit', async () => {
    const c =
      '#include "ebtrace.h"\n#line 3 "script.bt"\nSEC("raw_tp/x") int f(void *ctx) { char b[600]; bpf_get_current_comm(b, 600); return b[3]; }\n';
    expect(await problem(c)).toMatch(/^stack-limit "@ = rand; {2}\/\/ the answer": .*512 bytes/);
  });

  it('name a clang that is not there', async () => {
    expect(await problem(good, { path: '/nonexistent/clang' })).toBe(
      "clang-not-executable: '/nonexistent/clang' is not an executable file.",
    );
    expect(await problem(good, { env: { EBTRACE_CLANG: 'no-such-clang' } })).toMatch(
      /^clang-not-executable: 'no-such-clang'/,
    );
  });

  it('name a clang that fails without a message, one without BPF and one that dies', async () => {
    const fake = (body: string): string => {
      const path = join(folder, 'clang');
      writeFileSync(path, `#!/bin/sh\n${body}\n`);
      chmodSync(path, 0o755);
      return path;
    };
    const path = join(folder, 'clang');
    expect(await problem(good, { path: fake('echo disk on fire >&2; exit 3') })).toBe(
      `clang-failed: ${path} failed (exit status 3): disk on fire`,
    );
    for (const [signal, hint] of [
      ['SEGV', /^clang itself crashed/],
      ['ABRT', /--clang PATH/],
      ['KILL', /short of memory/],
    ] as const) {
      const { diagnostics } = await compile(good, { path: fake(`kill -${signal} $$`) });
      expect(diagnostics).toMatchObject([
        { code: 'clang-failed', message: `${path} failed (ended by SIG${signal})`, hint: expect.stringMatching(hint) },
      ]);
    }
    const noTarget =
      'echo \'error: unable to create target: No available targets are compatible with triple "bpfel"\' >&2; exit 1';
    expect(await problem(good, { path: fake(noTarget) })).toBe(`clang-without-bpf: ${path} has no BPF back end.`);
  });
});

describe('identity', () => {
  it('names the embedded clang', async () => {
    const identity = await createClang({ env: { PATH: '' } }).identity();
    expect(identity?.kind).toBe('zig');
    expect(identity?.path).toMatch(/@zigc\/linux-\w+\/bin\/zig$/);
    expect(identity?.version).toMatch(/^clang version \d+/);
  });

  it('is undefined for a clang that does not exist', async () => {
    expect(await createClang({ path: '/nonexistent/clang', env: {} }).identity()).toBeUndefined();
  });
});
