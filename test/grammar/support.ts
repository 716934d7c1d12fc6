/** Shared by the grammar tests: parse a text, show trees and diagnostics in a form that is easy to write down. */
import type { Expr, Script, Statement, TypeNode } from '../../grammar/ast.ts';
import { type Diagnostic, Report } from '../../grammar/diagnostic.ts';
import { parse } from '../../grammar/index.ts';
import { SourceText } from '../../grammar/source.ts';

export function parseText(text: string): { readonly script: Script; readonly diagnostics: readonly Diagnostic[] } {
  const source = new SourceText('test', text);
  const report = new Report(source);
  const script = parse(source, report);
  return { script, diagnostics: report.diagnostics };
}

/** The script of a text that must have no diagnostics. */
export function parseGood(text: string): Script {
  const { script, diagnostics } = parseText(text);
  if (diagnostics.length > 0) throw new Error(annotate(text, diagnostics));
  return script;
}

/** A tree without its spans, for comparison. */
export function withoutSpans(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSpans);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !/^(?:span|.*Span)$/.test(key));
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutSpans(inner)]));
}

/** The text with a line `// ^^^ code: message; hint` under each line that has a diagnostic. */
export function annotate(text: string, diagnostics: readonly Diagnostic[]): string {
  const source = new SourceText('test', text);
  const notes = new Map<number, string[]>();
  for (const { code, message, hint, span, related } of diagnostics) {
    const start = span === undefined ? undefined : source.position(span.start);
    const line = start?.line ?? source.lineCount;
    const length = span === undefined ? 0 : Math.max(1, Math.min(span.end, text.length) - span.start);
    const indent = Math.max(0, (start?.column ?? 1) - 3);
    const said = [`${code}: ${message}`, ...(hint === undefined ? [] : [hint])].join('; ');
    const note = [
      `//${' '.repeat(indent)}${start !== undefined && start.column < 3 ? '<' : ''}${'^'.repeat(length)} ${said}`,
    ];
    for (const other of related ?? []) {
      const at = source.position(other.span.start);
      note.push(`// ${at.line}:${at.column} ${other.message}`);
    }
    notes.set(line, [...(notes.get(line) ?? []), ...note]);
  }
  const lines: string[] = [];
  for (let number = 1; number <= source.lineCount; number++) {
    lines.push(source.line(number), ...(notes.get(number) ?? []));
  }
  return lines.join('\n');
}

/** Takes the lines that `annotate` would add out again. */
export function withoutAnnotations(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\/\/(?: *<?\^* [a-z0-9-]+: | \d+:\d+ )/.test(line))
    .join('\n');
}

// ------------------------------------------------------------------------------------------------------ tree shapes

/** Expressions with all their brackets: `(+ 1 (* 2 3))`. */
export function shape(expr: Expr): string {
  const list = (head: string, ...parts: readonly Expr[]): string => `(${[head, ...parts.map(shape)].join(' ')})`;
  switch (expr.kind) {
    case 'integer':
      return String(expr.value);
    case 'string':
      return JSON.stringify(expr.value);
    case 'boolean':
      return String(expr.value);
    case 'identifier':
    case 'map':
      return expr.name;
    case 'variable':
      return `$${expr.name}`;
    case 'map-element':
      return list(`${expr.name}[]`, ...expr.keys);
    case 'positional':
      return `$${expr.index}`;
    case 'positional-count':
      return '$#';
    case 'error':
      return '<error>';
    case 'unary':
      return list(expr.operator, expr.operand);
    case 'update':
      return list(expr.position === 'prefix' ? `${expr.operator}_` : `_${expr.operator}`, expr.target);
    case 'binary':
      return list(expr.operator, expr.left, expr.right);
    case 'conditional':
      if (expr.then === undefined) return list('?:', expr.condition, expr.otherwise);
      return list('?', expr.condition, expr.then, expr.otherwise);
    case 'cast':
      return list(`cast<${typeShape(expr.type)}>`, expr.operand);
    case 'call':
      return list(`${expr.name}()`, ...expr.args);
    case 'field':
      return list(`.${expr.name}`, expr.object);
    case 'tuple-access':
      return list(`.${expr.index}`, expr.object);
    case 'index':
      return list('[]', expr.object, expr.index);
    case 'tuple':
      return list('tuple', ...expr.items);
    case 'record':
      return `(record ${expr.fields.map(({ name, value }) => `${name}=${shape(value)}`).join(' ')})`;
    case 'block-expression':
      return blockShape(expr.block);
    case 'if': {
      const otherwise = expr.otherwise === undefined ? '' : ` else ${blockShape(expr.otherwise)}`;
      return `if ${shape(expr.condition)} ${blockShape(expr.then)}${otherwise}`;
    }
    case 'type-query': {
      const operand = expr.operand.kind === 'type' ? `<${typeShape(expr.operand)}>` : shape(expr.operand);
      return `(${[expr.query, operand, ...expr.path].join(' ')})`;
    }
    case 'type-argument':
      return `<${typeShape(expr.type)}>`;
    case 'comptime':
      return list('comptime', expr.operand);
  }
}

/** `{ statements; | value }` */
export function blockShape(block: {
  readonly statements: readonly Statement[];
  readonly value: Expr | undefined;
}): string {
  const parts = block.statements.map((statement) => `${statementShape(statement)};`);
  if (block.value !== undefined) parts.push(`| ${shape(block.value)}`);
  return parts.length === 0 ? '{}' : `{ ${parts.join(' ')} }`;
}

export function statementShape(statement: Statement): string {
  switch (statement.kind) {
    case 'let': {
      const type = statement.type === undefined ? '' : `: ${typeShape(statement.type)}`;
      return `let $${statement.variable.name}${type}${statement.value === undefined ? '' : ` = ${shape(statement.value)}`}`;
    }
    case 'assign':
      return `${shape(statement.target)} ${statement.operator} ${shape(statement.value)}`;
    case 'expression-statement':
      return shape(statement.expression);
    case 'discard':
      return `_ = ${shape(statement.value)}`;
    case 'return':
      return statement.value === undefined ? 'return' : `return ${shape(statement.value)}`;
    case 'jump':
      return statement.to;
    case 'for': {
      const { over } = statement;
      const range = over.kind === 'range' ? `${shape(over.start)}..${shape(over.end)}` : shape(over);
      return `for $${statement.variable.name} : ${range} ${blockShape(statement.body)}`;
    }
    case 'while':
      return `while ${shape(statement.condition)} ${blockShape(statement.body)}`;
    case 'unroll':
      return `unroll ${shape(statement.count)} ${blockShape(statement.body)}`;
    case 'import-statement':
      return `import ${JSON.stringify(statement.path)}`;
  }
}

export function typeShape({ base, suffixes }: TypeNode): string {
  const tail = suffixes.map((suffix) => (suffix.kind === 'pointer' ? '*' : `[${suffix.length ?? ''}]`)).join('');
  if (base.by === 'typeof') {
    return `typeof(${base.operand.kind === 'type' ? `<${typeShape(base.operand)}>` : shape(base.operand)})${tail}`;
  }
  return `${base.keyword === undefined ? '' : `${base.keyword} `}${base.name}${tail}`;
}
