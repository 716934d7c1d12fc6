/**
 * The functions that a BPF object offers to others: global functions of its `.text` section, with the prototypes that
 * its BTF has for them. Programs (functions in sections of their own) are no functions to call.
 */
import type { NamedType } from '../types/type.ts';
import { type Btf, type BtfRecord, btfKind, openBtf } from './btf.ts';
import { BtfTypeTable } from './btf-types.ts';
import type { Prototype } from './definitions.ts';
import { type ElfFile, readElf } from './elf.ts';

/** `name` of the object, for messages. Undefined when the bytes are no BPF object with BTF. */
export function functionsOf(name: string, object: Uint8Array): readonly Prototype[] | undefined {
  const elf = readElf(object);
  const btf = elf?.machine === bpfMachine ? openBtf(elf.section('.BTF') ?? new Uint8Array()) : undefined;
  if (elf === undefined || btf === undefined) return undefined;
  const types = new BtfTypeTable(name, btf);
  const inText = textFunctions(elf);
  return functionRecords(btf)
    .filter((record) => inText.has(record.name))
    .flatMap((record) => {
      const prototype = btf.record(record.sizeOrType);
      const ids = prototype && btf.parameters(prototype);
      const names = prototype && btf.parameterNames(prototype);
      if (prototype === undefined || ids === undefined || names === undefined) return [];
      const parameters = ids.map((id, i): NamedType => ({ name: names[i] || `${i + 1}`, type: types.typeOf(id) }));
      return [{ name: record.name, parameters, returns: types.typeOf(prototype.sizeOrType), object: name }];
    });
}

/** EM_BPF */
const bpfMachine = 247;
/** BTF_FUNC_GLOBAL, in the place of the number of members. */
const globalLinkage = 1;

function functionRecords(btf: Btf): readonly BtfRecord[] {
  return Array.from({ length: btf.typeCount() }, (_, i) => btf.record(i + 1)).filter(
    (record): record is BtfRecord =>
      record !== undefined && record.kind === btfKind.func && record.length === globalLinkage,
  );
}

const symbolBytes = 24;
/** STT_FUNC, the low half of st_info. */
const functionSymbol = 2;

function textFunctions(elf: ElfFile): ReadonlySet<string> {
  const symbols = Buffer.from(elf.section('.symtab') ?? []);
  const strings = Buffer.from(elf.section('.strtab') ?? []);
  const text = elf.sections.findIndex((section) => section.name === '.text');
  const names = new Set<string>();
  for (let at = 0; at + symbolBytes <= symbols.length; at += symbolBytes) {
    if ((symbols.readUInt8(at + 4) & 0xf) !== functionSymbol || symbols.readUInt16LE(at + 6) !== text) continue;
    const start = symbols.readUInt32LE(at);
    const end = strings.indexOf(0, start);
    if (end >= 0) names.add(strings.toString('latin1', start, end));
  }
  return names;
}
