/**
 * The event ring as user space sees it (Documentation/bpf/ringbuf.rst): a page with our position, then pages the
 * kernel writes, its position first, and the data mapped twice so that no record is ever split. Records are handed
 * out where they lie.
 *
 * The kernel wakes us only when the record it finishes is the one we stand at. So before we go to wait we store our
 * position first and look again afterwards; both sides use full barriers (Atomics here, xchg there).
 */
import type { EventRing } from '../bpf.ts';
import { DescriptorWait } from './descriptor-wait.ts';
import { type NativeMemory, native } from './native.ts';

const HEADER_BYTES = 8; // BPF_RINGBUF_HDR_SZ
const BUSY = 0x8000_0000; // BPF_RINGBUF_BUSY_BIT
const DISCARDED = 0x4000_0000; // BPF_RINGBUF_DISCARD_BIT
const LENGTH_MASK = 0x3fff_ffff;

/** The space is given back to the kernel after this many bytes, or a quarter of a small ring. */
const CHUNK_BYTES = 64 * 1024;
/** drain() returns after this many bytes, or so long a time, so that signals are seen while events keep coming. */
const DRAIN_BYTES = 16 * 1024 * 1024;
const DRAIN_MS = 50;

export class MappedRing implements EventRing {
  readonly #mask: number;
  readonly #chunk: number;
  readonly #consumerPage: NativeMemory;
  readonly #producerPages: NativeMemory;
  readonly #consumer: BigInt64Array;
  readonly #producer: BigInt64Array;
  readonly #headers: Uint32Array;
  readonly #data: DataView;
  readonly #waiting: DescriptorWait;
  #position: number;
  #closed = false;

  /** `size` is max_entries of the map. The descriptor belongs to the loaded object. Throws RuntimeFailure. */
  constructor(fd: number, size: number) {
    const page = native().pageSize;
    this.#mask = size - 1;
    this.#chunk = Math.min(CHUNK_BYTES, size / 4);
    this.#consumerPage = native().map(fd, page, 0, 'read-write');
    this.#producerPages = native().map(fd, page + 2 * size, page, 'read');
    this.#consumer = new BigInt64Array(this.#consumerPage.buffer, 0, 1);
    this.#producer = new BigInt64Array(this.#producerPages.buffer, 0, 1);
    this.#headers = new Uint32Array(this.#producerPages.buffer, page, (2 * size) / 4);
    this.#data = new DataView(this.#producerPages.buffer, page, 2 * size);
    this.#position = Number(Atomics.load(this.#consumer, 0));
    this.#waiting = new DescriptorWait(fd);
  }

  async wait(timeoutMs: number): Promise<void> {
    await this.#waiting.wait(timeoutMs);
  }

  wake(): void {
    this.#waiting.wake();
  }

  drain(handler: (view: DataView, offset: number, length: number) => boolean): number {
    if (this.#closed) return 0;
    const started = this.#position;
    const headers = this.#headers;
    const data = this.#data;
    const mask = this.#mask;
    let position = started;
    let at = started % (mask + 1);
    let stored = started;
    let records = 0;
    let available = Number(Atomics.load(this.#producer, 0));
    let wanted = true;
    const deadline = performance.now() + DRAIN_MS;
    try {
      while (wanted && position - started < DRAIN_BYTES) {
        const header = position < available ? Atomics.load(headers, at >> 2) : BUSY;
        if (header & BUSY) {
          // Caught up, or a record is being written. Look again after our position is known to the kernel.
          if (stored !== position) {
            this.#store(position);
            stored = position;
            available = Number(Atomics.load(this.#producer, 0));
            continue;
          }
          break;
        }
        const length = header & LENGTH_MASK;
        // The position moves first: a record whose handler throws is not handed out again.
        const size = (length + HEADER_BYTES + 7) & ~7;
        const record = at + HEADER_BYTES;
        position += size;
        at = (at + size) & mask;
        if ((header & DISCARDED) === 0) {
          records++;
          wanted = handler(data, record, length);
        }
        if (position - stored >= this.#chunk) {
          this.#store(position);
          stored = position;
          if (performance.now() > deadline) break;
        }
      }
    } finally {
      this.#store(position);
    }
    return records;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#waiting.close();
    this.#producerPages.free();
    this.#consumerPage.free();
  }

  #store(position: number): void {
    this.#position = position;
    Atomics.store(this.#consumer, 0, BigInt(position));
  }
}
