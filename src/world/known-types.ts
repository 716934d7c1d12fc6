/** All C types that a script can name: those of its own preamble first, then those of the kernel. */
import type { EnumConstant, Field, StructType, Type } from '../types/type.ts';
import type { TypeTable } from './world.ts';

export class KnownTypes {
  readonly #script: TypeTable | undefined;
  readonly #kernel: () => TypeTable | undefined;

  constructor(script: TypeTable | undefined, kernel: () => TypeTable | undefined) {
    this.#script = script;
    this.#kernel = kernel;
  }

  find(kind: 'struct' | 'union' | 'enum' | 'typedef', name: string): Type | undefined {
    return this.#script?.find(kind, name) ?? this.#kernel()?.find(kind, name);
  }

  /** Members of a struct or union, anonymous members promoted with their offsets; undefined when it has no definition. */
  fields(type: StructType): readonly Field[] | undefined {
    return type.table === this.#script?.name ? this.#script.fields(type.name) : this.#kernel()?.fields(type.name);
  }

  enumConstant(name: string): EnumConstant | undefined {
    return this.#script?.enumConstant(name) ?? this.#kernel()?.enumConstant(name);
  }
}
