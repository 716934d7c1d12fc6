/**
 * Questions about types: sizeof, offsetof, typeof, typeinfo (language reference 3.2). Their operands are typed and
 * thrown away: nothing of them is ever executed. Answers are those of the finished inference, wherever the question
 * stands; only a comptime condition may not be changed by the branch that it chose (checkComptimeAnswers).
 */
import type { Expr, Identifier, TypeNode, TypeQuery } from '../../grammar/ast.ts';
import { closest } from '../../grammar/suggest.ts';
import { sizeOf } from '../types/layout.ts';
import type { Field, Type } from '../types/type.ts';
import { errorType, stringType, typeName } from '../types/type.ts';
import type { TypedExpr } from '../types/typed-tree.ts';
import type { CheckContext } from './check-context.ts';
import { constant, errorExpression, lookUpVariable } from './check-context.ts';
import { checkExpr } from './check-expression.ts';
import { checkMapPlace, valueType } from './check-map.ts';
import { isGateOpen } from './gates.ts';
import { literalType, settle } from './promote.ts';
import { isTypeName, isUnsizedString, resolveType } from './resolve-type.ts';
import { anyNode } from './walk.ts';

export function checkTypeQuery(cx: CheckContext, query: TypeQuery): TypedExpr {
  if (query.query === 'typeinfo' && !isGateOpen(cx, 'unstable_typeinfo', query.span))
    return errorExpression(query.span);
  const type = settle(typeOfOperand(cx, query.operand));
  if (type.kind === 'error') return errorExpression(query.span);
  switch (query.query) {
    case 'sizeof':
      return integer(
        BigInt(isTypeNode(query.operand) && isUnsizedString(query.operand) ? 0 : sizeInLanguage(type)),
        query,
      );
    case 'offsetof':
      return checkOffset(cx, query, type);
    case 'typeinfo':
      return typeInfo(query, type, isTypeNode(query.operand) && isUnsizedString(query.operand) ? 'string' : undefined);
  }
}

/** A stack is as large as its frames and their number, however we keep it. */
function sizeInLanguage(type: Type): number {
  return type.kind === 'stack' ? 8 + 8 * type.limit : sizeOf(type);
}

/** Of a keyed map without a key: the type of its keys. An aggregation keeps its own type, it is not read. */
export function typeOfOperand(cx: CheckContext, operand: TypeNode | Expr): Type {
  if (isTypeNode(operand)) {
    const constantName = enumConstantIn(cx, operand);
    return constantName === undefined ? resolveType(cx, operand) : checkExpr(cx, constantName).type;
  }
  if (operand.kind === 'map') {
    const entry = cx.evidence.map(operand.name, operand.span);
    if (entry.keyed !== true) return valueType(cx, entry, operand.span);
    if (entry.key === undefined) return errorType;
    return entry.key;
  }
  if (operand.kind === 'variable') {
    const entry = lookUpVariable(cx, operand.name);
    // Not a read of the variable: it may be unassigned yet.
    if (entry !== undefined) return entry.symbol.type;
  }
  if (operand.kind === 'map-element') {
    const place = checkMapPlace(cx, operand);
    return place === undefined ? errorType : valueType(cx, place.entry, operand.span);
  }
  const writes = anyNode(operand, isMapWrite);
  if (writes !== undefined) {
    cx.report.error(
      'query-assigns',
      operand.span,
      'a map cannot be assigned here: only the type is wanted, and this never runs',
    );
    return errorType;
  }
  return checkExpr(cx, operand).type;
}

/** `sizeof(RED)`: a bare word is read as a type, and may be a constant all the same. */
function enumConstantIn(cx: CheckContext, { base, suffixes, span }: TypeNode): Identifier | undefined {
  if (base.by !== 'name' || base.keyword !== undefined || suffixes.length > 0) return undefined;
  const { name } = base;
  if (cx.types.enumConstant(name) === undefined || isTypeName(cx, name)) return undefined;
  return { kind: 'identifier', name, span };
}

function isMapWrite(node: { readonly kind: string }): boolean {
  const target = node.kind === 'assign' || node.kind === 'update' ? Reflect.get(node, 'target') : undefined;
  return target?.kind === 'map' || target?.kind === 'map-element';
}

function isTypeNode(operand: TypeNode | Expr): operand is TypeNode {
  return operand.kind === 'type';
}

function integer(value: bigint, { span }: TypeQuery): TypedExpr {
  return constant(value, literalType(value), span);
}

/** Follows the path member by member; those of unnamed members count as the struct's own. */
function checkOffset(cx: CheckContext, query: TypeQuery, type: Type): TypedExpr {
  let at = type;
  let offset = 0;
  for (const step of query.path) {
    const members: readonly Field[] | undefined = at.kind === 'struct' ? cx.types.fields(at) : undefined;
    if (members === undefined) {
      cx.report.error('offset-of', query.span, `${typeName(at)} has no members, so '${step}' has no offset in it`, {
        hint: at.kind === 'pointer' ? 'a path does not go through pointers' : undefined,
      });
      return errorExpression(query.span);
    }
    const member = members.find((candidate) => candidate.name === step);
    if (member === undefined) {
      const names = members.map((candidate) => candidate.name);
      const near = closest(step, names);
      cx.report.error('offset-member', query.span, `${typeName(at)} has no member '${step}'`, {
        hint:
          near === undefined
            ? names.length <= 12
              ? `it has ${names.join(', ')}`
              : undefined
            : `did you mean ${near}?`,
      });
      return errorExpression(query.span);
    }
    if (member.bits !== undefined) {
      cx.report.error('offset-bits', query.span, `'${step}' is a bit-field, which begins at no byte of its own`);
      return errorExpression(query.span);
    }
    offset += member.offset;
    at = member.type;
  }
  return integer(BigInt(offset), query);
}

/** `(btf_id=0, base_type="int", full_type="uint64")`; the names are those of messages. */
function typeInfo({ span }: TypeQuery, type: Type, unsized: string | undefined): TypedExpr {
  const text = (value: string): TypedExpr => constant(value, stringType(value.length + 1), span);
  const items = [
    integer64(span),
    text(baseName(type)),
    text(unsized ?? (type.kind === 'none' ? 'void' : typeName(type))),
  ];
  const names = ['btf_id', 'base_type', 'full_type'];
  const fields = items.map((item, i) => ({ name: names[i] ?? '', type: item.type }));
  return { kind: 'tuple', items, type: { kind: 'record', fields }, span };
}

function integer64(span: TypeQuery['span']): TypedExpr {
  return constant(0n, literalType(0n), span);
}

function baseName(type: Type): string {
  switch (type.kind) {
    case 'int':
    case 'enum':
      return 'int';
    case 'struct':
      return 'c_type';
    case 'none':
      return 'void';
    case 'aggregate':
    case 'symbolic':
      // `inet[24]` is one kind of value.
      return typeName(type).replace(/^(inet).*/, '$1');
    case 'stack':
      return 'kstack';
    default:
      return type.kind;
  }
}
