/** The running kernel's own BTF: that it can be read at all, and how long the first question takes. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { btfKind, openBtf } from '../../src/world/btf.ts';
import { BtfTypeTable } from '../../src/world/btf-types.ts';
import { nodeHostFiles } from '../../src/world/host-files.ts';

const path = '/sys/kernel/btf/vmlinux';
const why = existsSync(path) ? '' : ` (skipped: no ${path})`;

describe.runIf(why === '')(`BTF of the running kernel${why}`, () => {
  it('is read, indexed and asked for task_struct within 100 ms', () => {
    const start = performance.now();
    const btf = openBtf(nodeHostFiles.read(path) ?? new Uint8Array()) ?? fail();
    const fields = new BtfTypeTable('vmlinux', btf).fields('task_struct') ?? [];
    const milliseconds = performance.now() - start;
    const byName = new Map(fields.map((field) => [field.name, field]));
    expect(byName.get('pid')?.type).toEqual({ kind: 'int', bytes: 4, signed: true });
    expect(byName.get('comm')?.type).toEqual({ kind: 'string', size: 16 });
    expect(byName.get('real_parent')?.type).toMatchObject({ kind: 'pointer', to: { name: 'task_struct' } });
    expect(byName.get('in_execve')?.bits?.width).toBe(1);
    expect(btf.typeCount()).toBeGreaterThan(10_000);
    expect(milliseconds).toBeLessThan(100);
  });

  it('gives members of all structs, within their struct', () => {
    const btf = openBtf(nodeHostFiles.read(path) ?? new Uint8Array()) ?? fail();
    const table = new BtfTypeTable('vmlinux', btf);
    let structs = 0;
    for (let id = 1; id <= btf.typeCount(); id++) {
      const record = btf.record(id);
      if (record?.kind !== btfKind.struct || record.name === '' || id % 7 !== 0) continue;
      if (btf.find(record.name, [btfKind.struct]) !== id) continue;
      structs++;
      const fields = table.fields(record.name) ?? fail();
      const outside = fields.filter((field) => field.offset > record.sizeOrType || field.offset < 0);
      expect(outside, record.name).toEqual([]);
    }
    expect(structs).toBeGreaterThan(500);
  });
});

function fail(): never {
  throw new Error('this BTF cannot be read');
}
