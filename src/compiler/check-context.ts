/**
 * What the checking functions share while one body, of a program or of a function, is checked: the environment, the
 * report, what is known about maps and variables, and the scopes that are open. One context per body and round of
 * inference.
 */
import type { Report } from '../../grammar/diagnostic.ts';
import type { Span } from '../../grammar/source.ts';
import type { ProbeInfo } from '../builtins/builtin.ts';
import type { NamedParameters } from '../builtins/named-parameters.ts';
import type { Config } from '../config/options.ts';
import type { Type } from '../types/type.ts';
import { errorType } from '../types/type.ts';
import type { Constant, TypedExpr, VariableSymbol } from '../types/typed-tree.ts';
import type { Definitions } from '../world/definitions.ts';
import type { KnownTypes } from '../world/known-types.ts';
import type { World } from '../world/world.ts';
import type { Signature } from './check-function.ts';
import type { Evidence } from './evidence.ts';

export interface CheckEnvironment {
  readonly world: World;
  readonly config: Config;
  readonly types: KnownTypes;
  readonly definitions: Definitions;
  readonly positionals: readonly string[];
  /** `--name=value` of the script, as byte strings; `true` without a value. */
  readonly namedParameters?: ReadonlyMap<string, string | true> | undefined;
  readonly unsafe: boolean;
  /** -k: failed reads and missing keys are reported. */
  readonly reportReads?: boolean | undefined;
  /** Definitions could not be read (reported): a name that is not known is no news. */
  readonly namesMissing?: boolean | undefined;
  /** How many of the errors in the report are about C, and so about no statement. */
  readonly errorsInC?: number | undefined;
}

export interface CheckContext extends CheckEnvironment {
  /** Functions that can be called: those of the script and of imported objects, by name. */
  readonly functions: ReadonlyMap<string, Signature>;
  /** The function whose body is checked; undefined in probes. */
  readonly function: Signature | undefined;
  readonly named: NamedParameters;
  readonly report: Report;
  readonly evidence: Evidence;
  readonly probe: ProbeInfo;
  /** Unique per program and function. */
  readonly program: string;
  readonly scopes: Scope[];
  /** Loop bodies that become callbacks, outermost first; empty in the probe itself. */
  readonly callbacks: number[];
  /** In the body of an unroll: break and continue mean the loop around it, or the unroll when there is none. */
  readonly inUnroll?: boolean;
  /** How often the statements that are checked will be written, because of the unrolls around them; else once. */
  readonly copies?: number;
  /** `copied`: statements that unrolls write, with every repetition. */
  readonly counters: { variables: number; callbacks: number; copied: number };
  /** Some of the script was not understood (reported): what it assigns is unknown, and missing variables are no news. */
  readonly incomplete: boolean;
  /**
   * Inference has come to rest once with plain assignments alone: `++` and `+=` of maps count now, and what still has no
   * type gets one.
   */
  readonly assumeTypes: boolean;
  /** True in the last round: only then are unknown types an error. */
  readonly final: boolean;
}

export interface DeclaredMap {
  readonly storage: 'hash' | 'percpu-hash' | 'lru-hash' | 'lru-percpu-hash';
  readonly maxEntries: number;
  readonly typeName: string;
  readonly span: Span;
}

interface MutableSymbol extends VariableSymbol {
  captured: boolean;
  addressed: boolean;
}

export interface ScopeEntry {
  readonly symbol: MutableSymbol;
  readonly node: object;
  /** Type written in `let $x: T`, which assignments are converted to. */
  readonly declaredType: Type | undefined;
  readonly span: Span;
  readonly how: 'declaration' | 'assignment' | 'loop variable' | 'parameter';
  assigned: boolean;
  read: boolean;
}

export type Scope = Map<string, ScopeEntry>;

export function lookUpVariable(cx: CheckContext, name: string): ScopeEntry | undefined {
  for (let i = cx.scopes.length - 1; i >= 0; i--) {
    const entry = cx.scopes[i]?.get(name);
    if (entry !== undefined) return entry;
  }
  return undefined;
}

export function declareVariable(
  cx: CheckContext,
  name: string,
  node: object,
  type: Type,
  span: Span,
  how: ScopeEntry['how'],
  declaredType?: Type,
): ScopeEntry {
  const symbol: MutableSymbol = {
    id: cx.counters.variables++,
    name,
    type,
    callback: currentCallback(cx),
    captured: false,
    addressed: false,
  };
  const entry: ScopeEntry = { symbol, node, declaredType, span, how, assigned: how !== 'declaration', read: false };
  cx.scopes[cx.scopes.length - 1]?.set(name, entry);
  return entry;
}

/** A use of the variable in the code that is being checked now. */
export function useVariable(cx: CheckContext, entry: ScopeEntry): VariableSymbol {
  if (entry.symbol.callback !== currentCallback(cx)) entry.symbol.captured = true;
  return entry.symbol;
}

export function currentCallback(cx: CheckContext): number {
  return cx.callbacks[cx.callbacks.length - 1] ?? 0;
}

export function withScope<T>(cx: CheckContext, body: () => T): T {
  cx.scopes.push(new Map());
  const result = body();
  warnAboutUnassigned(cx, cx.scopes.pop());
  return result;
}

function warnAboutUnassigned(cx: CheckContext, scope: Scope | undefined): void {
  for (const [name, entry] of scope ?? []) {
    if (!entry.assigned) {
      cx.report.warning('never-assigned', entry.span, `$${name} is declared here and never assigned`);
    }
  }
}

/**
 * True, and reported, when this stands in a function: what is asked for belongs to a probe, and a function may be called
 * from any.
 */
export function refuseInFunction(cx: CheckContext, what: string, span: Span): boolean {
  if (cx.function === undefined) return false;
  cx.report.error(
    'probe-in-function',
    span,
    `${what} belongs to a probe, and ${cx.function.name}() may be called from any`,
    {
      hint: 'pass what it needs as an argument',
    },
  );
  return true;
}

/** Stands for an expression that has been reported (or is not known yet): nothing that contains it is reported again. */
export function errorExpression(span: Span): Constant {
  return { kind: 'constant', type: errorType, value: 0n, span };
}

export function constant(value: bigint | string | boolean, type: Type, span: Span): Constant {
  return { kind: 'constant', value, type, span };
}

export function isError(expression: TypedExpr): boolean {
  return expression.type.kind === 'error';
}
