/** Types of the kernel and of its modules, whose BTF is made by hand here over that of the recorded machine. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listTypes } from '../../src/cli/list-types.ts';
import { typeName } from '../../src/types/type.ts';
import { btfKind, openBtf } from '../../src/world/btf.ts';
import { BtfTypeTable } from '../../src/world/btf-types.ts';
import { emptyHostFiles, type HostFiles } from '../../src/world/host-files.ts';
import { type KernelTypeTable, readKernelBtf, readKernelTypes } from '../../src/world/kernel-types.ts';
import { KnownTypes } from '../../src/world/known-types.ts';
import { recordHostFiles } from '../../src/world/record.ts';
import { fixtureRoot } from '../support/fixture-world.ts';
import { makeBtf } from '../support/make-btf.ts';

const vmlinux = readFileSync(join(fixtureRoot, 'sys/kernel/btf/vmlinux'));
const base = openBtf(vmlinux) ?? fail();
const baseTypes = new BtfTypeTable('vmlinux', base);
const count = base.typeCount();
const idOfBase = (kind: 'struct' | 'typedef', name: string): number => baseTypes.idOf(kind, name) ?? fail();
/** Offset of a name that vmlinux has, as split BTF uses it again. */
const oldName = (name: string): number => [...base.strings.offsetsOfName(name)][0] ?? fail();
const newName = (offset: number): number => base.strings.length + offset;

/**
 * struct nf_conn { struct list_head list; pid_t pid; struct { pid_t mark; } in; struct nf_conn *next; };
 * enum nf_state { NF_NEW = 7 }; `mark` and `list` are spelled in the module, `pid` and `next` in vmlinux.
 */
const text = 'nf_conn\0list\0in\0mark\0nf_state\0NF_NEW\0';
// The first name of a module has offset 0: the empty name is that of vmlinux.
const at = (name: string): number => newName(`\0${text}`.indexOf(`\0${name}\0`));
const struct = btfKind.struct << 24;
const module = makeBtf(text, [
  [
    at('nf_conn'),
    struct | 4,
    32,
    ...[at('list'), idOfBase('struct', 'list_head'), 0],
    ...[oldName('pid'), idOfBase('typedef', 'pid_t'), 128],
    ...[at('in'), count + 2, 160],
    ...[oldName('next'), count + 3, 192],
  ],
  [0, struct | 1, 4, at('mark'), idOfBase('typedef', 'pid_t'), 0],
  [0, btfKind.pointer << 24, count + 1],
  [at('nf_state'), (btfKind.enum << 24) | 1, 4, at('NF_NEW'), 7],
]);

function machine(files: Readonly<Record<string, Uint8Array>>): { readonly files: HostFiles; readonly read: string[] } {
  const read: string[] = [];
  return {
    read,
    files: {
      ...emptyHostFiles,
      read: (path) => {
        read.push(path);
        return files[path];
      },
      list: (path) =>
        path === '/sys/kernel/btf' ? Object.keys(files).map((file) => file.slice(path.length + 1)) : undefined,
    },
  };
}

const both = {
  '/sys/kernel/btf/vmlinux': vmlinux,
  '/sys/kernel/btf/nf': module,
  '/sys/kernel/btf/bad': Buffer.from('no'),
};

function fieldsOf(types: KernelTypeTable, name: string): readonly string[] | undefined {
  return types
    .fields(name)
    ?.map(
      ({ offset, name: field, type }) =>
        `${offset} ${field} ${typeName(type)}${'table' in type ? ` of ${type.table}` : ''}`,
    );
}

describe('modules', () => {
  it('are read when vmlinux does not know a name, and once', () => {
    const { files, read } = machine(both);
    const types = readKernelTypes(files) ?? fail();
    expect(types.find('struct', 'task_struct')).toMatchObject({ table: 'vmlinux' });
    expect(types.fields('task_struct')?.length).toBeGreaterThan(5);
    expect(types.enumConstant('WIDE_HIGH')?.value).toBe(1n << 32n);
    expect(read).toEqual(['/sys/kernel/btf/vmlinux']);
    expect(types.find('struct', 'nf_conn')).toEqual({ kind: 'struct', table: 'nf', name: 'nf_conn', size: 32 });
    expect(types.find('struct', 'nosuch')).toBeUndefined();
    expect(read).toEqual(['/sys/kernel/btf/vmlinux', '/sys/kernel/btf/bad', '/sys/kernel/btf/nf']);
  });

  it('refer to the types and names of vmlinux', () => {
    const types = readKernelTypes(machine(both).files) ?? fail();
    expect(fieldsOf(types, 'nf_conn')).toEqual([
      '0 list struct list_head of vmlinux',
      '16 pid int32',
      '20 in struct (anonymous) of nf',
      '24 next struct nf_conn *',
    ]);
    const inner = types.fields('nf_conn')?.find((field) => field.name === 'in')?.type;
    expect(inner?.kind === 'struct' && fieldsOf(types, inner.name)).toEqual(['0 mark int32']);
    expect(types.offsetOf('nf_conn', ['list', 'prev'])).toBe(8);
    expect(types.offsetOf('nf_conn', ['in', 'mark'])).toBe(20);
    expect(types.alignment('nf_conn')).toBe(8);
    expect(types.idOf('struct', 'nf_conn')).toBe(count + 1);
    expect(types.enumConstant('NF_NEW')).toMatchObject({ value: 7n, enumName: 'nf_state' });
    expect(types.fromDeclaration('struct nf_conn *')).toMatchObject({ kind: 'pointer', to: { table: 'nf' } });
  });

  it('are listed with the name of their module, and their first type too', () => {
    const all = readKernelBtf(machine(both).files);
    expect(all.map(({ name }) => name)).toEqual(['vmlinux', 'nf']);
    const [, own] = all;
    const names = Array.from(
      { length: (own?.btf.typeCount() ?? 0) - (own?.baseCount ?? 0) },
      (_, i) => own?.btf.record((own?.baseCount ?? 0) + 1 + i)?.name,
    );
    expect(names).toEqual(['nf_conn', '', '', 'nf_state']);
    expect(listTypes('struct nf_*', { verbose: false }, all)).toEqual(['struct nf_conn']);
    expect(listTypes('enum nf_*', { verbose: true }, all)).toEqual(['nf: enum nf_state {', '\tNF_NEW = 7,', '};', '']);
  });

  it('belong to no other BTF than the kernel’s own', () => {
    const { files } = machine({ ...both, '/tmp/other': vmlinux });
    expect(readKernelTypes(files, '/tmp/other')?.find('struct', 'nf_conn')).toBeUndefined();
    expect(readKernelTypes(files, '/tmp/nosuch')).toBeUndefined();
  });

  it('are not recorded over another vmlinux', () => {
    const recorded = new Map<string, Uint8Array>();
    const sink = { file: (path: string, bytes: Uint8Array) => void recorded.set(path, bytes), directory: () => {} };
    const small = makeBtf('\0', []);
    readKernelTypes(recordHostFiles(machine(both).files, sink, { kernelBtf: small }))?.find('struct', 'nf_conn');
    expect([...recorded]).toEqual([['/sys/kernel/btf/vmlinux', small]]);
    recorded.clear();
    readKernelTypes(recordHostFiles(machine(both).files, sink))?.find('struct', 'nf_conn');
    expect(recorded.get('/sys/kernel/btf/nf')).toBe(module);
  });

  it('cut off or damaged give answers or undefined, never an exception', () => {
    for (let at = 24; at < module.length; at++) {
      const damaged = module.slice();
      damaged[at] = 0xff;
      const types = readKernelTypes(machine({ ...both, '/sys/kernel/btf/nf': damaged }).files) ?? fail();
      types.fields('nf_conn');
      types.alignment('nf_conn');
      types.offsetOf('nf_conn', ['in', 'mark']);
      types.enumConstant('NF_NEW');
      expect(types.find('struct', 'task_struct')).toBeDefined();
    }
  });
});

describe('known types', () => {
  const script = new BtfTypeTable(
    'script',
    openBtf(
      makeBtf('\0task_struct\0own\0int\0', [
        [17, btfKind.int << 24, 4, (1 << 24) | 32],
        [1, struct | 1, 8, 13, 1, 32],
      ]),
    ) ?? fail(),
  );
  const types = new KnownTypes(script, () => baseTypes);

  it('are those of the script first', () => {
    const type = types.find('struct', 'task_struct');
    if (type?.kind !== 'struct') throw new Error('no struct');
    expect(type).toMatchObject({ table: 'script', size: 8 });
    expect(types.fields(type)?.map((field) => field.name)).toEqual(['own']);
    expect(types.offsetOf(type, ['own'])).toBe(4);
    expect(types.alignment(type)).toBe(4);
    expect(types.btfId('struct', 'task_struct')).toBeUndefined();
    const kernels = baseTypes.find('struct', 'task_struct');
    expect(kernels?.kind === 'struct' && types.fields(kernels)?.length).toBeGreaterThan(5);
    expect(types.btfId('struct', 'list_head')).toBe(idOfBase('struct', 'list_head'));
  });
});

function fail(): never {
  throw new Error('there is nothing to look at');
}
