/**
 * Promotion of types: what one type can hold both (language reference, sections 4.1 and 4.2). Inference promotes all
 * assignments of a variable or map; operators promote their operands.
 */
import type { IntType, NamedType, PointerType, Type } from '../types/type.ts';
import { typesEqual } from '../types/type.ts';

/** Smallest signed type that holds the literal; above 2^63-1 unsigned. Non-negative literals are flexible. */
export function literalType(value: bigint): IntType {
  if (value >= 1n << 63n) return { kind: 'int', bytes: 8, signed: false };
  const bytes = ([1, 2, 4] as const).find(
    (size) => value >= -(1n << BigInt(size * 8 - 1)) && value < 1n << BigInt(size * 8 - 1),
  );
  return value < 0n
    ? { kind: 'int', bytes: bytes ?? 8, signed: true }
    : { kind: 'int', bytes: bytes ?? 8, signed: true, flexible: true };
}

/** Promotion of two integer types; `exact` is false when 64 bits cannot hold all values of both. */
export function promoteIntegers(a: IntType, b: IntType): { readonly type: IntType; readonly exact: boolean } {
  if (a.flexible && b.flexible) return { type: a.bytes >= b.bytes ? a : b, exact: true };
  if (a.flexible || b.flexible) {
    const firm = a.flexible ? b : a;
    return { type: { kind: 'int', bytes: wider(a, b), signed: firm.signed }, exact: true };
  }
  if (a.signed === b.signed) return { type: { kind: 'int', bytes: wider(a, b), signed: a.signed }, exact: true };
  const signed = a.signed ? a : b;
  const unsigned = a.signed ? b : a;
  if (signed.bytes > unsigned.bytes) return { type: firm(signed), exact: true };
  const bytes = unsigned.bytes * 2;
  return bytes === 2 || bytes === 4 || bytes === 8
    ? { type: { kind: 'int', bytes, signed: true }, exact: true }
    : { type: { kind: 'int', bytes: 8, signed: true }, exact: false };
}

/** The type that holds values of both, or undefined when there is none. */
export function promote(a: Type, b: Type): Type | undefined {
  if (a.kind === 'error') return b;
  if (b.kind === 'error') return a;
  if (a.kind === 'int' && b.kind === 'int') return promoteIntegers(a, b).type;
  if (a.kind === 'int' && (b.kind === 'enum' || b.kind === 'bool')) return promoteWithInt(a, b);
  if (b.kind === 'int' && (a.kind === 'enum' || a.kind === 'bool')) return promoteWithInt(b, a);
  // Constants have 8 bytes, members of structs as many as C gives them.
  if (a.kind === 'enum' && b.kind === 'enum' && a.name === b.name) return a.bytes >= b.bytes ? a : b;
  if (a.kind === 'enum' && b.kind === 'enum') return { kind: 'int', bytes: 8, signed: false };
  if (a.kind === 'string' && b.kind === 'string') return a.size >= b.size ? a : b;
  if (a.kind === 'buffer' && b.kind === 'buffer') return a.size >= b.size ? a : b;
  if (a.kind === 'tuple' && b.kind === 'tuple' && a.items.length === b.items.length) {
    const items = promoteAll(a.items, b.items);
    return items === undefined ? undefined : { kind: 'tuple', items };
  }
  if (a.kind === 'record' && b.kind === 'record' && a.fields.length === b.fields.length)
    return promoteRecords(a.fields, b.fields);
  if (a.kind === 'pointer' && b.kind === 'pointer') return promotePointers(a, b);
  if (a.kind === 'aggregate' && b.kind === 'aggregate') {
    if (a.by !== b.by || a.parameters.some((parameter, i) => parameter !== b.parameters[i])) return undefined;
    return a.signed ? a : b;
  }
  return typesEqual(a, b) ? a : undefined;
}

/** The type as it is kept: flexible literals become signed. */
export function settle(type: Type): Type {
  switch (type.kind) {
    case 'int':
      return type.flexible ? firm(type) : type;
    case 'tuple':
      return { kind: 'tuple', items: type.items.map(settle) };
    case 'record':
      return { kind: 'record', fields: type.fields.map((field) => ({ name: field.name, type: settle(field.type) })) };
    default:
      return type;
  }
}

/** Equality that also sees flexibility: inference has come to rest only when nothing changes any more. */
export function sameEvidence(a: Type, b: Type): boolean {
  if (!typesEqual(a, b)) return false;
  if (a.kind === 'int' && b.kind === 'int') return a.flexible === b.flexible;
  if (a.kind === 'tuple' && b.kind === 'tuple') {
    return a.items.every((item, i) => {
      const other = b.items[i];
      return other !== undefined && sameEvidence(item, other);
    });
  }
  if (a.kind === 'record' && b.kind === 'record') {
    return a.fields.every((field, i) => {
      const other = b.fields[i];
      return other !== undefined && sameEvidence(field.type, other.type);
    });
  }
  return true;
}

function firm(type: IntType): IntType {
  return { kind: 'int', bytes: type.bytes, signed: type.signed };
}

function wider(a: IntType, b: IntType): IntType['bytes'] {
  if (a.bytes < b.bytes) return b.bytes;
  return a.bytes;
}

/** A map or variable that holds a constant of an enum and plain integers holds integers. */
function promoteWithInt(int: IntType, other: Type): Type | undefined {
  if (other.kind === 'bool') return undefined;
  return promoteIntegers(int, { kind: 'int', bytes: 8, signed: false }).type;
}

function promoteAll(a: readonly Type[], b: readonly Type[]): Type[] | undefined {
  const items: Type[] = [];
  for (const [i, item] of a.entries()) {
    const other = b[i];
    const both = other === undefined ? undefined : promote(item, other);
    if (both === undefined) return undefined;
    items.push(both);
  }
  return items;
}

/** Records match by name; the order of the first stays. */
function promoteRecords(a: readonly NamedType[], b: readonly NamedType[]): Type | undefined {
  const fields: NamedType[] = [];
  for (const field of a) {
    const other = b.find((candidate) => candidate.name === field.name);
    const type = other === undefined ? undefined : promote(field.type, other.type);
    if (type === undefined) return undefined;
    fields.push({ name: field.name, type });
  }
  return { kind: 'record', fields };
}

/**
 * Pointers go by what they point to, and a void pointer goes with all; where one is kernel and one user memory the
 * address itself tells when it is used.
 */
function promotePointers(a: PointerType, b: PointerType): PointerType | undefined {
  if (a.to.kind === 'none') return b;
  if (b.to.kind === 'none') return a;
  const to = promote(a.to, b.to);
  return to === undefined ? undefined : { kind: 'pointer', to, space: a.space === b.space ? a.space : 'none' };
}
