/** `-l 'struct task_*'`, also `union` and `enum`: types of the kernel by name; with -v their definitions. */
import { btfKind } from '../world/btf.ts';
import { cDefinition } from '../world/c-definition.ts';
import { glob } from '../world/glob.ts';
import type { KernelBtf } from '../world/kernel-types.ts';

/** Whether a pattern of `-l` is one for types. */
export function isTypePattern(pattern: string): boolean {
  return typePattern.test(pattern);
}

/**
 * Lines, sorted by name. Of types with the same name (some drivers have them) the first is shown, that of vmlinux before
 * those of modules.
 */
export function listTypes(
  pattern: string,
  options: { readonly verbose: boolean },
  tables: readonly KernelBtf[],
): readonly string[] {
  const [, keyword = '', name = ''] = typePattern.exec(pattern) ?? [];
  const kinds = kindsOf[keyword] ?? [];
  const wanted = glob(name === '' ? '*' : name);
  const found = new Map<string, string>();
  for (const { name: module, btf, baseCount } of tables) {
    for (let id = baseCount + 1; id <= btf.typeCount(); id++) {
      const record = btf.record(id);
      if (record === undefined || !kinds.includes(record.kind) || record.name === '') continue;
      if (found.has(record.name) || !wanted.matches(record.name)) continue;
      const text = options.verbose ? `${module}: ${cDefinition(btf, record)}\n` : `${keyword} ${record.name}`;
      found.set(record.name, text);
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, text]) => text.split('\n'));
}

const typePattern = /^(struct|union|enum)(?:\s+(\S*))?\s*$/;

const kindsOf: { readonly [keyword: string]: readonly number[] } = {
  struct: [btfKind.struct],
  union: [btfKind.union],
  enum: [btfKind.enum, btfKind.enum64],
};
