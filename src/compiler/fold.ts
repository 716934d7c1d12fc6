/**
 * Arithmetic on literals at compile time, with overflow detection (language reference 5.4). check.ts folds while it
 * types, because the type of a literal follows from its value.
 */
import type { BinaryOperator } from '../../grammar/operators.ts';

export type Folded = { readonly value: bigint } | { readonly value: boolean } | { readonly problem: string };

const lowest = -(1n << 63n);
const highest = (1n << 64n) - 1n;

/**
 * Two integer literals, in unlimited precision; the result must fit 64 bits, signed or unsigned. With limits `none` the
 * caller cuts it to the type of the operands.
 */
export function foldIntegers(
  operator: Exclude<BinaryOperator, '&&' | '||'>,
  a: bigint,
  b: bigint,
  limits: 'checked' | 'none' = 'checked',
): Folded {
  const result = limits === 'checked' ? ranged : (value: bigint): Folded => ({ value });
  switch (operator) {
    case '+':
      return result(a + b);
    case '-':
      return result(a - b);
    case '*':
      return result(a * b);
    case '/':
      return b === 0n ? { problem: 'division by zero' } : result(a / b);
    case '%':
      return b === 0n ? { problem: 'division by zero' } : result(a % b);
    case '<<':
      return shiftProblem(b) ?? result(a << b);
    case '>>':
      return shiftProblem(b) ?? result(a >> b);
    case '&':
      return result(a & b);
    case '|':
      return result(a | b);
    case '^':
      return result(a ^ b);
    case '<':
      return { value: a < b };
    case '<=':
      return { value: a <= b };
    case '>':
      return { value: a > b };
    case '>=':
      return { value: a >= b };
    case '==':
      return { value: a === b };
    case '!=':
      return { value: a !== b };
  }
}

/** Two string literals: comparison bytewise, `+` joins. */
export function foldStrings(operator: BinaryOperator, a: string, b: string): string | boolean | undefined {
  switch (operator) {
    case '+':
      return a + b;
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      return undefined;
  }
}

/** `-a` and `~a` of a literal. */
export function foldUnary(operator: '-' | '~', a: bigint): Folded {
  if (operator === '-') return ranged(-a);
  // A literal that is not negative is a pattern of 64 bits: ~0 has them all set.
  return ranged(a < 0n ? ~a : BigInt.asUintN(64, ~a));
}

function ranged(value: bigint): Folded {
  return value < lowest || value > highest ? { problem: 'the result does not fit 64 bits' } : { value };
}

function shiftProblem(by: bigint): Folded | undefined {
  return by < 0n || by > 63n ? { problem: `a shift by ${by} is not between 0 and 63` } : undefined;
}
