/**
 * Script macros and object-like C macros -> plain expressions (language reference, 10.1 and 2.2). A use of a script
 * macro becomes a block with the macro's statements and value: variable and map parameters stand for those of the
 * caller, other parameters for the argument at every use, and variables of the macro's own get a name that nothing else
 * has. Arguments are expanded where they are written and put in as they are, so nothing in them can be captured.
 */
import type { BlockExpr, Call, Expr, Identifier, Macro, TypeNode, Variable } from '../../grammar/ast.ts';
import { isBuiltinWord } from '../../grammar/builtin-words.ts';
import type { Report } from '../../grammar/diagnostic.ts';
import { parseExpression } from '../../grammar/index.ts';
import { localName } from '../../grammar/local-name.ts';
import { maxTreeDepth } from '../../grammar/nesting.ts';
import type { Span } from '../../grammar/source.ts';
import { aggregation } from '../builtins/aggregations/index.ts';
import { builtin } from '../builtins/index.ts';
import type { Definitions } from '../world/definitions.ts';
import { explainMismatch, fits, type MacroTable, ownVariables } from './macro-table.ts';
import { parameterType } from './macro-types.ts';
import { type AstMap, astMap, mapBlock, mapChildren, mapExpr, mapType } from './map-ast.ts';

export interface MacroEnvironment {
  readonly macros: MacroTable;
  /** Functions that the script defines. */
  readonly functions: ReadonlySet<string>;
  readonly definitions: Definitions;
  readonly report: Report;
  /** Definitions could not be read: one of them may be what a call fits. */
  readonly namesMissing?: boolean | undefined;
  readonly progress: Progress;
}

/** What has been built so far, for limits and for fresh names. */
interface Progress {
  expansions: number;
  /** Expressions, in macros and elsewhere, with those that an argument brings along at every use. */
  size: number;
  /** Those in macros. */
  expanded: number;
  /** Expressions and blocks above the one that is being built, and the most since somebody asked. */
  depth: number;
  deepest: number;
  /** A limit was reached: nothing is expanded any more. */
  stopped: boolean;
}

export function startProgress(): Progress {
  return { expansions: 0, size: 0, expanded: 0, depth: 0, deepest: 0, stopped: false };
}

/** Nobody writes that much: macros that use their argument twice double with each level of nesting. */
const largestExpansion = 100_000;

/** What names mean in the text that is being expanded. */
interface Frame {
  /** Undefined in probes, functions and C macros. */
  readonly macro: Macro | undefined;
  readonly args: ReadonlyMap<string, Argument>;
  /** Variables of the macro -> variables of the caller, or fresh ones. */
  readonly variables: ReadonlyMap<string, string>;
  readonly maps: ReadonlyMap<string, string>;
  /** Macros around this text, outermost first. */
  readonly macros: readonly Macro[];
  readonly cMacros: readonly string[];
}

export interface Argument {
  readonly expr: Expr;
  readonly size: number;
  readonly depth: number;
}

const outside: Frame = {
  macro: undefined,
  args: new Map(),
  variables: new Map(),
  maps: new Map(),
  macros: [],
  cMacros: [],
};

/** For probes and functions. */
export function macroExpander(env: MacroEnvironment): AstMap {
  return expander(env, outside);
}

function expander(env: MacroEnvironment, frame: Frame): AstMap {
  const { progress } = env;
  const map: AstMap = astMap({
    expr: (expr) => {
      progress.size++;
      if (frame.macro !== undefined) progress.expanded++;
      return goesOn() ? oneDeeper(() => expand(expr)) : { kind: 'error', span: expr.span };
    },
    block: (block) =>
      goesOn() ? oneDeeper(() => mapBlock(map, block)) : { ...block, statements: [], value: undefined },
    target: (expr) => {
      const mapped = mapExpr(map, expr);
      // What stands for a parameter is a value, also when it is `@m[1]`.
      return expr.kind === 'identifier' ? asBlock(mapped, expr.span) : mapped;
    },
    type: (type) => parameterType(frame.args, type, env.report) ?? mapType(map, type),
    operand: (operand) => {
      const mapped = operand.kind === 'type' ? operandName(operand) : mapExpr(map, operand);
      if (mapped?.kind === 'type-argument') return mapped.type;
      return mapped ?? (operand.kind === 'type' ? map.type(operand) : operand);
    },
    created: (variable) => {
      if (frame.macro?.parameters.some(({ name }) => name === `$${variable.name}`)) {
        env.report.error(
          'macro-shadows-parameter',
          variable.span,
          `$${variable.name} is a parameter of ${frame.macro.name}, and cannot be declared again`,
        );
        return { ...variable, name: localName(variable.name, ++progress.expansions) };
      }
      return renamed(variable);
    },
    mapName: (name, span) => mapNameIn(env, frame, name, span),
  });
  return map;

  function goesOn(): boolean {
    if (frame.macro === undefined) return true;
    if (progress.expanded > largestExpansion || progress.depth > maxTreeDepth) progress.stopped = true;
    return !progress.stopped;
  }

  function oneDeeper<T>(body: () => T): T {
    progress.depth++;
    progress.deepest = Math.max(progress.deepest, progress.depth);
    const result = body();
    progress.depth--;
    return result;
  }

  function expand(expr: Expr): Expr {
    switch (expr.kind) {
      case 'identifier': {
        const argument = frame.args.get(expr.name);
        return argument === undefined ? expandName(env, frame, expr) : onceMore(argument);
      }
      case 'variable':
        return renamed(expr);
      case 'call':
        return expandCall(env, frame, expr, expr.args.map(argumentOf));
      default:
        return mapChildren(map, expr);
    }
  }

  function argumentOf(expr: Expr): Argument {
    const { size, deepest } = progress;
    progress.deepest = progress.depth;
    const mapped = mapExpr(map, expr);
    const depth = progress.deepest - progress.depth;
    progress.deepest = Math.max(deepest, progress.deepest);
    return { expr: mapped, size: progress.size - size, depth };
  }

  function onceMore({ expr, size, depth }: Argument): Expr {
    progress.size += size;
    progress.expanded += size;
    progress.deepest = Math.max(progress.deepest, progress.depth + depth);
    if (progress.depth + depth > maxTreeDepth) progress.stopped = true;
    return expr;
  }

  /** `sizeof(x)`: a parameter or a C macro, when it is no type after all. */
  function operandName(type: TypeNode): Expr | undefined {
    const { base } = type;
    if (base.by !== 'name' || base.keyword !== undefined || type.suffixes.length > 0) return undefined;
    const argument = frame.args.get(base.name);
    if (argument !== undefined) return onceMore(argument);
    const text = env.definitions.macros.get(base.name);
    const meaning = text === undefined ? undefined : parseExpression(text);
    if (meaning === undefined || meaning.kind === 'identifier') return undefined;
    return mapExpr(map, { kind: 'identifier', name: base.name, span: type.span });
  }

  function renamed(variable: Variable): Variable {
    if (frame.macro === undefined) return variable;
    const name = frame.variables.get(variable.name);
    if (name !== undefined) return { ...variable, name };
    env.report.error(
      'macro-outer-variable',
      variable.span,
      `macro ${frame.macro.name} reads $${variable.name}, which it does not set`,
      {
        hint: `a macro sees no variables of its caller: make it a parameter, macro ${frame.macro.name}($${variable.name})`,
      },
    );
    return variable;
  }
}

/** Maps belong to the whole script, and a macro says which it works on. */
function mapNameIn(env: MacroEnvironment, { macro, maps }: Frame, name: string, span: Span): string {
  if (macro === undefined) return name;
  const given = maps.get(name);
  if (given !== undefined) return given;
  env.report.error('macro-map', span, `macro ${macro.name} uses ${name}, which is not one of its parameters`, {
    hint: 'a macro works on maps that are passed in: macro name(@map) { ... }, called as name(@m)',
  });
  return name;
}

/** A bare word that is no parameter: a macro without arguments, a name of the language, a C macro, or anything else. */
function expandName(env: MacroEnvironment, frame: Frame, expr: Identifier): Expr {
  if (isBuiltinWord(expr.name)) return { ...expr };
  const macro = env.macros.get(expr.name)?.find((candidate) => fits(candidate, []));
  if (macro !== undefined) return expandMacro(env, frame, macro, expr, []);
  if (builtin(expr.name)?.variable) return { ...expr };
  const text = env.definitions.macros.get(expr.name);
  // Headers define enum constants as themselves, so that #ifdef finds them.
  if (text !== undefined && text.trim() !== expr.name) return expandCMacro(env, frame, expr, text);
  const definitions = env.macros.get(expr.name);
  if (definitions === undefined || builtin(expr.name) !== undefined) return { ...expr };
  return mismatch(env, definitions, expr, []);
}

function expandCall(env: MacroEnvironment, frame: Frame, call: Call, args: readonly Argument[]): Expr {
  const exprs = args.map((argument) => argument.expr);
  const definitions = env.macros.get(call.name) ?? [];
  const macro = definitions.find((candidate) => fits(candidate, exprs));
  if (macro !== undefined) return expandMacro(env, frame, macro, call, args);
  const isFunction = [builtin, aggregation].some((lookUp) => lookUp(call.name) !== undefined);
  if (definitions.length === 0 || isFunction || env.functions.has(call.name)) return { ...call, args: exprs };
  return mismatch(env, definitions, call, exprs);
}

function mismatch(
  { report, namesMissing }: MacroEnvironment,
  definitions: readonly Macro[],
  { name, span }: Call | Identifier,
  args: readonly Expr[],
): Expr {
  if (namesMissing) return { kind: 'error', span };
  report.error('macro-arguments', span, `no definition of the macro ${name} takes these arguments`, {
    related: explainMismatch(definitions, args),
  });
  return { kind: 'error', span };
}

function expandMacro(
  env: MacroEnvironment,
  frame: Frame,
  macro: Macro,
  { span }: Call | Identifier,
  given: readonly Argument[],
): Expr {
  const { report, progress } = env;
  const { name } = macro;
  if (frame.macros.includes(macro)) {
    const chain = [...frame.macros.slice(frame.macros.indexOf(macro)), macro].map((entry) => entry.name);
    report.error('macro-recursion', span, `macro ${name} would be expanded within itself: ${chain.join(' > ')}`, {
      hint: 'use a loop',
    });
    return { kind: 'error', span };
  }
  const number = ++progress.expansions;
  const variables = new Map([...ownVariables(macro)].map((own) => [own, localName(own, number)]));
  const maps = new Map<string, string>();
  const args = new Map<string, Argument>();
  for (const [i, parameter] of macro.parameters.entries()) {
    const argument = given[i];
    if (argument === undefined) continue;
    const { expr } = argument;
    if (parameter.by === 'variable' && expr.kind === 'variable') variables.set(parameter.name.slice(1), expr.name);
    else if (parameter.by === 'map' && expr.kind === 'map') maps.set(parameter.name, expr.name);
    else if (parameter.by === 'expression') args.set(parameter.name, protectedArgument(argument));
  }
  const inner = expander(env, { ...outside, macro, args, variables, maps, macros: [...frame.macros, macro] });
  const { stopped } = progress;
  const block = report.within({ message: `expanded from ${name} here`, span }, () => inner.block(macro.body));
  if (progress.stopped && !stopped && frame.macros.length === 0) {
    report.error(
      'expansion-too-large',
      span,
      `macros become too much code here: more than ${largestExpansion} expressions, or ${maxTreeDepth} inside each other`,
      {
        hint: 'a macro repeats its arguments at every use; keep them in variables: macro m(x) { $x = x; ... }',
      },
    );
  }
  if (progress.stopped) return { kind: 'error', span };
  return { kind: 'block-expression', block, expandedFrom: { name }, span };
}

/** A variable or map that is passed by value cannot be assigned. */
function protectedArgument(argument: Argument): Argument {
  const { expr } = argument;
  return expr.kind === 'variable' || expr.kind === 'map' ? { ...argument, expr: asBlock(expr, expr.span) } : argument;
}

function asBlock(value: Expr, span: Span): BlockExpr {
  return { kind: 'block-expression', block: { kind: 'block', statements: [], value, span }, span };
}

/** The replacement text read as one expression of the script; everything in it stands where the name was used. */
function expandCMacro(env: MacroEnvironment, frame: Frame, { name, span }: Identifier, text: string): Expr {
  if (frame.cMacros.includes(name)) {
    const chain = [...frame.cMacros.slice(frame.cMacros.indexOf(name)), name].join(' > ');
    env.report.error('c-macro-recursion', span, `the C macro ${name} is defined by itself: ${chain}`);
    return { kind: 'error', span };
  }
  const meaning = parseExpression(withoutSuffixes(text));
  if (meaning === undefined) {
    const stands = text === '' ? 'is empty' : `is no expression: ${text}`;
    env.report.error('c-macro-not-expression', span, `the C macro ${name} ${stands}`, {
      hint: 'only macros that stand for one whole expression can be used in a script',
    });
    return { kind: 'error', span };
  }
  env.report.explain({ message: `${name} is a C macro: ${text}`, span });
  const here = mapExpr(astMap({ span: () => span }), meaning);
  return mapExpr(expander(env, { ...outside, macros: frame.macros, cMacros: [...frame.cMacros, name] }), here);
}

/** Headers write `4096UL` and `0xffULL`. Widths of literals follow from their values here. */
function withoutSuffixes(text: string): string {
  return text.replace(
    /"(?:[^"\\]|\\.)*"|[A-Za-z_]\w*|\b(0[xX][0-9a-fA-F]+|\d+)[uUlL]+\b/g,
    (whole, digits) => digits ?? whole,
  );
}
