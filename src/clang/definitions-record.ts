/**
 * What was learned of the script's C, as bytes for the object cache (a script that ran before starts without clang) and
 * as the Definitions that the compiler works with. A record says on which files and which types of the kernel it
 * rests: it is used only while those are what they were. (A header that appears in a folder searched before that of a known
 * one goes unnoticed, as with other caches of compilers.)
 */
import { openBtf } from '../world/btf.ts';
import { BtfTypeTable } from '../world/btf-types.ts';
import type { Definitions } from '../world/definitions.ts';
import type { TypeTable } from '../world/world.ts';
import { borrowedDeclaration } from './borrowed-types.ts';
import type { UnknownName } from './c-errors.ts';
import { areUnchanged, hashOf, packRecord, type ReadFile, unpackRecord } from './cache-record.ts';

export interface DefinitionsRecord {
  readonly macros: readonly (readonly [name: string, text: string])[];
  readonly functionMacros: readonly string[];
  /** Constants of each enum without a name, and their values in decimal. */
  readonly unnamedEnums: readonly (readonly (readonly [name: string, value: string])[])[];
  readonly borrowed: readonly BorrowedType[];
  readonly files: readonly ReadFile[];
  /** Hash of the script when what was read of the C depends on it; else empty. */
  readonly script: string;
  /** Empty when the C defines no types. */
  readonly btf: Uint8Array;
}

export interface BorrowedType extends UnknownName {
  readonly c: string;
}

export function toDefinitions(record: DefinitionsRecord, kernel: () => TypeTable | undefined): Definitions {
  const btf = record.btf.length === 0 ? undefined : openBtf(record.btf);
  const unnamedEnums = record.unnamedEnums.map((constants) =>
    constants.map(([name, value]) => ({ name, value: BigInt(value) })),
  );
  const types =
    btf === undefined && unnamedEnums.length === 0
      ? undefined
      : new BtfTypeTable('script', btf ?? noBtf(), {
          outer: kernel,
          borrowed: new Set(record.borrowed.map(({ kind, name }) => `${kind} ${name}`)),
          unnamedEnums,
          pointerSpace: 'none',
        });
  const functionMacros = new Set(record.functionMacros);
  return { types, macros: new Map(record.macros), functionMacros, functions: new Map(), objects: [] };
}

export function encodeRecord({ btf, ...rest }: DefinitionsRecord): Uint8Array {
  return packRecord(rest, btf);
}

/** Undefined when a file or a kernel type that it rests on is not what it was, or the `script` is another. */
export function decodeRecord(
  bytes: Uint8Array,
  script: string,
  kernel: () => TypeTable | undefined,
): DefinitionsRecord | undefined {
  const { facts, bytes: btf } = unpackRecord(bytes);
  const rest: Omit<DefinitionsRecord, 'btf'> = JSON.parse(facts);
  const isCurrent =
    (rest.script === '' || rest.script === hashOf(script)) &&
    areUnchanged(rest.files) &&
    rest.borrowed.every((type) => {
      const types = kernel();
      return types !== undefined && borrowedDeclaration(type, types) === type.c;
    });
  return isCurrent ? { ...rest, btf } : undefined;
}

/** A BTF section without types. */
function noBtf(): NonNullable<ReturnType<typeof openBtf>> {
  const bytes = new Uint8Array(28);
  new DataView(bytes.buffer).setUint16(0, 0xeb9f, true);
  new DataView(bytes.buffer).setUint8(2, 1);
  new DataView(bytes.buffer).setUint32(4, 24, true);
  const btf = openBtf(bytes);
  if (btf === undefined) throw new Error('BTF without types was refused');
  return btf;
}
