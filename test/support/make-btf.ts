/** BTF by hand, for what no compiler makes: split BTF, old encodings, corrupt records. */

/** BTF of a string section and records, each a list of 32-bit words. */
export function makeBtf(strings: string, records: readonly (readonly number[])[]): Uint8Array {
  const words = records.flat();
  const made = Buffer.alloc(24 + words.length * 4 + strings.length);
  made.writeUInt16LE(0xeb9f, 0);
  made.writeUInt8(1, 2);
  made.writeUInt32LE(24, 4);
  made.writeUInt32LE(words.length * 4, 12);
  made.writeUInt32LE(words.length * 4, 16);
  made.writeUInt32LE(strings.length, 20);
  words.forEach((word, i) => {
    made.writeUInt32LE(word >>> 0, 24 + i * 4);
  });
  made.write(strings, 24 + words.length * 4, 'latin1');
  return made;
}
