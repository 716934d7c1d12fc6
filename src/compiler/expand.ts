/**
 * Pass between parsing and matching: script macros and object-like C macros -> a script without them. Parameters of the
 * command line stay: the checker makes them constants.
 */
import type { Macro, RootItem, Script } from '../../grammar/ast.ts';
import type { Report } from '../../grammar/diagnostic.ts';
import type { Definitions } from '../world/definitions.ts';
import { macroExpander, startProgress } from './expand-macros.ts';
import { macroTable } from './macro-table.ts';
import { type AstMap, mapExpr } from './map-ast.ts';

export interface ExpandEnv {
  readonly definitions: Definitions;
  /** Definitions could not be read (reported). */
  readonly namesMissing?: boolean | undefined;
}

/** All probes and functions, expanded, in order. Macros that nobody uses are checked as far as they can be alone. */
export function expand(script: Script, { definitions, namesMissing }: ExpandEnv, report: Report): Script {
  const macros = macroTable(
    script.items.filter((item) => item.kind === 'macro'),
    report,
  );
  if (macros.size === 0 && definitions.macros.size === 0) return script;
  const functions = new Set(script.items.flatMap((item) => (item.kind === 'function' ? [item.name] : [])));
  for (const macro of script.items) {
    if (macro.kind !== 'macro') continue;
    const rival = script.items.find((item) => item.kind === 'function' && item.name === macro.name);
    if (rival?.kind !== 'function') continue;
    report.error('macro-and-function', macro.nameSpan, `${macro.name} is a macro here and a function elsewhere`, {
      related: [{ message: 'the function is here', span: rival.nameSpan }],
    });
  }
  const map = macroExpander({ macros, functions, definitions, report, namesMissing, progress: startProgress() });
  const items = script.items.flatMap((item) => (item.kind === 'macro' ? [] : [expandItem(map, item)]));
  return { ...script, items };
}

function expandItem(map: AstMap, item: Exclude<RootItem, Macro>): RootItem {
  switch (item.kind) {
    case 'map-declaration':
      return item;
    case 'function': {
      const parameters = item.parameters.map((parameter) => ({ ...parameter, type: map.type(parameter.type) }));
      return { ...item, parameters, returnType: map.type(item.returnType), body: map.block(item.body) };
    }
    case 'probe': {
      const predicate = item.predicate === undefined ? undefined : mapExpr(map, item.predicate);
      return { ...item, predicate, body: map.block(item.body) };
    }
  }
}
