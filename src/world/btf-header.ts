/** The header of BTF: where its two sections are, types and strings. First step of btf.ts. */
const magic = 0xeb9f;
const headerBytes = 24;
export interface Sections {
  /** The type section as 32-bit words, of which all records consist. */
  readonly words: Uint32Array;
  readonly strings: Buffer;
}

/** Undefined when the bytes do not start with a BTF header whose sections lie within them. */
export function readHeader(bytes: Uint8Array): Sections | undefined {
  if (bytes.byteLength < headerBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(0, true) !== magic || view.getUint8(2) !== 1) return undefined;
  const headerLength = view.getUint32(4, true);
  const types = headerLength + view.getUint32(8, true);
  const typesEnd = types + view.getUint32(12, true);
  const strings = headerLength + view.getUint32(16, true);
  const stringsEnd = strings + view.getUint32(20, true);
  if (headerLength < headerBytes || typesEnd > bytes.byteLength || stringsEnd > bytes.byteLength) return undefined;
  if (typesEnd % 4 !== types % 4) return undefined;
  const start = bytes.byteOffset + types;
  return {
    words:
      start % 4 === 0
        ? new Uint32Array(bytes.buffer, start, (typesEnd - types) / 4)
        : new Uint32Array(Uint8Array.from(bytes.subarray(types, typesEnd)).buffer),
    strings: Buffer.from(bytes.buffer, bytes.byteOffset + strings, stringsEnd - strings),
  };
}
