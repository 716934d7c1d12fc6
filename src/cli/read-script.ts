/**
 * Script text from where the command line says: -e, a file, stdin. Bounded, because a device or a pipe need not end, and
 * with one message for each thing that can be wrong with a file.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { SourceText } from '../../grammar/source.ts';
import { systemError } from '../world/system-error.ts';
import type { Script } from './command-line.ts';

export type ReadScript =
  /** `folder`: what the script's imports are relative to. */
  | { readonly ok: true; readonly source: SourceText; readonly folder: string }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

/** Bytes. Far above any script, far below what would exhaust memory. */
const largestScript = 16 * 1024 * 1024;

/** Scripts of -e and stdin are called `stdin`, as in the language's other tools. */
export function readScript(from: Script['from']): ReadScript {
  if (from !== 'stdin' && 'text' in from) {
    return { ok: true, source: SourceText.fromUnicode('stdin', from.text), folder: process.cwd() };
  }
  const name = from === 'stdin' ? 'stdin' : from.file;
  try {
    const bytes = from === 'stdin' ? readAll(0) : readFile(from.file);
    if (bytes === undefined) {
      const message = `'${name}' is no script: it is larger than ${largestScript / (1024 * 1024)} MiB`;
      return { ok: false, diagnostic: { severity: 'error', code: 'script-too-large', message } };
    }
    const folder = from === 'stdin' ? process.cwd() : dirname(resolve(from.file));
    return { ok: true, source: SourceText.fromBytes(name, bytes), folder };
  } catch (failure) {
    const reason = systemError(failure);
    if (reason === undefined) throw failure;
    const message = `cannot read the script '${name}': ${reason}`;
    return { ok: false, diagnostic: { severity: 'error', code: 'unreadable-script', message } };
  }
}

function readFile(path: string): Uint8Array | undefined {
  const fd = openSync(path, 'r');
  try {
    return readAll(fd);
  } finally {
    closeSync(fd);
  }
}

/** Undefined when there is more than a script may have. */
function readAll(fd: number): Uint8Array | undefined {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const piece = Buffer.allocUnsafe(64 * 1024);
    const got = readSome(fd, piece);
    if (got === 0) return Buffer.concat(pieces);
    pieces.push(piece.subarray(0, got));
    length += got;
    if (length > largestScript) return undefined;
  }
}

/** Waits where the descriptor does not, as a terminal or pipe left so by another program. */
function readSome(fd: number, into: Uint8Array): number {
  for (;;) {
    try {
      return readSync(fd, into, 0, into.length, null);
    } catch (failure) {
      if (!(failure instanceof Error && 'code' in failure && failure.code === 'EAGAIN')) throw failure;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
