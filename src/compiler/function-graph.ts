/**
 * Who calls whom: the functions of a script as a graph, found in the tree before anything has a type. Says which
 * functions a body reaches, which of them may end the probe, and how deep calls go; the kernel refuses recursion and
 * has a fixed number of frames, of which callbacks (the bodies of `for` and `while`) take one each as well.
 */
import type { FunctionDefinition } from '../../grammar/ast.ts';
import type { Span } from '../../grammar/source.ts';
import { builtin } from '../builtins/index.ts';

/** One step into a frame of its own: a call of a function of the script, or the body of a loop. */
export interface Step {
  /** Undefined for the body of a loop. */
  readonly function: string | undefined;
  readonly span: Span;
  /** Steps inside the loop's body; the steps of a function are those of its own body. */
  readonly inner: readonly Step[];
}

export interface BodyGraph {
  readonly steps: readonly Step[];
  /** It holds a call that ends the probe. */
  readonly ends: boolean;
}

export class FunctionGraph {
  readonly #bodies = new Map<string, BodyGraph>();

  constructor(functions: readonly FunctionDefinition[]) {
    const names = new Set(functions.map((definition) => definition.name));
    for (const definition of functions) {
      if (!this.#bodies.has(definition.name)) this.#bodies.set(definition.name, bodyGraph(definition.body, names));
    }
  }

  /** Any part of the tree. */
  body(root: object): BodyGraph {
    return bodyGraph(root, new Set(this.#bodies.keys()));
  }

  /** Each way of a function back to itself once, as the calls that lead there. */
  cycles(): readonly (readonly Step[])[] {
    const cycles: Step[][] = [];
    const done = new Set<string>();
    const visit = (name: string, path: readonly string[], calls: readonly Step[]): void => {
      const at = path.indexOf(name);
      if (at >= 0) {
        cycles.push(calls.slice(at));
        return;
      }
      if (done.has(name)) return;
      for (const call of callsIn(this.#bodies.get(name)?.steps ?? [])) {
        visit(call.function ?? '', [...path, name], [...calls, call]);
      }
      done.add(name);
    };
    for (const name of this.#bodies.keys()) visit(name, [], []);
    return cycles;
  }

  /** Names of all functions that a body reaches, callees before their callers. Only without cycles. */
  reachedBy(root: object): readonly string[] {
    return this.#bodies.size === 0 ? [] : this.#reached(this.body(root).steps);
  }

  #reached(from: readonly Step[]): readonly string[] {
    const order = new Set<string>();
    const visit = (steps: readonly Step[]): void => {
      for (const call of callsIn(steps)) {
        const name = call.function ?? '';
        if (order.has(name)) continue;
        visit(this.#bodies.get(name)?.steps ?? []);
        order.add(name);
      }
    };
    visit(from);
    return [...order];
  }

  /** A call of the function may end the probe. Only without cycles. */
  endsProbe(name: string): boolean {
    const body = this.#bodies.get(name);
    if (body === undefined) return false;
    return body.ends || this.#reached(body.steps).some((callee) => this.#bodies.get(callee)?.ends);
  }

  /** The longest way down. Only without cycles. */
  deepest(steps: readonly Step[]): readonly Step[] {
    return this.#deepest(steps, new Map());
  }

  #deepest(steps: readonly Step[], known: Map<string, readonly Step[]>): readonly Step[] {
    let longest: readonly Step[] = [];
    for (const step of steps) {
      let below = step.function === undefined ? this.#deepest(step.inner, known) : known.get(step.function);
      if (below === undefined) {
        below = this.#deepest(this.#bodies.get(step.function ?? '')?.steps ?? [], known);
        known.set(step.function ?? '', below);
      }
      if (below.length + 1 > longest.length) longest = [step, ...below];
    }
    return longest;
  }
}

function callsIn(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => (step.function === undefined ? callsIn(step.inner) : [step]));
}

/** Any object below a node may hold more nodes; spans are the only objects that cannot. */
function bodyGraph(root: object, names: ReadonlySet<string>): BodyGraph {
  let ends = false;
  const visit = (value: unknown, steps: Step[]): void => {
    if (typeof value !== 'object' || value === null) return;
    let into = steps;
    if ('kind' in value && (value.kind === 'call' || value.kind === 'identifier') && 'name' in value) {
      const name = String(value.name);
      if (value.kind === 'call' && names.has(name)) steps.push({ function: name, span: spanOf(value), inner: [] });
      else if (builtin(name)?.endsProbe) ends = true;
    } else if ('kind' in value && (value.kind === 'for' || value.kind === 'while')) {
      into = [];
      steps.push({ function: undefined, span: spanOf(value), inner: into });
    }
    for (const part of Object.values(value)) visit(part, into);
  };
  const steps: Step[] = [];
  visit(root, steps);
  return { steps, ends };
}

function spanOf(node: object): Span {
  if ('span' in node && isSpan(node.span)) return node.span;
  throw new Error('a node without a span');
}

function isSpan(value: unknown): value is Span {
  return typeof value === 'object' && value !== null && 'start' in value && 'end' in value;
}
