/** The smallest text found that fails in the same way: tokens are left out, whole statements and brackets first. */
import { closingOf, type Token, textOf, tokensOf } from './tokens.ts';

export function minimised(text: string, stillFails: (text: string) => boolean, mostAttempts = 3000): string {
  let left = mostAttempts;
  const fails = (tokens: readonly Token[]): boolean => left-- > 0 && tokens.length > 0 && stillFails(textOf(tokens));
  let tokens = tokensOf(text);
  if (!fails(tokens)) return text;
  for (let before = tokens.length + 1; tokens.length < before && left > 0; ) {
    before = tokens.length;
    for (const cuts of [statements, brackets, insides, pairs]) tokens = without(tokens, cuts, fails);
    for (let size = tokens.length >> 1; size >= 1; size >>= 1) tokens = without(tokens, runsOf(size), fails);
  }
  // Comments and blanks that do not matter.
  const plain = tokens.map((token) => ({ ...token, space: token.space === '' ? '' : ' ' }));
  return fails(plain) ? textOf(plain) : textOf(tokens);
}

interface Cut {
  readonly start: number;
  readonly end: number;
}

/** A way to leave something out that begins at a token; undefined when nothing of the kind begins there. */
type Cuts = (tokens: readonly Token[], at: number) => readonly Cut[] | undefined;

function without(start: readonly Token[], cuts: Cuts, fails: (tokens: readonly Token[]) => boolean): readonly Token[] {
  let tokens = start;
  for (let at = 0; at < tokens.length; ) {
    const found = cuts(tokens, at);
    // From behind, so that the places in front stay where they are.
    const fewer = found?.reduceRight<readonly Token[]>(
      (rest, cut) => rest.toSpliced(cut.start, cut.end - cut.start),
      tokens,
    );
    if (fewer !== undefined && fewer.length < tokens.length && fails(fewer)) tokens = fewer;
    else at++;
  }
  return tokens;
}

function runsOf(size: number): Cuts {
  return (_tokens, at) => [{ start: at, end: at + size }];
}

/** From behind a `;` or `{` to the next `;` outside of brackets. */
function statements(tokens: readonly Token[], at: number): readonly Cut[] | undefined {
  if (at > 0 && !';{}'.includes(tokens[at - 1]?.text ?? ' ')) return undefined;
  for (let end = at; end < tokens.length; ) {
    const text = tokens[end]?.text ?? '';
    if (text === '}') return undefined;
    if (text === ';') return [{ start: at, end: end + 1 }];
    const closing = '([{'.includes(text) ? closingOf(tokens, end) : end + 1;
    if (closing === undefined) return undefined;
    end = closing;
    if (text === '{') return [{ start: at, end }];
  }
  return undefined;
}

/** Brackets with what is in them. */
function brackets(tokens: readonly Token[], at: number): readonly Cut[] | undefined {
  const end = '([{'.includes(tokens[at]?.text ?? ' ') ? closingOf(tokens, at) : undefined;
  return end === undefined ? undefined : [{ start: at, end }];
}

/** What is in brackets. */
function insides(tokens: readonly Token[], at: number): readonly Cut[] | undefined {
  const end = brackets(tokens, at)?.[0]?.end;
  return end === undefined ? undefined : [{ start: at + 1, end: end - 1 }];
}

/** Brackets without what is in them. */
function pairs(tokens: readonly Token[], at: number): readonly Cut[] | undefined {
  const end = brackets(tokens, at)?.[0]?.end;
  if (end === undefined) return undefined;
  return [
    { start: at, end: at + 1 },
    { start: end - 1, end },
  ];
}
