/**
 * Warns when the preamble defines a type that the kernel has and that is not the same there: the script's wins, which
 * is a surprise when it was meant to be the kernel's. Types of included headers differ from the kernel's in many ways, and
 * whoever includes them wants them, so those get no warning.
 */
import type { Report } from '../../grammar/diagnostic.ts';
import type { Span } from '../../grammar/source.ts';
import { type Type, typeName } from '../types/type.ts';
import type { Definitions } from '../world/definitions.ts';
import type { TypeTable, World } from '../world/world.ts';
import type { CSource } from './c-source.ts';

export function warnOfClashes(c: CSource, { types }: Definitions, world: World, report: Report): void {
  for (const { text, span } of c.preamble) {
    const tag = tagOf(text);
    const ours = tag && types?.find(tag.kind, tag.name);
    const kernel = ours && world.kernelTypes();
    const theirs = tag && kernel?.find(tag.kind, tag.name);
    if (tag === undefined || types === undefined || kernel === undefined || ours === undefined) continue;
    if (theirs === undefined || describe(ours, types) === describe(theirs, kernel)) continue;
    const place: Span = { start: span.start + tag.start, end: span.start + tag.start + tag.name.length };
    report.warning('kernel-type-redefined', place, `the kernel has another ${tag.kind} ${tag.name}; this one is used`, {
      hint: 'leave the definition out to use that of the kernel, or choose another name',
    });
  }
}

interface Tag {
  readonly kind: 'struct' | 'union' | 'enum';
  readonly name: string;
  /** Of the name, in the text. */
  readonly start: number;
}

/** The name of a definition, behind its first word and attributes. A name that stands further back gets no warning. */
function tagOf(text: string): Tag | undefined {
  const head = /^(struct|union|enum)\b((?:\s|\/\*[^*]*\*\/|__attribute__\s*\(\([^{;]*?\)\))*)(\w+)/.exec(
    text.slice(0, 1000),
  );
  const [, kind, between = '', name = ''] = head ?? [];
  if (kind !== 'struct' && kind !== 'union' && kind !== 'enum') return undefined;
  return { kind, name, start: kind.length + between.length };
}

/** What a read of it depends on. */
function describe(type: Type, types: TypeTable): string {
  if (type.kind === 'enum') return type.values.map(({ name, value }) => `${name}=${value}`).join();
  if (type.kind !== 'struct') return typeName(type);
  const fields = types.fields(type.name) ?? [];
  const lines = fields.map((field) => `${field.offset} ${field.name} ${typeName(field.type)} ${field.bits?.shift}`);
  return [type.size, ...lines].join();
}
