/**
 * Byte strings to a file descriptor, synchronously and in large pieces: a string of many events is turned into bytes
 * once, which is what makes a million events a second possible. Writing waits when the reader is slow; events that
 * arrive meanwhile wait in the kernel's ring buffer or are counted as lost there.
 */
import { writeSync } from 'node:fs';
import { type Sink, SinkClosed } from './output.ts';

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
    super(`cannot write the output: ${code}`, { cause });
    this.code = code;
  }
}

/** The part of `node:fs` that a sink needs. */
export type WriteBytes = (fd: number, bytes: Uint8Array, offset: number, length: number) => number;

export class FdSink implements Sink {
  /** A person reads along: results should carry no control characters of the traced system. */
  readonly isTerminal: boolean;
  readonly #fd: number;
  readonly #mode: Buffering;
  readonly #writeBytes: WriteBytes;
  #pending = '';
  #closed = false;

  constructor(fd: number, mode: Buffering, isTerminal: boolean, writeBytes: WriteBytes = writeSync) {
    this.#fd = fd;
    this.#mode = mode;
    this.isTerminal = isTerminal;
    this.#writeBytes = writeBytes;
  }

  get mode(): Buffering {
    return this.#mode;
  }

  /** Throws SinkClosed or SinkFailed, like flush(), when the bytes have to leave now and cannot. */
  write(text: string): void {
    if (this.#closed) throw new SinkClosed();
    this.#pending += text;
    if (this.#mode === 'none' || this.#pending.length >= pieceSize) this.flush();
  }

  /** Hands all pending bytes to the operating system. */
  flush(): void {
    if (this.#pending === '') return;
    const bytes = Buffer.from(this.#pending, 'latin1');
    this.#pending = '';
    let done = 0;
    while (done < bytes.length) done += this.#writeSome(bytes, done);
  }

  /** Bytes written; 0 after waiting for a reader that could not take any. */
  #writeSome(bytes: Uint8Array, from: number): number {
    try {
      return this.#writeBytes(this.#fd, bytes, from, bytes.length - from);
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

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
