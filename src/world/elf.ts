/**
 * Sections of an ELF object file: what is needed to take the `.BTF` section out of a compiled C preamble. 64-bit little
 * endian only, as all our targets are.
 */
export interface ElfFile {
  /** `e_machine`: 62 x86_64, 183 aarch64, 247 BPF. */
  readonly machine: number;
  readonly sections: readonly ElfSection[];
  /** Contents of the first section of that name; undefined when there is none or it has no bytes in the file. */
  section(name: string): Uint8Array | undefined;
}

export interface ElfSection {
  readonly name: string;
  /** SHT_*: 1 program data, 2 symbols, 3 strings, 8 no bytes in the file. */
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

/** Undefined when it is no 64-bit little-endian ELF file, or a section header lies outside of it. */
export function readElf(bytes: Uint8Array): ElfFile | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < fileHeaderBytes || view.getUint32(0, false) !== 0x7f454c46) return undefined;
  const is64Bit = view.getUint8(4) === 2;
  const isLittleEndian = view.getUint8(5) === 1;
  if (!is64Bit || !isLittleEndian) return undefined;
  const headers = readHeaders(view);
  const names = headers?.[view.getUint16(62, true)];
  if (headers === undefined || names === undefined) return undefined;
  const sections = headers.map(({ nameOffset, type, offset, size }) => ({
    name: stringAt(bytes, names, nameOffset),
    type,
    offset,
    size,
  }));
  return {
    machine: view.getUint16(18, true),
    sections,
    section: (name) => {
      const found = sections.find((section) => section.name === name);
      if (found === undefined || found.type === noBytes || !fits(found, bytes.byteLength)) return undefined;
      return bytes.subarray(found.offset, found.offset + found.size);
    },
  };
}

const fileHeaderBytes = 64;
const sectionHeaderBytes = 64;
/** SHT_NOBITS: .bss and the like. */
const noBytes = 8;

interface SectionHeader {
  readonly nameOffset: number;
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

function readHeaders(view: DataView): readonly SectionHeader[] | undefined {
  const table = Number(view.getBigUint64(40, true));
  const entrySize = view.getUint16(58, true);
  const count = view.getUint16(60, true);
  if (entrySize !== sectionHeaderBytes || table + count * entrySize > view.byteLength) return undefined;
  return Array.from({ length: count }, (_, i) => {
    const at = table + i * entrySize;
    return {
      nameOffset: view.getUint32(at, true),
      type: view.getUint32(at + 4, true),
      offset: Number(view.getBigUint64(at + 24, true)),
      size: Number(view.getBigUint64(at + 32, true)),
    };
  });
}

function fits(section: { readonly offset: number; readonly size: number }, length: number): boolean {
  return section.offset + section.size <= length;
}

function stringAt(bytes: Uint8Array, table: SectionHeader, offset: number): string {
  if (!fits(table, bytes.byteLength) || offset >= table.size) return '';
  const start = table.offset + offset;
  const end = bytes.indexOf(0, start);
  return Buffer.from(bytes.subarray(start, end < 0 ? bytes.length : end)).toString('latin1');
}
