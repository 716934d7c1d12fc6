/**
 * The types of a kernel: those of vmlinux, and behind them those of its loaded modules. Modules have a BTF of their own
 * over that of vmlinux; they are read when a name is asked for that vmlinux does not know, and not before, because there
 * may be a hundred of them.
 */
import type { EnumConstant, Field, Type } from '../types/type.ts';
import { type Btf, openBtf } from './btf.ts';
import { type FunctionSource, type FunctionTypes, functionTypes } from './btf-functions.ts';
import { BtfTypeTable } from './btf-types.ts';
import { typeFromC } from './c-declaration.ts';
import type { HostFiles } from './host-files.ts';
import { once } from './once.ts';
import type { TypeTable } from './world.ts';

export interface KernelTypeTable extends TypeTable {
  /** Of vmlinux. One pass over the names, for those who look up hundreds. */
  namesStartingWith(prefix: string): ReadonlySet<string>;
  /** Of vmlinux and the modules. */
  readonly functions: FunctionTypes;
}

const folder = '/sys/kernel/btf';

/** Undefined when the kernel has no BTF. `file` is read instead of its BTF, and then no modules, which belong to another. */
export function readKernelTypes(files: HostFiles, file?: string | undefined): KernelTypeTable | undefined {
  const bytes = files.read(file ?? `${folder}/vmlinux`);
  const btf = bytes === undefined ? undefined : openBtf(bytes);
  if (btf === undefined) return undefined;
  const vmlinux = new BtfTypeTable('vmlinux', btf);

  const moduleNames = once(() =>
    [...((file === undefined ? files.list(folder) : undefined) ?? [])].filter((name) => name !== 'vmlinux').sort(),
  );
  const sources = new Map<string, FunctionSource | undefined>([['vmlinux', { btf, types: vmlinux }]]);
  const source = (name: string): FunctionSource | undefined => {
    if (!sources.has(name)) {
      const split = files.read(`${folder}/${name}`);
      const module = split === undefined ? undefined : openBtf(split, btf);
      const base = { name: 'vmlinux', typeCount: btf.typeCount() };
      sources.set(name, module && { btf: module, types: new BtfTypeTable(name, module, { base }) });
    }
    return sources.get(name);
  };
  const modules = (): readonly BtfTypeTable[] => moduleNames().flatMap((name) => source(name)?.types ?? []);
  /** The first answer. */
  const ask = <T>(question: (table: BtfTypeTable) => T | undefined): T | undefined => {
    const answer = question(vmlinux);
    if (answer !== undefined) return answer;
    for (const module of modules()) {
      const found = question(module);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const find = (kind: 'struct' | 'union' | 'enum' | 'typedef', name: string): Type | undefined =>
    ask((table) => table.find(kind, name));

  return {
    name: 'vmlinux',
    find,
    fields: (name): readonly Field[] | undefined => ask((table) => table.fields(name)),
    declarations: (name): readonly string[] | undefined => ask((table) => table.declarations(name)),
    offsetOf: (name, path): number | undefined => ask((table) => table.offsetOf(name, path)),
    alignment: (name): number | undefined => ask((table) => table.alignment(name)),
    idOf: (kind, name): number | undefined => ask((table) => table.idOf(kind, name)),
    enumConstant: (name): EnumConstant | undefined => ask((table) => table.enumConstant(name)),
    fromDeclaration: (text): Type | undefined => typeFromC(text, find),
    namesStartingWith: (prefix): ReadonlySet<string> => vmlinux.namesStartingWith(prefix),
    functions: functionTypes(() => ['vmlinux', ...moduleNames()], source),
  };
}

export interface KernelBtf {
  /** `vmlinux`, or the name of a module. */
  readonly name: string;
  readonly btf: Btf;
  /** Highest number of the types that are not its own, but those of vmlinux. */
  readonly baseCount: number;
}

/** All types there are, vmlinux first; for listings. `file` as for readKernelTypes. Empty when the kernel has no BTF. */
export function readKernelBtf(files: HostFiles, file?: string | undefined): readonly KernelBtf[] {
  const bytes = files.read(file ?? `${folder}/vmlinux`);
  const btf = bytes === undefined ? undefined : openBtf(bytes);
  if (btf === undefined) return [];
  const modules = [...((file === undefined ? files.list(folder) : undefined) ?? [])];
  return [
    { name: 'vmlinux', btf, baseCount: 0 },
    ...modules.sort().flatMap((name): readonly KernelBtf[] => {
      const split = name === 'vmlinux' ? undefined : files.read(`${folder}/${name}`);
      const module = split === undefined ? undefined : openBtf(split, btf);
      return module === undefined ? [] : [{ name, btf: module, baseCount: btf.typeCount() }];
    }),
  ];
}
