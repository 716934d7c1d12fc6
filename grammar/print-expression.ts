/**
 * Prints blocks, statements, expressions and types (see print.ts). `indent` is that of the line the text starts on;
 * it matters where blocks are inside expressions.
 */
import type * as ast from './ast.ts';
import { hasValue } from './block-value.ts';
import { isBuiltinWord } from './builtin-words.ts';
import { binaryOperator } from './operators.ts';
import { quoteString } from './string-literal.ts';

/** `{ ... }`; an empty block is `{}`. */
export function printBlock(block: ast.Block, indent: string): string {
  const inner = `${indent}  `;
  const lines = block.statements.map((statement) => `${inner}${printStatement(statement, inner)}\n`);
  if (block.value !== undefined) lines.push(`${inner}${printExpression(block.value, inner)}\n`);
  return lines.length === 0 ? '{}' : `{\n${lines.join('')}${indent}}`;
}

export function printStatement(statement: ast.Statement, indent: string): string {
  const print = (expr: ast.Expr): string => printExpression(expr, indent);
  switch (statement.kind) {
    case 'let': {
      const type = statement.type === undefined ? '' : `: ${printType(statement.type, indent)}`;
      const value = statement.value === undefined ? '' : ` = ${print(statement.value)}`;
      return `let $${statement.variable.name}${type}${value};`;
    }
    case 'assign':
      return `${atStart(statement.target, indent)} ${statement.operator} ${print(statement.value)};`;
    case 'expression-statement':
      return printExpressionStatement(statement.expression, indent);
    case 'discard':
      return `_ = ${print(statement.value)};`;
    case 'return':
      return statement.value === undefined ? 'return;' : `return ${print(statement.value)};`;
    case 'jump':
      return `${statement.to};`;
    case 'for':
      return `for ($${statement.variable.name} : ${printIterated(statement.over, indent)}) ${printBlock(statement.body, indent)}`;
    case 'while':
      return `while (${print(statement.condition)}) ${printBlock(statement.body, indent)}`;
    case 'unroll':
      return `unroll (${print(statement.count)}) ${printBlock(statement.body, indent)}`;
    case 'import-statement':
      return `import ${quoteString(statement.path)};`;
  }
}

/** `if` and blocks stand without `;`, except where they would become the value of the block they end. */
function printExpressionStatement(expr: ast.Expr, indent: string): string {
  if (expr.kind !== 'if' && expr.kind !== 'block-expression') return `${printExpression(expr, indent)};`;
  return `${printExpression(expr, indent)}${hasValue(expr) ? ';' : ''}`;
}

/** A statement that began with the text of an `if` or a block would end with it. */
function atStart(expr: ast.Expr, indent: string): string {
  return expr.kind === 'if' || expr.kind === 'block-expression'
    ? `(${printExpression(expr, indent)})`
    : printExpression(expr, indent);
}

function printIterated(over: ast.For['over'], indent: string): string {
  if (over.kind !== 'range') return operand(over, level.prefix, indent);
  return `${operand(over.start, level.prefix, indent)}..${operand(over.end, level.prefix, indent)}`;
}

// ----------------------------------------------------------------------------------------------------- expressions

/** How tightly a printed form holds together; binary operators have those of operators.ts, 1 to 10. */
const level = { open: -1, conditional: 0, prefix: 20, postfix: 21, primary: 22 };

function levelOf(expr: ast.Expr): number {
  switch (expr.kind) {
    case 'if':
    case 'block-expression':
      return level.open;
    case 'conditional':
      return level.conditional;
    case 'binary':
      return binaryOperator(expr.operator)?.precedence ?? level.conditional;
    case 'unary':
    case 'cast':
    case 'comptime':
      return level.prefix;
    case 'update':
      return expr.position === 'prefix' ? level.prefix : level.postfix;
    case 'field':
    case 'tuple-access':
    case 'index':
      return level.postfix;
    default:
      return level.primary;
  }
}

/** With parentheses when it holds together less tightly than `least`. */
function operand(expr: ast.Expr, least: number, indent: string): string {
  const text = printExpression(expr, indent);
  return levelOf(expr) < least ? `(${text})` : text;
}

export function printExpression(expr: ast.Expr, indent: string): string {
  const list = (items: readonly ast.Expr[]): string => items.map((item) => printExpression(item, indent)).join(', ');
  switch (expr.kind) {
    case 'integer':
      return String(expr.value);
    case 'string':
      return quoteString(expr.value);
    case 'boolean':
      return String(expr.value);
    case 'identifier':
    case 'map':
      return expr.name;
    case 'variable':
      return `$${expr.name}`;
    case 'map-element':
      return `${expr.name}[${list(expr.keys)}]`;
    case 'positional':
      return `$${expr.index}`;
    case 'positional-count':
      return '$#';
    case 'unary':
      return prefixed(expr.operator, expr.operand, indent);
    case 'update':
      if (expr.position === 'postfix') return `${object(expr.target, indent)}${expr.operator}`;
      return prefixed(expr.operator, expr.target, indent);
    case 'binary':
      return printBinary(expr, indent);
    case 'conditional': {
      const condition = operand(expr.condition, level.conditional + 1, indent);
      const then = expr.then === undefined ? '?:' : `? ${operand(expr.then, level.conditional, indent)} :`;
      return `${condition} ${then} ${operand(expr.otherwise, level.conditional, indent)}`;
    }
    case 'cast':
      return `(${printType(expr.type, indent)})${operand(expr.operand, level.prefix, indent)}`;
    case 'comptime':
      return `comptime ${operand(expr.operand, level.prefix, indent)}`;
    case 'call':
      return `${expr.name}(${list(expr.args)})`;
    case 'field':
      return `${object(expr.object, indent)}.${expr.name}`;
    case 'tuple-access':
      return `${object(expr.object, indent)}.${expr.index}`;
    case 'index':
      return `${object(expr.object, indent)}[${printExpression(expr.index, indent)}]`;
    case 'tuple':
      return expr.items.length === 1 ? `(${list(expr.items)},)` : `(${list(expr.items)})`;
    case 'record': {
      const fields = expr.fields.map(({ name, value }) => `${name}=${printExpression(value, indent)}`);
      return `(${fields.join(', ')})`;
    }
    case 'block-expression':
      return printBlock(expr.block, indent);
    case 'if':
      return printIf(expr, indent);
    case 'type-query': {
      const path = expr.path.length === 0 ? '' : `, ${expr.path.join('.')}`;
      return `${expr.query}(${typeOrExpression(expr.operand, indent)}${path})`;
    }
    case 'type-argument':
      return printTypeArgument(expr.type, indent);
  }
}

/** What stands before a postfix: `1.0` and `@m[1]` would be something else than a postfix to `1` or `@m`. */
function object(expr: ast.Expr, indent: string): string {
  if (expr.kind === 'integer' || expr.kind === 'map') return `(${printExpression(expr, indent)})`;
  return operand(expr, level.postfix, indent);
}

/** `-(-x)`, as `--x` is another operator; `++(&x)`, as `(t)++&x` would be no cast. */
function prefixed(operator: string, expr: ast.Expr, indent: string): string {
  const text = operand(expr, operator.length > 1 ? level.postfix : level.prefix, indent);
  return text.charAt(0) === operator.at(-1) ? `${operator}(${text})` : `${operator}${text}`;
}

/** Left-associative, so an operand of the same level needs parentheses on the right side only. */
function printBinary(expr: ast.Binary, indent: string): string {
  const precedence = levelOf(expr);
  const left = operand(expr.left, precedence, indent);
  return `${left} ${expr.operator} ${operand(expr.right, precedence + 1, indent)}`;
}

function printIf(expr: ast.If, indent: string): string {
  const head = `if (${printExpression(expr.condition, indent)}) ${printBlock(expr.then, indent)}`;
  const { otherwise } = expr;
  if (otherwise === undefined) return head;
  if (otherwise.statements.length === 0 && otherwise.value?.kind === 'if') {
    return `${head} else ${printIf(otherwise.value, indent)}`;
  }
  return `${head} else ${printBlock(otherwise, indent)}`;
}

// ----------------------------------------------------------------------------------------------------------- types

export function printType(type: ast.TypeNode, indent = ''): string {
  const { base } = type;
  const suffixes = type.suffixes
    .map((suffix) => (suffix.kind === 'pointer' ? '*' : `[${suffix.length ?? ''}]`))
    .join('');
  if (base.by === 'typeof') return `typeof(${typeOrExpression(base.operand, indent)})${suffixes}`;
  return `${base.keyword === undefined ? '' : `${base.keyword} `}${base.name}${suffixes}`;
}

function printTypeArgument(type: ast.TypeNode, indent: string): string {
  if (type.base.by === 'typeof' && type.suffixes.length === 0) return printType(type, indent);
  return `typeof(${printType(type, indent)})`;
}

/** A bare name or `name[1]` is a type in these places; as an expression it needs parentheses. */
function typeOrExpression(operand: ast.TypeNode | ast.Expr, indent: string): string {
  if (operand.kind === 'type') return printType(operand, indent);
  const text = printExpression(operand, indent);
  return readsAsType(operand) ? `(${text})` : text;
}

function readsAsType(expr: ast.Expr): boolean {
  let inner = expr;
  while (inner.kind === 'index' && inner.index.kind === 'integer') inner = inner.object;
  return inner.kind === 'identifier' && !isBuiltinWord(inner.name);
}
