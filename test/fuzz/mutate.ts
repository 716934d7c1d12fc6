/**
 * Scripts that are nearly right: a script of the corpus with tokens deleted, doubled, swapped, replaced, or with parts
 * of another script in it.
 */
import type { Corpus } from './corpus.ts';
import type { Random } from './random.ts';
import { closingOf, type Token } from './tokens.ts';

type Mutation = (tokens: readonly Token[], corpus: Corpus, random: Random) => readonly Token[];

/** One to four changes of a script. */
export function mutated(corpus: Corpus, random: Random): readonly Token[] {
  let tokens = random.pick(corpus.scripts);
  for (let left = 1 + random.below(4); left > 0; left--)
    tokens = random.pick(random.chance(0.6) ? careful : mutations)(tokens, corpus, random);
  return tokens;
}

/** The beginning of one script and the end of another. */
export function spliced(corpus: Corpus, random: Random): readonly Token[] {
  const first = random.pick(corpus.scripts);
  const second = random.pick(corpus.scripts);
  return [...first.slice(0, random.below(first.length + 1)), ...second.slice(random.below(second.length))];
}

/** A script of the corpus behind another one: names are used twice, with other types. */
export function joined(corpus: Corpus, random: Random): readonly Token[] {
  return [...random.pick(corpus.scripts), { text: '', space: '\n' }, ...random.pick(corpus.scripts)];
}

const rough: readonly Mutation[] = [
  function deleteOne(tokens, _corpus, random) {
    return tokens.toSpliced(random.below(tokens.length), 1);
  },
  function deleteSome(tokens, _corpus, random) {
    return tokens.toSpliced(random.below(tokens.length), 1 + random.below(8));
  },
  function double(tokens, _corpus, random) {
    const from = random.below(tokens.length);
    return tokens.toSpliced(from, 0, ...tokens.slice(from, from + 1 + random.below(8)));
  },
  function swap(tokens, _corpus, random) {
    const [a, b] = [random.below(tokens.length), random.below(tokens.length)];
    const [first, second] = [tokens[a], tokens[b]];
    if (first === undefined || second === undefined) return tokens;
    return tokens.with(a, { ...first, text: second.text }).with(b, { ...second, text: first.text });
  },
  function replace(tokens, corpus, random) {
    const at = random.below(tokens.length);
    return tokens.toSpliced(at, 1, { text: random.pick(corpus.words), space: tokens[at]?.space ?? '' });
  },
  function replaceByNeighbour(tokens, _corpus, random) {
    const at = random.below(tokens.length);
    const other = tokens[random.below(tokens.length)];
    return other === undefined ? tokens : tokens.toSpliced(at, 1, { ...other, space: tokens[at]?.space ?? '' });
  },
  function insert(tokens, corpus, random) {
    return tokens.toSpliced(random.below(tokens.length), 0, { text: random.pick(corpus.words), space: ' ' });
  },
];

/** Changes that often leave a script which parses, so that the passes behind the parser get work. */
const careful: readonly Mutation[] = [
  function replaceByAlike(tokens, corpus, random) {
    const at = random.below(tokens.length);
    const old = tokens[at];
    if (old === undefined) return tokens;
    const alike = corpus.words.filter((text) => kindOf(text) === kindOf(old.text));
    return tokens.with(at, { ...old, text: random.pick(alike.length > 0 ? alike : corpus.words) });
  },
  function oddNumber(tokens, _corpus, random) {
    const at = random.below(tokens.length);
    return tokens.toSpliced(at, 1, { text: random.pick(oddNumbers), space: tokens[at]?.space ?? '' });
  },
  /** Something in brackets takes the place of something in the same brackets of another script. */
  function transplant(tokens, corpus, random) {
    const donor = random.pick(corpus.scripts);
    const bracket = random.pick(['(', '[', '{']);
    const into = bracketed(tokens, bracket, random);
    const from = bracketed(donor, bracket, random);
    if (into === undefined || from === undefined) return tokens;
    return tokens.toSpliced(into.start, into.end - into.start, ...donor.slice(from.start, from.end));
  },
  function wrap(tokens, _corpus, random) {
    const at = random.below(tokens.length);
    const old = tokens[at];
    if (old === undefined) return tokens;
    const [before = '', after = ''] = random.pick(wrappings);
    return tokens.with(at, { ...old, text: `${before}${old.text}${after}` });
  },
];

const mutations = [...rough, ...careful];

const oddNumbers = [
  ...['0', '-1', '1', '63', '64', '65', '127', '128', '255', '256', '65536', '2147483648', '4294967295', '4294967296'],
  ...[
    '9223372036854775807',
    '9223372036854775808',
    '18446744073709551615',
    '18446744073709551616',
    '0xffffffffffffffff',
  ],
  ...['""', '"\\xff\\x00\\n"', '(1,)', '()', 'true', '1e9', '5s', '$1', '$9', '$#', '@', '&$x', '(a=1,b="x")'],
];

const wrappings: readonly (readonly string[])[] = [
  ...[
    ['(', ')'],
    ['-', ''],
    ['!', ''],
    ['~', ''],
    ['*', ''],
    ['&', ''],
    ['{ ', ' }'],
    ['(', ', 1)'],
    ['(a=', ')'],
  ],
  ...[
    ['(uint8)', ''],
    ['(int64)', ''],
    ['(bool)', ''],
    ['(string[3])', ''],
    ['(int32*)', ''],
    ['(int8[])', ''],
  ],
  ...[
    ['if (1) { ', ' } else { 2 }'],
    ['comptime ', ''],
    ['sizeof(', ')'],
    ['', '[0]'],
    ['', '.x'],
    ['', '++'],
  ],
  ...[
    ['@q[', ']'],
    ['str(', ')'],
    ['1 ? ', ' : 2'],
    ['', ' ?: 1'],
    ['(typeof(', '))1'],
    ['print(', ')'],
  ],
];

function bracketed(
  tokens: readonly Token[],
  bracket: string,
  random: Random,
): { readonly start: number; readonly end: number } | undefined {
  const places = tokens.flatMap(({ text }, index) => (text === bracket ? [index] : []));
  if (places.length === 0) return undefined;
  const open = random.pick(places);
  const end = closingOf(tokens, open);
  return end === undefined ? undefined : { start: open, end };
}

function kindOf(text: string): string {
  const match = /^(?:("|[$@])|(\d)|(\w))/.exec(text);
  return match === null ? 'mark' : (match[1] ?? (match[2] === undefined ? 'name' : 'number'));
}
