/**
 * Alignment of types in BTF, which does not say it: that of the members, as C has it, and 1 for structs whose members lie
 * where only packed ones can. An `aligned` attribute that asks for more than the members need is not seen.
 */
import { type Btf, type BtfRecord, btfKind } from './btf.ts';

/** In bytes; 1 for what has no size. */
export function alignmentOf(btf: Btf, id: number): number {
  return measure(btf, id, new Map(), 0);
}

/** Real types nest less than this; corrupt ones may be circles. */
const maxDepth = 64;

function measure(btf: Btf, id: number, known: Map<number, number>, depth: number): number {
  const before = known.get(id);
  if (before !== undefined) return before;
  // Until it is known: a type that holds itself, which only corrupt BTF has, ends here.
  known.set(id, 1);
  const record = depth > maxDepth ? undefined : btf.record(id);
  const align = record === undefined ? 1 : measureRecord(btf, record, known, depth + 1);
  known.set(id, align);
  return align;
}

function measureRecord(btf: Btf, record: BtfRecord, known: Map<number, number>, depth: number): number {
  switch (record.kind) {
    case btfKind.int:
    case btfKind.enum:
    case btfKind.enum64:
    case btfKind.float:
      return Math.min(16, 2 ** Math.floor(Math.log2(Math.max(1, record.sizeOrType))));
    case btfKind.pointer:
      return 8;
    case btfKind.array:
      return measure(btf, btf.array(record)?.element ?? 0, known, depth);
    case btfKind.typedef:
    case btfKind.const:
    case btfKind.volatile:
    case btfKind.restrict:
    case btfKind.typeTag:
      return measure(btf, record.sizeOrType, known, depth);
    case btfKind.struct:
    case btfKind.union: {
      let most = 1;
      for (const member of btf.members(record) ?? []) {
        const align = measure(btf, member.type, known, depth);
        if (member.bitWidth === 0 && member.bitOffset % (8 * align) !== 0) return 1;
        most = Math.max(most, align);
      }
      return record.sizeOrType % most === 0 ? most : 1;
    }
    default:
      return 1;
  }
}
