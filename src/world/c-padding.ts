/**
 * Gaps in C definitions that are made of BTF: `long: 64;` where the layout has room that no member and no alignment
 * explains, and whether a struct is packed. By the rules of libbpf's btf_dump, so that listings are the same.
 */
import { type Btf, type BtfRecord, btfKind } from './btf.ts';

/** Unnamed bit-fields that fill the gap from bit `from` to bit `to`; `align`: bytes, of the member that comes there. */
export function padding(from: number, to: number, align: number, isBetweenBits: boolean): readonly string[] {
  if (from >= to) return [];
  const unit = units.find(({ bits }) => roundUp(from, bits) <= to) ?? byteUnit;
  const lines: string[] = [];
  let at = from;
  const start = roundUp(from, unit.bits);
  if (start > at && start <= to) {
    // Without a word the compiler would place the next member, or the next filler, before `start`.
    const isImplied = start === to ? roundUp(at, align * 8) === start : to - start > start - at;
    if (isBetweenBits || !isImplied) lines.push(`${unit.name}: ${isBetweenBits ? start - at : 0};`);
    at = start;
  }
  for (; at < to; at += unit.bits) {
    const bits = Math.min(unit.bits, to - at);
    const smallest = units.findLast((other) => other.bits >= bits) ?? unit;
    lines.push(`${bits === unit.bits ? unit.name : smallest.name}: ${bits};`);
  }
  return lines;
}

const byteUnit = { name: 'char', bits: 8 };
/** Largest first, with the sizes of all machines that we know. */
const units = [{ name: 'long', bits: 64 }, { name: 'int', bits: 32 }, { name: 'short', bits: 16 }, byteUnit];

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

/** No layout without the attribute would have members or the end where they are. */
export function isPacked(btf: Btf, record: BtfRecord): boolean {
  return record.kind === btfKind.struct && layoutAlign(btf, record, 0) === undefined;
}

/** Bytes. */
export function alignOf(btf: Btf, type: number, depth = 0): number {
  const record = btf.record(type);
  if (record === undefined || depth > deepest) return 1;
  switch (record.kind) {
    case btfKind.int:
    case btfKind.enum:
    case btfKind.enum64:
    case btfKind.float:
      return Math.min(wordBytes, record.sizeOrType);
    case btfKind.pointer:
      return wordBytes;
    case btfKind.array:
      return alignOf(btf, btf.array(record)?.element ?? 0, depth + 1);
    case btfKind.struct:
    case btfKind.union:
      return layoutAlign(btf, record, depth) ?? 1;
    default:
      return alignOf(btf, record.sizeOrType, depth + 1);
  }
}

/** Bits of a value of the type. */
export function bitsOf(btf: Btf, type: number, depth = 0): number {
  const record = btf.record(type);
  if (record === undefined || depth > deepest) return 0;
  if (record.kind === btfKind.pointer) return wordBytes * 8;
  if (record.kind === btfKind.array) {
    const { element = 0, length = 0 } = btf.array(record) ?? {};
    return length * bitsOf(btf, element, depth + 1);
  }
  return isSized(record) ? record.sizeOrType * 8 : bitsOf(btf, record.sizeOrType, depth + 1);
}

const wordBytes = 8;
/** Deeper than any type of the kernel; BTF that refers to itself in a circle ends here. */
const deepest = 32;

function isSized({ kind }: BtfRecord): boolean {
  return sizedKinds.has(kind);
}

const sizedKinds: ReadonlySet<number> = new Set([
  btfKind.int,
  btfKind.struct,
  btfKind.union,
  btfKind.enum,
  btfKind.enum64,
  btfKind.float,
]);

/** Undefined where only a packed record can have that layout. */
function layoutAlign(btf: Btf, record: BtfRecord, depth: number): number | undefined {
  let largest = 1;
  for (const { type, bitOffset, bitWidth } of btf.members(record) ?? []) {
    const align = alignOf(btf, type, depth + 1);
    if (bitWidth === 0 && bitOffset % (8 * align) !== 0) return undefined;
    largest = Math.max(largest, align);
  }
  return record.sizeOrType % largest === 0 ? largest : undefined;
}
