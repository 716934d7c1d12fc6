/**
 * What inference has learned: the type of every map's keys and values and of every scratch variable, each the
 * promotion of all that is assigned to it anywhere in the script. It only ever grows, so repeated checking comes to
 * rest; `version` tells when.
 */
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
}

export class Evidence {
  version = 0;
  readonly maps = new Map<string, MapEvidence>();
  /** Reads of maps that are assigned, but by nothing with a type: `@a = @b; @b = @a;`. */
  readonly undecided: { readonly map: string; readonly span: Span }[] = [];
  /** By declaring AST node, per program: the same body may be checked for several argument layouts. */
  readonly #variables = new Map<string, Map<object, Type>>();

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
      };
      this.maps.set(name, entry);
    }
    return entry;
  }

  /** False when the two cannot be one type; then the first stays. */
  addKey(entry: MapEvidence, type: Type, span: Span): boolean {
    entry.firstKey ??= span;
    const merged = this.#merge(entry.key, type);
    if (merged === undefined) return false;
    entry.key = merged;
    return true;
  }

  addValue(entry: MapEvidence, type: Type, span: Span): boolean {
    entry.firstValue ??= span;
    const merged = this.#merge(entry.value, type);
    if (merged === undefined) return false;
    entry.value = merged;
    return true;
  }

  variable(program: string, node: object): Type | undefined {
    return this.#variables.get(program)?.get(node);
  }

  addVariable(program: string, node: object, type: Type): boolean {
    let types = this.#variables.get(program);
    if (types === undefined) {
      types = new Map();
      this.#variables.set(program, types);
    }
    const merged = this.#merge(types.get(node), type);
    if (merged === undefined) return false;
    types.set(node, merged);
    return true;
  }

  #merge(known: Type | undefined, type: Type): Type | undefined {
    if (type.kind === 'error') return known ?? type;
    const merged = known === undefined ? type : promote(known, type);
    if (merged !== undefined && (known === undefined || !sameEvidence(known, merged))) this.version++;
    return merged;
  }
}
