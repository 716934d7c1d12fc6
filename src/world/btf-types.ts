/**
 * BTF records -> types of the language: the TypeTable that the checker asks for kernel structs, for the types of the
 * script's C preamble, and for the types named in tracefs format files. Structs stay names (StructType) and are looked
 * into one at a time, so their cycles do no harm and task_struct costs only its own members.
 */
import {
  type AddressSpace,
  anonymousPrefix,
  boolType,
  type EnumConstant,
  type EnumType,
  type Field,
  type IntType,
  noneType,
  pointerTo,
  type Type,
} from '../types/type.ts';
import { type Btf, type BtfMember, type BtfRecord, btfKind } from './btf.ts';
import { alignmentOf } from './btf-alignment.ts';
import { bitFieldPlace } from './btf-bit-field.ts';
import { typeFromC } from './c-declaration.ts';
import { cDeclaration } from './c-definition.ts';
import type { TypeTable } from './world.ts';

export interface BtfTableOptions {
  /** Types that the table of a script only mentions: declared without members, or `borrowed`. */
  readonly outer?: (() => TypeTable | undefined) | undefined;
  /** `struct NAME`, `typedef NAME` ... that are stand-ins for those of `outer`. */
  readonly borrowed?: ReadonlySet<string> | undefined;
  /** Constants of enums that have no name and no type here, enum by enum. */
  readonly unnamedEnums?: readonly (readonly EnumConstant[])[] | undefined;
  /** Space of pointers without a tag. `none`: that of the struct they are read from. */
  readonly pointerSpace?: AddressSpace | undefined;
  /** Of a module: the table that its BTF builds on, and the highest id there. */
  readonly base?: { readonly name: string; readonly typeCount: number } | undefined;
}

/** `name` (`vmlinux`, a module, the script) goes into every StructType, so that its fields are looked for here. */
export class BtfTypeTable implements TypeTable {
  readonly name: string;
  readonly #btf: Btf;
  readonly #found = new Map<string, Type | undefined>();
  readonly #declared = new Map<string, Type | undefined>();
  readonly #fields = new Map<string, readonly Field[] | undefined>();
  readonly #enums = new Map<number, Type>();
  readonly #constants = new Map<string, EnumConstant | undefined>();
  readonly #options: BtfTableOptions;

  constructor(name: string, btf: Btf, options: BtfTableOptions = {}) {
    this.name = name;
    this.#btf = btf;
    this.#options = options;
  }

  /** Type number `id` of this BTF; `void` and what is no value of the language are none. */
  typeOf(id: number): Type {
    return this.#typeOf(id, { depth: 0 });
  }

  find(kind: 'struct' | 'union' | 'enum' | 'typedef', name: string): Type | undefined {
    const key = `${kind} ${name}`;
    if (!this.#found.has(key)) {
      const id = this.#btf.find(name, kindsOf[kind]);
      this.#found.set(key, id === undefined ? undefined : this.#typeOf(id, { depth: 0 }));
    }
    return this.#found.get(key);
  }

  /** `name`: that of a struct or union, of a typedef for one, or the `name` of any StructType of this table. */
  fields(name: string): readonly Field[] | undefined {
    if (!this.#fields.has(name)) this.#fields.set(name, this.#lender(name)?.fields(name) ?? this.#readFields(name));
    return this.#fields.get(name);
  }

  declarations(name: string): readonly string[] | undefined {
    const lender = this.#lender(name);
    if (lender !== undefined) return lender.declarations(name);
    const composite = this.#compositeNamed(name);
    return composite && this.#declarationsIn(composite, 0);
  }

  #declarationsIn(composite: BtfRecord, depth: number): readonly string[] {
    const members = depth > maxDepth ? [] : (this.#btf.members(composite) ?? []);
    return members.flatMap(({ name, type }) => {
      if (name !== '') return `${cDeclaration(this.#btf, type, '')} ${name}`;
      const inner = this.#btf.record(type);
      return inner === undefined ? [] : this.#declarationsIn(inner, depth + 1);
    });
  }

  offsetOf(name: string, path: readonly string[]): number | undefined {
    const lender = this.#lender(name);
    if (lender !== undefined) return lender.offsetOf(name, path);
    let composite = this.#compositeNamed(name);
    let bits = 0;
    for (const step of path) {
      const member = composite && this.#btf.members(composite)?.find((each) => each.name === step);
      if (member === undefined) return undefined;
      bits += member.bitOffset;
      composite = this.#underlying(member.type);
    }
    return bits % 8 === 0 ? bits / 8 : undefined;
  }

  enumConstant(name: string): EnumConstant | undefined {
    if (!this.#constants.has(name)) this.#constants.set(name, this.#findConstant(name));
    return this.#constants.get(name);
  }

  fromDeclaration(text: string): Type | undefined {
    if (!this.#declared.has(text)) {
      this.#declared.set(
        text,
        typeFromC(text, (kind, name) => this.find(kind, name)),
      );
    }
    return this.#declared.get(text);
  }

  /** One pass over the names, for those who look up hundreds. */
  namesStartingWith(prefix: string): ReadonlySet<string> {
    return this.#btf.namesStartingWith(prefix);
  }

  alignment(name: string): number | undefined {
    const lender = this.#lender(name);
    if (lender !== undefined) return lender.alignment(name);
    const composite = this.#compositeNamed(name);
    return composite && alignmentOf(this.#btf, composite.id);
  }

  idOf(kind: 'struct' | 'union' | 'enum' | 'typedef', name: string): number | undefined {
    return this.#btf.find(name, kindsOf[kind]);
  }

  #findConstant(name: string): EnumConstant | undefined {
    for (const values of this.#options.unnamedEnums ?? []) {
      const constant = values.find((each) => each.name === name);
      if (constant !== undefined) return { ...constant, enumName: unnamedEnumName(values), values };
    }
    const id = this.#btf.enumWith(name);
    const type = id === undefined ? noneType : this.#typeOf(id, { depth: 0 });
    if (type.kind !== 'enum') return undefined;
    const constant = type.values.find((each) => each.name === name);
    return constant && { ...constant, enumName: type.name, values: type.values };
  }

  #readFields(name: string): readonly Field[] | undefined {
    const composite = this.#compositeNamed(name);
    if (composite === undefined) return undefined;
    const found: Field[] = [];
    return this.#addFields(found, composite, 0, composite, { left: maxMembers, depth: 0 }) ? found : undefined;
  }

  /**
   * Members of `record` at `base` (bits from the start of `outermost`). Unnamed members are looked through. False when
   * the BTF nests without end, which the budget of members bounds.
   */
  #addFields(found: Field[], record: BtfRecord, base: number, outermost: BtfRecord, budget: Budget): boolean {
    const members = this.#btf.members(record);
    if (members === undefined || budget.depth > maxDepth) return false;
    for (const member of members) {
      if (--budget.left < 0) return false;
      if (member.name !== '') {
        found.push(this.#fieldOf(member, base + member.bitOffset, outermost.sizeOrType));
        continue;
      }
      const inner = this.#underlying(member.type);
      if (inner === undefined || !isComposite(inner)) continue; // An unnamed bit-field is padding.
      const deeper: Budget = { left: budget.left, depth: budget.depth + 1 };
      if (!this.#addFields(found, inner, base + member.bitOffset, outermost, deeper)) return false;
      budget.left = deeper.left;
    }
    return true;
  }

  #fieldOf(member: BtfMember, bitOffset: number, structSize: number): Field {
    const type = this.#typeOf(member.type, { depth: 0 });
    const plain: Field = { name: member.name, type, offset: Math.floor(bitOffset / 8) };
    const record = this.#underlying(member.type);
    const integer = record === undefined ? undefined : this.#btf.integer(record);
    const oldStyle = integer !== undefined && integer.bits !== (record?.sizeOrType ?? 0) * 8;
    const width = member.bitWidth !== 0 ? member.bitWidth : oldStyle ? (integer?.bits ?? 0) : 0;
    if (width === 0) return plain;
    const bytes = type.kind === 'int' || type.kind === 'enum' ? type.bytes : type.kind === 'bool' ? 1 : undefined;
    const first = bitOffset + (member.bitWidth === 0 ? (integer?.bitOffset ?? 0) : 0);
    const place = bytes === undefined ? undefined : bitFieldPlace(first, width, bytes, structSize);
    return place === undefined ? { ...plain, type: noneType } : { ...plain, ...place };
  }

  #typeOf(id: number, way: Way): Type {
    const record = way.depth > maxDepth ? undefined : this.#btf.record(id);
    if (record === undefined) return noneType;
    const next = { ...way, depth: way.depth + 1 };
    switch (record.kind) {
      case btfKind.int:
        return this.#integerType(record);
      case btfKind.pointer:
        return this.#pointerType(record, way.depth);
      case btfKind.array:
        return this.#arrayType(record, way.depth);
      case btfKind.struct:
      case btfKind.union:
        return this.#borrowedType(record) ?? this.#structType(record, way.alias);
      case btfKind.forward:
        return this.#outerType(record) ?? this.#opaqueType(record);
      case btfKind.enum:
      case btfKind.enum64:
        return this.#borrowedType(record) ?? this.#enumType(record, way.alias);
      case btfKind.typedef:
        return this.#borrowedType(record) ?? this.#typeOf(record.sizeOrType, { ...next, alias: record });
      case btfKind.const:
      case btfKind.volatile:
      case btfKind.restrict:
      case btfKind.typeTag:
        return this.#typeOf(record.sizeOrType, next);
      default:
        return noneType; // Floating point, functions and whatever else is no value of the language.
    }
  }

  #integerType(record: BtfRecord): Type {
    const integer = this.#btf.integer(record);
    const bytes = integerBytes(record.sizeOrType);
    if (integer === undefined || bytes === undefined) return noneType;
    if (integer.bool && bytes === 1) return boolType;
    return { kind: 'int', bytes, signed: integer.signed } satisfies IntType;
  }

  /**
   * Type tags (`__user`, `__rcu`, `__percpu`) stand between a pointer and what it points to. A tag that we cannot read
   * through stays in the type (PointerType.tag): a per-CPU "pointer" and the like is an offset, and reading through it would
   * give rubbish without a word.
   */
  #pointerType(record: BtfRecord, depth: number): Type {
    let target = this.#btf.record(record.sizeOrType);
    let space = this.#options.pointerSpace ?? 'kernel';
    let tag: string | undefined;
    for (let steps = 0; target?.kind === btfKind.typeTag; steps++) {
      if (steps > maxDepth) return noneType;
      if (target.name === 'user') space = 'user';
      else if (target.name !== 'rcu') tag ??= target.name;
      target = this.#btf.record(target.sizeOrType);
    }
    const to = target === undefined ? noneType : this.#typeOf(target.id, { depth: depth + 1 });
    return tag === undefined ? pointerTo(to, space) : { ...pointerTo(to, space), tag };
  }

  /** Bytes are text, as far as C can tell. Without a length there is no string to cut, so those stay arrays. */
  #arrayType(record: BtfRecord, depth: number): Type {
    const array = this.#btf.array(record);
    if (array === undefined) return noneType;
    const of = this.#typeOf(array.element, { depth: depth + 1 });
    if (of.kind === 'int' && of.bytes === 1 && array.length > 0) return { kind: 'string', size: array.length };
    if (of.kind === 'none') return noneType;
    return { kind: 'array', of, length: array.length };
  }

  #structType(record: BtfRecord, alias: BtfRecord | undefined): Type {
    const name = this.#nameOf(record, alias);
    const type = { kind: 'struct', table: this.#tableOf(record), name, size: record.sizeOrType } as const;
    return record.kind === btfKind.union ? { ...type, union: true } : type;
  }

  /** Declared without members. */
  #opaqueType(record: BtfRecord): Type {
    const type = { kind: 'struct', table: this.#tableOf(record), name: record.name, size: 0 } as const;
    return record.kindFlag ? { ...type, union: true } : type;
  }

  #borrowedType(record: BtfRecord): Type | undefined {
    const { borrowed } = this.#options;
    return borrowed?.has(`${wordOf[record.kind]} ${record.name}`) === true ? this.#outerType(record) : undefined;
  }

  /** The table that a borrowed struct is from. */
  #lender(name: string): TypeTable | undefined {
    const { borrowed, outer } = this.#options;
    const isBorrowed = ['struct', 'union', 'typedef'].some((kind) => borrowed?.has(`${kind} ${name}`));
    return isBorrowed ? outer?.() : undefined;
  }

  #outerType(record: BtfRecord): Type | undefined {
    const kind = record.kind === btfKind.forward ? (record.kindFlag ? 'union' : 'struct') : wordOf[record.kind];
    return kind && this.#options.outer?.()?.find(kind, record.name);
  }

  #tableOf(record: BtfRecord): string {
    const { base } = this.#options;
    return base !== undefined && record.id <= base.typeCount ? base.name : this.name;
  }

  #enumType(record: BtfRecord, alias: BtfRecord | undefined): Type {
    const known = this.#enums.get(record.id);
    if (known !== undefined) return known;
    const bytes = integerBytes(record.sizeOrType);
    const values = this.#btf.enumerators(record);
    if (bytes === undefined || values === undefined) return noneType;
    const name = record.name === '' && alias === undefined ? unnamedEnumName(values) : this.#nameOf(record, alias);
    const type: EnumType = { kind: 'enum', name, bytes, values };
    this.#enums.set(record.id, type);
    return type;
  }

  /**
   * Structs are found again by name, so those without one need one: their typedef's, where that leads back to them,
   * else one made of their id.
   */
  #nameOf(record: BtfRecord, alias: BtfRecord | undefined): string {
    if (record.name !== '') return record.name;
    const leadsBack =
      alias !== undefined &&
      this.#btf.findSameName(alias, tagKinds) === undefined &&
      this.#btf.findSameName(alias, kindsOf.typedef) === alias.id;
    // Ids of modules are their own only, and the tables of a kernel are asked by name alone.
    const { base } = this.#options;
    const module = base !== undefined && record.id > base.typeCount ? `_${this.name}` : '';
    return leadsBack ? alias.name : `${anonymousPrefix}${record.id}${module}`;
  }

  #compositeNamed(name: string): BtfRecord | undefined {
    const tagged = this.#btf.find(name, compositeKinds);
    if (tagged !== undefined) return this.#btf.record(tagged);
    const typedef = this.#btf.find(name, kindsOf.typedef);
    const record = typedef !== undefined ? this.#underlying(typedef) : this.#btf.record(this.#unnamedId(name));
    return record !== undefined && isComposite(record) ? record : undefined;
  }

  /** 0, which is no type, for a name that was not made by #nameOf(). */
  #unnamedId(name: string): number {
    const [, id = '0', module] = unnamedName.exec(name) ?? [];
    const isOurs = module === undefined ? this.#options.base === undefined : module === this.name;
    return isOurs ? Number(id) : 0;
  }

  /** What is left of a type without typedefs and qualifiers. */
  #underlying(id: number): BtfRecord | undefined {
    let record = this.#btf.record(id);
    for (let steps = 0; record !== undefined && transparentKinds.has(record.kind); steps++) {
      record = steps > maxDepth ? undefined : this.#btf.record(record.sizeOrType);
    }
    return record;
  }
}

/** Users see `enum { FIRST, ... }`. Names of constants are unique, so this is as well. */
function unnamedEnumName(values: readonly EnumConstant[]): string {
  const [first, second] = values;
  return `{ ${first?.name}${second === undefined ? '' : ', ...'} }`;
}

/** How a type was reached: the last typedef names what has no name of its own. */
interface Way {
  readonly depth: number;
  readonly alias?: BtfRecord;
}

interface Budget {
  left: number;
  depth: number;
}

/** Real chains of types are shorter than ten; corrupt ones may be circles. */
const maxDepth = 64;
const maxMembers = 100_000;
const unnamedName = new RegExp(`^${anonymousPrefix}(\\d+)(?:_(.+))?$`);

const kindsOf = {
  struct: [btfKind.struct],
  union: [btfKind.union],
  enum: [btfKind.enum, btfKind.enum64],
  typedef: [btfKind.typedef],
} as const;
/** The word in front of the name. */
const wordOf: { readonly [kind: number]: keyof typeof kindsOf } = {
  [btfKind.struct]: 'struct',
  [btfKind.union]: 'union',
  [btfKind.enum]: 'enum',
  [btfKind.enum64]: 'enum',
  [btfKind.typedef]: 'typedef',
};
const compositeKinds = [btfKind.struct, btfKind.union] as const;
const tagKinds = [...compositeKinds, ...kindsOf.enum] as const;
const transparentKinds: ReadonlySet<number> = new Set([
  btfKind.typedef,
  btfKind.const,
  btfKind.volatile,
  btfKind.restrict,
  btfKind.typeTag,
]);

function isComposite(record: BtfRecord): boolean {
  return record.kind === btfKind.struct || record.kind === btfKind.union;
}

function integerBytes(size: number): 1 | 2 | 4 | 8 | undefined {
  return size === 1 || size === 2 || size === 4 || size === 8 ? size : undefined;
}
