/**
 * What a script knows from C: types, constants and object-like macros of its preamble and of the headers it includes, and
 * the functions of the BPF objects it imports. Plain questions and answers; `src/clang/` finds them with clang's help.
 */
import type { NamedType, Type } from '../types/type.ts';
import type { TypeTable } from './world.ts';

export interface Definitions {
  /** Types and enum constants of the preamble; its name is `script`. Undefined when there is no C. */
  readonly types: TypeTable | undefined;
  /** Replacement text (a byte string) of every object-like macro, by name. */
  readonly macros: ReadonlyMap<string, string>;
  /** Names of those with parameters, which scripts cannot use. */
  readonly functionMacros?: ReadonlySet<string>;
  /** Global functions of imported BPF objects, by name. */
  readonly functions: ReadonlyMap<string, Prototype>;
  /** The imported objects themselves, in order; the program is linked with them when it is loaded. */
  readonly objects: readonly ImportedObject[];
}

export interface ImportedObject {
  /** As in messages: the file's path. */
  readonly name: string;
  /** ELF with BTF. */
  readonly object: Uint8Array;
  /** It says under which license it is: then the linked object has that one. */
  readonly hasLicense: boolean;
}

export interface Prototype {
  readonly name: string;
  readonly parameters: readonly NamedType[];
  readonly returns: Type;
  /** Name of the object that it comes with. */
  readonly object: string;
}

export const noDefinitions: Definitions = { types: undefined, macros: new Map(), functions: new Map(), objects: [] };
