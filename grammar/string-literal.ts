/** Takes the quotes and escapes of a string literal away. Values are byte strings. */

export interface EscapeProblem {
  /** Offset of the backslash in the literal, quotes counted. */
  readonly offset: number;
  readonly length: number;
  readonly problem: string;
}

const simple: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['"', '"'],
  ['\\', '\\'],
]);

/** Bytes of a complete literal `"..."`; bad escapes are left out and listed. */
export function unquoteString(literal: string): {
  readonly value: string;
  readonly problems: readonly EscapeProblem[];
} {
  const problems: EscapeProblem[] = [];
  const value = literal
    .slice(1, -1)
    .replace(/\\(?:[0-7]{1,3}|[xX][0-9A-Fa-f]{0,2}|.)/gs, (sequence: string, offset: number) => {
      const result = readEscape(sequence.slice(1));
      if ('byte' in result) return result.byte;
      problems.push({ offset: offset + 1, length: sequence.length, problem: result.problem });
      return '';
    });
  return { value, problems };
}

function readEscape(text: string): { readonly byte: string } | { readonly problem: string } {
  const byte = simple.get(text);
  if (byte !== undefined) return { byte };
  if (/^[0-7]/.test(text)) {
    const code = Number.parseInt(text, 8);
    if (code > 0o377) return { problem: `the octal escape '\\${text}' is above '\\377', the largest byte` };
    return { byte: String.fromCharCode(code) };
  }
  if (/^[xX]/.test(text)) {
    if (text.length === 1) return { problem: `the escape '\\${text}' needs one or two hexadecimal digits` };
    return { byte: String.fromCharCode(Number.parseInt(text.slice(1), 16)) };
  }
  return { problem: `'\\${printable(text)}' is no escape; there are \\n \\t \\r \\" \\\\ \\NNN (octal) and \\xHH` };
}

/** Text for messages: bytes that are not printable ASCII as `\xNN`. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, hexEscape);
}

function hexEscape(c: string): string {
  return `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
