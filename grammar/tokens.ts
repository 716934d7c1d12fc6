/**
 * Every token of the language and the modes of the lexer. Text at root level is different from text in bodies: an
 * attach point such as `kprobe:vfs_*` is raw, so `*` and `/` mean something else there. The modes are
 *
 *   root       attach points, C definitions, first words of root items
 *   header     from `macro`, `fn`, `config` up to their `{`; also mapHeader (`let @m = ...`) and importHeader
 *   predicate  between `/` and the `/` that stands before `{` or `<`
 *   body       inside `{ }`; pushed again by every `{`
 *   angle      directly inside the action form `< ... >`
 *
 * Keywords are contextual: each belongs to a category under which the parser accepts it as an ordinary word.
 * Above 400 lines because it is one table: an order of tokens in a mode is only seen as a whole.
 */
import { createToken, type ILexingResult, type IToken, type ITokenConfig, Lexer, type TokenType } from 'chevrotain';
import { AngleTracker } from './angle-action.ts';
import { attachPointEnd, cDefinitionExtent, commentEnd, quotedEnd, skipTrivia } from './raw-text.ts';

/** The token stream of a script; characters that belong to no token are in `errors`. Never throws. */
export function tokenize(text: string): ILexingResult {
  lexer ??= createLexer({ validate: false });
  return lexer.tokenize(text);
}

/** A fresh lexer; `validate` makes Chevrotain check the definitions, which costs start-up time, so only tests do. */
export function createLexer(options: { readonly validate: boolean }): Lexer {
  return new Lexer(
    { modes, defaultMode: 'root' },
    { positionTracking: 'onlyOffset', skipValidations: !options.validate },
  );
}

let lexer: Lexer | undefined;

/** All token types, for the parser. */
export const allTokens: TokenType[] = [];

function token(config: ITokenConfig): TokenType {
  const type = createToken(config);
  allTokens.push(type);
  return type;
}

/** A type that only groups others. */
function category(name: string, label: string, parents: TokenType[] = []): TokenType {
  return token({ name, label, pattern: Lexer.NA, categories: parents });
}

function symbol(name: string, text: string, categories: TokenType[] = [], more: Partial<ITokenConfig> = {}): TokenType {
  return token({ name, label: `'${text}'`, pattern: text, categories, ...more });
}

function scanned(
  name: string,
  label: string,
  startChars: string[] | undefined,
  end: (text: string, at: number, tokens: IToken[]) => number | undefined,
  more: Partial<ITokenConfig> = {},
): TokenType {
  const pattern = (text: string, at: number, tokens: IToken[]): [string] | null => {
    const stop = end(text, at, tokens);
    return stop === undefined || stop <= at ? null : [text.slice(at, stop)];
  };
  const hint = startChars === undefined ? {} : { start_chars_hint: startChars };
  return token({ name, label, pattern, line_breaks: true, ...hint, ...more });
}

// ------------------------------------------------------------------------------------------------------ categories

/** Anything that looks like an identifier; all may be field and record names. */
export const Word = category('Word', 'a name');
export const BinaryOperator = category('BinaryOperator', 'an operator');
export const PrefixOperator = category('PrefixOperator', 'a prefix operator');
export const AssignmentOperator = category('AssignmentOperator', 'an assignment');

// --------------------------------------------------------------------------------------------------- names, words

/** A word that may stand for a value; the words of statements do, those of expressions do not. */
export const Identifier = token({
  name: 'Identifier',
  label: 'a name',
  pattern: /[A-Za-z_][A-Za-z0-9_]*/,
  categories: [Word],
});

function word(text: string, categories: TokenType[]): TokenType {
  const name = text === '_' ? 'Underscore' : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return token({ name, label: `'${text}'`, pattern: text, longer_alt: Identifier, categories });
}

export const Let = word('let', [Identifier]);
export const Import = word('import', [Identifier]);
export const For = word('for', [Identifier]);
export const While = word('while', [Identifier]);
export const Unroll = word('unroll', [Identifier]);
export const Break = word('break', [Identifier]);
export const Continue = word('continue', [Identifier]);
export const Return = word('return', [Identifier]);
export const Underscore = word('_', [Identifier]);
export const Struct = word('struct', [Identifier]);
export const Union = word('union', [Identifier]);
export const Enum = word('enum', [Identifier]);
export const If = word('if', [Word]);
export const Else = word('else', [Word]);
export const Sizeof = word('sizeof', [Word]);
export const Offsetof = word('offsetof', [Word]);
export const Typeof = word('typeof', [Word]);
export const Typeinfo = word('typeinfo', [Word]);
export const Comptime = word('comptime', [Word]);
export const True = word('true', [Word]);
export const False = word('false', [Word]);

export const Variable = token({ name: 'Variable', label: "a '$' variable", pattern: /\$[A-Za-z_][A-Za-z0-9_]*/ });
export const Positional = token({ name: 'Positional', label: 'a positional parameter', pattern: /\$[0-9]+/ });
export const PositionalCount = symbol('PositionalCount', '$#');
/** `$` without a name; reported from the token list. */
export const BadVariable = token({
  name: 'BadVariable',
  label: "a '$' variable",
  pattern: /\$(?:[ \t]+[A-Za-z_][A-Za-z0-9_]*)?/,
  categories: [Variable],
});
export const MapName = token({ name: 'MapName', label: 'a map', pattern: /@(?:[A-Za-z_][A-Za-z0-9_]*)?/ });

// ------------------------------------------------------------------------------------------------------- literals

/** Takes all letters and digits that follow, so that a bad suffix is one bad literal and not two tokens. */
export const Integer = token({ name: 'Integer', label: 'an integer', pattern: /[0-9][0-9A-Za-z_]*/ });
export const StringToken = token({
  name: 'StringToken',
  label: 'a string',
  pattern: /"[^"\\\n]*(?:\\[^\n][^"\\\n]*)*"/,
});
/** Reaches to the end of the line; reported from the token list. */
export const BadString = token({
  name: 'BadString',
  label: 'a string',
  pattern: /"[^"\\\n]*(?:\\[^\n][^"\\\n]*)*\\?/,
  categories: [StringToken],
});

// ------------------------------------------------------------------------------------------- brackets, punctuation

export const LCurly = symbol('LCurly', '{', [], { push_mode: 'body' });
export const RCurly = symbol('RCurly', '}', [], { pop_mode: true });
/** The `{` that ends a header. */
export const HeaderLCurly = symbol('HeaderLCurly', '{', [LCurly], { pop_mode: true, push_mode: 'body' });
/** A `}` where no `{` is open. */
export const StrayRCurly = symbol('StrayRCurly', '}', [RCurly]);
export const LParen = symbol('LParen', '(');
export const RParen = symbol('RParen', ')');
/** Ends `let @m = hash(10)`. */
export const MapHeaderRParen = symbol('MapHeaderRParen', ')', [RParen], { pop_mode: true });
export const LSquare = symbol('LSquare', '[');
export const RSquare = symbol('RSquare', ']');
export const Semicolon = symbol('Semicolon', ';');
export const HeaderSemicolon = symbol('HeaderSemicolon', ';', [Semicolon], { pop_mode: true });
export const Comma = symbol('Comma', ',');
export const Colon = symbol('Colon', ':');
export const Question = symbol('Question', '?');
export const Arrow = symbol('Arrow', '->');
export const DotDot = symbol('DotDot', '..');
export const Dot = symbol('Dot', '.');

// ------------------------------------------------------------------------------------------------------ operators

export const Increment = symbol('Increment', '++', [PrefixOperator]);
export const Decrement = symbol('Decrement', '--', [PrefixOperator]);
export const Assign = symbol('Assign', '=', [AssignmentOperator]);
export const Less = symbol('Less', '<', [BinaryOperator]);
export const Greater = symbol('Greater', '>', [BinaryOperator]);
export const Star = symbol('Star', '*', [BinaryOperator, PrefixOperator]);
export const Minus = symbol('Minus', '-', [BinaryOperator, PrefixOperator]);
export const Ampersand = symbol('Ampersand', '&', [BinaryOperator, PrefixOperator]);
export const Not = symbol('Not', '!', [PrefixOperator]);
export const Tilde = symbol('Tilde', '~', [PrefixOperator]);

/** Longest first, as the lexer takes the first that fits. */
const operators: TokenType[] = [
  symbol('ShiftLeftAssign', '<<=', [AssignmentOperator]),
  symbol('ShiftRightAssign', '>>=', [AssignmentOperator]),
  symbol('AddAssign', '+=', [AssignmentOperator]),
  symbol('SubtractAssign', '-=', [AssignmentOperator]),
  symbol('MultiplyAssign', '*=', [AssignmentOperator]),
  symbol('DivideAssign', '/=', [AssignmentOperator]),
  symbol('ModuloAssign', '%=', [AssignmentOperator]),
  symbol('AndAssign', '&=', [AssignmentOperator]),
  symbol('OrAssign', '|=', [AssignmentOperator]),
  symbol('XorAssign', '^=', [AssignmentOperator]),
  Increment,
  Decrement,
  Arrow,
  symbol('ShiftLeft', '<<', [BinaryOperator]),
  symbol('ShiftRight', '>>', [BinaryOperator]),
  symbol('LessEqual', '<=', [BinaryOperator]),
  symbol('GreaterEqual', '>=', [BinaryOperator]),
  symbol('Equal', '==', [BinaryOperator]),
  symbol('NotEqual', '!=', [BinaryOperator]),
  symbol('LogicalAnd', '&&', [BinaryOperator]),
  symbol('LogicalOr', '||', [BinaryOperator]),
  Less,
  Greater,
  Star,
  symbol('Slash', '/', [BinaryOperator]),
  symbol('Percent', '%', [BinaryOperator]),
  symbol('Plus', '+', [BinaryOperator]),
  Minus,
  Ampersand,
  symbol('Caret', '^', [BinaryOperator]),
  symbol('Bar', '|', [BinaryOperator]),
  Not,
  Tilde,
  Assign,
];

// ----------------------------------------------------------------------------------------------------- root level

/** With the lines that it goes on in, each behind a backslash, as in C. */
export const CLine = token({
  name: 'CLine',
  label: "a '#' line",
  pattern: /#[^\n]*(?:(?<=\\\r?)\n[^\n]*)*/,
  line_breaks: true,
});
export const CDefinition = token({
  name: 'CDefinition',
  label: 'a C definition',
  line_breaks: true,
  start_chars_hint: ['s', 'u', 'e'],
  pattern: (text, at) => {
    if (!atWord(text, at, /(?:struct|union|enum)(?=[\s{<,/]|$)/y)) return null;
    const extent = cDefinitionExtent(text, at);
    return Object.assign([text.slice(at, extent.end)] satisfies [string], { payload: extent.problem });
  },
});
export const AttachPoint = scanned('AttachPoint', 'a probe', undefined, attachPointEnd);
export const PredicateOpen = symbol('PredicateOpen', '/', [], { push_mode: 'predicate' });
/** The end of what was meant as a predicate: before it are two attach points without a `,`. It must not open one. */
export const StrayPredicateClose = scanned('StrayPredicateClose', "'/'", ['/'], (text, at, tokens) => {
  const isStray = tokens.at(-1)?.tokenType === AttachPoint && tokens.at(-2)?.tokenType === AttachPoint;
  return isStray && text[at] === '/' ? at + 1 : undefined;
});
export const AngleOpen = symbol('AngleOpen', '<', [], { push_mode: 'angle' });
export const ConfigWord = rootWord('ConfigWord', 'config', /config(?=[\s{<,/=]|$)/y, 'header');
export const MacroWord = rootWord('MacroWord', 'macro', /macro(?=[\s{<,/]|$)/y, 'header');
export const FnWord = rootWord('FnWord', 'fn', /fn(?=[\s{<,/]|$)/y, 'header');
export const RootLet = rootWord('RootLet', 'let', /let(?=[\s{<,/@$]|$)/y, 'mapHeader');
export const RootImport = rootWord('RootImport', 'import', /import(?=[\s{<,/"]|$)/y, 'importHeader');
/** The path ends the header, so that a forgotten `;` does not swallow the next probe. */
export const ImportPath = scanned(
  'ImportPath',
  'a path in double quotes',
  ['"'],
  (text, at) => (text[at] === '"' ? quotedEnd(text, at) : undefined),
  { categories: [StringToken], pop_mode: true, line_breaks: false },
);

/** A root item begins with one of these. */
export const rootStarts: readonly TokenType[] = [
  AttachPoint,
  CLine,
  CDefinition,
  ConfigWord,
  MacroWord,
  FnWord,
  RootLet,
  RootImport,
];

function rootWord(name: string, text: string, pattern: RegExp, mode: string): TokenType {
  return scanned(
    name,
    `'${text}'`,
    [text.charAt(0)],
    (source, at) => (atWord(source, at, pattern) ? at + text.length : undefined),
    { push_mode: mode, line_breaks: false },
  );
}

function atWord(text: string, at: number, pattern: RegExp): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

// ---------------------------------------------------------------------------------------------- predicate, actions

export const PredicateClose = scanned(
  'PredicateClose',
  "'/'",
  ['/'],
  (text, at) => {
    if (text[at] !== '/') return undefined;
    const next = text[skipTrivia(text, at + 1)];
    return next === '{' || next === '<' ? at + 1 : undefined;
  },
  { pop_mode: true },
);

/**
 * A `{` in a predicate straight after a value: the closing `/` is missing and the body begins. It has a type of its own
 * to leave the predicate, or the rest of the script would be read as one expression.
 */
export const BodyInPredicate = scanned(
  'BodyInPredicate',
  "'{'",
  ['{'],
  (text, at, tokens) => (text[at] === '{' && endsOperand(tokens) ? at + 1 : undefined),
  { pop_mode: true, push_mode: 'body', categories: [LCurly] },
);

function endsOperand(tokens: readonly IToken[]): boolean {
  const last = tokens.at(-1)?.tokenType;
  if (last === undefined || !operandEnds.includes(last)) return false;
  for (let index = tokens.length - 1; index >= 0; index--) {
    const type = tokens[index]?.tokenType;
    if (type === If) return false; // `if $x { }` inside the predicate
    if (type === PredicateOpen) return true;
  }
  return true;
}

const operandEnds: readonly TokenType[] = [
  Identifier,
  Variable,
  Positional,
  PositionalCount,
  MapName,
  Integer,
  StringToken,
  True,
  False,
  RParen,
  RSquare,
  Increment,
  Decrement,
];

/** `>` that ends a `< ... >` action. */
export const AngleClose = scanned(
  'AngleClose',
  "'>'",
  ['>'],
  (text, at, tokens) => (text[at] === '>' && trackerOf(tokens).closes(tokens) ? at + 1 : undefined),
  { pop_mode: true },
);
/** The same with the `;` before it missing. */
export const AngleCloseEarly = scanned(
  'AngleCloseEarly',
  "'>'",
  ['>'],
  (text, at, tokens) => (text[at] === '>' && trackerOf(tokens).closesEarly(tokens, text, at) ? at + 1 : undefined),
  { pop_mode: true, categories: [AngleClose] },
);

/** One tracker per run of the lexer, found by the token list of that run. */
const trackers = new WeakMap<readonly IToken[], AngleTracker>();

function trackerOf(tokens: readonly IToken[]): AngleTracker {
  let tracker = trackers.get(tokens);
  if (tracker === undefined) {
    tracker = new AngleTracker({
      open: AngleOpen,
      semicolon: Semicolon,
      question: Question,
      openBrackets: [LParen, LSquare],
      closeBrackets: [RParen, RSquare],
      openCurly: [LCurly],
      closeCurly: [RCurly],
      blockWords: [If, Else, For, While, Unroll],
    });
    trackers.set(tokens, tracker);
  }
  return tracker;
}

// ---------------------------------------------------------------------------------------------------------- modes

const Blank = token({ name: 'Blank', pattern: /[ \t\r\n]+/, line_breaks: true, group: Lexer.SKIPPED });
const Comment = scanned('Comment', 'a comment', ['/'], commentEnd, { group: Lexer.SKIPPED });
/** A byte order mark, and a `#!` line when only blanks stand before it. */
const Shebang = scanned(
  'Shebang',
  "a '#!' line",
  ['#', '\xef'],
  (text, at, tokens) => {
    if (at === 0 && text.startsWith('\xef\xbb\xbf')) return 3;
    if (tokens.length > 0 || !text.startsWith('#!', at)) return undefined;
    if (!/^(?:\xef\xbb\xbf)?[ \t\r\n]*$/.test(text.slice(0, at))) return undefined;
    const end = text.indexOf('\n', at);
    return end < 0 ? text.length : end;
  },
  { group: Lexer.SKIPPED },
);

const trivia = [Blank, Comment];
const words = [
  ...[Let, Import, For, While, Unroll, Break, Continue, Return, Struct, Union, Enum, If, Else],
  ...[Sizeof, Offsetof, Typeof, Typeinfo, Comptime, True, False, Underscore, Identifier],
];
const values = [Variable, Positional, PositionalCount, BadVariable, MapName, Integer, StringToken, BadString];
const punctuation = [LParen, RParen, LSquare, RSquare, Comma, Colon, Question, DotDot, Dot];
const inCode = [...words, ...values, ...punctuation, ...operators];

const modes: Record<string, TokenType[]> = {
  root: [
    ...[Shebang, ...trivia, CLine, CDefinition, ConfigWord, MacroWord, FnWord, RootLet, RootImport],
    ...[StrayPredicateClose, PredicateOpen, AngleOpen, LCurly, StrayRCurly, Comma, Semicolon, AttachPoint],
  ],
  header: [...trivia, HeaderLCurly, StrayRCurly, HeaderSemicolon, ...inCode],
  mapHeader: [
    ...trivia,
    MapHeaderRParen,
    HeaderLCurly,
    StrayRCurly,
    HeaderSemicolon,
    ...inCode.filter((type) => type !== RParen),
  ],
  importHeader: [...trivia, ImportPath, HeaderLCurly, StrayRCurly, HeaderSemicolon, ...inCode],
  predicate: [...trivia, PredicateClose, BodyInPredicate, LCurly, StrayRCurly, Semicolon, ...inCode],
  body: [...trivia, LCurly, RCurly, Semicolon, ...inCode],
  angle: [...trivia, AngleClose, AngleCloseEarly, LCurly, RCurly, Semicolon, ...inCode],
};
