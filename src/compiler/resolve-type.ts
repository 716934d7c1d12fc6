/** Types as written in a script -> Type (language reference, section 3). */
import type { TypeNode } from '../../grammar/ast.ts';
import { closest } from '../../grammar/suggest.ts';
import type { Type } from '../types/type.ts';
import {
  boolType,
  errorType,
  int8,
  int16,
  int32,
  int64,
  noneType,
  stringType,
  symbolic,
  uint8,
  uint16,
  uint32,
  uint64,
} from '../types/type.ts';
import type { CheckContext } from './check-context.ts';

const named: { readonly [name: string]: Type } = {
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  bool: boolType,
  void: noneType,
  username_t: symbolic('username'),
};

/** Unsized `string` gives undefined for `size`: the value decides. */
export function resolveType(cx: CheckContext, node: TypeNode): Type {
  if (node.base.by === 'typeof') {
    cx.report.error('typeof-unavailable', node.span, 'typeof() is not available in this version of ebtrace');
    return errorType;
  }
  const { keyword, name } = node.base;
  let suffixes = node.suffixes;
  let type: Type | undefined;
  if (keyword === undefined && name === 'string') {
    const first = suffixes[0];
    if (first?.kind === 'array' && first.length !== undefined) {
      type = stringType(Number(first.length));
      suffixes = suffixes.slice(1);
    } else type = stringType(cx.config.max_strlen);
  } else if (keyword === undefined) {
    type = Object.hasOwn(named, name) ? named[name] : cx.types.find('typedef', name);
  } else {
    type = cx.types.find(keyword, name);
  }
  if (type === undefined) {
    const shown = keyword === undefined ? name : `${keyword} ${name}`;
    const near = keyword === undefined ? closest(name, Object.keys(named)) : undefined;
    cx.report.error('unknown-type', node.span, `there is no type '${shown}'`, {
      hint: near === undefined ? undefined : `did you mean ${near}?`,
    });
    return errorType;
  }
  for (const suffix of suffixes) {
    if (suffix.kind === 'pointer') type = { kind: 'pointer', to: type, space: cx.probe.kind.space };
    else if (suffix.length === undefined) {
      cx.report.error('unsized-array', node.span, 'an array type needs a length here');
      return errorType;
    } else type = { kind: 'array', of: type, length: Number(suffix.length) };
  }
  return type;
}
