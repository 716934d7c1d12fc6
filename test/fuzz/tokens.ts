/**
 * Script text cut into pieces for mutation. On purpose not the lexer under test: it must cut any text, and what is
 * between the pieces has to stay, because attach points and `#` lines depend on blanks.
 */
export interface Token {
  readonly text: string;
  /** Blanks and comments behind it. */
  readonly space: string;
}

const space = String.raw`(?:\s|//[^\n]*|/\*[\s\S]*?\*/)*`;
const word = String.raw`"(?:\\[^\n]|[^"\\\n])*"|[$@]?[A-Za-z_]\w*|\$\d+|\d\w*|<<=|>>=|->|\.\.|\?:|\+\+|--|&&|\|\||<<|>>|[-+*/%&|^<>=!]=|[\s\S]`;

/** All of the text but blanks in front of the first token. */
export function tokensOf(text: string): readonly Token[] {
  return [...text.replace(/^\s+/, '').matchAll(new RegExp(`(${word})(${space})`, 'g'))].map((match) => ({
    text: match[1] ?? '',
    space: match[2] ?? '',
  }));
}

export function textOf(tokens: readonly Token[]): string {
  return tokens.map((token) => token.text + token.space).join('');
}

/** Index behind the bracket that closes the one at `open`; undefined when nothing does. */
export function closingOf(tokens: readonly Token[], open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const text = tokens[at]?.text ?? '';
    if ('([{'.includes(text)) depth++;
    if (')]}'.includes(text) && --depth === 0) return at + 1;
  }
  return undefined;
}
