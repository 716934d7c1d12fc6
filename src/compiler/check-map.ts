/** Maps in expressions and as targets: one kind, one key type, one value type over the whole script. */
import type { Expr, MapElement, MapReference } from '../../grammar/ast.ts';
import type { Span } from '../../grammar/source.ts';
import { closest } from '../../grammar/suggest.ts';
import { knownAggregation } from '../builtins/aggregations/index.ts';
import { sizeOf } from '../types/layout.ts';
import type { AggregateType, Type } from '../types/type.ts';
import { errorType, int64, typeName, uint64 } from '../types/type.ts';
import type { TypedExpr } from '../types/typed-tree.ts';
import type { CheckContext } from './check-context.ts';
import { errorExpression, isError } from './check-context.ts';
import { checkExpr } from './check-expression.ts';
import { checkRange, convertTo } from './convert.ts';
import type { MapEvidence } from './evidence.ts';
import { settle } from './promote.ts';

/** Of a hash map, on kernels that copy keys to a stack of their own (MAX_BPF_STACK in kernel/bpf/hashtab.c). */
const mostKeyBytes = 512;

/** `@m` or `@m[key]` where a value is wanted. */
export function checkMapRead(cx: CheckContext, node: MapReference | MapElement): TypedExpr {
  const place = checkMapPlace(cx, node);
  if (place === undefined) return errorExpression(node.span);
  const { entry, key } = place;
  const type = valueType(cx, entry, node.span);
  if (type.kind === 'error') return errorExpression(node.span);
  if (type.kind !== 'aggregate') return { kind: 'map-read', map: node.name, key, type, span: node.span };
  if (!type.castable) {
    cx.report.error(
      'aggregate-read',
      node.span,
      `the value of ${node.name} is a ${type.by}() and has no single number`,
      {
        hint: `print the whole map: print(${node.name})`,
      },
    );
    return errorExpression(node.span);
  }
  entry.isFolded = true;
  return { kind: 'aggregate-read', map: node.name, key, aggregate: type, type: integerOf(type), span: node.span };
}

/** The kind and key of a map that is read or written here; undefined when that was reported. */
export function checkMapPlace(
  cx: CheckContext,
  node: MapReference | MapElement,
): { entry: MapEvidence; key: TypedExpr | undefined } | undefined {
  const entry = cx.evidence.map(node.name, node.span);
  if (!noteShape(cx, entry, node.kind === 'map-element', node.span)) return undefined;
  if (node.kind === 'map') return { entry, key: undefined };
  const items = node.keys.map((key) => checkExpr(cx, key));
  const key = checkKey(cx, entry, tupleOfKeys(items, keySpan(node)), keySpan(node));
  return key === undefined ? undefined : { entry, key };
}

/** Records the key's type and converts the key to the map's key type. */
export function checkKey(cx: CheckContext, entry: MapEvidence, key: TypedExpr, span: Span): TypedExpr | undefined {
  if (isError(key)) return undefined;
  if (!isKeyType(key.type)) {
    cx.report.error('map-key-type', span, `${typeName(key.type)} cannot be the key of a map`);
    return undefined;
  }
  if (!cx.evidence.addKey(entry, key.type, span)) {
    cx.report.error(
      'map-key-mismatch',
      span,
      `${entry.name} has keys of type ${typeName(settle(entry.key ?? errorType))}, and this key is ${typeName(settle(key.type))}`,
      { related: entry.firstKey === undefined ? [] : [{ message: 'the first key is here', span: entry.firstKey }] },
    );
    return undefined;
  }
  const type = settle(entry.key ?? key.type);
  if (cx.final && sizeOf(type) > mostKeyBytes && !cx.world.features.longMapKeys) {
    cx.report.error(
      'map-key-size',
      span,
      `keys of maps have at most ${mostKeyBytes} bytes on this kernel, and this ${typeName(type)} has ${sizeOf(type)}`,
      {
        hint: 'read less of the string, str($p, 200), or lower the limit of all strings: config = { max_strlen = 200 }; larger keys need Linux 5.19',
      },
    );
    return undefined;
  }
  checkRange(cx, key, type, span);
  return convertTo(key, type);
}

/** False (and reported) when the map is used with a key in one place and without in another. */
export function noteShape(cx: CheckContext, entry: MapEvidence, keyed: boolean, span: Span): boolean {
  if (entry.keyed === undefined) {
    entry.keyed = keyed;
    cx.evidence.version++;
  }
  if (entry.keyed === keyed) return true;
  cx.report.error(
    'map-shape',
    span,
    keyed
      ? `${entry.name} is used with a key here and without one elsewhere`
      : `${entry.name} is used without a key here and with one elsewhere`,
    { related: [{ message: 'the first use is here', span: entry.firstUse }] },
  );
  return false;
}

/** Type of the map's values as far as known; an unknown one is an error in the last round. */
export function valueType(cx: CheckContext, entry: MapEvidence, span: Span): Type {
  if (entry.value !== undefined) return entry.value;
  // A map that is assigned somewhere has no type because of a mistake there.
  if (cx.final && entry.firstValue !== undefined) cx.evidence.undecided.push({ map: entry.name, span });
  else if (cx.final && !cx.incomplete) {
    const written = [...cx.evidence.maps.values()].filter((map) => map.value !== undefined).map((map) => map.name);
    const near = closest(entry.name, written);
    cx.report.error('undefined-map', span, `nothing is ever stored in ${entry.name}`, {
      hint: near === undefined ? 'assign it somewhere, for example in begin' : `did you mean ${near}?`,
    });
  }
  return errorType;
}

/** Several keys are one key of tuple type. */
export function tupleOfKeys(items: readonly TypedExpr[], span: Span): TypedExpr {
  const [only] = items;
  if (items.length === 1 && only !== undefined) return only;
  if (items.some(isError)) return errorExpression(span);
  return { kind: 'tuple', items, type: { kind: 'tuple', items: items.map((item) => item.type) }, span };
}

/** What a castable aggregation reads as. */
export function integerOf(type: AggregateType): Type {
  return type.signed ? int64 : uint64;
}

export function isCastable(type: Type): boolean {
  return type.kind === 'aggregate' && knownAggregation(type.by).castable;
}

function isKeyType(type: Type): boolean {
  switch (type.kind) {
    case 'none':
    case 'aggregate':
      return false;
    case 'tuple':
      return type.items.every(isKeyType);
    case 'record':
      return type.fields.every((field) => isKeyType(field.type));
    default:
      return true;
  }
}

function keySpan(node: MapElement): Span {
  const spans = node.keys.map((key: Expr) => key.span);
  return { start: spans[0]?.start ?? node.span.start, end: spans[spans.length - 1]?.end ?? node.span.end };
}
