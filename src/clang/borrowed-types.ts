/**
 * Kernel types for the user's C: what a preamble mentions without defining it, and BTF knows. clang only has to know how
 * large such a type is and how it is aligned, so structs are declared as bytes; whoever asks for their members is
 * sent on to the kernel's table (`borrowed` of BtfTypeTable). Scalars are declared as they are, for bit-fields
 * and array lengths.
 */
import { sizeOf } from '../types/layout.ts';
import type { Type } from '../types/type.ts';
import type { TypeTable } from '../world/world.ts';
import type { UnknownName } from './c-errors.ts';

/** One line of C; undefined when the kernel has no such type either, or none with a size. */
export function borrowedDeclaration({ kind, name }: UnknownName, kernel: TypeTable): string | undefined {
  if (kind === 'constant') {
    const constant = kernel.enumConstant(name);
    return constant && `enum { ${name} = ${integerText(constant.value)} };`;
  }
  const type = kernel.find(kind, name);
  if (type === undefined) return undefined;
  if (kind === 'typedef') {
    const c = scalar(type) ?? bytes('struct', type, kernel);
    return c && `typedef ${c} ${name};`;
  }
  if (kind === 'enum') {
    // Of the size that the kernel's has; the constant is needed for the syntax only.
    if (type.kind !== 'enum') return undefined;
    const value = type.bytes === 8 ? '1ll << 40' : '0';
    return `enum ${name} { ebtrace_borrowed_${name} = ${value} }${type.bytes < 4 ? ' __attribute__((packed))' : ''};`;
  }
  const c = bytes(`${kind} ${name}`, type, kernel);
  return c && `${c};`;
}

function scalar(type: Type): string | undefined {
  switch (type.kind) {
    case 'int':
      return `${type.signed ? 'signed' : 'unsigned'} ${words[type.bytes]}`;
    case 'enum':
      return `unsigned ${words[type.bytes]}`;
    case 'bool':
      return '_Bool';
    case 'pointer':
      return 'void *';
    default:
      return undefined;
  }
}

const words = { 1: 'char', 2: 'short', 4: 'int', 8: 'long long' } as const;

function bytes(head: string, type: Type, kernel: TypeTable): string | undefined {
  if (type.kind !== 'struct' && type.kind !== 'array' && type.kind !== 'string') return undefined;
  const align = alignmentOf(type, kernel);
  return `${head} { char bytes[${sizeOf(type)}]; } __attribute__((aligned(${align})))`;
}

function alignmentOf(type: Type, kernel: TypeTable): number {
  if (type.kind === 'array') return alignmentOf(type.of, kernel);
  if (type.kind === 'struct') return kernel.alignment(type.name) ?? 1;
  return type.kind === 'string' || type.kind === 'bool' ? 1 : sizeOf(type);
}

/** The lowest integer has no literal in C. */
function integerText(value: bigint): string {
  return value < 0n ? `(${value + 1n}ll - 1)` : `${value}${value >> 63n === 0n ? 'll' : 'ull'}`;
}
