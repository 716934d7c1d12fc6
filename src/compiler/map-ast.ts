/**
 * Rebuilds statements and expressions with some nodes replaced: the walk that macro expansion (expand-macros.ts) and
 * C macros share. Children are visited in source order, and every node of the result is new.
 */
import type { Block, Expr, RecordExpr, Statement, TypeNode, TypeQuery, Variable } from '../../grammar/ast.ts';
import type { Span } from '../../grammar/source.ts';
import { assertNever } from '../types/type.ts';

export interface AstMap {
  /** Takes the place of an expression; undefined: it is rebuilt from its mapped children. */
  expr(expr: Expr): Expr | undefined;
  block(block: Block): Block;
  statement(statement: Statement): Statement;
  /** Like `expr`, for what is assigned, incremented or pointed to. */
  target(expr: Expr): Expr;
  type(type: TypeNode): TypeNode;
  /** What sizeof, offsetof, typeinfo and typeof ask about. */
  operand(operand: TypeNode | Expr): TypeNode | Expr;
  /** The variable that `let` or a loop creates. */
  created(variable: Variable): Variable;
  /** `@m` of `@m[k]`. */
  mapName(name: string, span: Span): string;
  span(span: Span): Span;
}

/** The given hooks, and for the others what leaves everything as it is. */
export function astMap(hooks: Partial<AstMap>): AstMap {
  const map: AstMap = {
    expr: () => undefined,
    block: (block) => mapBlock(map, block),
    statement: (statement) => mapStatement(map, statement),
    target: (expr) => mapExpr(map, expr),
    type: (type) => mapType(map, type),
    operand: (operand) => (operand.kind === 'type' ? map.type(operand) : mapExpr(map, operand)),
    created: (variable) => variable,
    mapName: (name) => name,
    span: (span) => span,
    ...hooks,
  };
  return map;
}

export function mapType(map: AstMap, type: TypeNode): TypeNode {
  const { base } = type;
  const span = map.span(type.span);
  return base.by === 'name'
    ? { ...type, span }
    : { ...type, base: { ...base, operand: map.operand(base.operand) }, span };
}

export function mapBlock(map: AstMap, block: Block): Block {
  const statements = block.statements.map((statement) => map.statement(statement));
  const value = block.value === undefined ? undefined : mapExpr(map, block.value);
  return { kind: 'block', statements, value, span: map.span(block.span) };
}

export function mapStatement(map: AstMap, statement: Statement): Statement {
  const span = map.span(statement.span);
  const optional = (expr: Expr | undefined): Expr | undefined => (expr === undefined ? undefined : mapExpr(map, expr));
  switch (statement.kind) {
    case 'let': {
      const type = statement.type === undefined ? undefined : map.type(statement.type);
      const value = optional(statement.value);
      return { ...statement, variable: map.created(statement.variable), type, value, span };
    }
    case 'assign':
      return { ...statement, target: map.target(statement.target), value: mapExpr(map, statement.value), span };
    case 'expression-statement':
      return { ...statement, expression: mapExpr(map, statement.expression), span };
    case 'discard':
      return { ...statement, value: mapExpr(map, statement.value), span };
    case 'return':
      return { ...statement, value: optional(statement.value), span };
    case 'jump':
    case 'import-statement':
      return { ...statement, span };
    case 'for': {
      const { over } = statement;
      const iterated =
        over.kind === 'range'
          ? { ...over, start: mapExpr(map, over.start), end: mapExpr(map, over.end), span: map.span(over.span) }
          : mapExpr(map, over);
      const variable = map.created(statement.variable);
      return { ...statement, variable, over: iterated, body: map.block(statement.body), span };
    }
    case 'while':
      return { ...statement, condition: mapExpr(map, statement.condition), body: map.block(statement.body), span };
    case 'unroll':
      return { ...statement, count: mapExpr(map, statement.count), body: map.block(statement.body), span };
    default:
      return assertNever(statement);
  }
}

export function mapExpr(map: AstMap, expr: Expr): Expr {
  return map.expr(expr) ?? mapChildren(map, expr);
}

/** The expression with mapped children, whatever `map.expr` says about itself. */
export function mapChildren(map: AstMap, expr: Expr): Expr {
  const span = map.span(expr.span);
  const each = (items: readonly Expr[]): readonly Expr[] => items.map((item) => mapExpr(map, item));
  switch (expr.kind) {
    case 'integer':
    case 'string':
    case 'boolean':
    case 'identifier':
    case 'variable':
    case 'positional':
    case 'positional-count':
    case 'error':
      return { ...expr, span };
    case 'map':
      return { ...expr, name: map.mapName(expr.name, expr.span), span };
    case 'map-element': {
      const name = map.mapName(expr.name, expr.nameSpan);
      return { ...expr, name, nameSpan: map.span(expr.nameSpan), keys: each(expr.keys), span };
    }
    case 'unary':
      return { ...expr, operand: expr.operator === '&' ? map.target(expr.operand) : mapExpr(map, expr.operand), span };
    case 'update':
      return { ...expr, target: map.target(expr.target), span };
    case 'binary': {
      const operatorSpan = map.span(expr.operatorSpan);
      return { ...expr, left: mapExpr(map, expr.left), right: mapExpr(map, expr.right), operatorSpan, span };
    }
    case 'conditional': {
      const condition = mapExpr(map, expr.condition);
      const then = expr.then === undefined ? undefined : mapExpr(map, expr.then);
      return { ...expr, condition, then, otherwise: mapExpr(map, expr.otherwise), span };
    }
    case 'cast':
      return { ...expr, type: map.type(expr.type), operand: mapExpr(map, expr.operand), span };
    case 'comptime':
      return { ...expr, operand: mapExpr(map, expr.operand), span };
    case 'call':
      return { ...expr, args: each(expr.args), nameSpan: map.span(expr.nameSpan), span };
    case 'field':
      return { ...expr, object: mapExpr(map, expr.object), nameSpan: map.span(expr.nameSpan), span };
    case 'tuple-access':
      return { ...expr, object: mapExpr(map, expr.object), span };
    case 'index':
      return { ...expr, object: mapExpr(map, expr.object), index: mapExpr(map, expr.index), span };
    case 'tuple':
      return { ...expr, items: each(expr.items), span };
    case 'record':
      return { ...expr, fields: expr.fields.map((field) => mapField(map, field)), span };
    case 'block-expression':
      return { ...expr, block: map.block(expr.block), span };
    case 'if': {
      const condition = mapExpr(map, expr.condition);
      const then = map.block(expr.then);
      const otherwise = expr.otherwise === undefined ? undefined : map.block(expr.otherwise);
      return { ...expr, condition, then, otherwise, span };
    }
    case 'type-query':
      return mapTypeQuery(map, expr);
    case 'type-argument':
      return { ...expr, type: typeOf(map.operand(expr.type)), span };
    default:
      return assertNever(expr);
  }
}

/** `typeof(x)` where `x` became an expression. */
function typeOf(operand: TypeNode | Expr): TypeNode {
  if (operand.kind === 'type') return operand;
  return { kind: 'type', base: { by: 'typeof', operand }, suffixes: [], span: operand.span };
}

function mapField(map: AstMap, field: RecordExpr['fields'][number]): RecordExpr['fields'][number] {
  return { ...field, nameSpan: map.span(field.nameSpan), value: mapExpr(map, field.value) };
}

function mapTypeQuery(map: AstMap, expr: TypeQuery): TypeQuery {
  return { ...expr, operand: map.operand(expr.operand), span: map.span(expr.span) };
}
