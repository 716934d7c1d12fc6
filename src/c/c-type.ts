/** Scalar types in C, and loads and stores that respect how an address is aligned. */
import type { Type } from '../types/type.ts';

/** C type of a value that lives in a register, or undefined for values in memory. */
export function scalarCType(type: Type): string | undefined {
  switch (type.kind) {
    case 'int':
      return `${type.signed ? 's' : 'u'}${type.bytes * 8}`;
    case 'bool':
      return 'u8';
    case 'enum':
      return `u${type.bytes * 8}`;
    case 'pointer':
    case 'stack':
      return 'u64';
    case 'symbolic':
      return type.of === 'ksym' || type.of === 'username' ? 'u64' : undefined;
    default:
      return undefined;
  }
}

export function isScalar(type: Type): boolean {
  return scalarCType(type) !== undefined;
}

/** An lvalue of C type `cType` at a `u8 *` address that is a multiple of `align`; the stack must not be accessed unaligned. */
export function at(cType: string, address: string, align: number): string {
  const size = Number(cType.slice(1)) / 8;
  return align >= size
    ? `*(${cType} *)(${address})`
    : `((struct { ${cType} v; } __attribute__((packed)) *)(${address}))->v`;
}

/** Alignment of `base + offset`. */
export function alignAt(align: number, offset: number): number {
  let result = align;
  while (result > 1 && offset % result !== 0) result /= 2;
  return result;
}
