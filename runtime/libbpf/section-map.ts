/**
 * A scalar map of the script: a member of the data section that all of them share. Reads and writes go to the memory that
 * the programs use, as the section is mapped; nothing but the member is touched.
 */
import type { BpfMap, MapEntries } from '../bpf.ts';

export class SectionMap implements BpfMap {
  readonly keySize = 4;
  readonly copies = 1;
  readonly maxEntries = 1;
  readonly valueSize: number;
  readonly #bytes: Uint8Array;

  constructor(section: Uint8Array, offset: number, valueSize: number) {
    this.valueSize = valueSize;
    this.#bytes = section.subarray(offset, offset + valueSize);
  }

  lookup(): Uint8Array {
    return this.#bytes.slice();
  }

  update(_key: Uint8Array, value: Uint8Array): void {
    this.#bytes.set(value);
  }

  /** An array has its one entry always. */
  delete(): boolean {
    return false;
  }

  entries(): MapEntries {
    return { count: 1, keys: new Uint8Array(this.keySize), values: this.lookup() };
  }
}
