/**
 * `fn` functions: their signatures, their bodies, calls of them and of functions of imported BPF objects. A function is
 * checked once for the script, whoever calls it; a copy for each BPF program that calls it is made when C is written
 * (emit-function.ts).
 */
import type { Call, FunctionDefinition, Return, Script } from '../../grammar/ast.ts';
import type { Report } from '../../grammar/diagnostic.ts';
import type { Span } from '../../grammar/source.ts';
import { aggregation } from '../builtins/aggregations/index.ts';
import { builtin } from '../builtins/index.ts';
import type { Type } from '../types/type.ts';
import { errorType, typeName, typesEqual } from '../types/type.ts';
import type { TypedExpr, TypedStatement, VariableSymbol } from '../types/typed-tree.ts';
import type { CheckContext } from './check-context.ts';
import { declareVariable, errorExpression, isError, withScope } from './check-context.ts';
import { checkExpr, checkValue } from './check-expression.ts';
import { checkBlock } from './check-statement.ts';
import { checkRange, convertTo } from './convert.ts';
import type { FunctionGraph, Step } from './function-graph.ts';
import { canCallImported, importedSignature } from './imported-function.ts';
import { promote, settle } from './promote.ts';
import { resolveType } from './resolve-type.ts';

/** What callers see of a function. */
export interface Signature {
  readonly name: string;
  /** Undefined for functions of imported objects. */
  readonly definition: FunctionDefinition | undefined;
  readonly parameters: readonly { readonly name: string; readonly type: Type; readonly span: Span | undefined }[];
  readonly returns: Type;
}

export interface TypedFunction {
  readonly definition: FunctionDefinition;
  readonly parameters: readonly VariableSymbol[];
  readonly returns: Type;
  /** A call of it may end the probe (exit). */
  readonly endsProbe: boolean;
  readonly body: readonly TypedStatement[];
}

export function functionDefinitions(script: Script): readonly FunctionDefinition[] {
  return script.items.flatMap((item) => (item.kind === 'function' ? [item] : []));
}

/** Of all functions that a script can call, those of imported objects included. */
export function checkSignatures(cx: CheckContext, script: Script): ReadonlyMap<string, Signature> {
  const signatures = new Map<string, Signature>();
  for (const prototype of cx.definitions.functions.values()) {
    signatures.set(prototype.name, importedSignature(cx.types, prototype));
  }
  for (const definition of functionDefinitions(script)) {
    const before = signatures.get(definition.name);
    const taken = nameTaken(definition.name);
    if (taken !== undefined) {
      cx.report.error('function-name', definition.nameSpan, `${definition.name} is the name of ${taken}`, {
        hint: 'a function needs a name of its own',
      });
    } else if (before !== undefined) reportTwice(cx, definition, before);
    else {
      // The language gets more functions in time, and a script that works keeps its meaning.
      if (builtin(definition.name) !== undefined) {
        cx.report.warning(
          'hides-builtin',
          definition.nameSpan,
          `${definition.name}() hides the builtin function of that name in this script`,
        );
      }
      signatures.set(definition.name, signature(cx, definition));
    }
  }
  return signatures;
}

/** Names that mean something without a call, or in an assignment, before any function is looked for. */
function nameTaken(name: string): string | undefined {
  if (aggregation(name) !== undefined) return 'an aggregation';
  return builtin(name)?.variable ? 'a builtin variable' : undefined;
}

function reportTwice(cx: CheckContext, { name, nameSpan }: FunctionDefinition, before: Signature): void {
  const first = before.definition?.nameSpan;
  cx.report.error(
    'function-twice',
    nameSpan,
    first === undefined ? `${name}() comes with an imported object already` : `the function ${name} is defined twice`,
    { related: first === undefined ? [] : [{ message: 'the first definition is here', span: first }] },
  );
}

function signature(cx: CheckContext, definition: FunctionDefinition): Signature {
  const parameters: { name: string; type: Type; span: Span }[] = [];
  for (const { name, type: node, span } of definition.parameters) {
    const first = parameters.find((parameter) => parameter.name === name);
    if (first !== undefined) {
      cx.report.error('parameter-twice', span, `${definition.name}() has two parameters $${name}`, {
        related: [{ message: 'the first one is here', span: first.span }],
      });
    }
    const type = resolveType(cx, node);
    if (type.kind === 'none') {
      cx.report.error('parameter-type', node.span, `$${name} cannot be void: a parameter has a value`);
    }
    parameters.push({ name, type: type.kind === 'none' ? errorType : type, span });
  }
  return { name: definition.name, definition, parameters, returns: resolveType(cx, definition.returnType) };
}

// ---------------------------------------------------------------------------------------------------- bodies

export function checkFunction(
  cx: CheckContext & { readonly function: Signature },
  definition: FunctionDefinition,
  endsProbe: boolean,
): TypedFunction {
  const { parameters, returns } = cx.function;
  return withScope(cx, () => {
    const symbols = parameters.map(
      ({ name, type, span = definition.nameSpan }) =>
        declareVariable(cx, name, { name }, type, span, 'parameter', type).symbol,
    );
    const body = checkBlock(cx, definition.body);
    const needsReturn = returns.kind !== 'none' && returns.kind !== 'error' && !cx.incomplete;
    if (needsReturn && !alwaysReturns(body)) {
      cx.report.error(
        'missing-return',
        definition.nameSpan,
        `${definition.name}() returns ${typeName(returns)}, and not every way through it ends in a return`,
        { hint: 'the last statement of the body can be the return for all other cases' },
      );
    }
    return { definition, parameters: symbols, returns, endsProbe, body };
  });
}

/** The end of the statements is never reached. */
function alwaysReturns(statements: readonly TypedStatement[]): boolean {
  return statements.some((statement) => {
    switch (statement.kind) {
      case 'return':
        return true;
      case 'block':
        return alwaysReturns(statement.statements);
      case 'if':
        return alwaysReturns(statement.then) && alwaysReturns(statement.otherwise);
      case 'expression':
        return statement.expression.kind === 'call' && builtin(statement.expression.builtin)?.endsProbe === true;
      default:
        return false;
    }
  });
}

export function checkFunctionReturn(
  cx: CheckContext & { readonly function: Signature },
  { value, span }: Return,
): TypedStatement | undefined {
  const { name, returns, definition } = cx.function;
  const typed = value === undefined ? undefined : checkExpr(cx, value);
  if (returns.kind === 'error' || (typed !== undefined && isError(typed)))
    return { kind: 'return', value: undefined, span };
  const related =
    definition === undefined ? [] : [{ message: 'its type is declared here', span: definition.returnType.span }];
  if ((typed === undefined || typed.type.kind === 'none') !== (returns.kind === 'none')) {
    cx.report.error(
      'return-value',
      span,
      returns.kind === 'none'
        ? `${name}() is void, and this returns a value`
        : `${name}() returns ${typeName(returns)}, and this returns nothing`,
      { related },
    );
    return { kind: 'return', value: undefined, span };
  }
  if (typed === undefined || value === undefined) return { kind: 'return', value: typed, span };
  if (returns.kind === 'none') return { kind: 'return', value: typed, span };
  const converted = handOver(cx, typed, returns);
  if (converted === undefined) {
    cx.report.error(
      'return-mismatch',
      value.span,
      `${name}() returns ${typeName(returns)}, and this is ${typeName(settle(typed.type))}`,
      { related },
    );
  }
  return { kind: 'return', value: converted, span };
}

// ---------------------------------------------------------------------------------------------------- calls

export function checkFunctionCall(cx: CheckContext, expr: Call, callee: Signature): TypedExpr {
  const { parameters, definition, returns } = callee;
  const args = expr.args.map((arg) => checkValue(cx, arg));
  if (definition === undefined && !canCallImported(cx, callee, expr.nameSpan)) return errorExpression(expr.span);
  const related = definition === undefined ? [] : [{ message: 'it is defined here', span: definition.nameSpan }];
  if (args.length !== parameters.length) {
    cx.report.error(
      'function-arity',
      expr.span,
      `${expr.name}() takes ${counted(parameters.length)}, and ${args.length} ${args.length === 1 ? 'is' : 'are'} given`,
      { related, hint: `it is written ${signatureText(callee)}` },
    );
    return errorExpression(expr.span);
  }
  if (args.some(isError)) return errorExpression(expr.span);
  const converted: TypedExpr[] = [];
  for (const [i, arg] of args.entries()) {
    const parameter = parameters[i];
    if (parameter === undefined || parameter.type.kind === 'error') continue;
    const value = handOver(cx, arg, parameter.type, definition === undefined);
    if (value === undefined) {
      const name = definition === undefined ? parameter.name : `$${parameter.name}`;
      cx.report.error(
        'function-argument',
        arg.span,
        `the argument ${name} of ${expr.name}() is ${typeName(parameter.type)}, and this is ${typeName(settle(arg.type))}`,
        {
          related: parameter.span === undefined ? related : [{ message: 'it is declared here', span: parameter.span }],
        },
      );
    } else converted.push(value);
  }
  if (returns.kind === 'error' || converted.length < args.length) return errorExpression(expr.span);
  const from = definition === undefined ? 'import' : 'script';
  return { kind: 'function-call', from, name: expr.name, args: converted, type: returns, span: expr.span };
}

function counted(count: number): string {
  return count === 0 ? 'no arguments' : `${count} argument${count === 1 ? '' : 's'}`;
}

/** How a call is written, for hints. */
export function signatureText({ name, parameters, definition }: Signature): string {
  const list = parameters.map((parameter) => `${definition === undefined ? '' : '$'}${parameter.name}`);
  return `${name}(${list.join(', ')})`;
}

/**
 * A value that goes into a function or out of it, as the declared type; undefined when it cannot be that. The C of imported
 * functions knows what its pointers point to.
 */
function handOver(cx: CheckContext, value: TypedExpr, type: Type, isImported = false): TypedExpr | undefined {
  const from = value.type;
  const isNumber = (candidate: Type) => ['int', 'bool', 'enum'].includes(candidate.kind);
  if ((type.kind === 'int' || type.kind === 'bool') && isNumber(from)) {
    checkRange(cx, value, type, value.span);
    return convertTo(value, type);
  }
  if (type.kind === 'pointer' && from.kind === 'pointer') {
    const isUntyped = type.to.kind === 'none' || from.to.kind === 'none' || isImported;
    return isUntyped || samePointee(type.to, from.to) ? convertTo(value, type) : undefined;
  }
  if (type.kind === 'enum' && isNumber(from)) return { kind: 'convert', operand: value, type, span: value.span };
  const both = promote(type, from);
  return both !== undefined && typesEqual(both, type) ? convertTo(value, type) : undefined;
}

/** Equal but for the memory that pointers in it point to: functions read both kinds. */
function samePointee(a: Type, b: Type): boolean {
  return a.kind === 'pointer' && b.kind === 'pointer' ? samePointee(a.to, b.to) : typesEqual(a, b);
}

// ---------------------------------------------------------------------------------------------------- limits

/** MAX_CALL_FRAMES of include/linux/bpf_verifier.h; one is left for the helpers that our C calls. */
const mostFrames = 8 - 1;

/** False, and reported, when functions call themselves, which the kernel does not allow. */
export function checkRecursion(graph: FunctionGraph, report: Report): boolean {
  const cycles = graph.cycles();
  for (const cycle of cycles) {
    const names = cycle.map((call) => call.function);
    const [first] = names.slice(-1);
    const last = cycle[cycle.length - 1];
    if (last === undefined) continue;
    report.error('recursion', last.span, `a function cannot call itself: ${[first, ...names].join(' > ')}`, {
      hint: 'a loop can do what recursion does',
      related: cycle.slice(0, -1).map((call) => ({ message: `${call.function}() is called here`, span: call.span })),
    });
  }
  return cycles.length === 0;
}

/** Nested calls and loops of a probe's body within what the kernel allows. */
export function checkDepth(body: object, what: string, graph: FunctionGraph, report: Report): void {
  const deepest = graph.deepest(graph.body(body).steps);
  const [first] = deepest;
  if (first === undefined || deepest.length < mostFrames) return;
  report.error('call-depth', first.span, `${chain(what, deepest)}: ${deepest.length} calls and loops in one another`, {
    hint: `the kernel allows ${mostFrames - 1}`,
    related: deepest.slice(1).map((step) => ({ message: `then ${nameOf(step)}`, span: step.span })),
  });
}

function chain(what: string, steps: readonly Step[]): string {
  return [what, ...steps.map(nameOf)].join(' > ');
}

function nameOf(step: Step): string {
  return step.function ?? 'loop';
}
