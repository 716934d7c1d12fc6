/**
 * printf formats (probes-and-stdlib 10): text -> pieces, and what is wrong with them for given argument types. The
 * checker turns the problems into Diagnostics; event-formatter.ts turns the pieces into text while the script runs.
 */
import type { Type } from './type.ts';

export type FormatPiece = FormatText | Conversion;

export interface FormatText {
  readonly kind: 'text';
  readonly text: string;
}

export interface Conversion {
  readonly kind: 'conversion';
  /** As the script has it, for example `%-5d`. */
  readonly text: string;
  readonly specifier: Specifier;
  /** Integers are cut to this many bits, as C's length modifiers say. `%p` and `%s` never cut. */
  readonly bits: 8 | 16 | 32 | 64;
  /** Minimum number of bytes, 0 without. */
  readonly width: number;
  readonly left: boolean;
  /** Filled with zeros instead of blanks, texts as well. */
  readonly zero: boolean;
  readonly plus: boolean;
  readonly alternate: boolean;
}

export type Specifier =
  | 'd'
  | 'i'
  | 'u'
  | 'x'
  | 'X'
  | 'o'
  | 'c'
  | 'p'
  | 's'
  | 'r'
  | 'rx'
  | 'rh'
  | 'gr'
  | UnsupportedSpecifier;

type UnsupportedSpecifier = 'e' | 'f' | 'g' | 'a' | 'E' | 'F' | 'G' | 'A';

/** One mistake in a call of printf or its kin. `argument` counts from 0 behind the format string. */
export type FormatProblem =
  | { readonly kind: 'too-few-arguments'; readonly supplied: number; readonly expected: number }
  | { readonly kind: 'too-many-arguments'; readonly supplied: number; readonly expected: number }
  | { readonly kind: 'unsupported-specifier'; readonly specifier: string; readonly conversion: string }
  | {
      readonly kind: 'wrong-type';
      readonly specifier: string;
      readonly conversion: string;
      readonly argument: number;
      readonly type: Type;
    }
  | { readonly kind: 'none-type'; readonly specifier: string; readonly conversion: string; readonly argument: number };

/** Never fails: what is no conversion is text. Neighbouring texts are joined; `%%` is a percent sign. */
export function parseFormat(format: string): FormatPiece[] {
  const pieces: FormatPiece[] = [];
  let text = '';
  let from = 0;
  for (const match of format.matchAll(conversionPattern)) {
    text += format.slice(from, match.index);
    from = match.index + match[0].length;
    const conversion = toConversion(match);
    if (conversion === undefined) {
      text += '%';
      continue;
    }
    if (text !== '') pieces.push({ kind: 'text', text });
    text = '';
    pieces.push(conversion);
  }
  text += format.slice(from);
  if (text !== '') pieces.push({ kind: 'text', text });
  return pieces;
}

/** All problems of a format with these arguments, in the order of the format. */
export function checkFormat(pieces: readonly FormatPiece[], argumentTypes: readonly Type[]): FormatProblem[] {
  const conversions = pieces.filter((piece): piece is Conversion => piece.kind === 'conversion');
  const problems: FormatProblem[] = [];
  const [supplied, expected] = [argumentTypes.length, conversions.length];
  if (supplied < expected) problems.push({ kind: 'too-few-arguments', supplied, expected });
  if (supplied > expected) problems.push({ kind: 'too-many-arguments', supplied, expected });
  conversions.forEach((conversion, argument) => {
    const problem = conversionProblem(conversion, argument, argumentTypes[argument]);
    if (problem !== undefined) problems.push(problem);
  });
  return problems;
}

/** Flags come in exactly this order; `*` is accepted, takes no argument and means nothing, as is any precision. */
const conversionPattern =
  /%(?:%|(-?)(\+?) ?(#?)(0?)(\d+|\*)?(?:\.(?:\d+|\*)?)?([hlLjzt]*)(rx|rh|r|gr|[diuxXocpsefgaEFGA%]))/g;

function toConversion(match: RegExpMatchArray): Conversion | undefined {
  const [whole, left, plus, alternate, zero, width, length, specifier] = match;
  if (specifier === undefined || specifier === '%') return undefined;
  return {
    kind: 'conversion',
    text: whole,
    specifier: specifier as Specifier, // one of the alternatives of the pattern
    bits: specifier === 'p' ? 64 : bitsOf(length ?? ''),
    width: width === undefined || width === '*' ? 0 : Math.min(Number(width), maximumWidth),
    left: left === '-',
    zero: zero === '0',
    plus: plus === '+',
    alternate: alternate === '#',
  };
}

/** A typing error in a width shall not cost memory for every event. */
const maximumWidth = 65536;

function bitsOf(length: string): 8 | 16 | 32 | 64 {
  switch (length) {
    case 'hh':
      return 8;
    case 'h':
      return 16;
    case 'l':
    case 'll':
    case 'L':
    case 'j':
    case 'z':
    case 't':
      return 64;
    default:
      return 32;
  }
}

const numeric: readonly Type['kind'][] = ['int', 'bool', 'pointer', 'enum'];

/** Kinds of types a conversion takes; undefined: everything but none. */
const accepted: { readonly [S in Exclude<Specifier, UnsupportedSpecifier>]: readonly Type['kind'][] | undefined } = {
  d: numeric,
  i: numeric,
  u: numeric,
  x: numeric,
  X: numeric,
  o: numeric,
  c: numeric,
  p: numeric,
  s: undefined,
  r: ['buffer'],
  rx: ['buffer'],
  rh: ['buffer'],
  gr: ['int'],
};

function conversionProblem(
  conversion: Conversion,
  argument: number,
  type: Type | undefined,
): FormatProblem | undefined {
  const { specifier, text } = conversion;
  if (!isSupported(specifier)) return { kind: 'unsupported-specifier', specifier, conversion: text };
  if (type === undefined || type.kind === 'error') return undefined;
  if (type.kind === 'none') return { kind: 'none-type', specifier, conversion: text, argument };
  const kinds = accepted[specifier];
  if (kinds === undefined ? isPrintable(type) : kinds.includes(type.kind)) return undefined;
  return { kind: 'wrong-type', specifier, conversion: text, argument, type };
}

/** Aggregates that are not numbers have no text of their own; castable ones arrive here as integers. */
function isPrintable(type: Type): boolean {
  return type.kind !== 'aggregate';
}

function isSupported(specifier: Specifier): specifier is keyof typeof accepted {
  return Object.hasOwn(accepted, specifier);
}
