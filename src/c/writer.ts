/**
 * Writes C: lines, indentation, blocks, unique temporaries, and `#line` markers that make clang and the verifier speak
 * of the script. A marker is written only when the script line changes.
 */
import type { SourceText } from '../../grammar/source.ts';

export class CWriter {
  readonly #lines: string[] = [];
  readonly #source: SourceText;
  #indent = 0;
  #temporaries = 0;
  #line = 0;

  constructor(source: SourceText) {
    this.#source = source;
  }

  line(text: string): void {
    this.#lines.push(text === '' ? '' : '\t'.repeat(this.#indent) + text);
  }

  /** True when `text` is the line that was written last. */
  endsWith(text: string): boolean {
    return this.#lines.at(-1)?.trimStart() === text;
  }

  lines(texts: readonly string[]): void {
    for (const text of texts) this.line(text);
  }

  /** `head {`, the body, `}`; `tail` follows the closing brace. */
  block(head: string, body: () => void, tail = ''): void {
    this.line(head === '' ? '{' : `${head} {`);
    this.#indent++;
    body();
    this.#indent--;
    this.line(`}${tail}`);
  }

  ifElse(condition: string, then: () => void, otherwise: () => void): void {
    this.line(`if (${condition}) {`);
    this.#indent++;
    then();
    this.#indent--;
    this.line('} else {');
    this.#indent++;
    otherwise();
    this.#indent--;
    this.line('}');
  }

  /** The next lines belong to the script line at this byte offset. */
  at(offset: number): void {
    const line = this.#source.position(offset).line;
    if (line === this.#line) return;
    this.#line = line;
    this.#lines.push(`#line ${line} "${scriptFileName}"`);
  }

  /** After code was appended from elsewhere the current script line is unknown. */
  forgetLine(): void {
    this.#line = 0;
  }

  /** A C name that was not used before. */
  name(prefix: string): string {
    return `${prefix}${++this.#temporaries}`;
  }

  /** Lines written by `write`, taken out again: a function body is written before its prologue is known. */
  capture(write: () => void): readonly string[] {
    const start = this.#lines.length;
    write();
    return this.#lines.splice(start);
  }

  append(lines: readonly string[]): void {
    for (const line of lines) this.#lines.push(line.startsWith('#line') ? line : '\t'.repeat(this.#indent) + line);
  }

  text(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}

/** Name of the script in `#line` markers; clang.ts writes the script's text to a file of this name beside the C. */
export const scriptFileName = 'script.bt';

/** A C string literal for a byte string; every byte that is not plain ASCII is an octal escape of three digits. */
export function cString(bytes: string): string {
  let text = '"';
  for (const character of bytes) {
    const code = character.charCodeAt(0);
    if (character === '"' || character === '\\') text += `\\${character}`;
    else if (code >= 0x20 && code < 0x7f && character !== '?') text += character;
    else text += `\\${code.toString(8).padStart(3, '0')}`;
  }
  return `${text}"`;
}

/** An integer constant of 64 bits: C type u64 or s64 by `signed`. */
export function cInteger(value: bigint, signed: boolean): string {
  if (!signed) return `${BigInt.asUintN(64, value)}ULL`;
  const exact = BigInt.asIntN(64, value);
  if (exact === -(1n << 63n)) return '(-9223372036854775807LL - 1)';
  return exact < 0n ? `(${exact}LL)` : `${exact}LL`;
}
