/**
 * How results of clang that rest on files lie in the object cache: what is known of them as JSON, then bytes (an object, BTF). A
 * record names the files that were read with their hashes, and is used only while they are what they were.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { systemError } from '../world/system-error.ts';

export interface ReadFile {
  readonly path: string;
  /** Empty when it could not be read again. */
  readonly hash: string;
}

export function packRecord(facts: object, bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(JSON.stringify(facts), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, text, bytes]);
}

/** The cache vouches for what it gives back (object-cache.ts), so `facts` is the JSON that packRecord() wrote. */
export function unpackRecord(record: Uint8Array): { readonly facts: string; readonly bytes: Uint8Array } {
  const buffer = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
  const end = 4 + buffer.readUInt32LE(0);
  // A copy, because the words of BTF must lie at multiples of four.
  return { facts: buffer.toString('utf8', 4, end), bytes: Uint8Array.from(buffer.subarray(end)) };
}

export function readFiles(paths: readonly string[]): readonly ReadFile[] {
  return paths.map((path) => ({ path, hash: hashOfFile(path) ?? '' }));
}

export function areUnchanged(files: readonly ReadFile[]): boolean {
  return files.every(({ path, hash }) => hashOfFile(path) === hash);
}

export function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Undefined when it cannot be read. */
function hashOfFile(path: string): string | undefined {
  try {
    return hashOf(readFileSync(path));
  } catch (failure) {
    if (systemError(failure) === undefined) throw failure;
    return undefined;
  }
}
