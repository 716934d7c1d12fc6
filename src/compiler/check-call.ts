/** Calls and bare words: builtins by their registry entries, constants of kernel enums, and good answers for the rest. */
import type { Call, Expr, Identifier } from '../../grammar/ast.ts';
import { closest } from '../../grammar/suggest.ts';
import { aggregation, aggregations } from '../builtins/aggregations/index.ts';
import { applies, type Builtin, type CallSite } from '../builtins/builtin.ts';
import { builtin, builtins, unavailable } from '../builtins/index.ts';
import { outlivesRun } from '../probes/iter.ts';
import { stringType, type Type, uint8 } from '../types/type.ts';
import type { TypedExpr } from '../types/typed-tree.ts';
import { checkArgsRecord } from './check-access.ts';
import type { CheckContext } from './check-context.ts';
import { constant, errorExpression, isError, refuseInFunction } from './check-context.ts';
import { checkExpr, checkValue } from './check-expression.ts';
import { checkFunctionCall, signatureText } from './check-function.ts';
import { checkKey, noteShape, tupleOfKeys, valueType } from './check-map.ts';
import { flexibleArrayAddress } from './check-memory.ts';
import { convertTo } from './convert.ts';
import { settle } from './promote.ts';

export function checkIdentifier(cx: CheckContext, expr: Identifier): TypedExpr {
  const entry = builtin(expr.name);
  if (entry?.variable && entry.rewrite !== undefined) {
    return checkMeaning(
      cx,
      entry,
      { kind: 'call', name: expr.name, nameSpan: expr.span, args: [], span: expr.span },
      expr,
    );
  }
  if (entry?.variable) return applyBuiltin(cx, entry, [], expr);
  const callee = cx.functions.get(expr.name);
  const written = entry?.signature ?? (callee && signatureText(callee));
  if (written !== undefined) {
    cx.report.error('function-without-call', expr.span, `${expr.name} is a function and needs parentheses`, {
      hint: `it is written ${written}`,
    });
    return errorExpression(expr.span);
  }
  const fromKernel = cx.types.enumConstant(expr.name);
  if (fromKernel !== undefined) {
    return constant(
      fromKernel.value,
      { kind: 'enum', name: fromKernel.enumName ?? '', bytes: 8, values: fromKernel.values ?? [fromKernel] },
      expr.span,
    );
  }
  if (expr.name === 'args') return checkArgsRecord(cx, expr.span);
  const why = unavailable(expr.name);
  if (why !== undefined) {
    cx.report.error('unavailable-name', expr.span, `${expr.name}: ${why}`);
    return errorExpression(expr.span);
  }
  if (cx.namesMissing || cx.report.touchesError(expr.span)) return errorExpression(expr.span);
  const near = closest(
    expr.name,
    builtins.filter((candidate) => candidate.variable).map((candidate) => candidate.name),
  );
  cx.report.error('unknown-name', expr.span, `there is no builtin variable or constant '${expr.name}'`, {
    hint:
      aboutCMacro(cx, expr.name) ??
      (near === undefined ? 'scratch variables start with $, maps with @' : `did you mean ${near}?`),
  });
  return errorExpression(expr.span);
}

/** Why a macro of C that has the name is of no use here. */
function aboutCMacro({ definitions: { macros, functionMacros } }: CheckContext, name: string): string | undefined {
  if (macros.has(name)) return `the C macro ${name} stands for its own name: #define ${name} ${macros.get(name)}`;
  if (functionMacros?.has(name) !== true) return undefined;
  return `${name} is a C macro with parameters, for C alone; a macro of the script is written macro ${name}(x) { x + 1 }`;
}

export function checkCall(cx: CheckContext, expr: Call): TypedExpr {
  const entry = builtin(expr.name);
  const callee = cx.functions.get(expr.name);
  if (entry === undefined || callee?.definition !== undefined) {
    if (callee === undefined) return unknownCall(cx, expr);
    if (!outlivesRun(cx.probe.shape.attach)) return checkFunctionCall(cx, expr, callee);
    cx.report.error('detached-function', expr.span, `a pinned iterator cannot call ${expr.name}()`, {
      hint: 'write what it does in the iterator, as a macro for example',
    });
    return errorExpression(expr.span);
  }
  const args = entry.rewrite === undefined ? checkArguments(cx, entry, expr) : [];
  const [least, most] = entry.arity;
  if (expr.args.length < least || expr.args.length > most) {
    const wanted = least === most ? `${least}` : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
    cx.report.error(
      'argument-count',
      expr.span,
      `${expr.name}() takes ${wanted} argument${wanted === '1' ? '' : 's'}, and ${expr.args.length} ${expr.args.length === 1 ? 'is' : 'are'} given`,
      {
        hint: `it is written ${entry.signature}`,
      },
    );
    return errorExpression(expr.span);
  }
  if (entry.rewrite !== undefined) return checkMeaning(cx, entry, expr, expr);
  if (args === undefined || args.some(isError)) return errorExpression(expr.span);
  return applyBuiltin(cx, entry, args, expr);
}

/** What the call stands for; `node` is how it was written, with parentheses or without. */
function checkMeaning(cx: CheckContext, entry: Builtin, call: Call, node: Call | Identifier): TypedExpr {
  const meaning = cx.evidence.meaningOf(node, () => entry.rewrite?.(call, cx.report, cx.config));
  return meaning === undefined ? errorExpression(node.span) : checkExpr(cx, meaning);
}

function applyBuiltin(
  cx: CheckContext,
  entry: Builtin,
  args: readonly TypedExpr[],
  expr: Call | Identifier,
): TypedExpr {
  const { span } = expr;
  const isAboutProbe = entry.readsContext || applies(entry.needsProbe, args.length);
  if (isAboutProbe && refuseInFunction(cx, entry.name, span)) return errorExpression(span);
  if (entry.unsafe && !cx.unsafe) {
    cx.report.error('unsafe', span, `${entry.name}() changes the system, and this run is in safe mode`, {
      hint: 'allow it with --unsafe',
    });
    return errorExpression(span);
  }
  const { config, world, report, probe, named } = cx;
  const settled = args.map((arg) => {
    if (arg.kind === 'map-reference') return arg;
    const wanted = entry.takesBytes ? asBytes(arg) : arg;
    return convertTo(wanted, settle(wanted.type));
  });
  const site = { name: entry.name, span, args: settled, probe, config, world, report, named };
  const result = entry.check(site);
  if ('constant' in result) return constant(result.constant, result.type, span);
  if (result.kind === 'error' || !worksDetached(cx, entry, site)) return errorExpression(span);
  return { kind: 'call', builtin: entry.name, args: settled, type: result, span };
}

/** An array of chars where it lies, which as a string would be read up to the first NUL. */
function asBytes(arg: TypedExpr): TypedExpr {
  if (arg.type.kind !== 'string') return arg;
  const type: Type = { kind: 'array', of: uint8, length: arg.type.size };
  if (arg.kind === 'dereference') return { ...arg, type };
  return arg.kind === 'args-field' ? { ...arg, field: { ...arg.field, type }, type } : arg;
}

/** In a program that outlives the run: what user space would do, the kernel does, or it is refused. */
function worksDetached(cx: CheckContext, entry: Builtin, site: CallSite): boolean {
  if (entry.event === undefined || !outlivesRun(cx.probe.shape.attach)) return true;
  if (entry.detached !== undefined && cx.callbacks.length === 0) return entry.detached.check(site);
  const where = entry.detached === undefined ? '' : ' in the body of a loop';
  cx.report.error(
    'detached-call',
    site.span,
    `${entry.name}() does not work${where} in a pinned iterator, which goes on when ebtrace has ended`,
    { hint: 'without a path the iterator is read at once, and everything works' },
  );
  return false;
}

function checkArguments(cx: CheckContext, entry: Builtin, expr: Call): readonly TypedExpr[] | undefined {
  if (entry.mapKey !== undefined) return checkMapAndKey(cx, entry, expr, entry.mapKey);
  const args: TypedExpr[] = [];
  for (const [i, arg] of expr.args.entries()) {
    if (entry.words !== undefined && arg.kind === 'identifier') args.push(checkWord(cx, entry, entry.words, arg));
    else if (entry.mapArguments.includes(i) && arg.kind === 'map') args.push(mapReference(cx, arg));
    else if (entry.startsWithText && i === 0 && arg.kind === 'string') {
      args.push(constant(arg.value, stringType(arg.value.length + 1), arg.span));
    } else args.push(flexibleArrayAddress(checkValue(cx, arg)));
  }
  return args;
}

/** A word that only this builtin understands; other names, such as those of variables, are looked up. */
function checkWord(cx: CheckContext, entry: Builtin, words: readonly string[], arg: Identifier): TypedExpr {
  if (words.includes(arg.name)) return constant(arg.name, stringType(arg.name.length + 1), arg.span);
  if (builtin(arg.name)?.variable || cx.types.enumConstant(arg.name) !== undefined) return checkIdentifier(cx, arg);
  const near = closest(arg.name, words);
  cx.report.error('unknown-word', arg.span, `${entry.name}() does not know '${arg.name}'`, {
    hint: near === undefined ? `it takes one of ${words.join(', ')}` : `did you mean ${near}?`,
  });
  return errorExpression(arg.span);
}

/** `f(@m, key)`, its old form `f(@m[key])`, and `f(@scalar)` where a key is optional. */
function checkMapAndKey(
  cx: CheckContext,
  entry: Builtin,
  expr: Call,
  keyIsRequired: 'required' | 'optional',
): readonly TypedExpr[] | undefined {
  const [map, ...keys] = expr.args;
  if (map === undefined) return [];
  if (map.kind !== 'map' && map.kind !== 'map-element') {
    cx.report.error('needs-map', map.span, `${expr.name}() works on a map`, {
      hint: `it is written ${entry.signature}`,
    });
    return undefined;
  }
  const evidence = cx.evidence.map(map.name, map.span);
  const given: readonly Expr[] = map.kind === 'map-element' ? map.keys : keys;
  if (given.length === 0 && keyIsRequired === 'required') {
    cx.report.error('needs-key', expr.span, `${expr.name}() needs a key`, { hint: `it is written ${entry.signature}` });
    return undefined;
  }
  if (!noteShape(cx, evidence, given.length > 0, map.span)) return undefined;
  const reference = mapReference(cx, { kind: 'map', name: map.name, span: map.span });
  if (given.length === 0) return [reference];
  const span = {
    start: given[0]?.span.start ?? map.span.start,
    end: given[given.length - 1]?.span.end ?? map.span.end,
  };
  const key = checkKey(
    cx,
    evidence,
    tupleOfKeys(
      given.map((item) => checkExpr(cx, item)),
      span,
    ),
    span,
  );
  return key === undefined ? undefined : [reference, key];
}

function mapReference(
  cx: CheckContext,
  arg: { readonly kind: 'map'; readonly name: string; readonly span: Expr['span'] },
): TypedExpr {
  const entry = cx.evidence.map(arg.name, arg.span);
  const type = valueType(cx, entry, arg.span);
  if (type.kind === 'error') return errorExpression(arg.span);
  return { kind: 'map-reference', map: arg.name, keyed: entry.keyed ?? false, type, span: arg.span };
}

function unknownCall(cx: CheckContext, expr: Call): TypedExpr {
  for (const arg of expr.args) if (arg.kind !== 'map') checkExpr(cx, arg);
  const { name, nameSpan } = expr;
  if (aggregation(name) !== undefined) {
    cx.report.error('aggregation-alone', expr.span, `${name}() is what a map keeps, not a value`, {
      hint: `assign it to a map: @ = ${name}(...)`,
    });
    return errorExpression(expr.span);
  }
  const why = unavailable(name);
  if (why !== undefined) {
    cx.report.error('unavailable-function', nameSpan, `${name}(): ${why}`);
    return errorExpression(expr.span);
  }
  if (cx.namesMissing) return errorExpression(expr.span);
  const names = [...builtins, ...aggregations].map((entry) => entry.name).concat([...cx.functions.keys()]);
  const near = closest(name, names);
  cx.report.error('unknown-function', nameSpan, `there is no function '${name}'`, {
    hint: aboutCMacro(cx, name) ?? (near === undefined ? undefined : `did you mean ${near}()?`),
  });
  return errorExpression(expr.span);
}
