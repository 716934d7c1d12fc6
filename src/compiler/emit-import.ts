/**
 * Calls of functions of imported BPF objects. They are declared with the types that they have there, because libbpf's
 * linker compares them, and hidden, which makes them static functions of the linked object.
 */
import type { CValue } from '../builtins/builtin.ts';
import { scalarCType } from '../c/c-type.ts';
import type { Type } from '../types/type.ts';
import type { AddressOf, FunctionCall, TypedExpr } from '../types/typed-tree.ts';
import type { Prototype } from '../world/definitions.ts';
import type { FunctionEmitter } from './emit-context.ts';
import { steady } from './emit-expression.ts';
import { bpfPointer } from './emit-memory.ts';

export function emitImportedCall(f: FunctionEmitter, call: FunctionCall): CValue {
  const prototype = f.program.imported.get(call.name);
  const declaration = prototype && importedDeclaration(prototype);
  if (prototype === undefined || declaration === undefined) throw new Error(`${call.name}() is not imported`);
  f.program.tables.imports.set(call.name, declaration);
  const args = call.args.map((arg, i) => {
    const address = addressIn(arg);
    return address === undefined ? steady(f, f.value(arg), ...call.args.slice(i + 1)).c : bpfPointer(f, address);
  });
  const c = `${call.name}(${args.map((arg, i) => castTo(prototype.parameters[i]?.type, arg)).join(', ')})`;
  const { type } = call;
  if (type.kind === 'none') {
    f.c.line(`${c};`);
    return { type, in: 'register', c: '0' };
  }
  return {
    type,
    in: 'register',
    c: f.temporary(scalarCType(type) ?? 'u64', type.kind === 'pointer' ? `(u64)${c}` : c),
  };
}

/** `&@m` and `&$x` go to the function as what they are, and not as the plain numbers they are to the script. */
function addressIn(arg: TypedExpr): AddressOf | undefined {
  if (arg.kind === 'convert' && arg.type.kind === 'pointer') return addressIn(arg.operand);
  return arg.kind === 'address-of' ? arg : undefined;
}

function castTo(type: Type | undefined, c: string): string {
  const name = type?.kind === 'pointer' ? namedInC(type) : undefined;
  return name === undefined ? c : `(${name})(${c})`;
}

/** Undefined when C has no name for a type. */
export function importedDeclaration({ name, parameters, returns }: Prototype): string | undefined {
  const types = [returns, ...parameters.map((parameter) => parameter.type)].map(namedInC);
  const [result, ...rest] = types;
  if (result === undefined || types.includes(undefined)) return undefined;
  const tags = new Set([returns, ...parameters.map((parameter) => parameter.type)].flatMap(tagDeclaration));
  const list = rest.length === 0 ? 'void' : rest.join(', ');
  return [...tags, `extern __attribute__((visibility("hidden"))) ${result} ${name}(${list});`].join('\n');
}

function namedInC(type: Type): string | undefined {
  switch (type.kind) {
    case 'none':
      return 'void';
    case 'pointer': {
      const target = namedInC(type.to);
      return target === undefined ? undefined : `${target} *`;
    }
    case 'struct':
      return isName(type.name) ? `struct ${type.name}` : undefined;
    case 'enum':
      return isName(type.name) && type.bytes === 4 ? `enum ${type.name}` : undefined;
    default:
      return scalarCType(type);
  }
}

function isName(text: string): boolean {
  return /^\w+$/.test(text);
}

/** Of an enum only its name and size matter, and it is defined once. */
function tagDeclaration(type: Type): readonly string[] {
  if (type.kind === 'pointer') return tagDeclaration(type.to);
  if (type.kind === 'struct') return [`struct ${type.name};`];
  if (type.kind !== 'enum') return [];
  const guard = `EB_ENUM_${type.name}`;
  return [`#ifndef ${guard}\n#define ${guard}\nenum ${type.name} { eb_enum_${type.name} };\n#endif`];
}
