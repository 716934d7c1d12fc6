/**
 * What a probe's body asks of its context, found before anything has a type: the choice of mechanism and the sharing
 * of programs depend on it (match-probes.ts). Macros are expanded by then, so every `args` and `probe` is in sight.
 */
import type { Expr, Probe } from '../../grammar/ast.ts';
import { applies } from '../builtins/builtin.ts';
import { builtin } from '../builtins/index.ts';
import type { BodyUsage } from '../probes/probe-kind.ts';

export function bodyUsage(probe: Probe): BodyUsage {
  const fields = new Set<string>();
  let args = false;
  let whole = false;
  let asksForProbe = false;
  let perfTracepoint = false;
  let numberedArguments = false;
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      node.forEach(visit);
      return;
    }
    if (!isNode(node)) return;
    if (isField(node) && isName(node.object, 'args')) {
      args = true;
      fields.add(node.name);
      return;
    }
    if (isName(node, 'args')) {
      args = true;
      whole = true;
    }
    if (isName(node, 'probe')) asksForProbe = true;
    if (isNumberedArgument(node)) numberedArguments = true;
    if (needsPerfTracepoint(node)) perfTracepoint = true;
    Object.values(node).forEach(visit);
  };
  visit(probe.predicate);
  visit(probe.body);
  return { args, probe: asksForProbe, numberedArguments, perfTracepoint, fields: whole ? undefined : fields };
}

/**
 * Children are found by looking: any object below a node may hold more nodes (field initialisers of a record have no
 * kind of their own), and spans are the only objects that cannot.
 */
function isNode(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !('start' in value && 'end' in value && !('kind' in value));
}

/** A builtin without arguments may be written with parentheses or without. */
function isName(node: object, name: string): boolean {
  if (!('kind' in node && 'name' in node) || node.name !== name) return false;
  return node.kind === 'identifier' || node.kind === 'call';
}

function needsPerfTracepoint(node: object): boolean {
  if (!('name' in node) || typeof node.name !== 'string' || !isName(node, node.name)) return false;
  const count = 'args' in node && Array.isArray(node.args) ? node.args.length : 0;
  return applies(builtin(node.name)?.perfTracepoint, count);
}

function isNumberedArgument(node: object): boolean {
  return 'name' in node && typeof node.name === 'string' && /^arg[0-9]$/.test(node.name) && isName(node, node.name);
}

function isField(node: object): node is Extract<Expr, { kind: 'field' }> {
  return 'kind' in node && node.kind === 'field';
}
