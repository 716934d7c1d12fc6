/**
 * What lies behind pointers: `*p`, and members and elements of structs and arrays wherever they are. A read of memory is
 * a `dereference` node that is not carried out before a value is needed: members and constant indices only move its
 * offset, so `$task->files->fdt->fd[2]` becomes one read for each pointer on the way and none for the structs between.
 */
import type { Span } from '../../grammar/source.ts';
import { knownBuiltin } from '../builtins/index.ts';
import { sizeOf } from '../types/layout.ts';
import type { AddressSpace, Field, PointerType, StructType, Type } from '../types/type.ts';
import { typeName, uint64 } from '../types/type.ts';
import type { Dereference, TypedExpr } from '../types/typed-tree.ts';
import type { CheckContext } from './check-context.ts';
import { constant } from './check-context.ts';
import { convertTo } from './convert.ts';
import { settle } from './promote.ts';

/** The value of `type` at an address; nothing is read yet. */
export function readAt(pointer: TypedExpr, space: AddressSpace, type: Type, span: Span): Dereference {
  const path = type.kind === 'struct' ? type.name : '';
  return { kind: 'dereference', pointer, space, type: inherited(type, space), offset: 0, indices: [], path, span };
}

/** `.` and `->` go through any number of pointers: the struct or record at their end, or what was given. */
export function lookThrough(object: TypedExpr): TypedExpr {
  let target = object;
  while (target.type.kind === 'pointer' && leadsToMembers(target.type)) {
    target = readAt(target, target.type.space, target.type.to, object.span);
  }
  return target;
}

function leadsToMembers({ to }: PointerType): boolean {
  return to.kind === 'struct' || to.kind === 'record' || (to.kind === 'pointer' && leadsToMembers(to));
}

/** Member or constant element of a struct, record, tuple, array or string. */
export function partOf(object: TypedExpr, part: Field, span: Span): TypedExpr {
  const bits = part.bits === undefined ? {} : { bits: part.bits };
  if (object.kind === 'dereference') {
    const dot = object.path === '' || part.name.startsWith('[') ? '' : '.';
    const path = `${object.path}${dot}${part.name}`;
    const type = inherited(part.type, object.space);
    return { ...object, type, offset: object.offset + part.offset, path, ...bits, span };
  }
  if (object.kind === 'args-field' && object.field.via === undefined && object.type.kind !== 'string') {
    const field: Field = { ...part, offset: object.field.offset + part.offset };
    return { kind: 'args-field', field, type: part.type, span };
  }
  const settled = convertTo(object, settle(object.type));
  return { kind: 'member', object: settled, offset: part.offset, ...bits, type: part.type, span };
}

/** Element `index` (an unsigned integer) of an array, a string, or what a pointer points to. */
export function elementAt(object: TypedExpr, index: TypedExpr, of: Type, length: number | undefined, span: Span) {
  const step = sizeOf(of);
  const base: TypedExpr =
    object.type.kind === 'pointer' ? readAt(object, object.type.space, object.type.to, span) : object;
  if (index.kind === 'constant' && typeof index.value === 'bigint') {
    return partOf(base, { name: `[${index.value}]`, type: of, offset: Number(index.value) * step }, span);
  }
  if (base.kind === 'dereference') {
    const type = inherited(of, base.space);
    const indices = [...base.indices, { index, step, length, span }];
    return { ...base, type, indices, path: `${base.path}[]`, span } satisfies TypedExpr;
  }
  return { kind: 'index', object: base, index, length: length ?? 0, type: of, span } satisfies TypedExpr;
}

/** Arguments of functions: an array without a length is the address of its first element, as in C. */
export function flexibleArrayAddress(value: TypedExpr): TypedExpr {
  if (value.kind !== 'dereference' || value.type.kind !== 'array' || value.type.length > 0) return value;
  const { span, space } = value;
  const common = { kind: 'binary', signed: false, type: uint64, operatorSpan: span, span } as const;
  const plus = (left: TypedExpr, right: TypedExpr): TypedExpr => ({ ...common, operator: '+', left, right });
  let address: TypedExpr = { kind: 'convert', operand: value.pointer, type: uint64, span };
  for (const { index, step } of value.indices) {
    const distance: TypedExpr = { ...common, operator: '*', left: index, right: constant(BigInt(step), uint64, span) };
    address = plus(address, distance);
  }
  address = plus(address, constant(BigInt(value.offset), uint64, span));
  return { kind: 'convert', operand: address, type: { kind: 'pointer', to: value.type.of, space }, span };
}

/** Pointers found through a pointer point to the same space as that one, unless C says `__user`. */
function inherited(type: Type, space: AddressSpace): Type {
  switch (type.kind) {
    case 'pointer':
      return { ...type, to: inherited(type.to, space), space: type.space === 'user' ? 'user' : space };
    case 'array':
      return { ...type, of: inherited(type.of, space) };
    default:
      return type;
  }
}

/**
 * Where an address points: pointers say so. An integer has the space that its builtin gives it (kaddr, kptr ...), as a literal
 * that of its top bit, as an argument of a system call that of user programs, else that of the probe.
 */
export function spaceOf(cx: CheckContext, address: TypedExpr): AddressSpace {
  if (address.type.kind === 'pointer') return address.type.space;
  switch (address.kind) {
    case 'constant':
      return typeof address.value === 'bigint' && BigInt.asIntN(64, address.value) < 0n
        ? 'kernel'
        : cx.probe.kind.space;
    case 'convert':
      return spaceOf(cx, address.operand);
    case 'binary':
      return address.operator === '+' || address.operator === '-' ? spaceOf(cx, address.left) : cx.probe.kind.space;
    case 'args-field':
      return cx.probe.shape.targets.every((target) => target.parts[0] === 'syscalls') ? 'user' : cx.probe.kind.space;
    case 'call':
      return knownBuiltin(address.builtin).space ?? cx.probe.kind.space;
    default:
      return cx.probe.kind.space;
  }
}

/** The type of a cast to a pointer: it points where its operand does. */
export function castPointer(cx: CheckContext, operand: TypedExpr, type: Type): Type {
  if (type.kind !== 'pointer') return type;
  return { kind: 'pointer', to: castPointer(cx, operand, type.to), space: spaceOf(cx, operand) };
}

/** The type behind a pointer has a size: not void, and not a struct that is only declared. Else it is reported. */
export function hasTarget(cx: CheckContext, type: PointerType, span: Span): boolean {
  const { to } = type;
  if (to.kind === 'none') {
    cx.report.error('void-pointer', span, 'nothing is known of what a void pointer points to', {
      hint: 'cast it to a pointer to a type: *(uint64 *)$pointer',
    });
    return false;
  }
  if (to.kind === 'aggregate') {
    cx.report.error(
      'pointer-to-aggregate',
      span,
      `values of type ${typeName(to)} exist in maps only, and no pointer leads there`,
    );
    return false;
  }
  return to.kind !== 'struct' || membersOf(cx, to, span) !== undefined;
}

/** Members of a struct; undefined (reported) when it is only declared. */
export function membersOf(cx: CheckContext, type: StructType, span: Span): readonly Field[] | undefined {
  const fields = cx.types.fields(type);
  if (fields !== undefined && (type.size > 0 || fields.length > 0)) return fields;
  cx.report.error('incomplete-struct', span, `${typeName(type)} is only declared: its members are not known`, {
    hint: 'include the header that defines it, or define it at the top of the script',
  });
  return undefined;
}

/** False, and reported, for a member whose C type has no values in the language: floating point, a bit-field that is too wide, pointers that are no addresses. */
export function hasValue(cx: CheckContext, field: Field, of: Type, span: Span): boolean {
  if (field.type.kind === 'pointer' && field.type.tag !== undefined) {
    const { tag } = field.type;
    cx.report.error(
      'pointer-tag',
      span,
      `the pointer ${field.name} of ${typeName(of)} is marked __${tag} in the kernel`,
      {
        hint:
          tag === 'percpu'
            ? 'its value is no address: each CPU has memory of its own at a distance from it'
            : 'what it holds is not the address of what it points to',
      },
    );
    return false;
  }
  if (field.type.kind !== 'none') return true;
  cx.report.error('member-type', span, `the member ${field.name} of ${typeName(of)} has a type without values here`, {
    hint: 'numbers with a decimal point and bit-fields of more than 64 bits cannot be read',
  });
  return false;
}

/** `&$x`, `&@m` have this type: kernel addresses. */
export function addressType(of: Type): PointerType {
  return { kind: 'pointer', to: settle(of), space: 'kernel' };
}
