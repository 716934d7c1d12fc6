/**
 * What `-d ast`, `-d types` and `-d c` show, as lines for people who work on a script or on ebtrace. Not a format to
 * parse. The tree is printed from the nodes as they are, so a new kind of node needs nothing here.
 */
import type { Script } from '../../grammar/ast.ts';
import type { BuildStage } from '../build.ts';
import type { TypedProgram, TypedScript } from '../compiler/check.ts';
import type { TypedFunction } from '../compiler/check-function.ts';
import { typeName } from '../types/type.ts';
import type { VariableSymbol } from '../types/typed-tree.ts';

/** Byte string, with a line end behind the last line. */
export function formatStage(stage: BuildStage): string {
  switch (stage.name) {
    case 'ast':
      return `# ast\n${astLines(stage.script).join('\n')}\n\n`;
    case 'types':
      return `# types\n${typeLines(stage.typed).join('\n')}\n\n`;
    case 'c':
      return `${stage.c.endsWith('\n') ? stage.c : `${stage.c}\n`}\n`;
  }
}

// ------------------------------------------------------------------------------------------------ the tree

function astLines(script: Script): string[] {
  const lines: string[] = [];
  addNode(script, '', '', lines);
  return lines;
}

/** `label: kind name=value ...`, and the nodes below it two blanks further in. */
function addNode(node: object, label: string, indent: string, lines: string[]): void {
  const words: string[] = [];
  const below: [string, object][] = [];
  for (const [name, value] of Object.entries(node)) {
    if (name === 'kind' || /span$/i.test(name) || value === undefined) continue;
    if (typeof value === 'object' && value !== null) below.push([name, value]);
    else words.push(`${name}=${scalarText(value)}`);
  }
  const kind = 'kind' in node && typeof node.kind === 'string' ? node.kind : 'group';
  lines.push(`${indent}${label}${[kind, ...words].join(' ')}`);
  for (const [name, value] of below) {
    if (!Array.isArray(value)) {
      addNode(value, `${name}: `, `${indent}  `, lines);
      continue;
    }
    value.forEach((item: unknown, i) => {
      if (typeof item === 'object' && item !== null) addNode(item, `${name}[${i}]: `, `${indent}  `, lines);
      else lines.push(`${indent}  ${name}[${i}]: ${scalarText(item)}`);
    });
  }
}

function scalarText(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

// ------------------------------------------------------------------------------------------------ the types

function typeLines(typed: TypedScript): string[] {
  const maps = typed.maps.map(({ name, key, value, declared }) => {
    const keys = key === undefined ? '' : `[${typeName(key)}]`;
    const storage = declared === undefined ? '' : ` (declared ${declared.typeName}, ${declared.maxEntries} entries)`;
    return `${name}${keys}: ${typeName(value)}${storage}`;
  });
  return [...maps.sort(), ...typed.functions.flatMap(functionLines), ...typed.programs.flatMap(programLines)];
}

function functionLines({ definition, parameters, returns, body }: TypedFunction): string[] {
  const list = parameters.map(({ name, type }) => `$${name}: ${typeName(type)}`);
  const own = new Set(parameters.map((parameter) => parameter.id));
  return [
    `fn ${definition.name}(${list.join(', ')}): ${returns.kind === 'none' ? 'void' : typeName(returns)}`,
    ...variableLines([...variablesIn(body).values()].filter((variable) => !own.has(variable.id))),
  ];
}

function programLines(program: TypedProgram): string[] {
  const { label, shape } = program.matched;
  const { targets } = shape;
  const many = targets.length > 1 ? ` (${targets.length} targets)` : '';
  const variables = [...variablesIn([program.predicate, program.body]).values()];
  return [`${label}${many}, ${shape.attach.kind}`, ...variableLines(variables)];
}

function variableLines(variables: readonly VariableSymbol[]): string[] {
  const inOrder = [...variables].sort((a, b) => a.id - b.id);
  return inOrder.map(({ name, type }) => `  $${name}: ${typeName(type)}`);
}

/** By id, from wherever the typed tree names one. */
function variablesIn(root: unknown): ReadonlyMap<number, VariableSymbol> {
  const found = new Map<number, VariableSymbol>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (isVariable(value)) {
      found.set(value.id, value);
      return;
    }
    for (const part of Object.values(value)) visit(part);
  };
  visit(root);
  return found;
}

function isVariable(value: object): value is VariableSymbol {
  return 'callback' in value && 'captured' in value && 'id' in value && 'type' in value;
}
