/**
 * The macros of a script by name, and the rules that a definition alone can break. Calls pick the first definition that
 * their arguments fit; one that can never be picked because an earlier one fits whenever it does is a mistake.
 */
import type { Expr, Macro, MacroParameter } from '../../grammar/ast.ts';
import type { Note, Report } from '../../grammar/diagnostic.ts';
import { astMap, mapBlock, mapExpr, mapStatement } from './map-ast.ts';

export type MacroTable = ReadonlyMap<string, readonly Macro[]>;

export function macroTable(macros: readonly Macro[], report: Report): MacroTable {
  const table = new Map<string, Macro[]>();
  for (const macro of macros) {
    checkParameters(macro, report);
    const earlier = table.get(macro.name) ?? [];
    const original = earlier.find((candidate) => covers(candidate, macro));
    if (original === undefined) {
      table.set(macro.name, [...earlier, withoutJumps(macro, report)]);
      continue;
    }
    report.error('macro-redefined', macro.nameSpan, `macro ${macro.name} is defined twice for the same arguments`, {
      related: [{ message: `this definition takes them already`, span: original.nameSpan }],
      hint: 'definitions of one name differ in the number or in the kinds of their parameters, special kinds first',
    });
  }
  return table;
}

export function fits(macro: Macro, args: readonly Expr[]): boolean {
  return (
    macro.parameters.length === args.length && macro.parameters.every((parameter, i) => accepts(parameter, args[i]))
  );
}

/** Why none of the definitions takes the arguments, told by the one that comes nearest. */
export function explainMismatch(definitions: readonly Macro[], args: readonly Expr[]): readonly Note[] {
  const distance = (macro: Macro): number =>
    Math.abs(macro.parameters.length - args.length) * 100 +
    macro.parameters.filter((parameter, i) => !accepts(parameter, args[i])).length;
  const [nearest] = [...definitions].sort((a, b) => distance(a) - distance(b));
  if (nearest === undefined) return [];
  const { parameters, name } = nearest;
  if (parameters.length !== args.length) {
    const given = args.length === 1 ? '1 is given' : `${args.length} are given`;
    const takes = `${parameters.length} argument${parameters.length === 1 ? '' : 's'}`;
    return [{ message: `the nearest definition of ${name}() takes ${takes}, and ${given}`, span: nearest.nameSpan }];
  }
  return parameters.flatMap((parameter, i) => {
    const arg = args[i];
    if (arg === undefined || accepts(parameter, arg)) return [];
    const wanted = parameter.by === 'map' ? 'a map without a key' : 'a variable';
    return [
      { message: `${name}() wants ${wanted} for ${parameter.name}, and this is ${kindName(arg)}`, span: arg.span },
      { message: 'the parameter in the nearest definition is here', span: parameter.span },
    ];
  });
}

/** True when every call that fits `later` fits `earlier` too. */
function covers(earlier: Macro, later: Macro): boolean {
  return (
    earlier.parameters.length === later.parameters.length &&
    earlier.parameters.every(({ by }, i) => by === 'expression' || by === later.parameters[i]?.by)
  );
}

function accepts(parameter: MacroParameter, arg: Expr | undefined): boolean {
  return parameter.by === 'expression' || arg?.kind === parameter.by || arg?.kind === 'error';
}

function kindName(arg: Expr): string {
  if (arg.kind === 'variable') return 'a variable';
  if (arg.kind === 'map') return 'a map';
  if (arg.kind === 'map-element') return 'one value of a map';
  return arg.kind === 'type-argument' ? 'a type' : 'an expression';
}

function checkParameters({ name, parameters }: Macro, report: Report): void {
  const seen = new Map<string, MacroParameter>();
  for (const parameter of parameters) {
    const before = seen.get(parameter.name);
    if (before === undefined) {
      seen.set(parameter.name, parameter);
      continue;
    }
    report.error('macro-parameter-twice', parameter.span, `macro ${name} has two parameters ${parameter.name}`, {
      related: [{ message: 'the first is here', span: before.span }],
    });
  }
}

/** A macro stands for a value or for statements, so it cannot leave the probe, nor a loop that is not its own. */
function withoutJumps(macro: Macro, report: Report): Macro {
  let loops = 0;
  const map = astMap({
    statement: (statement) => {
      const { kind, span } = statement;
      if (kind === 'return' || (kind === 'jump' && loops === 0)) {
        const word = kind === 'jump' ? statement.to : kind;
        report.error('macro-jump', span, `'${word}' would leave the macro ${macro.name}`, {
          hint: kind === 'return' ? 'the value of a macro is its last expression, without a semicolon' : undefined,
        });
        return { kind: 'expression-statement', expression: { kind: 'error', span }, span };
      }
      const isLoop = kind === 'for' || kind === 'while';
      if (isLoop) loops++;
      const mapped = mapStatement(map, statement);
      if (isLoop) loops--;
      return mapped;
    },
  });
  return { ...macro, body: mapBlock(map, macro.body) };
}

/** Names of the variables that the macro makes or changes, without the dollar sign. */
export function ownVariables(macro: Macro): ReadonlySet<string> {
  const names = new Set<string>();
  const map = astMap({
    created: (variable) => {
      names.add(variable.name);
      return variable;
    },
    target: (expr) => {
      if (expr.kind === 'variable') names.add(expr.name);
      return mapExpr(map, expr);
    },
  });
  mapBlock(map, macro.body);
  return names;
}
