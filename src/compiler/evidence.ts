/**
 * What inference has learned: the type of every map's keys and values and of every scratch variable, each the
 * promotion of all that is assigned to it anywhere in the script. It only ever grows, so repeated checking comes to
 * rest; `version` tells when.
 */
import type { Call, Expr, Identifier } from '../../grammar/ast.ts';
import type { Span } from '../../grammar/source.ts';
import type { Type } from '../types/type.ts';
import { promote, sameEvidence } from './promote.ts';

export interface MapEvidence {
  readonly name: string;
  /** Keyed or scalar, as first used. */
  keyed: boolean | undefined;
  key: Type | undefined;
  value: Type | undefined;
  /** First use, first write of a value, first use of a key: for messages. */
  firstUse: Span;
  firstValue: Span | undefined;
  firstKey: Span | undefined;
  /** The comptime condition that took the types as they are. */
  locked: Span | undefined;
  /** An aggregation that programs read as a number. */
  isFolded?: true;
}

interface VariableEvidence {
  type: Type;
  locked: Span | undefined;
}

/** What is known about one `if comptime` that asks for types. */
export interface Decision {
  /** How much was known when it was last looked at. */
  learned: number;
  answer: boolean | undefined;
}

export class Evidence {
  version = 0;
  /** Counts what was learned about types, where `version` also counts what asks for another round. */
  #learned = 0;
  readonly maps = new Map<string, MapEvidence>();
  /** Reads of maps that are assigned, but by nothing with a type: `@a = @b; @b = @a;`. */
  readonly undecided: { readonly map: string; readonly span: Span }[] = [];
  /** By declaring AST node, per program: the same body may be checked for several argument layouts. */
  readonly #variables = new Map<string, Map<object, VariableEvidence>>();
  readonly #meanings = new Map<Call | Identifier, Expr>();
  readonly #decisions = new Map<string, Map<object, Decision>>();

  map(name: string, span: Span): MapEvidence {
    let entry = this.maps.get(name);
    if (entry === undefined) {
      entry = {
        name,
        keyed: undefined,
        key: undefined,
        value: undefined,
        firstUse: span,
        firstValue: undefined,
        firstKey: undefined,
        locked: undefined,
      };
      this.maps.set(name, entry);
    }
    return entry;
  }

  /** False when the two cannot be one type; then the first stays. */
  addKey(entry: MapEvidence, type: Type, span: Span): boolean {
    entry.firstKey ??= span;
    const merged = this.#merge(entry.key, type, entry.locked);
    if (merged === undefined) return false;
    entry.key = merged;
    return true;
  }

  addValue(entry: MapEvidence, type: Type, span: Span): boolean {
    entry.firstValue ??= span;
    const merged = this.#merge(entry.value, type, entry.locked);
    if (merged === undefined) return false;
    entry.value = merged;
    return true;
  }

  /** What a call stands for: made once, because variables are known by their nodes. */
  meaningOf(call: Call | Identifier, make: () => Expr | undefined): Expr | undefined {
    const known = this.#meanings.get(call);
    if (known !== undefined) return known;
    const meaning = make();
    if (meaning !== undefined) this.#meanings.set(call, meaning);
    return meaning;
  }

  variable(program: string, node: object): Type | undefined {
    return this.#variables.get(program)?.get(node)?.type;
  }

  /** Where the variable's type was locked. */
  variableLock(program: string, node: object): Span | undefined {
    return this.#variables.get(program)?.get(node)?.locked;
  }

  addVariable(program: string, node: object, type: Type): boolean {
    const variables = perProgram(this.#variables, program);
    const known = variables.get(node);
    const merged = this.#merge(known?.type, type, known?.locked);
    if (merged === undefined) return false;
    if (known === undefined) variables.set(node, { type: merged, locked: undefined });
    else known.type = merged;
    return true;
  }

  lockVariable(program: string, node: object, by: Span): void {
    const known = this.#variables.get(program)?.get(node);
    if (known !== undefined) known.locked ??= by;
  }

  lockMap(name: string, by: Span): void {
    const entry = this.maps.get(name);
    if (entry !== undefined) entry.locked ??= by;
  }

  decision(program: string, node: object): Decision {
    const decisions = perProgram(this.#decisions, program);
    let decision = decisions.get(node);
    if (decision === undefined) {
      decision = { learned: -1, answer: undefined };
      decisions.set(node, decision);
    }
    return decision;
  }

  /** Nothing was learned since the last call for this decision; asks for another round until that is so. */
  isAtRest(decision: Decision): boolean {
    if (decision.learned === this.#learned) return true;
    decision.learned = this.#learned;
    this.version++;
    return false;
  }

  #merge(known: Type | undefined, type: Type, locked: Span | undefined): Type | undefined {
    if (type.kind === 'error') return known ?? type;
    const merged = known === undefined ? type : promote(known, type);
    if (merged === undefined || (known !== undefined && sameEvidence(known, merged))) return merged;
    if (locked !== undefined && known !== undefined) return undefined;
    this.version++;
    this.#learned++;
    return merged;
  }
}

function perProgram<T>(all: Map<string, Map<object, T>>, program: string): Map<object, T> {
  let entries = all.get(program);
  if (entries === undefined) {
    entries = new Map();
    all.set(program, entries);
  }
  return entries;
}
