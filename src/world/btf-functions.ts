/**
 * Functions of the kernel as BTF describes them, by the module that has them: what fentry, fexit and raw tracepoints
 * know of arguments and results. An argument reaches a program in 64-bit words (one, or as many as a struct passed by
 * value fills), so a parameter is described as a Field at the offset of its first word.
 */
import { sizeOf } from '../types/layout.ts';
import type { Field, Type } from '../types/type.ts';
import { type Btf, type BtfRecord, btfKind } from './btf.ts';
import type { BtfTypeTable } from './btf-types.ts';
import { cDeclaration } from './c-definition.ts';

export interface FunctionTypes {
  /** `vmlinux` first, then the loaded modules that have BTF. */
  modules(): readonly string[];
  /** Undefined when the module (`vmlinux`) has no BTF, or no such function in it. */
  prototype(module: string, name: string): FunctionPrototype | undefined;
  /** All functions of a module; empty when it has no BTF. */
  names(module: string): ReadonlySet<string>;
  /** Names of the raw tracepoints of a module. */
  rawTracepoints(module: string): ReadonlySet<string>;
  /** What a raw tracepoint passes to programs, which is its prototype without the pointer that comes first. */
  rawTracepoint(module: string, name: string): FunctionPrototype | undefined;
}

export interface FunctionPrototype {
  /** Number of the function in the BTF of its module. */
  readonly id: number;
  /** Parameters; `offset` is that of the first 64-bit word, `declaration` the C text. */
  readonly parameters: readonly Field[];
  /** 64-bit words of all parameters. */
  readonly words: number;
  readonly result: Type;
  readonly returnsVoid: boolean;
  /** The C text of its type. */
  readonly resultDeclaration: string;
  /** Why programs cannot be attached to it, whatever the kernel; undefined when nothing speaks against it. */
  readonly obstacle: string | undefined;
}

export interface FunctionSource {
  readonly btf: Btf;
  readonly types: BtfTypeTable;
}

export function functionTypes(
  modules: () => readonly string[],
  source: (module: string) => FunctionSource | undefined,
): FunctionTypes {
  const all = new Map<string, ReadonlyMap<string, number>>();
  const names = new Map<string, ReadonlySet<string>>();
  const lookedUp = new Map<string, number>();
  /** Looking for one name reads all records, as making a table of all does, which takes longer: worth it for many. */
  const find = (module: string, { btf }: FunctionSource, name: string): number | undefined => {
    const table = all.get(module);
    if (table !== undefined) return table.get(name);
    const count = (lookedUp.get(module) ?? 0) + 1;
    lookedUp.set(module, count);
    return count > mostSingle ? tableOf(module, btf).get(name) : btf.findFunction(name);
  };
  const tableOf = (module: string, btf: Btf): ReadonlyMap<string, number> => {
    const table = all.get(module) ?? btf.functions();
    all.set(module, table);
    return table;
  };
  return {
    modules,
    prototype: (module, name) => {
      const from = source(module);
      const id = from && find(module, from, name);
      return from === undefined || id === undefined ? undefined : prototypeOf(from, id, 0);
    },
    names: (module) => {
      const from = source(module);
      const known = names.get(module) ?? new Set(from === undefined ? [] : tableOf(module, from.btf).keys());
      names.set(module, known);
      return known;
    },
    rawTracepoints: (module) => {
      const found = source(module)?.btf.namesStartingWith(typedefPrefix) ?? [];
      return new Set(Array.from(found, (name) => name.slice(typedefPrefix.length)));
    },
    rawTracepoint: (module, name) => {
      const from = source(module);
      if (from === undefined) return undefined;
      // The first two have names for the parameters; the typedef, which every tracepoint has, only their types.
      const id =
        find(module, from, `__probestub_${name}`) ??
        find(module, from, `__traceiter_${name}`) ??
        from.btf.find(`${typedefPrefix}${name}`, [btfKind.typedef]);
      return id === undefined ? undefined : prototypeOf(from, id, 1);
    },
  };
}

/** Names that are looked for one by one before a table is made. */
const mostSingle = 8;

const typedefPrefix = 'btf_trace_';
const wordBytes = 8;
/** MAX_BPF_FUNC_ARGS of include/linux/bpf.h. */
const mostParameters = 12;

/** `id`: a function, or a typedef for a pointer to one. `skipped` parameters at the start are left out. */
export function prototypeOf(
  { btf, types }: FunctionSource,
  id: number,
  skipped: number,
): FunctionPrototype | undefined {
  const record = signature(btf, id);
  const ids = record && btf.parameters(record);
  const names = record && btf.parameterNames(record);
  if (record === undefined || ids === undefined || names === undefined) return undefined;
  const parameters: Field[] = [];
  let words = 0;
  for (const [i, typeId] of ids.entries()) {
    if (i < skipped || isEllipsis(ids, i)) continue;
    const type = types.typeOf(typeId);
    const name = names[i] || `arg${i - skipped}`;
    parameters.push({ name, type, offset: words * wordBytes, declaration: `${cDeclaration(btf, typeId, '')} ${name}` });
    words += Math.max(1, Math.ceil(sizeOf(type) / wordBytes));
  }
  const result = types.typeOf(record.sizeOrType);
  return {
    id,
    parameters,
    words,
    result,
    returnsVoid: record.sizeOrType === 0,
    resultDeclaration: cDeclaration(btf, record.sizeOrType, ''),
    obstacle: obstacleOf(btf, ids, parameters, words, result),
  };
}

function isFloat(btf: Btf, id: number): boolean {
  let record = btf.record(id);
  for (let steps = 0; record?.kind === btfKind.typedef && steps < 16; steps++) record = btf.record(record.sizeOrType);
  return record?.kind === btfKind.float;
}

function obstacleOf(
  btf: Btf,
  ids: readonly number[],
  parameters: readonly Field[],
  words: number,
  result: Type,
): string | undefined {
  if (ids.some((_, i) => isEllipsis(ids, i))) return 'it takes a variable number of arguments';
  if (words > mostParameters) return `it takes more than ${mostParameters} arguments`;
  if (ids.some((id) => isFloat(btf, id))) return 'it takes a floating-point number';
  if (result.kind === 'struct') return 'it returns a struct by value';
  const large = parameters.find(({ type }) => type.kind === 'struct' && type.size > 2 * wordBytes);
  return large && `its argument ${large.name} is a struct of more than ${2 * wordBytes} bytes by value`;
}

function isEllipsis(ids: readonly number[], index: number): boolean {
  return ids[index] === 0 && index === ids.length - 1;
}

/** The prototype behind a function, or behind a typedef for a pointer to a function. */
function signature(btf: Btf, id: number): BtfRecord | undefined {
  let record = btf.record(id);
  const way: readonly number[] = [btfKind.func, btfKind.typedef, btfKind.pointer, btfKind.const];
  for (let steps = 0; record !== undefined && way.includes(record.kind) && steps < way.length; steps++) {
    record = btf.record(record.sizeOrType);
  }
  return record?.kind === btfKind.funcProto ? record : undefined;
}
