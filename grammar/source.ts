/**
 * Script text and positions in it. A script is a sequence of bytes: `SourceText.text` holds one byte per UTF-16 unit
 * (latin-1), so every offset in tokens, AST and diagnostics is a byte offset and string literals keep their bytes.
 * Only the renderer of diagnostics turns a line back into Unicode.
 */

/** Byte offsets into a source text; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Line and column, both 1-based, column in bytes. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One of the files that a text is made of; `start` is the offset of its first byte, always at the start of a line. */
export interface SourceFile {
  readonly name: string;
  readonly start: number;
}

/** A position as users see it: lines are counted within the file. */
export interface Place extends Position {
  readonly file: string;
}

/**
 * The text of a script, and behind it those of the files that it imports, so that a span tells the file too. `position`
 * counts lines over all of it, `locate` within the file.
 */
export class SourceText {
  /** How users see the main file: a path, or `stdin` for `-e` and `-`. */
  readonly name: string;
  /** One byte per character. */
  readonly text: string;
  /** The main file first, ascending by start. */
  readonly files: readonly SourceFile[];
  #lineStarts: number[] | undefined;

  constructor(name: string, text: string, files: readonly SourceFile[] = [{ name, start: 0 }]) {
    this.name = name;
    this.text = text;
    this.files = files;
  }

  /** This text with another file behind it; `start` is where that begins, which is what its spans are shifted by. */
  including(name: string, text: string): { readonly source: SourceText; readonly start: number } {
    const before = this.text.endsWith('\n') ? this.text : `${this.text}\n`;
    const start = before.length;
    return { source: new SourceText(this.name, before + text, [...this.files, { name, start }]), start };
  }

  /** From a JavaScript string as it comes from argv: encoded to UTF-8 bytes. */
  static fromUnicode(name: string, text: string): SourceText {
    return new SourceText(name, Buffer.from(text, 'utf8').toString('latin1'));
  }

  static fromBytes(name: string, bytes: Uint8Array): SourceText {
    return new SourceText(name, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'));
  }

  get lineCount(): number {
    return this.#starts().length;
  }

  /** Position of a byte offset; offsets past the end give the end. */
  position(offset: number): Position {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: Math.min(offset, this.text.length) - (starts[low] ?? 0) + 1 };
  }

  /** File, line within it, and column of a byte offset. */
  locate(offset: number): Place {
    const { line, column } = this.position(offset);
    let file = this.files[0];
    for (const candidate of this.files) if (candidate.start <= offset) file = candidate;
    if (file === undefined || file.start === 0) return { file: this.name, line, column };
    return { file: file.name, line: line - this.position(file.start).line + 1, column };
  }

  /** Bytes of a 1-based line without its line end; empty for a line that does not exist. */
  line(number: number): string {
    const starts = this.#starts();
    const start = starts[number - 1];
    if (start === undefined) return '';
    const next = starts[number];
    return this.text.slice(start, next === undefined ? undefined : next - 1).replace(/\r$/, '');
  }

  slice(span: Span): string {
    return this.text.slice(span.start, span.end);
  }

  #starts(): number[] {
    if (this.#lineStarts === undefined) {
      const starts = [0];
      for (let at = this.text.indexOf('\n'); at >= 0; at = this.text.indexOf('\n', at + 1)) starts.push(at + 1);
      this.#lineStarts = starts;
    }
    return this.#lineStarts;
  }
}

/** Smallest span that covers both. */
export function joinSpans(a: Span, b: Span): Span {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}
