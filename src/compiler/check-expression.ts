/** AST expressions -> typed expressions, where the type errors of expressions come from. */
import type { Binary, Conditional, Expr, FieldAccess, If, Index, TypeNode, Unary, Update } from '../../grammar/ast.ts';
import { binaryOperator } from '../../grammar/operators.ts';
import { parseInteger } from '../../grammar/integer.ts';
import { closest } from '../../grammar/suggest.ts';
import { layoutFields, sizeOf } from '../types/layout.ts';
import type { Type } from '../types/type.ts';
import { boolType, int8, int64, noneType, stringType, typeName, uint64 } from '../types/type.ts';
import type { AssignTarget, BlockValue, TypedExpr } from '../types/typed-tree.ts';
import { checkCall, checkIdentifier } from './check-call.ts';
import type { CheckContext } from './check-context.ts';
import { constant, errorExpression, isError, lookUpVariable, useVariable, withScope } from './check-context.ts';
import { checkMapPlace, checkMapRead } from './check-map.ts';
import { checkStatements } from './check-statement.ts';
import { asCondition, asInteger, checkCast, convertTo } from './convert.ts';
import { foldIntegers, foldStrings, foldUnary } from './fold.ts';
import { literalType, promote, promoteIntegers, settle } from './promote.ts';
import { resolveType } from './resolve-type.ts';

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
      return constant(BigInt(cx.positionals.length), uint64, expr.span);
    case 'unary':
      return checkUnary(cx, expr);
    case 'update':
      return checkUpdate(cx, expr);
    case 'binary':
      return checkBinary(cx, expr);
    case 'conditional':
      return checkConditional(cx, expr);
    case 'cast': {
      const type = resolveType(cx, expr.type);
      return checkCast(cx, expr, checkExpr(cx, expr.operand), type);
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
      return checkBlockValue(cx, expr.block);
    case 'if':
      return checkIf(cx, expr);
    case 'type-query':
      return checkTypeQuery(cx, expr);
    case 'comptime': {
      const operand = checkExpr(cx, expr.operand);
      if (operand.kind === 'constant') return operand;
      cx.report.error('comptime', expr.span, 'comptime needs something that is known when the script is compiled');
      return errorExpression(expr.span);
    }
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

/** Statements with an optional value at the end, in a scope of their own. */
export function checkBlockValue(cx: CheckContext, block: { statements: readonly import('../../grammar/ast.ts').Statement[]; value: Expr | undefined; span: { start: number; end: number } }): BlockValue {
  return withScope(cx, () => {
    const statements = checkStatements(cx, block.statements);
    const value = block.value === undefined ? undefined : checkExpr(cx, block.value);
    return { kind: 'block', statements, value, type: value?.type ?? noneType, span: block.span };
  });
}

function checkString(cx: CheckContext, value: string, span: Expr['span']): TypedExpr {
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
  if (entry === undefined) {
    const names = cx.scopes.flatMap((scope) => [...scope.keys()]);
    const near = closest(expr.name, names);
    cx.report.error('undefined-variable', expr.span, `$${expr.name} is not assigned anywhere before this`, {
      hint: near === undefined ? undefined : `did you mean $${near}?`,
    });
    return errorExpression(expr.span);
  }
  if (!entry.assigned && !entry.read && cx.final) {
    cx.report.warning('read-before-assignment', expr.span, `$${expr.name} is read here before anything was assigned to it`);
  }
  entry.read = true;
  const variable = useVariable(cx, entry);
  return variable.type.kind === 'error'
    ? errorExpression(expr.span)
    : { kind: 'variable', variable, type: variable.type, span: expr.span };
}

/** `$1`: an integer literal when its text reads as one, else a string literal; 0 when it is missing. */
function checkPositional(cx: CheckContext, expr: Expr & { kind: 'positional' }): TypedExpr {
  const text = cx.positionals[expr.index - 1];
  if (text === undefined) {
    cx.report.warning('positional-missing', expr.span, `no positional parameter $${expr.index} was given: it is 0, or "" as a string`);
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

function checkUnary(cx: CheckContext, expr: Unary): TypedExpr {
  if (expr.operator === '&') {
    cx.report.error('address-of', expr.span, 'the address-of operator (&) is not available in this version of ebtrace');
    return errorExpression(expr.span);
  }
  const operand = checkExpr(cx, expr.operand);
  if (isError(operand)) return errorExpression(expr.span);
  if (expr.operator === '*') return checkDereference(cx, expr, operand);
  if (expr.operator === '!') {
    if (operand.type.kind !== 'int' && operand.type.kind !== 'bool') return badOperand(cx, expr, operand);
    if (operand.kind === 'constant') return constant(!operand.value || operand.value === 0n, boolType, expr.span);
    return { kind: 'unary', operator: '!', operand: convertTo(operand, boolType), type: boolType, span: expr.span };
  }
  if (operand.kind === 'constant' && typeof operand.value === 'bigint' && operand.type.kind === 'int') {
    const folded = foldUnary(expr.operator, operand.value);
    if ('value' in folded && typeof folded.value === 'bigint') return constant(folded.value, literalType(folded.value), expr.span);
    if ('problem' in folded) cx.report.error('fold-unary', expr.span, `'${expr.operator}' cannot be worked out: ${folded.problem}`);
    return errorExpression(expr.span);
  }
  const integer = asInteger(operand);
  if (integer === undefined || integer.type.kind !== 'int') return badOperand(cx, expr, operand);
  const type = integer.type.signed ? int64 : uint64;
  return { kind: 'unary', operator: expr.operator, operand: convertTo(integer, type), type, span: expr.span };
}

function badOperand(cx: CheckContext, expr: Unary, operand: TypedExpr): TypedExpr {
  cx.report.error('unary-operand', expr.span, `'${expr.operator}' does not work on ${typeName(operand.type)}`, {
    hint: expr.operator === '!' && operand.type.kind === 'pointer' ? 'compare the pointer with 0' : undefined,
  });
  return errorExpression(expr.span);
}

/** `*p` of a pointer to a number, and of an integer: eight bytes at that address. */
function checkDereference(cx: CheckContext, expr: Unary, operand: TypedExpr): TypedExpr {
  if (operand.type.kind === 'int') return { kind: 'dereference', pointer: operand, space: 'kernel', type: uint64, span: expr.span };
  if (operand.type.kind === 'pointer') {
    const to = operand.type.to;
    if (to.kind === 'int' || to.kind === 'bool' || to.kind === 'enum' || to.kind === 'pointer') {
      return { kind: 'dereference', pointer: operand, space: operand.type.space, type: to, span: expr.span };
    }
  }
  cx.report.error('dereference', expr.span, `'*' reads through a pointer to a number, and this is ${typeName(operand.type)}`);
  return errorExpression(expr.span);
}

function checkUpdate(cx: CheckContext, expr: Update): TypedExpr {
  const isMap = expr.target.kind === 'map' || expr.target.kind === 'map-element';
  if (isMap && (expr.target.kind === 'map' || expr.target.kind === 'map-element')) {
    const entry = cx.evidence.map(expr.target.name, expr.target.span);
    const known = entry.value;
    if (known === undefined || known.kind === 'int') {
      const signed = known?.kind === 'int' && !known.flexible ? known.signed : true;
      cx.evidence.addValue(entry, { kind: 'int', bytes: 8, signed }, expr.target.span);
    }
  }
  const target = checkTarget(cx, expr.target);
  if (target === undefined) return errorExpression(expr.span);
  if (target.kind === 'variable' && expr.target.kind === 'variable') {
    const entry = lookUpVariable(cx, expr.target.name);
    const type = target.variable.type;
    if (entry !== undefined && type.kind === 'int' && entry.declaredType === undefined) {
      cx.evidence.addVariable(cx.program, entry.node, { kind: 'int', bytes: 8, signed: type.signed });
    }
  }
  const type = target.kind === 'variable' ? target.variable.type : target.type;
  if (type.kind === 'error') return errorExpression(expr.span);
  if (type.kind !== 'int') {
    cx.report.error('update-type', expr.span, `'${expr.operator}' works on integers, and this is ${typeName(type)}`);
    return errorExpression(expr.span);
  }
  const by = expr.operator === '++' ? 1n : -1n;
  return { kind: 'update', by, returns: expr.position === 'prefix' ? 'new' : 'old', target, type, span: expr.span };
}

function checkBinary(cx: CheckContext, expr: Binary): TypedExpr {
  // A long chain of operators is a left-leaning tree: walk it with a loop, deep recursion would end on the stack.
  const chain: Binary[] = [];
  let first: Expr = expr;
  while (first.kind === 'binary') {
    chain.push(first);
    first = first.left;
  }
  let left = checkExpr(cx, first);
  for (const node of chain.reverse()) left = combine(cx, node, left, checkExpr(cx, node.right));
  return left;
}

function combine(cx: CheckContext, expr: Binary, left: TypedExpr, right: TypedExpr): TypedExpr {
  const { operator, span, operatorSpan } = expr;
  if (operator === '&&' || operator === '||') {
    const a = asCondition(cx, left);
    const b = asCondition(cx, right);
    if (isError(a) || isError(b)) return errorExpression(span);
    if (a.kind === 'constant' && b.kind === 'constant') {
      return constant(operator === '&&' ? a.value === true && b.value === true : a.value === true || b.value === true, boolType, span);
    }
    return { kind: 'logical', operator, left: a, right: b, type: boolType, span };
  }
  if (isError(left) || isError(right)) return errorExpression(span);
  const kind = binaryOperator(operator)?.kind;
  const comparison = kind === 'ordering' || kind === 'equality';
  if (left.kind === 'constant' && right.kind === 'constant') {
    const folded = foldConstants(cx, expr, left.value, right.value);
    if (folded !== undefined) return folded;
  }
  const a = asInteger(left);
  const b = asInteger(right);
  if (a !== undefined && b !== undefined && a.type.kind === 'int' && b.type.kind === 'int') {
    const shift = kind === 'shift';
    const both = promoteIntegers(a.type, b.type).type;
    const signed = shift ? a.type.signed && !(a.type.flexible ?? false) : isSigned(a.type, b.type, both.signed);
    const wide = signed ? int64 : uint64;
    const operands = { left: convertTo(a, wide), right: shift ? convertTo(b, uint64) : convertTo(b, wide) };
    if (comparison) return { kind: 'binary', operator, signed, ...operands, operatorSpan, type: boolType, span };
    const type = operator === '-' ? int64 : wide;
    const result: TypedExpr = { kind: 'binary', operator, signed, ...operands, operatorSpan, type, span };
    return left.type.kind === 'bool' && right.type.kind === 'bool' ? convertTo(result, boolType) : result;
  }
  if (comparison) {
    const compared = compareOthers(expr, left, right, kind === 'equality');
    if (compared !== undefined) return compared;
  }
  cx.report.error(
    'binary-operands',
    span,
    `'${operator}' does not work on ${typeName(settle(left.type))} and ${typeName(settle(right.type))}`,
    {
      related: [
        { message: `left: ${typeName(settle(left.type))}`, span: left.span },
        { message: `right: ${typeName(settle(right.type))}`, span: right.span },
      ],
    },
  );
  return errorExpression(span);
}

/** Signed if either operand is, where literals take the sign of the other side. */
function isSigned(a: { signed: boolean; flexible?: true }, b: { signed: boolean; flexible?: true }, promoted: boolean): boolean {
  if (a.flexible || b.flexible) return promoted;
  return a.signed || b.signed;
}

function foldConstants(cx: CheckContext, expr: Binary, a: bigint | string | boolean, b: bigint | string | boolean): TypedExpr | undefined {
  const { operator, span } = expr;
  if (operator === '&&' || operator === '||') return undefined;
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    const folded = foldIntegers(operator, a, b);
    if ('problem' in folded) {
      cx.report.error('fold', span, `this cannot be worked out when the script is compiled: ${folded.problem}`);
      return errorExpression(span);
    }
    return typeof folded.value === 'bigint'
      ? constant(folded.value, literalType(folded.value), span)
      : constant(folded.value, boolType, span);
  }
  if (typeof a === 'string' && typeof b === 'string') {
    const folded = foldStrings(operator, a, b);
    if (typeof folded === 'boolean') return constant(folded, boolType, span);
    if (typeof folded === 'string') return checkString(cx, folded, span);
  }
  if (typeof a === 'string' && typeof b === 'bigint' && operator === '+' && b >= 0n) {
    return checkString(cx, a.slice(Number(b > BigInt(a.length) ? a.length : b)), span);
  }
  return undefined;
}

/** Comparisons of what is not an integer. */
function compareOthers(expr: Binary, left: TypedExpr, right: TypedExpr, equality: boolean): TypedExpr | undefined {
  const { operator, span, operatorSpan } = expr;
  if (operator === '&&' || operator === '||') return undefined;
  const pointerLike = (type: Type): boolean => type.kind === 'pointer' || type.kind === 'int' || (type.kind === 'symbolic' && (type.of === 'ksym' || type.of === 'username'));
  if (pointerLike(left.type) && pointerLike(right.type)) {
    const operands = { left: toAddress(left), right: toAddress(right) };
    return { kind: 'binary', operator, signed: false, ...operands, operatorSpan, type: boolType, span };
  }
  if (!equality) return undefined;
  if (left.type.kind === 'string' && right.type.kind === 'string') {
    return { kind: 'binary', operator, signed: false, left, right, operatorSpan, type: boolType, span };
  }
  const memory = (type: Type): boolean => type.kind === 'tuple' || type.kind === 'record' || type.kind === 'array' || type.kind === 'buffer' || (type.kind === 'symbolic' && (type.of === 'mac' || type.of === 'inet'));
  if (!memory(left.type) || !memory(right.type)) return undefined;
  const both = promote(left.type, right.type);
  if (both === undefined) return undefined;
  const type = settle(both);
  return { kind: 'binary', operator, signed: false, left: convertTo(left, type), right: convertTo(right, type), operatorSpan, type: boolType, span };
}

function toAddress(expression: TypedExpr): TypedExpr {
  return expression.type.kind === 'int' ? convertTo(expression, uint64) : { kind: 'convert', operand: expression, type: uint64, span: expression.span };
}

function checkConditional(cx: CheckContext, expr: Conditional): TypedExpr {
  if (expr.then === undefined) {
    cx.report.error('elvis-unavailable', expr.span, "'a ?: b' is not available in this version of ebtrace", {
      hint: 'write a ? a : b',
    });
    return errorExpression(expr.span);
  }
  const condition = asCondition(cx, checkExpr(cx, expr.condition));
  return joinBranches(cx, expr.span, condition, checkExpr(cx, expr.then), checkExpr(cx, expr.otherwise));
}

function checkIf(cx: CheckContext, expr: If): TypedExpr {
  const condition = asCondition(cx, checkExpr(cx, expr.condition));
  const then = checkBlockValue(cx, expr.then);
  const otherwise: BlockValue =
    expr.otherwise === undefined
      ? { kind: 'block', statements: [], value: undefined, type: noneType, span: expr.span }
      : checkBlockValue(cx, expr.otherwise);
  if (then.value === undefined || otherwise.value === undefined) {
    return { kind: 'conditional', condition, then, otherwise, type: noneType, span: expr.span };
  }
  return joinBranches(cx, expr.span, condition, then, otherwise);
}

function joinBranches(cx: CheckContext, span: Expr['span'], condition: TypedExpr, then: TypedExpr, otherwise: TypedExpr): TypedExpr {
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
  const settled = settle(type);
  if (condition.kind === 'constant') return convertTo(condition.value === true ? then : otherwise, settled);
  if (settled.kind === 'none') return { kind: 'conditional', condition, then, otherwise, type: noneType, span };
  return { kind: 'conditional', condition, then: convertTo(then, settled), otherwise: convertTo(otherwise, settled), type: settled, span };
}

function checkField(cx: CheckContext, expr: FieldAccess): TypedExpr {
  if (expr.object.kind === 'identifier' && expr.object.name === 'args') return checkArgsField(cx, expr);
  const object = checkExpr(cx, expr.object);
  if (isError(object)) return errorExpression(expr.span);
  if (object.type.kind === 'record') {
    const placed = layoutFields(object.type.fields.map((field) => ({ ...field, type: settle(field.type) })));
    const field = placed.find((candidate) => candidate.name === expr.name);
    if (field !== undefined) {
      const settled = convertTo(object, settle(object.type));
      return { kind: 'member', object: settled, offset: field.offset, type: field.type, span: expr.span };
    }
    const near = closest(expr.name, placed.map((candidate) => candidate.name));
    cx.report.error('record-field', expr.nameSpan, `the record has no field '${expr.name}'`, {
      hint: near === undefined ? `it has ${placed.map((candidate) => candidate.name).join(', ')}` : `did you mean ${near}?`,
    });
    return errorExpression(expr.span);
  }
  if (object.type.kind === 'struct' || object.type.kind === 'pointer') {
    cx.report.error('struct-field', expr.span, 'reading fields of kernel structs is not available in this version of ebtrace');
    return errorExpression(expr.span);
  }
  cx.report.error('field-of', expr.span, `${typeName(object.type)} has no fields`);
  return errorExpression(expr.span);
}

function checkArgsField(cx: CheckContext, expr: FieldAccess): TypedExpr {
  if (cx.callbacks.length > 0) {
    cx.report.error('args-in-loop', expr.span, 'args cannot be read in the body of a loop', {
      hint: `copy it before: $${expr.name} = args.${expr.name};`,
    });
    return errorExpression(expr.span);
  }
  const { args } = cx.probe.shape;
  if (args === undefined) {
    cx.report.error('args-unavailable', expr.object.span, `${cx.probe.kind.name} probes have no args`, {
      hint: 'args is for probes whose arguments have names: tracepoint',
    });
    return errorExpression(expr.span);
  }
  const field = args.fields.find((candidate) => candidate.name === expr.name);
  const visible = args.fields.filter((candidate) => !candidate.name.startsWith('common_'));
  if (field === undefined) {
    const names = visible.map((candidate) => candidate.name);
    const near = closest(expr.name, names);
    cx.report.error('args-field', expr.nameSpan, `${cx.probe.shape.targets[0]?.name ?? 'this probe'} has no argument '${expr.name}'`, {
      hint: near === undefined ? `it has: ${names.join(', ')}` : `did you mean ${near}?`,
    });
    return errorExpression(expr.span);
  }
  if (field.name.startsWith('common_')) {
    cx.report.error('args-common', expr.nameSpan, `BPF programs cannot read the field ${field.name}`, {
      hint: field.name === 'common_pid' ? 'use pid or tid' : undefined,
    });
    return errorExpression(expr.span);
  }
  if (field.type.kind === 'none' || field.type.kind === 'struct') {
    cx.report.error('args-type', expr.nameSpan, `the type of ${expr.name} (${field.declaration ?? 'unknown'}) is not available in this version of ebtrace`);
    return errorExpression(expr.span);
  }
  return { kind: 'args-field', field, type: field.type, span: expr.span };
}

function checkTupleAccess(cx: CheckContext, objectExpr: Expr, index: bigint, expr: Expr): TypedExpr {
  return tupleItem(cx, checkExpr(cx, objectExpr), index, expr);
}

function tupleItem(cx: CheckContext, object: TypedExpr, index: bigint, expr: Expr): TypedExpr {
  if (isError(object)) return errorExpression(expr.span);
  if (object.type.kind !== 'tuple') {
    cx.report.error('tuple-access', expr.span, `.${index} takes an item of a tuple, and this is ${typeName(object.type)}`);
    return errorExpression(expr.span);
  }
  const type = settle(object.type);
  const items = type.kind === 'tuple' ? type.items : [];
  const placed = layoutFields(items.map((item, i) => ({ name: `${i}`, type: item })));
  const field = placed[Number(index)];
  if (index < 0n || field === undefined) {
    cx.report.error('tuple-index', expr.span, `the tuple has ${items.length} items, and .${index} is not one of them`, {
      hint: 'items are counted from 0',
    });
    return errorExpression(expr.span);
  }
  return { kind: 'member', object: convertTo(object, type), offset: field.offset, type: field.type, span: expr.span };
}

function checkIndex(cx: CheckContext, expr: Index): TypedExpr {
  const object = checkExpr(cx, expr.object);
  const index = checkExpr(cx, expr.index);
  if (isError(object) || isError(index)) return errorExpression(expr.span);
  const integer = index.type.kind === 'int' ? index : undefined;
  if (integer === undefined || (integer.kind === 'constant' && typeof integer.value === 'bigint' && integer.value < 0n)) {
    cx.report.error('index-type', expr.index.span, 'an index is an integer that is not negative');
    return errorExpression(expr.span);
  }
  if (object.type.kind === 'tuple') {
    if (integer.kind === 'constant' && typeof integer.value === 'bigint') return tupleItem(cx, object, integer.value, expr);
    cx.report.error('tuple-index-literal', expr.index.span, 'the index of a tuple is a literal: its items have different types');
    return errorExpression(expr.span);
  }
  const { type } = object;
  if (type.kind !== 'array' && type.kind !== 'string') {
    cx.report.error('index-of', expr.span, `${typeName(type)} cannot be indexed`);
    return errorExpression(expr.span);
  }
  const length = type.kind === 'array' ? type.length : type.size;
  if (integer.kind === 'constant' && typeof integer.value === 'bigint' && integer.value >= BigInt(length)) {
    cx.report.error('index-range', expr.index.span, `index ${integer.value} is outside: there are ${length} elements, counted from 0`);
    return errorExpression(expr.span);
  }
  const element = type.kind === 'array' ? type.of : int8;
  if (object.kind === 'constant' && typeof object.value === 'string' && integer.kind === 'constant' && typeof integer.value === 'bigint') {
    const byte = object.value.charCodeAt(Number(integer.value));
    return constant(BigInt.asIntN(8, BigInt(Number.isNaN(byte) ? 0 : byte)), literalType(0n), expr.span);
  }
  return { kind: 'index', object, index: convertTo(integer, uint64), length, type: element, span: expr.span };
}

function checkTypeQuery(cx: CheckContext, expr: Expr & { kind: 'type-query' }): TypedExpr {
  if (expr.query !== 'sizeof') {
    cx.report.error('type-query', expr.span, `${expr.query}() is not available in this version of ebtrace`);
    return errorExpression(expr.span);
  }
  const type = isTypeNode(expr.operand) ? resolveType(cx, expr.operand) : settle(checkExpr(cx, expr.operand).type);
  if (type.kind === 'error') return errorExpression(expr.span);
  const size = BigInt(sizeOf(type));
  return constant(size, literalType(size), expr.span);
}

function isTypeNode(operand: TypeNode | Expr): operand is TypeNode {
  return operand.kind === 'type';
}

