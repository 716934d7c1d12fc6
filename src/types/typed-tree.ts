/**
 * The typed tree: what check.ts makes of the AST and what the emitters turn into C. Every expression has a final type;
 * nothing in it can be a user error any more. It lies beside the types, and not in compiler/, because builtins take
 * typed arguments and the compiler imports the builtins.
 */
import type { Note } from '../../grammar/diagnostic.ts';
import type { BinaryOperator } from '../../grammar/operators.ts';
import type { Span } from '../../grammar/source.ts';
import type { AddressSpace, AggregateType, Field, Type } from './type.ts';

export type TypedExpr =
  | Constant
  | VariableRead
  | MapRead
  | MapReference
  | AggregateRead
  | UnaryExpr
  | UpdateExpr
  | BinaryExpr
  | LogicalExpr
  | ConditionalExpr
  | Convert
  | ArgsField
  | MemberExpr
  | IndexExpr
  | Dereference
  | AddressOf
  | VectorString
  | CallExpr
  | FunctionCall
  | BlockValue
  | TupleLiteral;

interface Typed {
  readonly type: Type;
  readonly span: Span;
}

/** bigint for int, enum and pointer types, byte string for strings, boolean for bool. */
export interface Constant extends Typed {
  readonly kind: 'constant';
  readonly value: bigint | string | boolean;
  /** Text of the positional parameter this came from: str($1) wants the text, not the number. */
  readonly positional?: string;
  /** Of a cast: computed like a variable of its type, where literals are computed in unlimited precision. */
  readonly isCast?: true;
}

/** One declared scratch variable; `id` is unique in its program. */
export interface VariableSymbol {
  readonly id: number;
  readonly name: string;
  readonly type: Type;
  /** Number of the callback (loop body) that declares it, 0 for the probe itself. */
  readonly callback: number;
  /** Used in a deeper callback than the one that declares it: lives in the frame that callbacks share. */
  readonly captured: boolean;
  /** `&$x` is somewhere in the program. */
  readonly addressed: boolean;
}

export interface VariableRead extends Typed {
  readonly kind: 'variable';
  readonly variable: VariableSymbol;
}

/** `key` is one value (a tuple for several), already of the map's key type; undefined for scalar maps. */
export interface MapRead extends Typed {
  readonly kind: 'map-read';
  readonly map: string;
  readonly key: TypedExpr | undefined;
}

/** A bare map as an argument: print(@m), clear(@m). Its type is the type of the map's values. */
export interface MapReference extends Typed {
  readonly kind: 'map-reference';
  readonly map: string;
  readonly keyed: boolean;
}

/** A castable aggregation read as an integer, over all CPUs, now. */
export interface AggregateRead extends Typed {
  readonly kind: 'aggregate-read';
  readonly map: string;
  readonly key: TypedExpr | undefined;
  readonly aggregate: AggregateType;
}

/** `-` and `~` on 64-bit integers, `!` on bool. */
export interface UnaryExpr extends Typed {
  readonly kind: 'unary';
  readonly operator: '-' | '~' | '!';
  readonly operand: TypedExpr;
}

export interface UpdateExpr extends Typed {
  readonly kind: 'update';
  /** 1 or -1 for integers, bytes of what it points to for pointers. */
  readonly by: bigint;
  readonly returns: 'old' | 'new';
  readonly target: AssignTarget;
}

/** Operands have been converted to the same type, except shifts; `signed` says how to divide, shift and compare. */
export interface BinaryExpr extends Typed {
  readonly kind: 'binary';
  readonly operator: Exclude<BinaryOperator, '&&' | '||'>;
  readonly signed: boolean;
  readonly left: TypedExpr;
  readonly right: TypedExpr;
  readonly operatorSpan: Span;
}

/** Operands are bool; the right one is evaluated only when needed. */
export interface LogicalExpr extends Typed {
  readonly kind: 'logical';
  readonly operator: '&&' | '||';
  readonly left: TypedExpr;
  readonly right: TypedExpr;
}

/** Both branches have the type of the whole; type none: they are statements. */
export interface ConditionalExpr extends Typed {
  readonly kind: 'conditional';
  readonly condition: TypedExpr;
  readonly then: TypedExpr;
  readonly otherwise: TypedExpr;
}

/** Value-preserving or truncating conversion between scalar types, to bool by comparison with zero, strings to longer ones. */
export interface Convert extends Typed {
  readonly kind: 'convert';
  readonly operand: TypedExpr;
}

/** `args.name` */
export interface ArgsField extends Typed {
  readonly kind: 'args-field';
  readonly field: Field;
}

/** Item of a tuple, field of a record, or member of a struct that is a value in BPF memory; `offset` in bytes. */
export interface MemberExpr extends Typed {
  readonly kind: 'member';
  readonly object: TypedExpr;
  readonly offset: number;
  readonly bits?: NonNullable<Field['bits']>;
}

/** Element of an array (element type) or byte of a string (int8) in BPF memory; a constant index makes a `member`. */
export interface IndexExpr extends Typed {
  readonly kind: 'index';
  readonly object: TypedExpr;
  readonly index: TypedExpr;
  readonly length: number;
}

/** `(a, b)`: items converted to the item types of the tuple type. */
export interface TupleLiteral extends Typed {
  readonly kind: 'tuple';
  readonly items: readonly TypedExpr[];
}

/**
 * The value of type `type` in the memory of the traced system: `offset` bytes and the elements that `indices` count behind
 * `pointer` (a pointer or an integer). Members and elements of what lies there are folded into it while they are
 * checked, so that `$p->a.b[1].c` is one read of the bytes of `c`.
 */
export interface Dereference extends Typed {
  readonly kind: 'dereference';
  readonly pointer: TypedExpr;
  readonly space: AddressSpace;
  readonly offset: number;
  readonly indices: readonly RunTimeIndex[];
  readonly bits?: NonNullable<Field['bits']>;
  /** How the offset came about, for readers of the C: `task_struct.signal`. */
  readonly path: string;
}

/** An index that is known only while the script runs. */
export interface RunTimeIndex {
  readonly index: TypedExpr;
  /** Bytes of one element. */
  readonly step: number;
  /** Number of elements; undefined where none is known: behind a pointer and in flexible arrays. */
  readonly length: number | undefined;
  readonly span: Span;
}

/** `&$x`, `&@m`: a kernel address; of a scalar map that of its value, of others that of the kernel's `struct bpf_map`. */
export interface AddressOf extends Typed {
  readonly kind: 'address-of';
  readonly of:
    | { readonly kind: 'variable'; readonly variable: VariableSymbol }
    | { readonly kind: 'map'; readonly map: string };
}

/** String number `index` of an array of string pointers that ends in NULL; only in events. */
export interface VectorString extends Typed {
  readonly kind: 'vector-string';
  readonly vector: TypedExpr;
  readonly index: number;
  readonly space: AddressSpace;
}

/** Call of a builtin function or use of a builtin variable. */
export interface CallExpr extends Typed {
  readonly kind: 'call';
  /** A statement of its own: nobody asks for the value. */
  readonly resultUnused?: true;
  readonly builtin: string;
  readonly args: readonly TypedExpr[];
}

/** Call of a `fn` of the script or of a function of an imported BPF object; arguments have the types of its parameters. */
export interface FunctionCall extends Typed {
  readonly kind: 'function-call';
  readonly from: 'script' | 'import';
  readonly name: string;
  readonly args: readonly TypedExpr[];
}

/** `{ statements; value }` and `if` as expressions; value undefined for type none. */
export interface BlockValue extends Typed {
  readonly kind: 'block';
  readonly statements: readonly TypedStatement[];
  readonly value: TypedExpr | undefined;
  /** The use of the macro that it was expanded from. */
  readonly expansion?: Note | undefined;
}

// ---------------------------------------------------------------------------------------------------- statements

export type AssignTarget =
  | { readonly kind: 'variable'; readonly variable: VariableSymbol; readonly span: Span }
  | {
      readonly kind: 'map';
      readonly map: string;
      readonly key: TypedExpr | undefined;
      readonly type: Type;
      readonly span: Span;
    };

export type TypedStatement =
  | {
      readonly kind: 'declare';
      readonly variable: VariableSymbol;
      readonly value: TypedExpr | undefined;
      readonly span: Span;
    }
  | { readonly kind: 'assign'; readonly target: AssignTarget; readonly value: TypedExpr; readonly span: Span }
  | MapAggregate
  | { readonly kind: 'expression'; readonly expression: TypedExpr; readonly span: Span }
  | {
      readonly kind: 'if';
      readonly condition: TypedExpr;
      readonly then: readonly TypedStatement[];
      readonly otherwise: readonly TypedStatement[];
      readonly span: Span;
    }
  | {
      readonly kind: 'block';
      readonly statements: readonly TypedStatement[];
      readonly expansion?: Note | undefined;
      readonly span: Span;
    }
  | {
      readonly kind: 'while';
      readonly condition: TypedExpr;
      readonly body: readonly TypedStatement[];
      readonly callback: number;
      readonly span: Span;
    }
  | {
      readonly kind: 'for-range';
      readonly variable: VariableSymbol;
      readonly start: TypedExpr;
      readonly end: TypedExpr;
      readonly body: readonly TypedStatement[];
      readonly callback: number;
      readonly span: Span;
    }
  | {
      readonly kind: 'for-map';
      readonly variable: VariableSymbol;
      readonly map: string;
      readonly body: readonly TypedStatement[];
      readonly callback: number;
      readonly span: Span;
    }
  | { readonly kind: 'unroll'; readonly count: number; readonly body: readonly TypedStatement[]; readonly span: Span }
  | { readonly kind: 'return'; readonly value: TypedExpr | undefined; readonly span: Span }
  /** `unroll`: out of the innermost unroll, there is no loop around it. */
  | {
      readonly kind: 'jump';
      readonly to: 'break' | 'continue';
      readonly of: 'loop' | 'unroll';
      readonly span: Span;
    };

/** `@m[k] = count()` and its kin. */
export interface MapAggregate {
  readonly kind: 'aggregate';
  readonly map: string;
  readonly key: TypedExpr | undefined;
  readonly aggregate: AggregateType;
  readonly args: readonly TypedExpr[];
  readonly span: Span;
}
