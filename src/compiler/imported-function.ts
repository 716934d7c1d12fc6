/**
 * Functions of imported BPF objects, as a script sees them: their types in the script's own terms, and which of them BPF
 * can call at all.
 */
import type { Span } from '../../grammar/source.ts';
import { isScalar } from '../c/c-type.ts';
import type { Type } from '../types/type.ts';
import { typeName } from '../types/type.ts';
import type { Prototype } from '../world/definitions.ts';
import type { KnownTypes } from '../world/known-types.ts';
import type { CheckContext } from './check-context.ts';
import type { Signature } from './check-function.ts';
import { importedDeclaration } from './emit-import.ts';

export function importedSignature(types: KnownTypes, { name, parameters, returns }: Prototype): Signature {
  return {
    name,
    definition: undefined,
    parameters: parameters.map((parameter) => ({
      name: parameter.name,
      type: knownHere(types, parameter.type),
      span: undefined,
    })),
    returns: knownHere(types, returns),
  };
}

/** A struct that the script or the kernel has too is theirs: the script can follow pointers to it. */
function knownHere(types: KnownTypes, type: Type): Type {
  if (type.kind === 'pointer') return { ...type, to: knownHere(types, type.to) };
  if (type.kind !== 'struct') return type;
  return types.find('struct', type.name) ?? types.find('union', type.name) ?? type;
}

const mostArguments = 5;

/** False, and reported, for functions that BPF cannot call from outside. */
export function canCallImported(cx: CheckContext, { name, parameters, returns }: Signature, span: Span): boolean {
  const prototype = cx.definitions.functions.get(name);
  const odd = parameters.find((parameter) => !isScalar(parameter.type));
  const why =
    parameters.length > mostArguments
      ? `it has ${parameters.length} parameters, and BPF passes ${mostArguments}`
      : odd !== undefined
        ? `its parameter ${odd.name} is neither a number nor a pointer (${typeName(odd.type)})`
        : returns.kind !== 'none' && !isScalar(returns)
          ? `it returns ${typeName(returns)}`
          : prototype === undefined || importedDeclaration(prototype) === undefined
            ? 'it uses types that have no name'
            : undefined;
  if (why === undefined) return true;
  cx.report.error('import-signature', span, `${name}() of ${prototype?.object ?? ''} cannot be called: ${why}`);
  return false;
}
