/**
 * Raw BTF (BPF Type Format), as in /sys/kernel/btf/vmlinux or the `.BTF` section of an object file: bytes -> records by
 * id and by name. What the records mean as types of the language is in btf-types.ts.
 *
 * vmlinux has 126,000 types in 5.5 MB, of which a script touches a handful, mostly among the first (task_struct is type
 * 114). So opening checks the header only, an index of offsets grows as far as a question reaches (7 ms for all of it, no
 * objects), and only what is asked for becomes an object. The format is Documentation/bpf/btf.rst and include/uapi/linux/btf.h; it is read as little endian, as all machines we
 * run on are. Corrupt data is answered by undefined: everything is checked against the section bounds.
 */
import { readHeader } from './btf-header.ts';
import { type BtfStrings, joinStrings, readName, startsOfNames } from './btf-strings.ts';

export interface Btf {
  readonly strings: BtfStrings;
  /** Number of types, `void` (id 0) not counted; of a corrupt section those before the first unreadable one. */
  typeCount(): number;
  record(id: number): BtfRecord | undefined;
  /** Lowest id of a type of one of these kinds with exactly that name. */
  find(name: string, kinds: readonly FindableKind[]): number | undefined;
  /** The same for a name of another record, which needs no search. */
  findSameName(record: BtfRecord, kinds: readonly FindableKind[]): number | undefined;
  /** Lowest id of an enum that has an enumerator of that name. */
  enumWith(enumerator: string): number | undefined;
  /** Lowest id of a function of exactly that name. Nothing refers to functions by name, so this looks at all records. */
  findFunction(name: string): number | undefined;
  /** All functions by name, the lowest id of each, in the order of their records; of split BTF its own. */
  functions(): ReadonlyMap<string, number>;
  /** All names that start with `prefix`, whatever they name. Reads the names only, no types. */
  namesStartingWith(prefix: string): ReadonlySet<string>;
  /** Members of a struct or union record; undefined when they reach out of the section. */
  members(record: BtfRecord): readonly BtfMember[] | undefined;
  enumerators(record: BtfRecord): readonly BtfEnumerator[] | undefined;
  array(record: BtfRecord): { readonly element: number; readonly length: number } | undefined;
  integer(record: BtfRecord): BtfInteger | undefined;
  /** Types of the parameters of a function prototype; 0 for `...`. */
  parameters(record: BtfRecord): readonly number[] | undefined;
  /** Their names, empty for those without. */
  parameterNames(record: BtfRecord): readonly string[] | undefined;
}

export interface BtfRecord {
  readonly id: number;
  readonly kind: number;
  /** Empty for unnamed types. */
  readonly name: string;
  readonly nameOffset: number;
  /** Number of members, enumerators or parameters that follow. */
  readonly length: number;
  /** Structs: members carry bit-field widths. Enums: values are signed. */
  readonly kindFlag: boolean;
  /** Size in bytes, or the id of the type referred to: the kind decides. */
  readonly sizeOrType: number;
}

export interface BtfMember {
  readonly name: string;
  readonly type: number;
  readonly bitOffset: number;
  /** 0 when it is not a bit-field, or when its integer type says so (old encoding). */
  readonly bitWidth: number;
}

export interface BtfEnumerator {
  readonly name: string;
  readonly value: bigint;
}

export interface BtfInteger {
  readonly signed: boolean;
  readonly bool: boolean;
  /** Position and width of the value in its bytes: other than 0 and 8 x size only in old bit-fields. */
  readonly bitOffset: number;
  readonly bits: number;
}

/** BTF_KIND_* of include/uapi/linux/btf.h. */
export const btfKind = {
  void: 0,
  int: 1,
  pointer: 2,
  array: 3,
  struct: 4,
  union: 5,
  enum: 6,
  forward: 7,
  typedef: 8,
  volatile: 9,
  const: 10,
  restrict: 11,
  func: 12,
  funcProto: 13,
  variable: 14,
  dataSection: 15,
  float: 16,
  declTag: 17,
  typeTag: 18,
  enum64: 19,
} as const;

/** The kinds that the index knows by name. */
export type FindableKind = (typeof btfKind)['struct' | 'union' | 'enum' | 'enum64' | 'typedef'];

/**
 * Undefined when the bytes do not start with a BTF header whose sections lie within them. With a `base` they are split
 * BTF, which a kernel module has: its ids and names count on from those of the base (vmlinux), and its records refer to
 * the base's. Searches find the module's own types only.
 */
export function openBtf(bytes: Uint8Array, base?: Btf): Btf | undefined {
  const sections = readHeader(bytes);
  if (sections === undefined) return undefined;
  const { words } = sections;
  const strings = joinStrings(sections.strings, base?.strings);
  const index = new TypeIndex(words);
  const nameAt = strings.at;
  const baseCount = base?.typeCount() ?? 0;

  const record = (id: number): BtfRecord | undefined => {
    if (id <= baseCount) return base?.record(id);
    const at = index.offsetOf(id - baseCount);
    if (at === undefined) return undefined;
    const info = words[at + 1] ?? 0;
    const nameOffset = words[at] ?? 0;
    return {
      id,
      kind: kindOf(info),
      name: nameAt(nameOffset),
      nameOffset,
      length: lengthOf(info),
      kindFlag: info >>> 31 === 1,
      sizeOrType: words[at + 2] ?? 0,
    };
  };

  /** First word after the three common ones. The index has checked that all words of the record are there. */
  const tail = ({ id }: BtfRecord): number => (index.offsetOf(id - baseCount) ?? 0) + commonWords;
  /** For a record of the base, what the base says. */
  const ofBase = ({ id }: BtfRecord): Btf | undefined => (id <= baseCount ? base : undefined);
  const counted = (local: number | undefined): number | undefined =>
    local === undefined ? undefined : local + baseCount;

  const findByOffset = (nameOffset: number, kinds: readonly number[]): number | undefined =>
    counted(index.find(nameOffset, kinds));

  return {
    strings,
    typeCount: () => baseCount + index.complete().count,
    record,
    find: (name, kinds) => {
      for (const offset of strings.offsetsOfName(name)) {
        const id = findByOffset(offset, kinds);
        if (id !== undefined) return id;
      }
      return undefined;
    },
    findSameName: (of, kinds) => {
      const owner = ofBase(of);
      if (owner !== undefined) return owner.findSameName(of, kinds);
      return of.nameOffset === 0 ? undefined : findByOffset(of.nameOffset, kinds);
    },
    enumWith: (name) => {
      const wanted = new Set(strings.offsetsOfName(name));
      return wanted.size === 0 ? undefined : counted(findEnum(words, index.complete(), wanted));
    },
    findFunction: (name) => {
      const wanted = new Set(strings.offsetsOfName(name));
      if (wanted.size === 0) return undefined;
      for (const id of functionIds(words, index.complete())) {
        if (wanted.has(words[index.offsets[id] ?? 0] ?? 0)) return counted(id);
      }
      return undefined;
    },
    functions: () => {
      const found = new Map<string, number>();
      for (const id of functionIds(words, index.complete())) {
        const name = nameAt(words[index.offsets[id] ?? 0] ?? 0);
        if (!found.has(name)) found.set(name, id + baseCount);
      }
      return found;
    },
    namesStartingWith: (prefix) =>
      new Set(Array.from(startsOfNames(sections.strings, prefix), (at) => readName(sections.strings, at))),
    members: (type) => {
      const owner = ofBase(type);
      if (owner !== undefined) return owner.members(type);
      if (type.kind !== btfKind.struct && type.kind !== btfKind.union) return undefined;
      const from = tail(type);
      return Array.from({ length: type.length }, (_, i) => {
        const offset = words[from + i * 3 + 2] ?? 0;
        return {
          name: nameAt(words[from + i * 3] ?? 0),
          type: words[from + i * 3 + 1] ?? 0,
          bitOffset: type.kindFlag ? offset & 0xff_ffff : offset,
          bitWidth: type.kindFlag ? offset >>> 24 : 0,
        };
      });
    },
    enumerators: (type) => {
      const owner = ofBase(type);
      if (owner !== undefined) return owner.enumerators(type);
      if (type.kind !== btfKind.enum && type.kind !== btfKind.enum64) return undefined;
      const from = tail(type);
      const step = type.kind === btfKind.enum ? 2 : 3;
      return Array.from({ length: type.length }, (_, i) => ({
        name: nameAt(words[from + i * step] ?? 0),
        value: enumValue(words, from + i * step, step, type.kindFlag),
      }));
    },
    array: (type) => {
      const owner = ofBase(type);
      if (owner !== undefined) return owner.array(type);
      if (type.kind !== btfKind.array) return undefined;
      return { element: words[tail(type)] ?? 0, length: words[tail(type) + 2] ?? 0 };
    },
    integer: (type) => {
      const owner = ofBase(type);
      if (owner !== undefined) return owner.integer(type);
      if (type.kind !== btfKind.int) return undefined;
      const encoding = words[tail(type)] ?? 0;
      return {
        signed: ((encoding >>> 24) & 1) !== 0,
        bool: ((encoding >>> 24) & 4) !== 0,
        bitOffset: (encoding >>> 16) & 0xff,
        bits: encoding & 0xff,
      };
    },
    parameters: (type) => {
      const owner = ofBase(type);
      if (owner !== undefined) return owner.parameters(type);
      if (type.kind !== btfKind.funcProto) return undefined;
      return Array.from({ length: type.length }, (_, i) => words[tail(type) + i * 2 + 1] ?? 0);
    },
    parameterNames: (type) => {
      const owner = ofBase(type);
      if (owner !== undefined) return owner.parameterNames(type);
      if (type.kind !== btfKind.funcProto) return undefined;
      return Array.from({ length: type.length }, (_, i) => nameAt(words[tail(type) + i * 2] ?? 0));
    },
  };
}

/** name_off, info, size or type. */
const commonWords = 3;

/**
 * Where records are, and which have a name: grows from the front as far as it is asked. Named structs, unions, enums and
 * typedefs hang in a hash table by the offset of their name: chains from `#firstInBucket` through `#nextInBucket[id]`, ids
 * descending, ended by 0. (A table with a place for each name offset needs no chains, but touching its 9 MB of fresh
 * memory took three times as long as all the rest.)
 */
class TypeIndex {
  /** Types indexed so far. */
  count = 0;
  /** Word offset of the record of each id. */
  readonly offsets: Uint32Array;
  readonly #words: Uint32Array;
  readonly #firstInBucket = new Uint32Array(buckets);
  readonly #nextInBucket: Uint32Array;
  /** Word offset of the next record; the end of the section when there is none, or none that can be read. */
  #at = 0;

  constructor(words: Uint32Array) {
    this.#words = words;
    const most = Math.floor(words.length / commonWords) + 1;
    this.offsets = new Uint32Array(most);
    this.#nextInBucket = new Uint32Array(most);
  }

  complete(): this {
    while (this.#next());
    return this;
  }

  /** Word offset of a record; undefined when there is no such id. */
  offsetOf(id: number): number | undefined {
    if (!Number.isInteger(id) || id < 1) return undefined;
    while (this.count < id) if (!this.#next()) return undefined;
    return this.offsets[id];
  }

  /** Lowest id with that name and one of these kinds. */
  find(nameOffset: number, kinds: readonly number[]): number | undefined {
    const words = this.#words;
    let found: number | undefined;
    for (let id = this.#firstInBucket[bucketOf(nameOffset)] ?? 0; id !== 0; id = this.#nextInBucket[id] ?? 0) {
      const at = this.offsets[id] ?? 0;
      if (words[at] === nameOffset && kinds.includes(kindOf(words[at + 1] ?? 0))) found = id;
    }
    while (found === undefined && this.#next()) {
      const at = this.offsets[this.count] ?? 0;
      if (words[at] === nameOffset && kinds.includes(kindOf(words[at + 1] ?? 0))) found = this.count;
    }
    return found;
  }

  /** Indexes one more record; false when there is none. */
  #next(): boolean {
    const words = this.#words;
    const at = this.#at;
    if (at >= words.length) return false;
    const kind = kindOf(words[at + 1] ?? 0);
    const fixed = fixedWords[kind] ?? 0;
    const size = fixed + (itemWords[kind] ?? 0) * lengthOf(words[at + 1] ?? 0);
    // An unknown kind has an unknown length, so nothing after it can be found.
    if (fixed === 0 || at + size > words.length) {
      this.#at = words.length;
      return false;
    }
    const id = ++this.count;
    this.offsets[id] = at;
    this.#at = at + size;
    const name = words[at] ?? 0;
    if (name !== 0 && isFoundByName[kind] === 1) {
      const bucket = bucketOf(name);
      this.#nextInBucket[id] = this.#firstInBucket[bucket] ?? 0;
      this.#firstInBucket[bucket] = id;
    }
    return true;
  }
}

/** About the number of names in vmlinux (19,000); a power of two. */
const buckets = 1 << 14;

/** Multiplicative hashing: neighbouring offsets land far apart. */
function bucketOf(nameOffset: number): number {
  return Math.imul(nameOffset, 0x9e3779b1) >>> 18;
}

function kindOf(info: number): number {
  return (info >>> 24) & 0x1f;
}

function lengthOf(info: number): number {
  return info & 0xffff;
}

/** Words of a record by kind: a fixed part, and a part for each of its `length` items. */
const fixedWords = new Uint8Array(32);
const itemWords = new Uint8Array(32);
for (const [kind, fixed, item] of [
  [btfKind.int, 1, 0],
  [btfKind.pointer, 0, 0],
  [btfKind.array, 3, 0],
  [btfKind.struct, 0, 3],
  [btfKind.union, 0, 3],
  [btfKind.enum, 0, 2],
  [btfKind.forward, 0, 0],
  [btfKind.typedef, 0, 0],
  [btfKind.volatile, 0, 0],
  [btfKind.const, 0, 0],
  [btfKind.restrict, 0, 0],
  [btfKind.func, 0, 0],
  [btfKind.funcProto, 0, 2],
  [btfKind.variable, 1, 0],
  [btfKind.dataSection, 0, 3],
  [btfKind.float, 0, 0],
  [btfKind.declTag, 1, 0],
  [btfKind.typeTag, 0, 0],
  [btfKind.enum64, 0, 3],
] as const) {
  fixedWords[kind] = commonWords + fixed;
  itemWords[kind] = item;
}

const isFoundByName = new Uint8Array(32);
for (const kind of ['struct', 'union', 'enum', 'enum64', 'typedef'] as const) isFoundByName[btfKind[kind]] = 1;

/** `at`: the name; then one word, or the low and the high word. */
function enumValue(words: Uint32Array, at: number, step: number, signed: boolean): bigint {
  const low = BigInt(words[at + 1] ?? 0);
  const value = step === 2 ? low : (BigInt(words[at + 2] ?? 0) << 32n) | low;
  return signed ? BigInt.asIntN(step === 2 ? 32 : 64, value) : value;
}

function* functionIds(words: Uint32Array, index: TypeIndex): Generator<number> {
  for (let id = 1; id <= index.count; id++) {
    if (kindOf(words[(index.offsets[id] ?? 0) + 1] ?? 0) === btfKind.func) yield id;
  }
}

function findEnum(words: Uint32Array, index: TypeIndex, wanted: ReadonlySet<number>): number | undefined {
  for (let id = 1; id <= index.count; id++) {
    const at = index.offsets[id] ?? 0;
    const info = words[at + 1] ?? 0;
    const kind = kindOf(info);
    if (kind !== btfKind.enum && kind !== btfKind.enum64) continue;
    const step = kind === btfKind.enum ? 2 : 3;
    const end = at + commonWords + lengthOf(info) * step;
    for (let item = at + commonWords; item < end; item += step) {
      if (wanted.has(words[item] ?? 0)) return id;
    }
  }
  return undefined;
}
