/**
 * Functions of the BPF programs that are loaded on the machine, as targets of fentry and fexit. There is no file about
 * them: the runtime asks the kernel (runtime/libbpf/loaded-programs.ts) and this module reads the answers. A program
 * carries BTF of its own, with the names and types of its source.
 */
import type { Field, StructType, Type } from '../types/type.ts';
import { pointerTo } from '../types/type.ts';
import { type Btf, btfKind, openBtf } from './btf.ts';
import { type FunctionPrototype, prototypeOf } from './btf-functions.ts';
import { BtfTypeTable } from './btf-types.ts';
import type { TypeTable } from './world.ts';

/** One program as the kernel tells of it. */
export interface LoadedProgram {
  /** Counted up by the kernel and never used twice while it runs. */
  readonly id: number;
  /** At most 15 characters, empty for programs without one. */
  readonly name: string;
  /** Undefined when it was loaded without. */
  readonly btf: Uint8Array | undefined;
  /** Numbers of its functions in its BTF, the program itself first. */
  readonly functions: readonly number[];
  /** Why the kernel attaches nothing to it; undefined when nothing is known against it. */
  readonly obstacle?: string;
}

export interface BpfFunction {
  readonly program: number;
  readonly name: string;
  readonly prototype: FunctionPrototype;
}

export interface BpfPrograms {
  readonly programs: readonly LoadedProgram[];
  /** In the order of programs and of the functions in them, each name of a program once. */
  functions(): readonly BpfFunction[];
  find(program: number, name: string): BpfFunction | undefined;
  /** Types of the functions' arguments, by `StructType.table`. */
  types(table: string): TypeTable | undefined;
}

export function bpfPrograms(programs: readonly LoadedProgram[], kernelTypes: () => TypeTable | undefined): BpfPrograms {
  const tables = new Map<string, TypeTable>();
  const read = (program: LoadedProgram): readonly BpfFunction[] => {
    const btf = program.btf && openBtf(program.btf);
    if (btf === undefined) return [];
    const table = `${tablePrefix}${program.id}`;
    const borrowed = sharedWithKernel(btf, table, kernelTypes());
    const types = new BtfTypeTable(table, btf, { outer: kernelTypes, borrowed });
    tables.set(table, types);
    const found = new Map<string, BpfFunction>();
    for (const id of program.functions) {
      const name = btf.record(id)?.name;
      const prototype = prototypeOf({ btf, types }, id, 0);
      if (name === undefined || prototype === undefined || found.has(name)) continue;
      const parameters = prototype.parameters.map((field) => asKernelHasIt(field, kernelTypes()));
      found.set(name, { program: program.id, name, prototype: { ...prototype, parameters } });
    }
    return [...found.values()];
  };
  let all: readonly BpfFunction[] | undefined;
  const functions = (): readonly BpfFunction[] => {
    all ??= programs.flatMap(read);
    return all;
  };
  return {
    programs,
    functions,
    find: (program, name) => functions().find((each) => each.program === program && each.name === name),
    types: (table) => {
      functions();
      return tables.get(table);
    },
  };
}

/** `StructType.table` of a program's own types; no module has such a name. */
const tablePrefix = 'bpf:';

export function isProgramTable(table: string): boolean {
  return table.startsWith(tablePrefix);
}

/**
 * Structs that programs declare in order to read them from the kernel, often with a few members only: those of a name and
 * with members that the kernel's struct has too. Their offsets are the kernel's.
 */
function sharedWithKernel(btf: Btf, table: string, kernel: TypeTable | undefined): ReadonlySet<string> {
  const own = new BtfTypeTable(table, btf);
  const shared = new Set<string>();
  for (let id = 1; kernel !== undefined && id <= btf.typeCount(); id++) {
    const record = btf.record(id);
    const keyword = record?.kind === btfKind.struct ? 'struct' : record?.kind === btfKind.union ? 'union' : undefined;
    if (record === undefined || keyword === undefined || record.name === '') continue;
    const theirs = new Set(kernel.fields(record.name)?.map(({ name }) => name));
    const ours = own.fields(record.name) ?? [];
    if (ours.length > 0 && ours.every(({ name }) => theirs.has(name))) shared.add(`${keyword} ${record.name}`);
  }
  return shared;
}

/**
 * The context of these kinds of programs is described to them by one struct, and is another in memory: the verifier
 * changes their accesses. Who traces them sees the memory. Pairs as in include/linux/bpf_types.h.
 */
const contexts: { readonly [seen: string]: string } = {
  __sk_buff: 'sk_buff',
  xdp_md: 'xdp_buff',
  bpf_sock_addr: 'bpf_sock_addr_kern',
  bpf_sock_ops: 'bpf_sock_ops_kern',
  sk_msg_md: 'sk_msg',
  bpf_perf_event_data: 'bpf_perf_event_data_kern',
  bpf_sysctl: 'bpf_sysctl_kern',
  bpf_sockopt: 'bpf_sockopt_kern',
  sk_reuseport_md: 'sk_reuseport_kern',
  bpf_sk_lookup: 'bpf_sk_lookup_kern',
};

function asKernelHasIt(field: Field, kernel: TypeTable | undefined): Field {
  const struct = structBehind(field.type);
  const name = struct && contexts[struct.name];
  if (name === undefined) return field;
  const type = kernel?.find('struct', name);
  const declaration = `struct ${name} * ${field.name}`;
  return type === undefined ? field : { ...field, type: pointerTo(type, 'kernel'), declaration };
}

function structBehind(type: Type): StructType | undefined {
  return type.kind === 'pointer' && type.to.kind === 'struct' ? type.to : undefined;
}
