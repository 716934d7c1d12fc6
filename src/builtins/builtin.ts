/**
 * What a script can name. An entry holds everything about its feature: documentation, type rule, C, and what user
 * space does with its events. Passes ask the entry and know no builtin by name. Compile-side hooks see typed
 * arguments and an `Emit`; run-side hooks see bytes and an `EventHost` and answer with an Action.
 */
import type { Call, Expr } from '../../grammar/ast.ts';
import type { Report } from '../../grammar/diagnostic.ts';
import type { Span } from '../../grammar/source.ts';
import type { CWriter } from '../c/writer.ts';
import type { Config } from '../config/options.ts';
import type { Doc, ProbeKind, ProgramShape } from '../probes/probe-kind.ts';
import type { Action } from '../program/action.ts';
import type { EventPlan, Literal, MapPlan, SiteKind } from '../program/program.ts';
import type { ValueHost } from '../types/decode.ts';
import type { AddressSpace, AggregateType, Type } from '../types/type.ts';
import type { CallExpr, TypedExpr } from '../types/typed-tree.ts';
import type { Value } from '../types/value.ts';
import type { World } from '../world/world.ts';
import type { NamedParameters } from './named-parameters.ts';

export type { Doc } from '../probes/probe-kind.ts';

// ---------------------------------------------------------------------------------------------------- functions

export interface Builtin {
  readonly name: string;
  readonly doc: Doc;
  /** How it is written, for messages and the manual: `strncmp(a, b, n)`. */
  readonly signature: string;
  /** May be written without parentheses when it takes no arguments. */
  readonly variable: boolean;
  /** Fewest and most arguments; Infinity for printf and its kin. */
  readonly arity: readonly [number, number];
  /** Positions where a bare keyed map is taken as a map, not read. */
  readonly mapArguments: readonly number[];
  /** Works on a map and one of its keys: `f(@m, key)`, also written `f(@m[key])`; optional: `f(@scalar)` too. */
  readonly mapKey?: 'required' | 'optional';
  /** Bare words that its arguments may be; they mean something to this builtin only and arrive as literal texts. */
  readonly words?: readonly string[];
  /** The first argument is a literal text for us to read; max_strlen does not limit it. */
  readonly startsWithText: boolean;
  /** Needs --unsafe. */
  readonly unsafe: boolean;
  /** Reads the probe's context: not possible in functions. */
  readonly readsContext: boolean;
  /** Is about the probe, or is so when it has arguments: not possible in functions. `readsContext` says so too. */
  readonly needsProbe?: Condition;
  /** A tracepoint that uses it is a perf tracepoint: see `BodyUsage.perfTracepoint`. */
  readonly perfTracepoint?: Condition;
  /** The probe ends with this call (exit). */
  readonly endsProbe: boolean;
  /** Char arrays in memory are read whole, where other functions take the string in them, which ends at a NUL. */
  readonly takesBytes: boolean;
  /** The result is an address in this space, also when it is an integer. */
  readonly space?: AddressSpace;
  /** Checks the arguments beyond their number and gives the result. */
  check(call: CallSite): CheckedCall;
  /** For what the language can say itself: the call stands for this expression. Undefined when reported. */
  rewrite?(call: Call, report: Report, config: Config): Expr | undefined;
  /** C for a call that runs in the kernel. */
  emit?(emit: Emit, call: CallExpr, into?: Place): CValue;
  /** For calls whose value is a string read from memory: events read it straight into the record. */
  source?(emit: Emit, call: CallExpr): StringSource | undefined;
  /** What travels to user space for a call that is done there. */
  event?(call: CallExpr): EventShape;
  /** What the kernel does itself where nobody reads events: in programs that outlive the run. Without it they may not. */
  readonly detached?: DetachedForm;
  /** User space's side of `event`; built once per call site. */
  handler?(plan: EventPlan, host: EventHost): EventHandler;
}

/** `with arguments`: not for the bare variable. */
export type Condition = true | 'with arguments';

export function applies(condition: Condition | undefined, argumentCount: number): boolean {
  return condition === true || (condition !== undefined && argumentCount > 0);
}

export interface DetachedForm {
  /** Reports what the kernel cannot do. */
  check(call: CallSite): boolean;
  emit(emit: Emit, call: CallExpr): void;
}

/** A call while it is checked. */
export interface CallSite {
  readonly name: string;
  readonly span: Span;
  readonly args: readonly TypedExpr[];
  readonly probe: ProbeInfo;
  readonly config: Config;
  readonly world: World;
  readonly report: Report;
  /** Named parameters of the script. */
  readonly named: NamedParameters;
}

/** The result's type, or a constant when the call is known at compile time. */
export type CheckedCall = Type | { readonly constant: bigint | string | boolean; readonly type: Type };

export interface ProbeInfo {
  readonly kind: ProbeKind;
  readonly shape: ProgramShape;
}

export interface EventShape {
  /** Travel in the record, in order. */
  readonly values: readonly TypedExpr[];
  /** Known at compile time. */
  readonly literals: readonly Literal[];
}

// ---------------------------------------------------------------------------------------------------- emission

/**
 * A value in generated C. `register`: `c` is an expression of the scalar's C type (64-bit for integers that are
 * computed). `memory`: `c` is a `u8 *` expression to bytes laid out by layout.ts, readable as kernel memory.
 */
export interface CValue {
  readonly type: Type;
  readonly in: 'register' | 'memory';
  readonly c: string;
  /** Memory: what the address is a multiple of; 8 when absent. */
  readonly align?: number;
}

/** Memory to write a value to: `c` is a `u8 *` expression with room for the type's size. */
export interface Place {
  readonly c: string;
  readonly align: number;
}

/** A NUL-terminated string somewhere in memory, as str() names it. */
export interface StringSource {
  /** C expression of the helper call's name: bpf_probe_read_user_str or bpf_probe_read_kernel_str, or a wrapper of ours. */
  readonly read: string;
  /** C expression of the address. */
  readonly address: string;
  /** Bytes to read at most, NUL included: a constant, or a C expression that is at most `capacity`. */
  readonly limit: number | string;
  /** Upper bound of `limit`. */
  readonly capacity: number;
  /** A longer string fills the capacity and is printed with a trailer. */
  readonly marksCut: boolean;
  /** What a failed read is called under -k; absent: it is not reported. */
  readonly helper?: string;
}

/** What entries may use while C is written; compiler/emit-context.ts implements it. */
export interface Emit {
  readonly c: CWriter;
  readonly probe: ProbeInfo;
  readonly config: Config;
  readonly world: World;
  /** Evaluate into a value; with `into` memory values end there. */
  value(expression: TypedExpr, into?: Place): CValue;
  /** A new C variable of type `cType` holding `expression`; returns its name. */
  temporary(cType: string, expression: string): string;
  /** Memory for one value of `size` bytes until the end of the statement, on the stack or in per-CPU memory. */
  allocate(size: number): Place;
  /** C statement that counts a failure at this place of the script; `code` is a C expression of type long. */
  countFailure(kind: SiteKind, span: Span, code: string, helper?: string): string;
  /** Number of this place in the table of failures, for C functions that count their own. */
  failureSite(kind: SiteKind, span: Span, helper?: string): number;
  /** C name of the function that keeps stacks of at most `limit` frames, and the table it needs (bpf-helpers/stacks.h). */
  stackTable(limit: number): string;
  /**
   * C statement for a call of a helper that reads memory and leaves zeros when it fails; with -k a negative result is
   * counted as a failed read of `helper` at this place of the script.
   */
  read(call: string, span: Span, helper: string): void;
  /** Bytes of a key in memory, as a C pointer for map helpers; the same key expression is evaluated once a statement. */
  mapKey(key: TypedExpr): string;
  /** Name of a C variable with the address of a scalar map's entry {u64 set; value}, or NULL. */
  scalarSlot(map: string): string;
  /** A C variable of the whole function, set before the body: for cheap helpers that bodies ask again and again. */
  hoist(name: string, cType: string, expression: string): string;
  /**
   * C variable with the current task as the verifier knows it, in programs that have it anyway: its members are read
   * without a helper call.
   */
  taskAtHand(): string | undefined;
  /** Index of the firing target, a C expression, when the program has several. */
  targetIndex(): string;
  /** C name of the BPF map behind a script map, and its plan. */
  map(name: string): MapPlan;
  /** Include a header of bpf-helpers/. */
  include(header: string): void;
  /** File-scope constant data; returns the C name. Same bytes, same name. */
  constantBytes(bytes: string): string;
  /** Number of a text in the program's table of strings, which user space has too. */
  stringId(text: string): number;
  /** C statements that copy `size` bytes. */
  copy(to: Place, from: CValue, size: number): void;
  /** C statements that zero `size` bytes. */
  zero(to: Place, size: number): void;
  /** Leave the probe. */
  leave(): void;
}

// ---------------------------------------------------------------------------------------------------- user space

/** What a handler needs of the world at run time. */
export interface EventHost {
  readonly values: ValueHost;
  readonly config: Config;
  /** True when output goes to a terminal: control characters of traced data are made visible. */
  readonly sanitize: boolean;
}

/**
 * Called for each record: `offset` is the start of the record's header in `view`. A returned string is finished
 * output of type `printf`; undefined means nothing to do.
 */
export type EventHandler = (view: DataView, offset: number, length: number) => Action | string | undefined;

// ---------------------------------------------------------------------------------------------------- aggregations

export interface Aggregation {
  readonly name: string;
  readonly doc: Doc;
  readonly signature: string;
  readonly arity: readonly [number, number];
  /** Readable as an integer in expressions. */
  readonly castable: boolean;
  /** Checks arguments; which of them travel into the update, and the literal parameters. */
  check(call: CallSite): {
    readonly values: readonly TypedExpr[];
    readonly parameters: readonly bigint[];
    readonly signed: boolean;
  };
  /** Bytes of one CPU's value (a multiple of 8). */
  size(type: AggregateType): number;
  /** C statements that update the value behind `slot`, a `u8 *` expression; `args` are 64-bit C expressions. */
  update(emit: Emit, slot: string, args: readonly string[], type: AggregateType): void;
  /**
   * Reading over all CPUs in the kernel: C statements that fold the value behind `slot` into the accumulator variables, and the
   * C expression of the result. Only for castable aggregations.
   */
  readonly fold?: {
    readonly accumulators: readonly string[];
    step(slot: string, accumulators: readonly string[], type: AggregateType): readonly string[];
    result(accumulators: readonly string[], type: AggregateType): string;
  };
  /** The value over all CPUs: copy i is at `offset + i * stride`. */
  read(view: DataView, offset: number, stride: number, copies: number, type: AggregateType): Value;
  /** Sort key of the printed map. */
  order(value: Value): bigint;
  /** print(@m, top, divisor). */
  divide(value: Value, divisor: bigint): Value;
}

// ---------------------------------------------------------------------------------------------------- definitions

type Optional = 'variable' | 'mapArguments' | 'startsWithText' | 'unsafe' | 'readsContext' | 'endsProbe' | 'takesBytes';

/** A function: `defineFunction({ name, signature, arity, doc, check, ... })`. */
export function defineFunction(entry: Omit<Builtin, Optional> & Partial<Pick<Builtin, Optional>>): Builtin {
  return {
    variable: false,
    mapArguments: [],
    startsWithText: false,
    unsafe: false,
    readsContext: false,
    endsProbe: false,
    takesBytes: false,
    ...entry,
  };
}

/** A builtin variable: no arguments, may be written without parentheses. */
export function defineVariable(
  entry: Omit<Builtin, Optional | 'arity' | 'signature'> & Partial<Pick<Builtin, 'readsContext'>>,
): Builtin {
  return defineFunction({ ...entry, signature: entry.name, arity: [0, 0], variable: true });
}

export function defineAggregation(entry: Aggregation): Aggregation {
  return entry;
}
