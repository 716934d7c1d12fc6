/**
 * One BPF map through libbpf's thin system-call wrappers. Keys and values travel as bytes; per-CPU values are the
 * copies of all possible CPUs one behind the other, each rounded up to 8 bytes, as the kernel hands them out.
 */
import { type BpfMap, type MapEntries, RuntimeFailure } from '../bpf.ts';
import type { Libbpf } from './library.ts';
import { type NativeMemory, native } from './native.ts';

/** enum bpf_map_type: those with one value per CPU. */
const perCpuTypes: readonly number[] = [5, 6, 10];

const ENOENT = 2;
const ENOSPC = 28;
/** What a map type without batch operations answers: EINVAL, EOPNOTSUPP, or the kernel's own ENOTSUPP. */
const noBatch: readonly number[] = [22, 95, 524];

/** Room for one batch; large enough that 100,000 counters take a few calls. */
const BATCH_BYTES = 4 * 1024 * 1024;

export class LibbpfMap implements BpfMap {
  readonly keySize: number;
  readonly valueSize: number;
  readonly copies: number;
  readonly maxEntries: number;
  readonly #libbpf: Libbpf;
  readonly #fd: number;
  readonly #name: string;
  readonly #key: NativeMemory;
  readonly #value: NativeMemory;

  /** `spreadOver`: so many copies make up one value of a map that is not per CPU. */
  constructor(libbpf: Libbpf, map: bigint, name: string, possibleCpus: number, spreadOver = 1) {
    const perCpu = perCpuTypes.includes(libbpf.number('bpf_map__type', map));
    const valueSize = libbpf.number('bpf_map__value_size', map) / spreadOver;
    this.#libbpf = libbpf;
    this.#fd = libbpf.number('bpf_map__fd', map);
    this.#name = name;
    this.keySize = libbpf.number('bpf_map__key_size', map);
    this.valueSize = perCpu ? (valueSize + 7) & ~7 : valueSize;
    this.copies = perCpu ? possibleCpus : spreadOver;
    this.maxEntries = libbpf.number('bpf_map__max_entries', map);
    this.#key = native().allocate(Math.max(8, this.keySize));
    this.#value = native().allocate(this.valueSize * this.copies);
  }

  get fd(): number {
    return this.#fd;
  }

  lookup(key: Uint8Array): Uint8Array | undefined {
    this.#key.bytes.set(key);
    const status = this.#libbpf.number('bpf_map_lookup_elem', this.#fd, this.#key.address, this.#value.address);
    if (status === -ENOENT) return undefined;
    this.#check(status, 'read');
    return this.#value.bytes.slice(0, this.valueSize * this.copies);
  }

  update(key: Uint8Array, value: Uint8Array): void {
    this.#key.bytes.set(key);
    this.#value.bytes.set(value);
    this.#check(
      this.#libbpf.number('bpf_map_update_elem', this.#fd, this.#key.address, this.#value.address, 0),
      'change',
    );
  }

  delete(key: Uint8Array): boolean {
    this.#key.bytes.set(key);
    const status = this.#libbpf.number('bpf_map_delete_elem', this.#fd, this.#key.address);
    if (status === -ENOENT) return false;
    this.#check(status, 'delete from');
    return true;
  }

  entries(): MapEntries {
    return this.#entriesByBatch() ?? this.#entriesByKey();
  }

  /** Undefined when the kernel has no batch operations for this type of map (per-CPU arrays before 5.13). */
  #entriesByBatch(): MapEntries | undefined {
    const total = this.valueSize * this.copies;
    const collected = new Entries(this.keySize, total);
    let room = Math.min(this.maxEntries, Math.max(256, Math.floor(BATCH_BYTES / (this.keySize + total))));
    // The number of entries, where to go on (as large as a key, at least 8 bytes), where the next batch begins.
    const cursor = (Math.max(8, this.keySize) + 7) & ~7;
    const state = native().allocate(8 + 2 * cursor);
    const from = state.address + 8n;
    const to = from + BigInt(cursor);
    let keys = native().allocate(room * this.keySize);
    let values = native().allocate(room * total);
    try {
      for (let first = true; ; ) {
        state.view.setUint32(0, room, true);
        const status = this.#libbpf.number(
          'bpf_map_lookup_batch',
          this.#fd,
          first ? null : from,
          to,
          keys.address,
          values.address,
          state.address,
          null,
        );
        if (status === -ENOSPC && room < this.maxEntries) {
          // One hash bucket has more entries than there is room for: the same place again, with more room.
          room = Math.min(this.maxEntries, room * 2);
          keys.free();
          values.free();
          keys = native().allocate(room * this.keySize);
          values = native().allocate(room * total);
          continue;
        }
        if (first && noBatch.includes(-status)) return undefined;
        if (status !== -ENOENT) this.#check(status, 'read');
        collected.add(keys.bytes, values.bytes, state.view.getUint32(0, true));
        if (status === -ENOENT) return collected.done();
        state.bytes.copyWithin(8, 8 + cursor, 8 + 2 * cursor);
        first = false;
      }
    } finally {
      keys.free();
      values.free();
      state.free();
    }
  }

  #entriesByKey(): MapEntries {
    const collected = new Entries(this.keySize, this.valueSize * this.copies);
    const next = native().allocate(Math.max(8, this.keySize));
    let previous: bigint | null = null;
    try {
      // A key that is deleted meanwhile makes the kernel start over, so the number of steps is bounded.
      for (let step = 0; step < this.maxEntries; step++) {
        const status = this.#libbpf.number('bpf_map_get_next_key', this.#fd, previous, next.address);
        if (status === -ENOENT) break;
        this.#check(status, 'read');
        const key = next.bytes.slice(0, this.keySize);
        const value = this.lookup(key);
        if (value !== undefined) collected.add(key, value, 1);
        previous = next.address;
      }
    } finally {
      next.free();
    }
    return collected.done();
  }

  close(): void {
    this.#key.free();
    this.#value.free();
  }

  #check(status: number, verb: string): void {
    if (status >= 0) return;
    throw new RuntimeFailure(`cannot ${verb} map ${this.#name}: ${native().errorText(-status)}`, { errno: -status });
  }
}

/** Grows two packed byte arrays together. */
class Entries {
  readonly #keySize: number;
  readonly #valueSize: number;
  readonly #keys: Uint8Array[] = [];
  readonly #values: Uint8Array[] = [];
  #count = 0;

  constructor(keySize: number, valueSize: number) {
    this.#keySize = keySize;
    this.#valueSize = valueSize;
  }

  add(keys: Uint8Array, values: Uint8Array, count: number): void {
    this.#count += count;
    this.#keys.push(keys.slice(0, count * this.#keySize));
    this.#values.push(values.slice(0, count * this.#valueSize));
  }

  done(): MapEntries {
    return { count: this.#count, keys: joined(this.#keys), values: joined(this.#values) };
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
