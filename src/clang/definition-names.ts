/**
 * Names that a C text defines -> anchors: declarations, a line each, that make clang describe what the names mean in the
 * object. A pointer to a type puts the type into BTF; the constants of enums without a name, to which nothing can point,
 * are values in a section of their own. A name that was none after all makes an error in its own line, and c-definitions.ts
 * leaves that line out.
 */
import { readElf } from '../world/elf.ts';
import { nearestNames } from './nearest-names.ts';
import type { Preprocessed } from './preprocessed.ts';

export interface Anchor {
  readonly c: string;
  /** Set for the constant of an unnamed enum. */
  readonly constant?: string;
}

export interface Anchors {
  readonly list: readonly Anchor[];
  /** Other scripts with the same C need others. */
  readonly isLimited: boolean;
}

/** `mentioned`: the words of the script, which decide when there are too many names. */
export function anchorsOf(
  { tags, unnamedEnums, words }: Preprocessed,
  completions: string,
  mentioned: ReadonlySet<string>,
): Anchors {
  const names = completedNames(completions);
  const all = [...tags, ...names.typedefs];
  const isLimited = all.length > mostTypes;
  const types = (isLimited ? nearestNames(all, words, mentioned, names.constants, mostTypes) : all).map(
    (type, i): Anchor => ({ c: `__typeof__(${type}) *ebtrace_anchor_${i};` }),
  );
  const constants = unnamedEnums
    .flat()
    .filter((name) => names.constants.has(name))
    .map((constant): Anchor => ({ c: `(long long)(${constant}),`, constant }));
  const open = { c: `long long ebtrace_constants[] __attribute__((section("${valueSection}"))) = {` };
  const values = constants.length === 0 ? [] : [open, ...constants, { c: '};' }];
  return { list: [...types, ...values], isLimited };
}

/** As many as clang describes in half a second. */
const mostTypes = 1000;
const valueSection = 'ebtrace_values';

export type UnnamedEnum = readonly (readonly [name: string, value: string])[];

/** The constants of each unnamed enum, as far as they were anchored. The section holds them in the order of the anchors. */
export function valuesOf(
  anchors: readonly Anchor[],
  object: Uint8Array,
  { unnamedEnums }: Preprocessed,
): readonly UnnamedEnum[] {
  const section = readElf(object)?.section(valueSection);
  if (section === undefined) return [];
  const view = new DataView(section.buffer, section.byteOffset, section.byteLength);
  const constants = anchors.flatMap(({ constant }) => (constant === undefined ? [] : [constant]));
  const values = new Map(constants.map((name, i) => [name, String(view.getBigInt64(i * 8, true))]));
  return unnamedEnums
    .map((words) =>
      words.flatMap((name): UnnamedEnum => {
        const value = values.get(name);
        return value === undefined ? [] : [[name, value]];
      }),
    )
    .filter((constantsOfOne) => constantsOfOne.length > 0);
}

/**
 * Lines of clang's code completion: `COMPLETION: NAME : NAME` for a typedef, `COMPLETION: NAME : [#enum E#]NAME` for a
 * constant. An enum without a name is called `<anonymous>` or `(unnamed ...)`, which depends on the version.
 */
function completedNames(text: string): {
  readonly typedefs: readonly string[];
  readonly constants: ReadonlySet<string>;
} {
  const typedefs: string[] = [];
  const constants = new Set<string>();
  for (const line of text.split('\n')) {
    const [, name = '', shown] = /^COMPLETION: (\w+) : (.*)$/.exec(line) ?? [];
    if (shown === name) typedefs.push(name);
    else if (shown?.startsWith('[#enum ') && shown.endsWith(`#]${name}`)) constants.add(name);
  }
  return { typedefs, constants };
}
