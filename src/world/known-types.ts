/** All C types that a script can name: those of its own preamble first, then those of the kernel; and those that it meets. */
import type { EnumConstant, Field, StructType, Type } from '../types/type.ts';
import type { TypeTable } from './world.ts';

export class KnownTypes {
  readonly #script: TypeTable | undefined;
  readonly #kernel: () => TypeTable | undefined;
  readonly #further: (table: string) => TypeTable | undefined;

  /** `further`: tables whose types scripts meet and cannot name, those of BPF programs. */
  constructor(
    script: TypeTable | undefined,
    kernel: () => TypeTable | undefined,
    further: (table: string) => TypeTable | undefined = () => undefined,
  ) {
    this.#script = script;
    this.#kernel = kernel;
    this.#further = further;
  }

  find(kind: 'struct' | 'union' | 'enum' | 'typedef', name: string): Type | undefined {
    return this.#script?.find(kind, name) ?? this.#kernel()?.find(kind, name);
  }

  /** Members of a struct or union, anonymous members promoted with their offsets; undefined when it has no definition. */
  fields(type: StructType): readonly Field[] | undefined {
    return this.#tableOf(type)?.fields(type.name);
  }

  /**
   * Bytes from the start of a struct to a member of a member ... of it; undefined when a step does not exist or is a
   * bit-field that starts within a byte.
   */
  offsetOf(type: StructType, path: readonly string[]): number | undefined {
    return this.#tableOf(type)?.offsetOf(type.name, path);
  }

  /** As C has it, in bytes. */
  alignment(type: StructType): number | undefined {
    return this.#tableOf(type)?.alignment(type.name);
  }

  /** Number in the BTF of the kernel; undefined for types of the script, which no kernel knows. */
  btfId(kind: 'struct' | 'union' | 'enum' | 'typedef', name: string): number | undefined {
    return this.#script?.find(kind, name) === undefined ? this.#kernel()?.idOf(kind, name) : undefined;
  }

  /** For suggestions: every name that begins so, types or not. */
  namesStartingWith(prefix: string): ReadonlySet<string> {
    return new Set([
      ...(this.#script?.namesStartingWith(prefix) ?? []),
      ...(this.#kernel()?.namesStartingWith(prefix) ?? []),
    ]);
  }

  enumConstant(name: string): EnumConstant | undefined {
    return this.#script?.enumConstant(name) ?? this.#kernel()?.enumConstant(name);
  }

  #tableOf(type: StructType): TypeTable | undefined {
    return type.table === this.#script?.name ? this.#script : (this.#further(type.table) ?? this.#kernel());
  }
}
