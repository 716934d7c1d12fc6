/**
 * AST -> canonical script text: two blanks of indentation, one statement a line, parentheses only where the reading
 * needs them. `parse(printScript(script))` is `script` again but for spans; comments are not in the AST and so not here.
 * print-expression.ts prints what is inside statements.
 */
import type * as ast from './ast.ts';
import { printBlock, printExpression, printType } from './print-expression.ts';
import { quoteString } from './string-literal.ts';

/** Whole script, with a line end behind the last line; empty for a script without anything. */
export function printScript(script: ast.Script): string {
  const head: string[] = script.preamble.map((definition) => definition.text);
  if (script.config !== undefined) head.push(printConfig(script.config));
  for (const entry of script.imports) head.push(`import ${quoteString(entry.path)};`);
  const parts = script.items.map(printRootItem);
  if (head.length > 0) parts.unshift(head.join('\n'));
  return parts.map((part) => `${part}\n`).join('\n');
}

export function printRootItem(item: ast.RootItem): string {
  switch (item.kind) {
    case 'probe':
      return printProbe(item);
    case 'map-declaration':
      return `let ${item.name} = ${item.type}(${item.maxEntries});`;
    case 'macro': {
      const parameters = item.parameters.map((parameter) => parameter.name).join(', ');
      return `macro ${item.name}(${parameters}) ${printBlock(item.body, '')}`;
    }
    case 'function': {
      const parameters = item.parameters.map(({ name, type }) => `$${name}: ${printType(type)}`).join(', ');
      return `fn ${item.name}(${parameters}): ${printType(item.returnType)} ${printBlock(item.body, '')}`;
    }
  }
}

function printProbe(probe: ast.Probe): string {
  const points = probe.attachPoints.map((point) => point.text).join(',\n');
  const condition = probe.predicate === undefined ? '' : printExpression(probe.predicate, '');
  // `/*` would begin a comment.
  const predicate = condition === '' ? '' : ` /${condition.startsWith('*') ? ' ' : ''}${condition}/`;
  return `${points}${predicate} ${printBlock(probe.body, '')}`;
}

function printConfig(config: ast.ConfigBlock): string {
  if (config.entries.length === 0) return 'config = {}';
  const entries = config.entries.map(({ name, value }) => {
    return `  ${name} = ${typeof value === 'string' ? quoteString(value) : String(value)};\n`;
  });
  return `config = {\n${entries.join('')}}`;
}
