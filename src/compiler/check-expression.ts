/** AST expressions -> typed expressions, where the type errors of expressions come from. */
import type { Conditional, Expr, If } from '../../grammar/ast.ts';
import { parseInteger } from '../../grammar/integer.ts';
import { closest } from '../../grammar/suggest.ts';
import { boolType, int64, noneType, stringType, typeName, uint64 } from '../types/type.ts';
import type { AssignTarget, BlockValue, TypedExpr } from '../types/typed-tree.ts';
import { checkField, checkIndex, checkTupleAccess } from './check-access.ts';
import { checkCall, checkIdentifier } from './check-call.ts';
import type { CheckContext } from './check-context.ts';
import {
  constant,
  declareVariable,
  errorExpression,
  isError,
  lookUpVariable,
  useVariable,
  withScope,
} from './check-context.ts';
import { checkMapPlace, checkMapRead } from './check-map.ts';
import { checkBinary, checkUnary, checkUpdate } from './check-operator.ts';
import { checkStatements } from './check-statement.ts';
import { checkComptime, chosenBranch } from './comptime.ts';
import { asCondition, checkCast, convertTo } from './convert.ts';
import { literalType, promote, settle } from './promote.ts';
import { resolveCastType } from './resolve-type.ts';
import { checkTypeQuery } from './type-query.ts';
import { expansionOf, withinExpansion } from './within-expansion.ts';

export function checkExpr(cx: CheckContext, expr: Expr): TypedExpr {
  switch (expr.kind) {
    case 'integer':
      return constant(expr.value, literalType(expr.value), expr.span);
    case 'string':
      return checkString(cx, expr.value, expr.span);
    case 'boolean':
      return constant(expr.value, boolType, expr.span);
    case 'identifier':
      return checkIdentifier(cx, expr);
    case 'variable':
      return checkVariable(cx, expr);
    case 'map':
    case 'map-element':
      return checkMapRead(cx, expr);
    case 'positional':
      return checkPositional(cx, expr);
    case 'positional-count':
      return positionalCount(cx, expr.span);
    case 'unary':
      return checkUnary(cx, expr);
    case 'update':
      return checkUpdate(cx, expr);
    case 'binary':
      return checkBinary(cx, expr);
    case 'conditional':
      return checkConditional(cx, expr);
    case 'cast': {
      const operand = checkExpr(cx, expr.operand);
      return checkCast(cx, expr, operand, resolveCastType(cx, expr.type, operand.type));
    }
    case 'call':
      return checkCall(cx, expr);
    case 'field':
      return checkField(cx, expr);
    case 'tuple-access':
      return checkTupleAccess(cx, expr.object, BigInt(expr.index), expr);
    case 'index':
      return checkIndex(cx, expr);
    case 'tuple': {
      const items = expr.items.map((item) => checkValue(cx, item));
      if (items.some(isError)) return errorExpression(expr.span);
      return { kind: 'tuple', items, type: { kind: 'tuple', items: items.map((item) => item.type) }, span: expr.span };
    }
    case 'record': {
      const items = expr.fields.map((field) => checkValue(cx, field.value));
      if (items.some(isError)) return errorExpression(expr.span);
      const fields = expr.fields.map((field, i) => ({ name: field.name, type: items[i]?.type ?? noneType }));
      return { kind: 'tuple', items, type: { kind: 'record', fields }, span: expr.span };
    }
    case 'block-expression':
      return withinExpansion(cx, expr, () =>
        simplified({ ...checkBlockValue(cx, expr.block), expansion: expansionOf(expr) }),
      );
    case 'error':
      return errorExpression(expr.span);
    case 'if':
      return checkIf(cx, expr);
    case 'type-query':
      return checkTypeQuery(cx, expr);
    case 'comptime':
      return checkComptime(cx, expr);
    case 'type-argument':
      cx.report.error('type-argument', expr.span, 'typeof() as an argument is only for macros that take a type');
      return errorExpression(expr.span);
  }
}

/** An expression that must have a value. */
export function checkValue(cx: CheckContext, expr: Expr): TypedExpr {
  const value = checkExpr(cx, expr);
  if (value.type.kind !== 'none') return value;
  cx.report.error('no-value', expr.span, 'a value is needed here, and this has none');
  return errorExpression(expr.span);
}

/** The target of an assignment, `++` or `--`; undefined when it cannot be assigned (reported). */
export function checkTarget(cx: CheckContext, expr: Expr): AssignTarget | undefined {
  if (expr.kind === 'variable') {
    const entry = lookUpVariable(cx, expr.name);
    if (entry === undefined) {
      checkVariable(cx, expr);
      return undefined;
    }
    entry.assigned = true;
    return { kind: 'variable', variable: useVariable(cx, entry), span: expr.span };
  }
  if (expr.kind === 'map' || expr.kind === 'map-element') {
    const place = checkMapPlace(cx, expr);
    if (place === undefined) return undefined;
    const type = place.entry.value === undefined ? int64 : settle(place.entry.value);
    return { kind: 'map', map: expr.name, key: place.key, type, span: expr.span };
  }
  const immutable = expr.kind === 'tuple-access' || expr.kind === 'field' || expr.kind === 'index';
  cx.report.error('assign-target', expr.span, 'only a $variable or a @map can be assigned', {
    hint: immutable ? 'make a new value and assign that' : undefined,
  });
  return undefined;
}

/** What is known when the script is compiled stays that in a block of nothing else, as macros often are. */
function simplified(block: BlockValue): TypedExpr {
  return block.statements.length === 0 && block.value?.kind === 'constant' ? block.value : block;
}

/** Statements with an optional value at the end, in a scope of their own. */
export function checkBlockValue(
  cx: CheckContext,
  block: {
    statements: readonly import('../../grammar/ast.ts').Statement[];
    value: Expr | undefined;
    span: { start: number; end: number };
  },
): BlockValue {
  return withScope(cx, () => {
    const statements = checkStatements(cx, block.statements);
    const value = block.value === undefined ? undefined : checkExpr(cx, block.value);
    return { kind: 'block', statements, value, type: value?.type ?? noneType, span: block.span };
  });
}

export function checkString(cx: CheckContext, value: string, span: Expr['span']): TypedExpr {
  if (value.length > cx.config.max_strlen - 1) {
    cx.report.error(
      'string-too-long',
      span,
      `this string has ${value.length} bytes, and max_strlen leaves room for ${cx.config.max_strlen - 1}`,
      { hint: `set EBTRACE_MAX_STRLEN=${value.length + 1} or more` },
    );
    return errorExpression(span);
  }
  return constant(value, stringType(value.length + 1), span);
}

function checkVariable(cx: CheckContext, expr: Expr & { kind: 'variable' }): TypedExpr {
  const entry = lookUpVariable(cx, expr.name);
  if (entry === undefined && cx.incomplete) return errorExpression(expr.span);
  if (entry === undefined) {
    const names = cx.scopes.flatMap((scope) => [...scope.keys()]);
    const near = closest(expr.name, names);
    cx.report.error('undefined-variable', expr.span, `$${expr.name} is not assigned anywhere before this`, {
      hint: near === undefined ? undefined : `did you mean $${near}?`,
    });
    return errorExpression(expr.span);
  }
  if (!entry.assigned && !entry.read && cx.final) {
    cx.report.warning(
      'read-before-assignment',
      expr.span,
      `$${expr.name} is read here before anything was assigned to it`,
    );
  }
  entry.read = true;
  const variable = useVariable(cx, entry);
  return variable.type.kind === 'error'
    ? errorExpression(expr.span)
    : { kind: 'variable', variable, type: variable.type, span: expr.span };
}

/** `$#`; str($#) is its text. */
function positionalCount(cx: CheckContext, span: Expr['span']): TypedExpr {
  const count = cx.positionals.length;
  return { ...constant(BigInt(count), uint64, span), positional: String(count) };
}

/** `$1`: an integer literal when its text reads as one, else a string literal; 0 when it is missing. */
function checkPositional(cx: CheckContext, expr: Expr & { kind: 'positional' }): TypedExpr {
  // Reported by the parser.
  if (!Number.isSafeInteger(expr.index) || expr.index < 1) return errorExpression(expr.span);
  const text = cx.positionals[expr.index - 1];
  if (text === undefined || text === '') {
    cx.report.warning(
      'positional-missing',
      expr.span,
      `no positional parameter $${expr.index} was given: it is 0, or "" as a string`,
    );
    return { ...constant(0n, literalType(0n), expr.span), positional: '' };
  }
  const negative = text.startsWith('-');
  const integer = parseInteger(negative ? text.slice(1) : text);
  if ('value' in integer) {
    const value = negative ? -integer.value : integer.value;
    return { ...constant(value, literalType(value), expr.span), positional: text };
  }
  return { ...constant(text, stringType(text.length + 1), expr.span), positional: text };
}

/** Cannot be written in a script, and can in C. */
const keptName = '0kept';

/** `c ? a : b`, and `c ?: b`, which evaluates c once and keeps it. */
function checkConditional(cx: CheckContext, expr: Conditional): TypedExpr {
  const value = checkExpr(cx, expr.condition);
  if (expr.then !== undefined) {
    const condition = asCondition(cx, value);
    return joinBranches(cx, expr.span, condition, checkExpr(cx, expr.then), checkExpr(cx, expr.otherwise));
  }
  const otherwise = checkExpr(cx, expr.otherwise);
  if (value.kind === 'constant' || value.kind === 'variable')
    return joinBranches(cx, expr.span, asCondition(cx, value), value, otherwise);
  if (isError(asCondition(cx, value))) return errorExpression(expr.span);
  return withScope(cx, () => {
    const kept = declareVariable(cx, keptName, expr, settle(value.type), value.span, 'assignment');
    const { symbol: variable } = kept;
    const read: TypedExpr = { kind: 'variable', variable, type: variable.type, span: value.span };
    const chosen = joinBranches(cx, expr.span, asCondition(cx, read), read, otherwise);
    if (isError(chosen)) return chosen;
    const keep = { kind: 'declare', variable, value: convertTo(value, variable.type), span: value.span } as const;
    return { kind: 'block', statements: [keep], value: chosen, type: chosen.type, span: expr.span };
  });
}

function checkIf(cx: CheckContext, expr: If): TypedExpr {
  const nothing: BlockValue = { kind: 'block', statements: [], value: undefined, type: noneType, span: expr.span };
  const chosen = chosenBranch(cx, expr);
  if (chosen === 'unknown') return errorExpression(expr.span);
  if (chosen === 'then') return checkBlockValue(cx, expr.then);
  if (chosen === 'otherwise') return expr.otherwise === undefined ? nothing : checkBlockValue(cx, expr.otherwise);
  const condition = asCondition(cx, checkExpr(cx, expr.condition));
  const then = checkBlockValue(cx, expr.then);
  const otherwise = expr.otherwise === undefined ? nothing : checkBlockValue(cx, expr.otherwise);
  if (then.value === undefined || otherwise.value === undefined) {
    return { kind: 'conditional', condition, then, otherwise, type: noneType, span: expr.span };
  }
  return joinBranches(cx, expr.span, condition, then, otherwise);
}

function joinBranches(
  cx: CheckContext,
  span: Expr['span'],
  condition: TypedExpr,
  then: TypedExpr,
  otherwise: TypedExpr,
): TypedExpr {
  if (isError(condition) || isError(then) || isError(otherwise)) return errorExpression(span);
  const type = promote(then.type, otherwise.type);
  if (type === undefined) {
    cx.report.error(
      'branch-types',
      span,
      `both branches need one type, and they are ${typeName(settle(then.type))} and ${typeName(settle(otherwise.type))}`,
    );
    return errorExpression(span);
  }
  // Two literals are a literal still: they take the sign of what they meet.
  const settled = type.kind === 'int' ? type : settle(type);
  if (condition.kind === 'constant') return convertTo(condition.value === true ? then : otherwise, settled);
  if (settled.kind === 'none') return { kind: 'conditional', condition, then, otherwise, type: noneType, span };
  return {
    kind: 'conditional',
    condition,
    then: convertTo(then, settled),
    otherwise: convertTo(otherwise, settled),
    type: settled,
    span,
  };
}
