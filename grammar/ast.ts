/**
 * All AST node types: what a script says, without types and without knowledge of the machine. Every node has a
 * literal `kind` and a `span` in bytes. One file of more than 400 lines, because the nodes refer to each other and are
 * read together. Strings (names, literal values) are byte strings, one byte per character.
 */
import type { AssignmentOperator, BinaryOperator, UnaryOperator } from './operators.ts';
import type { Span } from './source.ts';

export interface Script {
  readonly kind: 'script';
  /** `#...` lines and struct/union/enum definitions, in order, text untouched. */
  readonly preamble: readonly CDefinition[];
  readonly config: ConfigBlock | undefined;
  readonly imports: readonly Import[];
  readonly items: readonly RootItem[];
  readonly span: Span;
}

export interface CDefinition {
  readonly kind: 'c-definition';
  readonly text: string;
  readonly span: Span;
}

export interface ConfigBlock {
  readonly kind: 'config';
  readonly entries: readonly ConfigEntry[];
  readonly span: Span;
}

export interface ConfigEntry {
  readonly kind: 'config-entry';
  readonly name: string;
  readonly nameSpan: Span;
  readonly value: string | bigint | boolean;
  readonly valueSpan: Span;
  readonly span: Span;
}

export interface Import {
  readonly kind: 'import';
  readonly path: string;
  readonly span: Span;
}

export type RootItem = Probe | MapDeclaration | Macro | FunctionDefinition;

export interface Probe {
  readonly kind: 'probe';
  readonly attachPoints: readonly AttachPoint[];
  readonly predicate: Expr | undefined;
  readonly body: Block;
  readonly span: Span;
}

/** Raw text of one attach point, quotes and `$N` untouched; `src/probes/attach-point.ts` takes it apart. */
export interface AttachPoint {
  readonly kind: 'attach-point';
  readonly text: string;
  readonly span: Span;
}

/** `let @m = hash(100);` */
export interface MapDeclaration {
  readonly kind: 'map-declaration';
  /** With the at sign: `@m`, or `@`. */
  readonly name: string;
  readonly nameSpan: Span;
  readonly type: string;
  readonly typeSpan: Span;
  readonly maxEntries: bigint;
  readonly span: Span;
}

export interface Macro {
  readonly kind: 'macro';
  readonly name: string;
  readonly nameSpan: Span;
  readonly parameters: readonly MacroParameter[];
  readonly body: Block;
  readonly span: Span;
}

export interface MacroParameter {
  readonly kind: 'macro-parameter';
  readonly by: 'variable' | 'map' | 'expression';
  /** `$x`, `@m` or `x`. */
  readonly name: string;
  readonly span: Span;
}

export interface FunctionDefinition {
  readonly kind: 'function';
  readonly name: string;
  readonly nameSpan: Span;
  readonly parameters: readonly { readonly name: string; readonly type: TypeNode; readonly span: Span }[];
  readonly returnType: TypeNode;
  readonly body: Block;
  readonly span: Span;
}

/** `{ statements; value }`; `value` is the last expression when it has no `;`. */
export interface Block {
  readonly kind: 'block';
  readonly statements: readonly Statement[];
  readonly value: Expr | undefined;
  readonly span: Span;
}

// ---------------------------------------------------------------------------------------------------- statements

export type Statement =
  | Let
  | Assign
  | ExpressionStatement
  | Discard
  | Return
  | Jump
  | For
  | While
  | Unroll
  | ImportStatement;

/** `let $x: type = value;` */
export interface Let {
  readonly kind: 'let';
  readonly variable: Variable;
  readonly type: TypeNode | undefined;
  readonly value: Expr | undefined;
  readonly span: Span;
}

export interface Assign {
  readonly kind: 'assign';
  readonly operator: AssignmentOperator;
  /** The parser accepts any expression here; check.ts reports targets that cannot be assigned. */
  readonly target: Expr;
  readonly value: Expr;
  readonly span: Span;
}

export interface ExpressionStatement {
  readonly kind: 'expression-statement';
  readonly expression: Expr;
  readonly span: Span;
}

/** `_ = value;` */
export interface Discard {
  readonly kind: 'discard';
  readonly value: Expr;
  readonly span: Span;
}

export interface Return {
  readonly kind: 'return';
  readonly value: Expr | undefined;
  readonly span: Span;
}

export interface Jump {
  readonly kind: 'jump';
  readonly to: 'break' | 'continue';
  readonly span: Span;
}

export interface For {
  readonly kind: 'for';
  readonly variable: Variable;
  readonly over: Range | Expr;
  readonly body: Block;
  readonly span: Span;
}

/** `start..end`, end exclusive. */
export interface Range {
  readonly kind: 'range';
  readonly start: Expr;
  readonly end: Expr;
  readonly span: Span;
}

export interface While {
  readonly kind: 'while';
  readonly condition: Expr;
  readonly body: Block;
  readonly span: Span;
}

export interface Unroll {
  readonly kind: 'unroll';
  readonly count: Expr;
  readonly body: Block;
  readonly span: Span;
}

export interface ImportStatement {
  readonly kind: 'import-statement';
  readonly path: string;
  readonly span: Span;
}

// ---------------------------------------------------------------------------------------------------- expressions

export type Expr =
  | IntegerLiteral
  | StringLiteral
  | BooleanLiteral
  | Identifier
  | Variable
  | MapReference
  | MapElement
  | PositionalParameter
  | PositionalCount
  | Unary
  | Update
  | Binary
  | Conditional
  | Cast
  | Call
  | FieldAccess
  | TupleAccess
  | Index
  | TupleExpr
  | RecordExpr
  | BlockExpr
  | If
  | TypeQuery
  | TypeArgument
  | Comptime
  | ErrorExpr;

/** 0 to 2^64-1; `-5` is a Unary over 5. */
export interface IntegerLiteral {
  readonly kind: 'integer';
  readonly value: bigint;
  readonly span: Span;
}

export interface StringLiteral {
  readonly kind: 'string';
  /** Bytes after escapes. */
  readonly value: string;
  readonly span: Span;
}

export interface BooleanLiteral {
  readonly kind: 'boolean';
  readonly value: boolean;
  readonly span: Span;
}

/** A bare word: builtin variable, zero-argument macro, enum constant, C macro. */
export interface Identifier {
  readonly kind: 'identifier';
  readonly name: string;
  readonly span: Span;
}

/** `$x`; `name` is without the dollar sign. */
export interface Variable {
  readonly kind: 'variable';
  readonly name: string;
  readonly span: Span;
}

/** `@m` without a key; `name` has the at sign. */
export interface MapReference {
  readonly kind: 'map';
  readonly name: string;
  readonly span: Span;
}

/** `@m[a, b]`, at least one key expression. */
export interface MapElement {
  readonly kind: 'map-element';
  readonly name: string;
  readonly nameSpan: Span;
  readonly keys: readonly Expr[];
  readonly span: Span;
}

/** `$1`; 1-based. */
export interface PositionalParameter {
  readonly kind: 'positional';
  readonly index: number;
  readonly span: Span;
}

/** `$#` */
export interface PositionalCount {
  readonly kind: 'positional-count';
  readonly span: Span;
}

export interface Unary {
  readonly kind: 'unary';
  readonly operator: UnaryOperator;
  readonly operand: Expr;
  readonly span: Span;
}

/** `++x`, `x--` ... */
export interface Update {
  readonly kind: 'update';
  readonly operator: '++' | '--';
  readonly position: 'prefix' | 'postfix';
  readonly target: Expr;
  readonly span: Span;
}

export interface Binary {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly left: Expr;
  readonly right: Expr;
  readonly span: Span;
}

/** `condition ? then : otherwise`; `then` is absent in `condition ?: otherwise`. */
export interface Conditional {
  readonly kind: 'conditional';
  readonly condition: Expr;
  readonly then: Expr | undefined;
  readonly otherwise: Expr;
  readonly span: Span;
}

export interface Cast {
  readonly kind: 'cast';
  readonly type: TypeNode;
  readonly operand: Expr;
  readonly span: Span;
}

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly nameSpan: Span;
  readonly args: readonly Expr[];
  readonly span: Span;
}

/** `object.name` and `object->name`. */
export interface FieldAccess {
  readonly kind: 'field';
  readonly object: Expr;
  readonly name: string;
  readonly nameSpan: Span;
  readonly span: Span;
}

/** `object.1` */
export interface TupleAccess {
  readonly kind: 'tuple-access';
  readonly object: Expr;
  readonly index: number;
  readonly span: Span;
}

export interface Index {
  readonly kind: 'index';
  readonly object: Expr;
  readonly index: Expr;
  readonly span: Span;
}

/** `()`, `(a,)`, `(a, b)` */
export interface TupleExpr {
  readonly kind: 'tuple';
  readonly items: readonly Expr[];
  readonly span: Span;
}

/** `(lo=1, hi=2)` */
export interface RecordExpr {
  readonly kind: 'record';
  readonly fields: readonly { readonly name: string; readonly nameSpan: Span; readonly value: Expr }[];
  readonly span: Span;
}

export interface BlockExpr {
  readonly kind: 'block-expression';
  readonly block: Block;
  /** Made by expand.ts in place of a macro call: `span` is the call, and messages about the block name it. */
  readonly expandedFrom?: { readonly name: string };
  readonly span: Span;
}

export interface If {
  readonly kind: 'if';
  readonly condition: Expr;
  readonly then: Block;
  /** `else if` is a block that holds just the inner `if` as its value. */
  readonly otherwise: Block | undefined;
  readonly span: Span;
}

export interface TypeQuery {
  readonly kind: 'type-query';
  readonly query: 'sizeof' | 'offsetof' | 'typeinfo';
  readonly operand: TypeNode | Expr;
  /** Field path of offsetof, empty for the others. */
  readonly path: readonly string[];
  readonly span: Span;
}

/** `typeof(T)` as a macro argument. */
export interface TypeArgument {
  readonly kind: 'type-argument';
  readonly type: TypeNode;
  readonly span: Span;
}

export interface Comptime {
  readonly kind: 'comptime';
  readonly operand: Expr;
  readonly span: Span;
}

/** In place of what could not be read or expanded, which was reported. */
export interface ErrorExpr {
  readonly kind: 'error';
  readonly span: Span;
}

// ---------------------------------------------------------------------------------------------------- types

/** A type as written: base, then suffixes read left to right (`int32*[4]` is an array of four pointers). */
export interface TypeNode {
  readonly kind: 'type';
  readonly base:
    | { readonly by: 'name'; readonly keyword: 'struct' | 'union' | 'enum' | undefined; readonly name: string }
    | { readonly by: 'typeof'; readonly operand: TypeNode | Expr };
  readonly suffixes: readonly TypeSuffix[];
  readonly span: Span;
}

export type TypeSuffix = { readonly kind: 'pointer' } | { readonly kind: 'array'; readonly length: bigint | undefined };
