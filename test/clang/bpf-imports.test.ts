/** Imported BPF objects, compiled by the embedded clang and kept in the cache, and those that cannot be used. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Report } from '../../grammar/diagnostic.ts';
import { SourceText } from '../../grammar/source.ts';
import { readBpfImports } from '../../src/clang/bpf-imports.ts';
import { createClang } from '../../src/clang/clang.ts';

let folder: string;
let remarks: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ebtrace-test-bpf-imports-'));
  remarks = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function read(name: string, path?: string) {
  const report = new Report(new SourceText('stdin', `import "${name}"; begin {}`));
  const objects = [{ path: join(folder, name), span: { start: 0, end: 6 } }];
  const c = { preamble: [], includeFiles: [], includeFolders: [], headers: [], objects };
  const env = { ...process.env, EBTRACE_CACHE: '1', EBTRACE_CACHE_DIR: join(folder, 'cache') };
  const clang = createClang({ path, env, onRemark: (remark) => remarks.push(remark) });
  const imports = await readBpfImports(c, 'x86_64', clang, report);
  const messages = report.diagnostics.map(({ code, message }) => `${code}: ${message.replaceAll(folder, 'FOLDER')}`);
  return { ...imports, messages };
}

function bytesOf({ objects }: Awaited<ReturnType<typeof read>>): Buffer {
  return Buffer.from(objects[0]?.object ?? []);
}

describe('C that is imported', () => {
  it('is compiled once, and again when a header of its is another, whatever the name', async () => {
    mkdirSync(join(folder, 'a folder'));
    const header = join(folder, 'a folder/x $#y.h');
    writeFileSync(header, 'static const int step = 1;\n');
    writeFileSync(join(folder, 'f.bpf.c'), '#include "a folder/x $#y.h"\nint f(int x) { return x + step; }\n');
    const first = await read('f.bpf.c');
    expect(first.messages).toEqual([]);
    expect([...first.functions.keys()]).toEqual(['f']);
    expect(remarks).toEqual([]);

    const second = await read('f.bpf.c');
    expect(remarks).toEqual([`object of ${join(folder, 'f.bpf.c')} taken from the cache`]);
    expect(bytesOf(second)).toEqual(bytesOf(first));
    expect(second.functions).toEqual(first.functions);

    writeFileSync(header, 'static const int step = 77;\n');
    const third = await read('f.bpf.c');
    expect(remarks).toHaveLength(1);
    expect(bytesOf(third)).not.toEqual(bytesOf(first));
  });

  it('is not kept when it has errors', async () => {
    writeFileSync(join(folder, 'f.bpf.c'), 'int f(int x) { return x +; }\n');
    const wrong = ['import-c: FOLDER/f.bpf.c:1:26: expected expression'];
    const first = await read('f.bpf.c');
    expect(first.messages).toEqual(wrong);
    expect([first.objects, first.functions.size]).toEqual([[], 0]);
    expect((await read('f.bpf.c')).messages).toEqual(wrong);
    writeFileSync(join(folder, 'f.bpf.c'), 'int f(int x) { return x; }\n');
    expect((await read('f.bpf.c')).messages).toEqual([]);
  });

  it('says so when clang fails without a word about the C', async () => {
    const path = join(folder, 'clang');
    writeFileSync(path, '#!/bin/sh\necho disk on fire >&2\nexit 3\n', { mode: 0o755 });
    writeFileSync(join(folder, 'f.bpf.c'), 'int f(int x) { return x; }\n');
    expect((await read('f.bpf.c', path)).messages).toEqual([
      'import-failed: FOLDER/clang failed (exit status 3): disk on fire',
    ]);
  });
});

describe('an object that is imported', () => {
  it('has to be readable, and BPF with types', async () => {
    mkdirSync(join(folder, 'folder.bpf.o'));
    expect((await read('folder.bpf.o')).messages).toEqual([
      'import-object-unreadable: cannot read FOLDER/folder.bpf.o: it is a directory',
    ]);
    writeFileSync(join(folder, 'text.bpf.o'), 'hello');
    expect((await read('text.bpf.o')).messages).toEqual([
      'import-object: FOLDER/text.bpf.o is no BPF object with type information (BTF)',
    ]);
  });
});
