/** Typed expressions -> C values. Total over the kinds: nothing here can be a user error. */

import type { CValue, Place } from '../builtins/builtin.ts';
import { knownBuiltin } from '../builtins/index.ts';
import { alignAt, at, isScalar, scalarCType } from '../c/c-type.ts';
import { cInteger } from '../c/writer.ts';
import { outlivesRun } from '../probes/iter.ts';
import { layoutFields, sizeOf } from '../types/layout.ts';
import type { Type } from '../types/type.ts';
import { assertNever } from '../types/type.ts';
import type {
  BinaryExpr,
  BlockValue,
  CallExpr,
  ConditionalExpr,
  Constant,
  Convert,
  LogicalExpr,
  TupleLiteral,
  TypedExpr,
  UnaryExpr,
  UpdateExpr,
} from '../types/typed-tree.ts';
import { hasStatements } from './aliasing.ts';
import { emitArgsField } from './emit-args.ts';
import type { FunctionEmitter } from './emit-context.ts';
import { memory } from './emit-context.ts';
import { emitEvent } from './emit-event.ts';
import { emitFunctionCall } from './emit-function.ts';
import { emitAggregateRead, emitMapRead, emitMapStore } from './emit-map.ts';
import { emitAddressOf, emitDereference, emitIndex, emitMember, memberOf } from './emit-memory.ts';
import { emitStatements } from './emit-statement.ts';
import { inExpansion } from './plan.ts';

export function emitExpression(f: FunctionEmitter, expr: TypedExpr, into?: Place): CValue {
  switch (expr.kind) {
    case 'constant':
      return emitConstant(f, expr);
    case 'variable':
      return f.variable(expr.variable);
    case 'map-read':
      return emitMapRead(f, expr, into);
    case 'aggregate-read':
      return emitAggregateRead(f, expr);
    case 'unary':
      return emitUnary(f, expr);
    case 'update':
      return emitUpdate(f, expr);
    case 'binary':
      return emitBinary(f, expr);
    case 'logical':
      return emitLogical(f, expr);
    case 'conditional':
      return emitConditional(f, expr, into);
    case 'convert':
      return emitConvert(f, expr, into);
    case 'args-field':
      return emitArgsField(f, expr, into);
    case 'member':
      return emitMember(f, expr);
    case 'index':
      return emitIndex(f, expr);
    case 'dereference':
      return emitDereference(f, expr, into);
    case 'address-of':
      return emitAddressOf(f, expr);
    case 'tuple':
      return emitTuple(f, expr, into);
    case 'call':
      return emitCall(f, expr, into);
    case 'function-call':
      return emitFunctionCall(f, expr, into);
    case 'block':
      return inExpansion(f.program.tables, expr.expansion, () => emitBlock(f, expr, into));
    case 'map-reference':
    case 'vector-string':
      throw new Error(`${expr.kind} has no value of its own`);
    default:
      return assertNever(expr);
  }
}

function emitConstant(f: FunctionEmitter, expr: Constant): CValue {
  const { type, value } = expr;
  if (typeof value === 'boolean') return { type, in: 'register', c: value ? '1' : '0' };
  if (typeof value === 'bigint')
    return { type, in: 'register', c: cInteger(value, type.kind === 'int' && type.signed) };
  const size = type.kind === 'string' ? type.size : value.length + 1;
  return { type, in: 'memory', c: `(u8 *)${f.constantBytes(value.padEnd(size, '\0'))}`, align: 8 };
}

function emitUnary(f: FunctionEmitter, expr: UnaryExpr): CValue {
  const { c } = f.value(expr.operand);
  const { type, operator } = expr;
  if (operator === '!') return { type, in: 'register', c: `!(${c})` };
  return { type, in: 'register', c: `(${scalarCType(type) ?? 'u64'})(${operator}(u64)(${c}))` };
}

function emitUpdate(f: FunctionEmitter, expr: UpdateExpr): CValue {
  const { target, type } = expr;
  const cType = scalarCType(type) ?? 'u64';
  const before: CValue =
    target.kind === 'variable'
      ? f.variable(target.variable)
      : emitMapRead(f, { kind: 'map-read', map: target.map, key: target.key, type, span: expr.span }, undefined);
  const old = f.temporary(cType, before.c);
  const { by } = expr;
  const next = f.temporary(cType, `(${cType})((u64)${old} ${by > 0n ? '+' : '-'} ${by > 0n ? by : -by})`);
  if (target.kind === 'variable') f.c.line(`${before.c} = ${next};`);
  else emitMapStore(f, target, { type, in: 'register', c: next });
  return { type, in: 'register', c: expr.returns === 'old' ? old : next };
}

/** The value kept in a temporary when evaluating what comes later may change what its expression reads. */
export function steady(f: FunctionEmitter, value: CValue, ...later: readonly TypedExpr[]): CValue {
  if (value.in === 'memory') {
    if (!later.some(hasStatements)) return value;
    const size = sizeOf(value.type);
    const copy = f.allocate(size);
    f.copy(copy, value, size);
    return memory(value.type, copy);
  }
  if (!later.some(hasEffects)) return value;
  return { ...value, c: f.temporary(scalarCType(value.type) ?? 'u64', value.c) };
}

export function hasEffects(expr: TypedExpr): boolean {
  switch (expr.kind) {
    case 'constant':
    case 'variable':
    case 'args-field':
    case 'address-of':
      return false;
    case 'convert':
    case 'unary':
      return hasEffects(expr.operand);
    case 'member':
      return hasEffects(expr.object);
    case 'dereference':
      return hasEffects(expr.pointer) || expr.indices.some(({ index }) => hasEffects(index));
    case 'binary':
      return hasEffects(expr.left) || hasEffects(expr.right);
    default:
      return true;
  }
}

function emitBinary(f: FunctionEmitter, expr: BinaryExpr): CValue {
  if (!isScalar(expr.left.type)) return emitMemoryComparison(f, expr);
  const left = steady(f, f.value(expr.left), expr.right).c;
  const right = f.value(expr.right).c;
  const { type, operator, signed } = expr;
  const c = signed ? 's64' : 'u64';
  switch (operator) {
    case '/':
    case '%':
      return emitDivision(f, expr, left, right);
    case '+':
    case '-':
    case '*':
    case '&':
    case '|':
    case '^':
      return { type, in: 'register', c: `(${scalarCType(type) ?? 'u64'})((u64)(${left}) ${operator} (u64)(${right}))` };
    case '<<':
      return { type, in: 'register', c: `(${c})((u64)(${left}) << ((${right}) & 63))` };
    case '>>':
      return { type, in: 'register', c: `((${c})(${left}) >> ((${right}) & 63))` };
    default:
      return { type, in: 'register', c: `((${c})(${left}) ${operator} (${c})(${right}))` };
  }
}

/** A zero divisor gives 1 and is counted as a failure. */
function emitDivision(f: FunctionEmitter, expr: BinaryExpr, left: string, right: string): CValue {
  const { type, operator, signed } = expr;
  const c = signed ? 's64' : 'u64';
  const divided = (divisor: string): string => {
    if (!signed) return `(u64)(${left}) ${operator} (u64)(${divisor})`;
    f.include('math.h');
    return `${operator === '/' ? 'eb_divide_signed' : 'eb_modulo_signed'}((s64)(${left}), (s64)(${divisor}))`;
  };
  if (expr.right.kind === 'constant' && expr.right.value !== 0n)
    return { type, in: 'register', c: f.temporary(c, divided(right)) };
  const divisor = f.temporary(c, right);
  const result = f.temporary(c, '1');
  f.c.ifElse(
    divisor,
    () => f.c.line(`${result} = ${divided(divisor)};`),
    () => f.c.line(f.countFailure('divide-by-zero', expr.span, '0')),
  );
  return { type, in: 'register', c: result };
}

/** Strings up to the shorter capacity or a NUL; everything else over all its bytes. */
function emitMemoryComparison(f: FunctionEmitter, expr: BinaryExpr): CValue {
  f.include('strings.h');
  const left = steady(f, f.value(expr.left), expr.right);
  const right = f.value(expr.right);
  const strings = expr.left.type.kind === 'string';
  const size = Math.min(sizeOf(expr.left.type), sizeOf(expr.right.type));
  const equal = f.temporary('u8', `${strings ? 'eb_string_equal' : 'eb_bytes_equal'}(${left.c}, ${right.c}, ${size})`);
  return { type: expr.type, in: 'register', c: expr.operator === '!=' ? `!${equal}` : equal };
}

function emitLogical(f: FunctionEmitter, expr: LogicalExpr): CValue {
  const result = f.temporary('u8', `(${f.value(expr.left).c}) != 0`);
  f.c.block(`if (${expr.operator === '&&' ? '' : '!'}${result})`, () =>
    f.c.line(`${result} = (${f.value(expr.right).c}) != 0;`),
  );
  return { type: expr.type, in: 'register', c: result };
}

function emitConditional(f: FunctionEmitter, expr: ConditionalExpr, into: Place | undefined): CValue {
  const { type } = expr;
  const condition = f.value(expr.condition).c;
  if (type.kind === 'none') {
    f.c.ifElse(
      condition,
      () => void f.value(expr.then),
      () => void f.value(expr.otherwise),
    );
    return { type, in: 'register', c: '0' };
  }
  const cType = scalarCType(type);
  if (cType !== undefined) {
    const result = f.temporary(cType, '0');
    f.c.ifElse(
      condition,
      () => f.c.line(`${result} = ${f.value(expr.then).c};`),
      () => f.c.line(`${result} = ${f.value(expr.otherwise).c};`),
    );
    return { type, in: 'register', c: result };
  }
  const place = into ?? f.allocate(sizeOf(type));
  f.c.ifElse(
    condition,
    () => f.store(expr.then, place),
    () => f.store(expr.otherwise, place),
  );
  return memory(type, place);
}

function emitConvert(f: FunctionEmitter, expr: Convert, into: Place | undefined): CValue {
  return convertValue(f, f.value(expr.operand), expr.type, into);
}

/** A value as another type; the checker has seen that this conversion exists. */
function convertValue(f: FunctionEmitter, value: CValue, type: Type, into: Place | undefined): CValue {
  const cType = scalarCType(type);
  if (type.kind === 'bool') {
    if (value.in === 'memory') return { type, in: 'register', c: `(${value.c}[0] != 0)` };
    return { type, in: 'register', c: `((${value.c}) != 0)` };
  }
  if (cType !== undefined) {
    const c = value.in === 'memory' ? at(cType, value.c, value.align ?? 8) : `(${cType})(${value.c})`;
    return { type, in: 'register', c };
  }
  const size = sizeOf(type);
  const place = into ?? f.allocate(size);
  f.zero(place, size);
  if (value.in === 'register') {
    f.storeValue(value, place);
    return memory(type, place);
  }
  const fromFields = members(value.type);
  const toFields = members(type);
  if (fromFields === undefined || toFields === undefined) {
    f.copy(place, value, Math.min(size, sizeOf(value.type)));
    return memory(type, place);
  }
  for (const [i, field] of toFields.entries()) {
    const from = fromFields.find((candidate) => candidate.name === field.name) ?? fromFields[i];
    if (from === undefined) continue;
    const part = { c: `(${place.c} + ${field.offset})`, align: alignAt(place.align, field.offset) };
    const member = memberOf(value, from.type, from.offset);
    f.storeValue(convertValue(f, member, field.type, part), part);
  }
  return memory(type, place);
}

function members(type: Type) {
  if (type.kind === 'tuple') return layoutFields(type.items.map((item, i) => ({ name: `${i}`, type: item })));
  return type.kind === 'record' ? layoutFields(type.fields) : undefined;
}

function emitTuple(f: FunctionEmitter, expr: TupleLiteral, into: Place | undefined): CValue {
  const size = sizeOf(expr.type);
  const fields = members(expr.type) ?? [];
  const place = into ?? f.allocate(size);
  const used = fields.reduce((sum, field) => sum + sizeOf(field.type), 0);
  // Keys are compared over all their bytes, padding included.
  if (used < size) f.zero(place, size);
  for (const [i, item] of expr.items.entries()) {
    const field = fields[i];
    if (field === undefined) continue;
    f.store(item, { c: `(${place.c} + ${field.offset})`, align: alignAt(place.align, field.offset) });
  }
  return memory(expr.type, place);
}

function emitCall(f: FunctionEmitter, expr: CallExpr, into: Place | undefined): CValue {
  const entry = knownBuiltin(expr.builtin);
  if (entry.readsContext) f.needsContext();
  if (outlivesRun(f.probe.shape.attach) && entry.event !== undefined) entry.detached?.emit(f, expr);
  else if (entry.event !== undefined) emitEvent(f, expr, entry.event(expr));
  const value = entry.emit?.(f, expr, into);
  if (entry.endsProbe) f.leave();
  return value ?? { type: expr.type, in: 'register', c: '0' };
}

function emitBlock(f: FunctionEmitter, expr: BlockValue, into: Place | undefined): CValue {
  const { type } = expr;
  const cType = scalarCType(type);
  if (expr.value === undefined) {
    emitStatements(f, expr.statements);
    return { type, in: 'register', c: '0' };
  }
  const { value } = expr;
  if (type.kind === 'none') {
    f.c.block('', () => {
      emitStatements(f, expr.statements);
      f.value(value);
    });
    return { type, in: 'register', c: '0' };
  }
  if (cType !== undefined) {
    const result = f.temporary(cType, '0');
    f.c.block('', () => {
      emitStatements(f, expr.statements);
      f.c.line(`${result} = ${f.value(value).c};`);
    });
    return { type, in: 'register', c: result };
  }
  const place = into ?? f.allocate(sizeOf(type));
  f.c.block('', () => {
    emitStatements(f, expr.statements);
    f.store(value, place);
  });
  return memory(type, place);
}
