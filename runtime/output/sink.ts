/**
 * Byte strings to a file descriptor, synchronously and in large pieces: a string of many events is turned into bytes
 * once, which is what makes a million events a second possible. Files and devices are simply written to. A pipe, socket
 * or terminal may have a reader that does not read (slow-reader.ts): then a flush gives up after a moment and keeps the
 * rest, `blocked` says so, and the session, which sees signals between two attempts, reads no events until it is gone.
 */
import { writeSync } from 'node:fs';
import { systemError } from '../../src/world/system-error.ts';
import { type HeldSink, SinkClosed } from './output.ts';
import type { SlowReader } from './slow-reader.ts';

/**
 * `-B`. `line`: bytes leave at flush(), which the session calls after every batch of events. `full`: they leave in
 * pieces of 64 KiB; the session does not flush batches. `none`: every write leaves at once.
 */
export type Buffering = 'line' | 'full' | 'none';

/** A write failed for another reason than a reader that has gone away, such as a full disk. */
export class SinkFailed extends Error {
  /** As in errno.h, for example `ENOSPC`. */
  readonly code: string;

  constructor(code: string, cause: unknown) {
    super(`Cannot write the output: ${systemError(cause) ?? code}`, { cause });
    this.code = code;
  }
}

/** The part of `node:fs` that a sink needs. */
export type WriteBytes = (fd: number, bytes: Uint8Array, offset: number, length: number) => number;

export interface SinkOptions {
  /** A person reads along: results should carry no control characters of the traced system. */
  readonly isTerminal?: boolean;
  /** Who may keep us waiting; without it every write waits as long as it takes. */
  readonly reader?: SlowReader | undefined;
  /** What was written there goes first: nothing leaves here while it is blocked. */
  readonly behind?: Pick<HeldSink, 'blocked'> | undefined;
  readonly writeBytes?: WriteBytes;
}

export class FdSink implements HeldSink {
  readonly isTerminal: boolean;
  readonly #fd: number;
  readonly #mode: Buffering;
  readonly #writeBytes: WriteBytes;
  readonly #reader: SlowReader | undefined;
  readonly #behind: Pick<HeldSink, 'blocked'> | undefined;
  #pending = '';
  /** Bytes that a flush could not hand over; they go before `#pending`. */
  #rest: Uint8Array | undefined;
  #closed = false;
  #discarded = false;

  constructor(fd: number, mode: Buffering, options: SinkOptions = {}) {
    this.#fd = options.reader?.fd ?? fd;
    this.#mode = mode;
    this.isTerminal = options.isTerminal === true;
    this.#writeBytes = options.writeBytes ?? writeSync;
    this.#reader = options.reader;
    this.#behind = options.behind;
  }

  get mode(): Buffering {
    return this.#mode;
  }

  get blocked(): boolean {
    return this.#rest !== undefined;
  }

  get heldBytes(): number {
    return (this.#rest?.length ?? 0) + this.#pending.length;
  }

  /** Throws SinkClosed or SinkFailed, like flush(), when the bytes have to leave now and cannot. */
  write(text: string): void {
    if (this.#closed) throw new SinkClosed();
    if (this.#discarded) return;
    this.#pending += text;
    // While it is blocked only flush() tries again: a long result would wait anew with each of its pieces.
    if (this.#rest !== undefined) return;
    if (this.#mode === 'none' || this.#pending.length >= pieceSize) this.flush();
  }

  /** Hands the pending bytes to the operating system; after `PATIENCE_MS` with a slow reader, as many as it takes. */
  flush(): void {
    if (this.#rest === undefined && this.#pending === '') return;
    const deadline = this.#reader === undefined ? 0 : performance.now() + PATIENCE_MS;
    do {
      const bytes = this.#rest ?? Buffer.from(this.#pending, 'latin1');
      if (this.#rest === undefined) this.#pending = '';
      this.#rest = undefined;
      const done = this.#behind?.blocked === true ? 0 : this.#writeAll(bytes, deadline);
      if (done < bytes.length) {
        this.#rest = bytes.subarray(done);
        return;
      }
    } while (this.#pending !== '');
  }

  discard(): void {
    this.#rest = undefined;
    this.#pending = '';
    this.#discarded = true;
  }

  /** Bytes written: all of them, unless there is a reader that is too slow for the deadline. */
  #writeAll(bytes: Uint8Array, deadline: number): number {
    const reader = this.#reader;
    let done = 0;
    while (done < bytes.length) {
      let length = bytes.length - done;
      if (reader !== undefined) {
        const left = deadline - performance.now();
        if (left <= 0 || !reader.waitWritable(Math.ceil(left))) return done;
        length = Math.min(length, reader.pieceBytes);
      }
      done += this.#writeSome(bytes, done, length);
    }
    return done;
  }

  /** Bytes written; 0 after waiting for a reader that could not take any. */
  #writeSome(bytes: Uint8Array, from: number, length: number): number {
    try {
      return this.#writeBytes(this.#fd, bytes, from, length);
    } catch (failure) {
      const code = failure instanceof Error && 'code' in failure ? String(failure.code) : undefined;
      if (code === undefined) throw failure;
      if (code === 'EAGAIN' || code === 'EINTR') {
        pause(1);
        return 0;
      }
      this.#closed = true;
      if (code === 'EPIPE') throw new SinkClosed();
      throw new SinkFailed(code, failure);
    }
  }
}

const pieceSize = 64 * 1024;
/** So long a flush waits for its reader, and signals wait for the flush. */
const PATIENCE_MS = 50;

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
