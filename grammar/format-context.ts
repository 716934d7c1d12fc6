/**
 * What the format-*.ts files share: tokens become text together with their comments. Tokens are printed as they are
 * written, so literals keep their spelling; the few that are added, replaced or left out are noted here first.
 */
import type { CstElement, CstNode, IToken } from 'chevrotain';
import { firstOf } from './build-context.ts';
import { breaksLine, type Comment, type Trivia } from './comments.ts';
import {
  blank,
  blankCommentLine,
  commentLine,
  type Doc,
  group,
  hard,
  indent,
  line,
  remark,
  soft,
  space,
} from './layout.ts';

export class FormatContext {
  readonly #trivia: Trivia;
  readonly #before = new Map<IToken, string>();
  readonly #printed = new Set<IToken>();
  readonly #behind = new Map<IToken, string>();

  constructor(trivia: Trivia) {
    this.#trivia = trivia;
  }

  /** The token with its comments; `text` in place of its own. */
  token(token: IToken, text: string = token.image): Doc {
    const before = this.leading(token);
    return before === '' ? this.bare(token, text) : [before, this.bare(token, text)];
  }

  /** Without the comments before it. */
  bare(token: IToken, text: string = token.image): Doc {
    const all = `${this.#before.get(token) ?? ''}${text}${this.#behind.get(token) ?? ''}`;
    const comments = this.#trivia.trailing(token);
    return comments.length === 0 ? all : [all, comments.map(trailingComment)];
  }

  /** Text for before and behind the node, inside its comments. */
  enclose(node: CstNode, before: string, behind: string): void {
    const first = edge(node, 'first');
    const last = edge(node, 'last');
    this.#before.set(first, before + (this.#before.get(first) ?? ''));
    this.#behind.set(last, (this.#behind.get(last) ?? '') + behind);
  }

  /** Each comment once: who asks first has them. */
  leading(token: IToken): Doc {
    const comments = this.#trivia.leading(token);
    if (comments.length === 0 || this.#printed.has(token)) return '';
    this.#printed.add(token);
    const parts: Doc[] = [];
    for (const comment of comments) {
      if (comment.ownLine) parts.push(comment.blankBefore ? blankCommentLine : commentLine);
      parts.push(commentText(comment), comment.endsLine ? commentLine : space);
    }
    if (this.#trivia.blankBefore(token)) parts.push(blankCommentLine);
    return parts;
  }

  hasLeading(token: IToken): boolean {
    return this.#trivia.leading(token).length > 0;
  }

  /** What the text of a node begins with, which may be a comment. */
  firstCharacter(node: CstNode): string {
    const first = edge(node, 'first');
    return (this.#trivia.leading(first)[0]?.text ?? first.image).charAt(0);
  }

  /** What is before a node in a list of lines: at most one empty line is kept; then its comments. */
  lineBefore(node: CstNode, apart?: 'apart'): Doc {
    const first = edge(node, 'first');
    const comment = this.#trivia.leading(first)[0];
    const isBlank = comment === undefined ? this.#trivia.blankBefore(first) : comment.blankBefore;
    return [isBlank || apart !== undefined ? blank : hard, this.leading(first)];
  }

  /** The nodes, each with the comments before it, so that those do not break lines inside the node. */
  each<T extends CstNode>(nodes: readonly T[] | undefined, print: (node: T) => Doc): readonly Doc[] {
    return (nodes ?? []).map((node) => [this.leading(edge(node, 'first')), print(node)]);
  }

  /** `(a, b, c)`; breaks after each comma if it does not fit, but a single part without comments stays in its line. */
  list<T extends CstNode>(brackets: Brackets, nodes: readonly T[] | undefined, print: (node: T) => Doc): Doc {
    const open = firstOf(brackets.open);
    const close = firstOf(brackets.close);
    const parts = nodes ?? [];
    const first = parts[0];
    const hasComments = this.hasLeading(close) || (first !== undefined && this.hasLeading(edge(first, 'first')));
    const items = this.each(parts, print).map((part, index): Doc => {
      const comma = brackets.commas?.[index];
      if (comma === undefined) return part;
      // A comma behind the last part is left out, its comments are not.
      return index === parts.length - 1 ? [part, this.token(comma, '')] : [part, this.token(comma), line];
    });
    if (parts.length < 2 && !hasComments) return [this.token(open), items, this.token(close)];
    const inside = indent([soft, items, this.leading(close)]);
    return [this.leading(open), group([this.bare(open), inside, soft, this.bare(close)])];
  }
}

/** As the CST has them. */
export interface Brackets {
  readonly open: readonly IToken[] | undefined;
  readonly commas?: readonly IToken[] | undefined;
  readonly close: readonly IToken[] | undefined;
}

function trailingComment(comment: Comment): Doc {
  const start = !comment.ownLine ? space : comment.blankBefore ? blankCommentLine : commentLine;
  return [start, commentText(comment), breaksLine(comment) ? commentLine : ''];
}

export function commentText({ text }: Comment): Doc {
  if (text.startsWith('//')) return remark(text);
  const lines = text.split('\n').map((part) => part.trimEnd());
  const rest = lines.slice(1).map((part) => part.trimStart());
  // The stars of a block comment stand below each other; other texts keep their blanks.
  if (!rest.every((part) => part.startsWith('*'))) return lines.join('\n');
  return [lines[0] ?? '', rest.map((part): Doc => [commentLine, ` ${part}`])];
}

/** First or last token of a node, by position. */
export function edge(node: CstNode, which: 'first' | 'last'): IToken {
  const token = edgeOf(node, which);
  if (token === undefined) throw new Error('a part of the syntax tree has no tokens');
  return token;
}

function edgeOf(node: CstNode, which: 'first' | 'last'): IToken | undefined {
  let best: IToken | undefined;
  for (const elements of Object.values(node.children)) {
    // Elements of one kind are in order.
    const element = which === 'first' ? elements[0] : elements.at(-1);
    const token = element === undefined ? undefined : edgeOfElement(element, which);
    if (token === undefined) continue;
    const isBetter =
      best === undefined ||
      (which === 'first' ? token.startOffset < best.startOffset : token.startOffset > best.startOffset);
    if (isBetter) best = token;
  }
  return best;
}

function edgeOfElement(element: CstElement, which: 'first' | 'last'): IToken | undefined {
  return 'children' in element ? edgeOf(element, which) : element;
}
