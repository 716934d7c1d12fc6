/**
 * One row per binary operator. The parser reads `a op b op c` as a flat list and build-ast.ts orders it by this table;
 * the emitter and the formatter look rows up by text. Levels are those of the language reference (higher binds tighter);
 * every binary operator is left-associative.
 */
export type OperatorKind = 'arithmetic' | 'bitwise' | 'shift' | 'ordering' | 'equality' | 'logical';

export interface BinaryOperatorRow {
  readonly text: string;
  readonly precedence: number;
  readonly kind: OperatorKind;
}

export const binaryOperators = [
  { text: '*', precedence: 10, kind: 'arithmetic' },
  { text: '/', precedence: 10, kind: 'arithmetic' },
  { text: '%', precedence: 10, kind: 'arithmetic' },
  { text: '+', precedence: 9, kind: 'arithmetic' },
  { text: '-', precedence: 9, kind: 'arithmetic' },
  { text: '<<', precedence: 8, kind: 'shift' },
  { text: '>>', precedence: 8, kind: 'shift' },
  { text: '<', precedence: 7, kind: 'ordering' },
  { text: '<=', precedence: 7, kind: 'ordering' },
  { text: '>', precedence: 7, kind: 'ordering' },
  { text: '>=', precedence: 7, kind: 'ordering' },
  { text: '==', precedence: 6, kind: 'equality' },
  { text: '!=', precedence: 6, kind: 'equality' },
  { text: '&', precedence: 5, kind: 'bitwise' },
  { text: '^', precedence: 4, kind: 'bitwise' },
  { text: '|', precedence: 3, kind: 'bitwise' },
  { text: '&&', precedence: 2, kind: 'logical' },
  { text: '||', precedence: 1, kind: 'logical' },
] as const satisfies readonly BinaryOperatorRow[];

export type BinaryOperator = (typeof binaryOperators)[number]['text'];

/** `~ ! -` on values, `*` dereference, `&` address of a variable or map. */
export type UnaryOperator = '!' | '~' | '-' | '*' | '&';

export type AssignmentOperator = '=' | '+=' | '-=' | '*=' | '/=' | '%=' | '&=' | '|=' | '^=' | '<<=' | '>>=';

const byText = new Map<string, BinaryOperatorRow>(binaryOperators.map((row) => [row.text, row]));

export function binaryOperator(text: string): BinaryOperatorRow | undefined {
  return byText.get(text);
}
