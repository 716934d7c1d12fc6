/** `-l 'struct task_*'`, also `union` and `enum`: types of the kernel by name; with -v their definitions. */
import { type Btf, btfKind } from '../world/btf.ts';
import { cDefinition } from '../world/c-definition.ts';
import { glob } from '../world/glob.ts';

/** Whether a pattern of `-l` is one for types. */
export function isTypePattern(pattern: string): boolean {
  return typePattern.test(pattern);
}

/** Lines, sorted by name. Of types with the same name (some drivers have them) the first is shown. */
export function listTypes(pattern: string, options: { readonly verbose: boolean }, btf: Btf): readonly string[] {
  const [, keyword = '', name = ''] = typePattern.exec(pattern) ?? [];
  const kinds = kindsOf[keyword] ?? [];
  const wanted = glob(name === '' ? '*' : name);
  const found = new Map<string, string>();
  for (let id = 1; id <= btf.typeCount(); id++) {
    const record = btf.record(id);
    if (record === undefined || !kinds.includes(record.kind) || record.name === '') continue;
    if (found.has(record.name) || !wanted.matches(record.name)) continue;
    found.set(record.name, options.verbose ? `vmlinux: ${cDefinition(btf, record)}\n` : `${keyword} ${record.name}`);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, text]) => text.split('\n'));
}

const typePattern = /^(struct|union|enum)(?:\s+(\S*))?\s*$/;

const kindsOf: { readonly [keyword: string]: readonly number[] } = {
  struct: [btfKind.struct],
  union: [btfKind.union],
  enum: [btfKind.enum, btfKind.enum64],
};
