/**
 * Lays text out on lines: a `Doc` says where lines may or must break, `layOut` decides by the width. The formatter
 * (format.ts) makes Docs. A group is printed on one line if all of it fits, else all its own `line`s break; groups
 * inside decide for themselves. Blanks and line ends are held back until text follows, so no line ends with a blank
 * and several requests for a line end make one.
 */
export type Doc =
  | string
  | readonly Doc[]
  | { readonly kind: 'indent'; readonly content: Doc }
  | { readonly kind: 'group'; readonly content: Doc }
  | { readonly kind: 'block'; readonly content: Doc }
  | { readonly kind: 'remark'; readonly text: string }
  | { readonly kind: 'break'; readonly how: Break };

/**
 * What a break is. `space`: a blank. `line`, `soft`: a line end in a broken group, else a blank or nothing. `hard`, `blank`: always a line
 * end, `blank` with an empty line before; what is around a block is not broken by its lines. `comment` and
 * `blank-comment` are the same for lines of comments, which do break the groups around them.
 */
type Break = 'space' | 'line' | 'soft' | 'hard' | 'blank' | 'comment' | 'blank-comment';

const lineBreak = (how: Break): Doc => ({ kind: 'break', how });

export const space = lineBreak('space');
export const line = lineBreak('line');
export const soft = lineBreak('soft');
export const hard = lineBreak('hard');
export const blank = lineBreak('blank');
export const commentLine = lineBreak('comment');
export const blankCommentLine = lineBreak('blank-comment');

export function indent(content: Doc): Doc {
  return { kind: 'indent', content };
}

/** The lines of a block: they start a layout of their own, whatever the group around does. */
export function linesOfBlock(content: Doc): Doc {
  return { kind: 'block', content };
}

/** A comment to the end of the line, which may be longer than the lines are. */
export function remark(text: string): Doc {
  return { kind: 'remark', text };
}

export function group(content: Doc): Doc {
  return { kind: 'group', content };
}

/** Text of a Doc, without a line end behind the last line. */
export function layOut(doc: Doc, width: number): string {
  const page = new Page();
  const rest: Command[] = [{ doc, indent: 0, flat: false }];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { doc, indent, flat } = next;
    if (typeof doc === 'string') page.text(doc);
    else if (!('kind' in doc)) {
      for (let index = doc.length - 1; index >= 0; index--) rest.push({ doc: doc[index] ?? '', indent, flat });
    } else if (doc.kind === 'indent') rest.push({ doc: doc.content, indent: flat ? indent : indent + 2, flat });
    else if (doc.kind === 'block') rest.push({ doc: doc.content, indent: indent + 2, flat: false });
    else if (doc.kind === 'remark') page.text(doc.text);
    else if (doc.kind === 'group') {
      const inner = { doc: doc.content, indent, flat: true };
      rest.push({ ...inner, flat: flat || fits(inner, rest, page.room(width)) });
    } else if (doc.how === 'space' || (doc.how === 'line' && flat)) page.space();
    else if (doc.how !== 'soft' || !flat) page.line(doc.how.startsWith('blank') ? 2 : 1, indent);
  }
  return page.result();
}

interface Command {
  readonly doc: Doc;
  readonly indent: number;
  readonly flat: boolean;
}

/**
 * Whether the text up to the next line end fits. A line end of a comment inside the group does, if nothing of the group
 * is behind it.
 */
function fits(first: Command, rest: readonly Command[], room: number): boolean {
  const own: { readonly doc: Doc; readonly flat: boolean }[] = [first];
  let outer = rest.length;
  let isInside = true;
  let hasEnded = false;
  while (room >= 0) {
    const next = own.pop() ?? rest[--outer];
    if (next === undefined) return true;
    if (outer < rest.length) isInside = false;
    if (hasEnded && !isInside) return true;
    const { doc, flat } = next;
    if (typeof doc === 'string') {
      if (hasEnded && doc !== '') return false;
      const end = doc.indexOf('\n');
      if (end >= 0) return end <= room;
      room -= doc.length;
    } else if (!('kind' in doc)) {
      for (let index = doc.length - 1; index >= 0; index--) own.push({ doc: doc[index] ?? '', flat });
    } else if (doc.kind === 'remark') {
      if (hasEnded) return false;
    } else if (doc.kind !== 'break') own.push({ doc: doc.content, flat });
    else if (doc.how === 'space' || (doc.how === 'line' && flat)) room--;
    else if (doc.how !== 'soft' || !flat) {
      if (!isInside || !doc.how.endsWith('comment')) return true;
      hasEnded = true;
    }
  }
  return false;
}

/** The text so far, and the blanks and line ends that come before the next text. */
class Page {
  readonly #pieces: string[] = [];
  #column = 0;
  #opened = true;
  #lines = 0;
  #indent = 0;
  #space = false;

  text(text: string): void {
    if (text === '') return;
    if (this.#lines > 0) {
      // No empty lines straight after an opening bracket and straight before a closing one.
      const lines = this.#opened || /^[)\]}]/.test(text) ? 1 : this.#lines;
      if (this.#pieces.length > 0) this.#pieces.push('\n'.repeat(lines), ' '.repeat(this.#indent));
      this.#column = this.#indent;
    } else if (this.#space && this.#pieces.length > 0 && !/^[)\],;]/.test(text)) {
      this.#pieces.push(' ');
      this.#column++;
    }
    this.#pieces.push(text);
    const lastLine = text.lastIndexOf('\n');
    this.#column = lastLine < 0 ? this.#column + text.length : text.length - lastLine - 1;
    this.#opened = /[([{]$/.test(text) && text.length === 1;
    this.#lines = 0;
    this.#space = false;
  }

  space(): void {
    this.#space = true;
  }

  line(count: number, indent: number): void {
    this.#lines = Math.max(this.#lines, count);
    this.#indent = indent;
  }

  room(width: number): number {
    return width - (this.#lines > 0 ? this.#indent : this.#column + (this.#space ? 1 : 0));
  }

  result(): string {
    return this.#pieces.join('');
  }
}
