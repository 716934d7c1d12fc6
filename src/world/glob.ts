/**
 * Wildcards of attach points: `*` matches any text, also none; every other character is itself
 * (probes-and-stdlib.md section 2.1).
 */
export interface Glob {
  readonly text: string;
  readonly hasWildcard: boolean;
  matches(name: string): boolean;
}

export function glob(text: string): Glob {
  if (!text.includes('*')) return { text, hasWildcard: false, matches: (name) => name === text };
  const pieces = text.split('*');
  const first = pieces[0] ?? '';
  const last = pieces[pieces.length - 1] ?? '';
  const middle = pieces.slice(1, -1);
  return { text, hasWildcard: true, matches: (name) => matchPieces(name, first, middle, last) };
}

/** Leftmost placement of each middle piece is enough: a later one can only shrink the room for the rest. */
function matchPieces(name: string, first: string, middle: readonly string[], last: string): boolean {
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  const end = name.length - last.length;
  let at = first.length;
  for (const piece of middle) {
    const found = name.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}
