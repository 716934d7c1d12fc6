/**
 * BTF record -> the C definition that it was made of, for people: what `-lv 'struct path'` shows. Not C to be compiled:
 * types that it mentions are not defined.
 */
import { type Btf, type BtfRecord, btfKind } from './btf.ts';
import { alignOf, bitsOf, isPacked, padding } from './c-padding.ts';

/** `struct path {...};` with a member a line, tabs before it. */
export function cDefinition(btf: Btf, record: BtfRecord): string {
  return `${body(btf, record, 0)};`;
}

/** `const char *name`: a variable or parameter of type number `type`; without a name the type alone. */
export function cDeclaration(btf: Btf, type: number, name: string): string {
  return declaration(btf, type, name, 0);
}

const keywords: { readonly [kind: number]: string } = {
  [btfKind.struct]: 'struct',
  [btfKind.union]: 'union',
  [btfKind.enum]: 'enum',
  [btfKind.enum64]: 'enum',
};

const qualifiers: { readonly [kind: number]: string } = {
  [btfKind.const]: 'const',
  [btfKind.volatile]: 'volatile',
  [btfKind.restrict]: 'restrict',
};

/** Deeper than any type of the kernel; BTF that refers to itself in a circle ends here. */
const deepest = 32;

function body(btf: Btf, record: BtfRecord, depth: number): string {
  const indent = '\t'.repeat(depth);
  const head = [keywords[record.kind] ?? '', record.name].filter((word) => word !== '').join(' ');
  const enumerators = btf.enumerators(record);
  if (enumerators !== undefined) {
    return `${head} {\n${enumerators.map(({ name, value }) => `${indent}\t${name} = ${value},\n`).join('')}${indent}}`;
  }
  const lines: string[] = [];
  const isStruct = record.kind === btfKind.struct;
  const packed = isPacked(btf, record);
  let end = 0;
  let endsInBits = false;
  for (const { name, type, bitOffset, bitWidth } of btf.members(record) ?? []) {
    const isBits = bitWidth > 0;
    lines.push(...padding(end, bitOffset, packed ? 1 : alignOf(btf, type), endsInBits && isBits));
    lines.push(`${declaration(btf, type, name, depth + 1)}${isBits ? `: ${bitWidth}` : ''};`);
    end = bitOffset + (isBits ? bitWidth : bitsOf(btf, type));
    endsInBits = isBits;
  }
  if (isStruct) lines.push(...padding(end, record.sizeOrType * 8, alignOf(btf, record.id), false));
  const text = lines.map((line) => `${indent}\t${line}\n`).join('');
  return `${head} ${lines.length === 0 ? '{}' : `{\n${text}${indent}}`}${packed ? ' __attribute__((packed))' : ''}`;
}

/** The type wraps itself around the name from the inside, as C has it: `int (*read[4])(struct file *)`. */
function declaration(btf: Btf, type: number, name: string, depth: number): string {
  let inner = name;
  let qualifier = '';
  let isPointer = false;
  let id = type;
  for (let step = 0; step < deepest; step++) {
    const record = btf.record(id);
    if (record === undefined) return joined(qualifier, 'void', inner);
    switch (record.kind) {
      case btfKind.pointer:
        inner = qualifier === '' && !inner.startsWith('(') ? `*${inner}` : `* ${joined(qualifier, inner)}`;
        qualifier = '';
        isPointer = true;
        break;
      case btfKind.const:
      case btfKind.volatile:
      case btfKind.restrict:
        qualifier = joined(qualifier, qualifiers[record.kind] ?? '');
        break;
      case btfKind.typeTag:
        break;
      case btfKind.array: {
        const { element = 0, length = 0 } = btf.array(record) ?? {};
        inner = `${isPointer ? `(${inner})` : inner}[${length}]`;
        isPointer = false;
        id = element;
        continue;
      }
      case btfKind.funcProto: {
        const parameters = (btf.parameters(record) ?? []).map((parameter, i, all) =>
          parameter === 0 && i === all.length - 1 ? '...' : declaration(btf, parameter, '', depth),
        );
        inner = `${isPointer ? `(${inner})` : inner}(${parameters.length === 0 ? 'void' : parameters.join(', ')})`;
        isPointer = false;
        break;
      }
      default:
        return joined(qualifier, baseName(btf, record, depth), inner);
    }
    id = record.sizeOrType;
  }
  return joined(qualifier, '?', inner);
}

function baseName(btf: Btf, record: BtfRecord, depth: number): string {
  const keyword = keywords[record.kind];
  if (keyword !== undefined && record.name === '') return depth > deepest ? `${keyword} {}` : body(btf, record, depth);
  // The flag of a declaration without members tells the two apart.
  if (record.kind === btfKind.forward) return joined(record.kindFlag ? 'union' : 'struct', record.name);
  return joined(keyword ?? '', record.name);
}

function joined(...words: readonly string[]): string {
  return words.filter((word) => word !== '').join(' ');
}
