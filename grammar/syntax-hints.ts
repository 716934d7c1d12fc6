/**
 * What was probably meant by text that does not parse: habits from other languages, signs that were left out. The table
 * is read from the top; the first entry that knows something gives the hint. syntax-errors.ts makes the message.
 */
import type { IToken, TokenType } from 'chevrotain';
import { EOF } from 'chevrotain';
import * as t from './tokens.ts';

/** A syntax error as the parser has it. */
export interface Mistake {
  /** The token that does not fit. */
  readonly found: IToken;
  /** The one before it, if it belongs to the same statement or root item. */
  readonly previous: IToken | undefined;
  /** First token of the statement or root item. */
  readonly first: IToken;
  /** As in the message: `';'`, `an expression`. */
  readonly expected: string;
  /** The rule that failed is the last. */
  readonly rules: readonly string[];
}

export function hintFor(mistake: Mistake): string | undefined {
  for (const hint of hints) {
    const text = hint(mistake);
    if (text !== undefined) return text;
  }
  return undefined;
}

type Hint = (mistake: Mistake) => string | undefined;

/** Words of other languages where an operator, `;` or `)` should be. */
const foreignOperators: Readonly<Record<string, string>> = {
  and: "write '&&' for 'and'",
  or: "write '||' for 'or'",
  xor: "write '^' for 'xor'",
  mod: "write '%' for 'mod'",
  is: "compare with '=='",
  eq: "compare with '=='",
  by: 'the key of a map stands in brackets: @count[pid] = count()',
};

/** Words that begin statements of other languages. */
const foreignStatements: Readonly<Record<string, string>> = {
  elif: "write 'else if'",
  elseif: "write 'else if'",
  elsif: "write 'else if'",
  unless: "there is no 'unless'; write if (!...)",
  until: "there is no 'until'; write while (!...)",
  switch: "there is no 'switch'; use if ... else if",
  do: "there is no 'do'; use while",
  foreach: "write 'for ($kv : @map)'",
  repeat: "write 'for ($i : 0..10)'",
  function: "functions are declared with 'fn', macros with 'macro', outside of probes",
  def: "functions are declared with 'fn', macros with 'macro', outside of probes",
};

const loopHint = "a loop goes over a range or a map: 'for ($i : 0..10)' or 'for ($kv : @map)'";
const statementsHint = "statements stand in the body of a probe, such as 'begin { ... }'";
const probesHint = "separate probes by ','; a predicate stands between two '/'";

const hints: readonly Hint[] = [
  // ------------------------------------------------------------------------------------------- words of others
  ({ found, previous }) => {
    const isName = isWord(found) && previous !== undefined;
    return isName && Object.hasOwn(foreignOperators, found.image) ? foreignOperators[found.image] : undefined;
  },
  ({ previous }) => (previous?.image === 'not' ? "write '!' for 'not'" : undefined),
  ({ first, previous }) => {
    const isMeant = previous !== undefined && Object.hasOwn(foreignStatements, first.image);
    return isMeant ? foreignStatements[first.image] : undefined;
  },

  // ------------------------------------------------------------------------------------------- root level
  ({ found, previous }) => {
    const isCutOff = found.tokenType === t.AttachPoint && previous?.tokenType === t.AttachPoint;
    if (!isCutOff || !/:[^:]*\/[^:]*$/.test(previous.image)) return undefined;
    return "behind a ':' a '/' belongs to the probe; put a blank before the predicate";
  },
  ({ found, previous, expected }) => {
    if (expected !== "'{'" || previous?.tokenType !== t.AttachPoint) return undefined;
    if (/^(?:@|\$|[A-Za-z_]\w*\()/.test(previous.image)) return statementsHint;
    if (
      /^(?:typedef|static|extern|const|unsigned|int|long|char|void|u?int(?:8|16|32|64)(?:_t)?)$/.test(previous.image)
    ) {
      return 'of C, a script holds struct, union and enum definitions; put the rest into a header and #include it';
    }
    return found.tokenType === t.AttachPoint ? probesHint : undefined;
  },
  ({ first, rules }) => (last(rules) === 'rootItem' && first.tokenType === t.LCurly ? statementsHint : undefined),
  ({ found, rules }) => {
    return last(rules) === 'rootItem' && found.tokenType === t.Semicolon ? "remove the ';'" : undefined;
  },
  ({ found, rules }) => {
    if (!rules.includes('config')) return undefined;
    if (isA(found, t.LCurly)) return 'it is written config = { name = value; }';
    if (found.tokenType === t.Comma) return "settings are separated by ';'";
    return found.tokenType === t.Colon ? 'a setting is written name = value;' : undefined;
  },
  ({ found, rules }) => {
    if (!rules.includes('macro') || rules.includes('statements')) return undefined;
    if (found.tokenType === t.Colon) return 'the parameters of a macro have no types';
    return 'it is written macro name($variable, @map, expression) { ... }';
  },
  ({ rules }) => {
    const isHeader = rules.includes('fn') && !rules.includes('statements');
    return isHeader ? 'it is written fn name($a: int64): int64 { ... }' : undefined;
  },
  ({ rules }) => (last(rules) === 'rootLet' ? 'it is written let @name = hash(1000);' : undefined),
  ({ rules }) => (last(rules) === 'rootImport' ? 'it is written import "file.bt";' : undefined),

  // ------------------------------------------------------------------------------------------- conditions and bodies
  ({ found, expected, rules }) => {
    const isBound = (last(rules) === 'forStatement' && expected === "')'") || bodyOwner(rules, expected) === 'for';
    return isBound && isA(found, t.BinaryOperator) ? 'put parentheses around a computed bound: 0..($n + 1)' : undefined;
  },
  ({ found, rules }) => {
    const isHeader = last(rules) === 'forHeader' || last(rules) === 'forStatement';
    return isHeader || (found.tokenType === t.DotDot && last(rules) === 'statementEnd') ? loopHint : undefined;
  },
  ({ previous, expected, rules }) => {
    const word = bodyOwner(rules, expected);
    if (word === undefined) return undefined;
    if (previous?.tokenType === t.RCurly) return `a condition is missing behind '${word}'`;
    return `the body of '${word}' stands in '{ }'`;
  },

  // ------------------------------------------------------------------------------------------- assignments
  ({ found, previous }) => {
    const isAssigned = found.tokenType === t.Colon || found.tokenType === t.Assign;
    return isAssigned && previous?.tokenType === t.Colon ? "assign with '='" : undefined;
  },
  ({ found, previous, first, expected }) => {
    if (expected !== "';'" || previous !== first) return undefined;
    if (found.tokenType === t.Colon && isA(first, t.Variable)) return "assign with '='";
    if (found.tokenType === t.LCurly && first.tokenType === t.MapName)
      return 'the key of a map stands in brackets: @x[1]';
    if (found.tokenType === t.Colon || found.tokenType === t.LCurly) {
      return "a probe cannot begin inside another; is a '}' missing above?";
    }
    if (isWord(first) && isA(found, t.Variable)) return `a variable is declared with 'let': let ${found.image}: uint64`;
    if (isWord(first) && isWord(found))
      return 'variables begin with $ and maps with @; types are given by let $x: uint64';
    if (first.tokenType === t.Identifier && isValue(found))
      return `arguments stand in parentheses: ${first.image}(...)`;
    return undefined;
  },
  ({ found, first, previous, rules }) => {
    if (first.tokenType !== t.Let || last(rules) === 'rootLet') return undefined;
    if (previous === first && found.tokenType === t.MapName) {
      return 'maps need no declaration; one of a certain size stands outside of probes: let @name = hash(1000);';
    }
    if (previous === first && isWord(found)) return `a variable begins with '$': let $${found.image}`;
    if (previous?.tokenType === t.Variable && isWord(found))
      return `a type stands behind ':': let ${previous.image}: ${found.image}`;
    return undefined;
  },
  ({ found, previous }) => {
    if (found.tokenType !== t.Assign) return undefined;
    return previous?.image === '==' || previous?.tokenType === t.Assign ? "compare with '=='" : undefined;
  },
  ({ found, expected, rules }) => {
    if (!isA(found, t.AssignmentOperator) || !/^'[;)/]'$/.test(expected)) return undefined;
    const isComparison = found.tokenType === t.Assign && !rules.includes('simpleStatement');
    if (isComparison) return "compare with '=='; an assignment is a statement of its own";
    return 'an assignment is a statement of its own, not a value';
  },

  // ------------------------------------------------------------------------------------------- values
  ({ found, expected }) =>
    found.tokenType === t.Else && expected === 'a statement' ? "'else' follows the '}' of an 'if' directly" : undefined,
  ({ found, expected }) => {
    return found.image === '+' && expected === 'an expression' ? "there is no '+' in front of a value" : undefined;
  },
  ({ found, previous }) => (found.image === '>' && previous?.image === '<' ? "write '!=' for 'not equal'" : undefined),
  ({ found, previous, expected }) => {
    const isAfterComma = previous?.tokenType === t.Comma && expected === 'an expression';
    return isAfterComma && isClose(found) ? "remove the ',' or add a value" : undefined;
  },
  ({ found, expected }) => {
    return expected === 'an expression' && found.tokenType === t.LSquare
      ? 'there are no literal arrays; a tuple is written (1, 2)'
      : undefined;
  },
  ({ found, rules }) => {
    if (found.tokenType !== t.Comma || last(rules) !== 'statementEnd') return undefined;
    return "a tuple stands in parentheses: (1, 2); statements are separated by ';'";
  },
  ({ found, previous, expected, rules }) => {
    if (expected !== "')'" || previous === undefined || last(rules) !== 'nameOrCall') return undefined;
    if (isA(found, t.StringToken) && isA(previous, t.StringToken)) return "join texts with '+'";
    if (isWord(found) && isWord(previous)) return 'a text stands in double quotes';
    const isApart = found.startOffset > previous.startOffset + previous.image.length;
    return isApart && (isValue(found) || isWord(found)) ? "separate arguments by ','" : undefined;
  },
  ({ found, previous, rules }) => {
    const isTwo = last(rules) === 'statementEnd' && isA(found, t.StringToken) && previous !== undefined;
    return isTwo && isA(previous, t.StringToken) ? "join texts with '+'" : undefined;
  },
];

function last(rules: readonly string[]): string | undefined {
  return rules.at(-1);
}

/** The word of the statement whose body is missing. */
function bodyOwner(rules: readonly string[], expected: string): string | undefined {
  if (expected !== "'{'" || last(rules) !== 'block') return undefined;
  switch (rules.at(-2)) {
    case 'ifExpression':
      return 'if';
    case 'elseIf':
      return 'else if';
    case 'whileStatement':
      return 'while';
    case 'unrollStatement':
      return 'unroll';
    case 'forStatement':
      return 'for';
    default:
      return undefined;
  }
}

function isValue(token: IToken): boolean {
  const values = [t.Integer, t.Variable, t.Positional, t.PositionalCount, t.MapName, t.StringToken, t.True, t.False];
  return values.some((type) => isA(token, type));
}

function isWord(token: IToken): boolean {
  return isA(token, t.Word) || isA(token, t.Identifier);
}

function isClose(token: IToken): boolean {
  return isA(token, t.RParen) || isA(token, t.RSquare) || token.tokenType === EOF;
}

function isA({ tokenType }: IToken, type: TokenType): boolean {
  const parents = tokenType.CATEGORIES ?? [];
  return tokenType === type || parents.includes(type);
}
