/**
 * Names in BTF: a section of strings that records refer to by offset. Those of a module's BTF are counted on from those of
 * vmlinux.
 */
/** The names of a BTF section, by the offsets that records have. */
export interface BtfStrings {
  /** Bytes, those of the base included. */
  readonly length: number;
  at(offset: number): string;
  /** Where the whole string is `name`. */
  offsetsOfName(name: string): Iterable<number>;
}

/** Of a section alone, or behind those of a base. */
export function joinStrings(own: Buffer, base: BtfStrings | undefined): BtfStrings {
  if (base === undefined) {
    return {
      length: own.length,
      at: (offset) => readName(own, offset),
      offsetsOfName: (name) => offsetsOfName(own, name),
    };
  }
  return {
    length: base.length + own.length,
    at: (offset) => (offset < base.length ? base.at(offset) : readName(own, offset - base.length)),
    offsetsOfName: (name) => [
      ...base.offsetsOfName(name),
      ...Array.from(offsetsOfName(own, name), (at) => at + base.length),
    ],
  };
}

/** Where the whole string is `name`. One place in vmlinux; tools that do not merge strings may write it repeatedly. */
function* offsetsOfName(strings: Buffer, name: string): Generator<number> {
  if (name === '' || name.includes('\0')) return;
  yield* startsOfNames(strings, `${name}\0`);
}

/** Where names begin so. Those of a module begin with a name at once, all others with the empty one. */
export function* startsOfNames(strings: Buffer, text: string): Generator<number> {
  if (strings.toString('latin1', 0, text.length) === text) yield 0;
  const wanted = Buffer.from(`\0${text}`, 'latin1');
  for (let at = strings.indexOf(wanted); at >= 0; at = strings.indexOf(wanted, at + 1)) yield at + 1;
}

export function readName(strings: Buffer, offset: number): string {
  const end = strings.indexOf(0, offset);
  return end < 0 ? '' : strings.toString('latin1', offset, end);
}
