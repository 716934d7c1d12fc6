/**
 * Types as written in a script -> Type (language reference, section 3). Names are those of the language first, then C
 * types of the preamble and the kernel: typedefs, then structs, unions and enums without their keyword, then the words
 * of C itself (`char`, `long`).
 */
import type { TypeNode } from '../../grammar/ast.ts';
import type { Span } from '../../grammar/source.ts';
import { closest } from '../../grammar/suggest.ts';
import { aggregations } from '../builtins/aggregations/index.ts';
import { builtin } from '../builtins/index.ts';
import { bufferData, sizeOf } from '../types/layout.ts';
import type { AggregateType, Type } from '../types/type.ts';
import {
  boolType,
  errorType,
  int8,
  int16,
  int32,
  int64,
  noneType,
  stringType,
  symbolic,
  typeName,
  uint8,
  uint16,
  uint32,
  uint64,
} from '../types/type.ts';
import { typeFromCAlone } from '../world/c-declaration.ts';
import type { CheckContext } from './check-context.ts';
import { settle } from './promote.ts';
import { typeOfOperand } from './type-query.ts';

const named: { readonly [name: string]: Type } = {
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  bool: boolType,
  void: noneType,
  inet: symbolic('inet'),
  macaddr_t: symbolic('mac'),
  timestamp: symbolic('timestamp'),
  cgroup_path_t: symbolic('cgroup-path'),
  username_t: symbolic('username'),
  ...aggregateNames(),
};

/** Sized by the suffix behind them, which is no array then: `string[64]`. */
const sized: { readonly [name: string]: (size: number) => Type } = {
  string: stringType,
  buffer: (size) => ({ kind: 'buffer', size }),
  // The size of an address is that of the larger family, whatever is written.
  inet: () => symbolic('inet'),
};

/** Larger values have no place: per-CPU memory of BPF maps is allocated in pieces of at most this size. */
const mostBytes = 1n << 20n;

/** The type of a type node; undefined stands for an unsized string, whose size the value decides. */
export function resolveType(cx: CheckContext, node: TypeNode): Type {
  return resolveWith(cx, node, undefined);
}

/** Where `T[]` and `string` take their size from a value: casts. */
export function resolveCastType(cx: CheckContext, node: TypeNode, from: Type): Type {
  return resolveWith(cx, node, from);
}

/** A plain `string`, whose size the values decide. */
export function isUnsizedString(node: TypeNode): boolean {
  const { base, suffixes } = node;
  return base.by === 'name' && base.keyword === undefined && base.name === 'string' && suffixes.length === 0;
}

function resolveWith(cx: CheckContext, node: TypeNode, from: Type | undefined): Type {
  let { suffixes } = node;
  let type: Type | undefined;
  if (node.base.by === 'typeof') type = settle(typeOfOperand(cx, node.base.operand));
  else {
    const { keyword, name } = node.base;
    const [first] = suffixes;
    const ofSize = keyword === undefined && Object.hasOwn(sized, name) ? sized[name] : undefined;
    if (ofSize !== undefined && first?.kind === 'array' && first.length !== undefined) {
      type = isTooLarge(cx, first.length, node.span) ? errorType : ofSize(Number(first.length));
      suffixes = suffixes.slice(1);
    } else if (keyword === undefined && name === 'string') {
      type = from?.kind === 'string' && suffixes.length === 0 ? from : stringType(cx.config.max_strlen);
    } else if (keyword === undefined && name === 'buffer') {
      type = { kind: 'buffer', size: from?.kind === 'buffer' ? from.size : cx.config.max_strlen - bufferData };
    } else type = findNamed(cx, keyword, name);
  }
  if (type === undefined) {
    reportUnknown(cx, node);
    return errorType;
  }
  for (const [i, suffix] of suffixes.entries()) {
    if (type.kind === 'error') return type;
    if (suffix.kind === 'pointer') {
      type = { kind: 'pointer', to: type, space: 'none' };
      continue;
    }
    const length: bigint | undefined = suffix.length ?? lengthLike(type, from, i === suffixes.length - 1);
    if (length === undefined) {
      cx.report.error('unsized-array', node.span, 'an array type needs a length here', {
        hint: 'only a cast takes the length from its value',
      });
      return errorType;
    }
    if (type.kind === 'none' || type.kind === 'aggregate') {
      cx.report.error(
        'array-of',
        node.span,
        `there are no arrays of ${type.kind === 'none' ? 'void' : typeName(type)}`,
      );
      return errorType;
    }
    if (isTooLarge(cx, length * BigInt(sizeOf(type)), node.span)) return errorType;
    type = { kind: 'array', of: type, length: Number(length) };
  }
  return type;
}

/** How many `element`s the bytes of a value are. */
function lengthLike(element: Type, from: Type | undefined, isLast: boolean): bigint | undefined {
  if (from === undefined || !isLast || from.kind === 'error') return from?.kind === 'error' ? 1n : undefined;
  const size = sizeOf(element);
  const bytes = sizeOf(from);
  // What does not divide is refused by the table of casts, which wants equal sizes.
  return size === 0 ? undefined : BigInt(Math.floor(bytes / size));
}

function findNamed(cx: CheckContext, keyword: 'struct' | 'union' | 'enum' | undefined, name: string): Type | undefined {
  if (keyword !== undefined) return cx.types.find(keyword, name);
  if (Object.hasOwn(named, name)) return named[name];
  return (
    cx.types.find('typedef', name) ??
    cx.types.find('struct', name) ??
    cx.types.find('union', name) ??
    cx.types.find('enum', name) ??
    typeFromCAlone(name)
  );
}

/** Without a keyword in front. */
export function isTypeName(cx: CheckContext, name: string): boolean {
  return Object.hasOwn(sized, name) || findNamed(cx, undefined, name) !== undefined;
}

function isTooLarge(cx: CheckContext, bytes: bigint, span: Span): boolean {
  if (bytes <= mostBytes) return false;
  cx.report.error('type-size', span, `a value of this type would have ${bytes} bytes; the most is ${mostBytes}`);
  return true;
}

function reportUnknown(cx: CheckContext, node: TypeNode): void {
  if (node.base.by === 'typeof' || cx.namesMissing) return;
  const { keyword, name } = node.base;
  const near = closest(name, candidates(cx, keyword, name));
  const shown = (word: string): string => (keyword === undefined ? word : `${keyword} ${word}`);
  const other = (['struct', 'union', 'enum'] as const).find(
    (tag) => keyword !== undefined && cx.types.find(tag, name) !== undefined,
  );
  cx.report.error('unknown-type', node.span, `there is no type '${shown(name)}'`, {
    hint:
      other !== undefined
        ? `${name} is ${other === 'enum' ? 'an' : 'a'} ${other}: ${other} ${name}`
        : keyword === undefined && builtin(name)?.variable === true
          ? `${name}() is the value`
          : near === undefined
            ? withoutKernelTypes(cx)
            : `did you mean ${shown(near)}?`,
  });
}

function withoutKernelTypes(cx: CheckContext): string | undefined {
  if (cx.world.kernelTypes() !== undefined) return undefined;
  return 'This kernel has no type information (BTF), so its types have to be defined or included, as in C.';
}

/** Names of types that begin alike: misspelt first letters are rare, and the kernel has 10,000 names. */
function candidates(cx: CheckContext, keyword: 'struct' | 'union' | 'enum' | undefined, name: string): string[] {
  const kinds = keyword === undefined ? (['typedef', 'struct', 'union', 'enum'] as const) : [keyword];
  const near = cx.types.namesStartingWith(name.slice(0, Math.max(1, Math.floor(name.length / 2))));
  const isNear = (candidate: string): boolean => Math.abs(candidate.length - name.length) <= 4;
  const fromC = [...near]
    .filter(isNear)
    .filter((each) => kinds.some((kind) => cx.types.find(kind, each) !== undefined));
  return keyword === undefined ? [...Object.keys(named), ...Object.keys(sized), ...fromC] : fromC;
}

/** `sum_t` and `usum_t`: legal words, and no type of anything but the value of a map. */
function aggregateNames(): { readonly [name: string]: AggregateType } {
  const types = aggregations
    .filter((entry) => entry.castable || entry.name === 'stats')
    .flatMap(({ name: by, castable }): AggregateType[] =>
      [true, false].map((signed) => ({ kind: 'aggregate', by, signed, parameters: [], castable })),
    );
  return Object.fromEntries(types.map((type) => [typeName(type), type]));
}
