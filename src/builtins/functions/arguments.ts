/** Checks of arguments that many functions share; each reports with the function's name and what was found. */
import type { FormatPiece } from '../../types/printf.ts';
import { checkFormat, parseFormat } from '../../types/printf.ts';
import type { Type } from '../../types/type.ts';
import { typeName } from '../../types/type.ts';
import type { TypedExpr } from '../../types/typed-tree.ts';
import type { CallSite } from '../builtin.ts';

/** The literal string at position `index`; undefined (reported) when it is something else. */
export function literalString(call: CallSite, index: number): string | undefined {
  const arg = call.args[index];
  if (arg?.kind === 'constant' && typeof arg.value === 'string') return arg.value;
  if (arg !== undefined) {
    call.report.error(
      'needs-literal-string',
      arg.span,
      `${call.name}() needs a literal string here, and this is ${describe(arg)}`,
      {
        hint:
          arg.kind === 'constant' && arg.positional !== undefined
            ? 'the text of a positional parameter is str($1)'
            : undefined,
      },
    );
  }
  return undefined;
}

/** The literal integer at position `index`, within bounds; undefined (reported) when it is something else. */
export function literalInteger(call: CallSite, index: number, least: bigint, most: bigint): bigint | undefined {
  const arg = call.args[index];
  if (arg === undefined) return undefined;
  if (arg.kind !== 'constant' || typeof arg.value !== 'bigint') {
    call.report.error(
      'needs-literal-integer',
      arg.span,
      `${call.name}() needs a literal integer here, and this is ${describe(arg)}`,
    );
    return undefined;
  }
  if (arg.value < least || arg.value > most) {
    call.report.error(
      'literal-out-of-range',
      arg.span,
      `${call.name}() takes ${least} to ${most} here, and this is ${arg.value}`,
    );
    return undefined;
  }
  return arg.value;
}

/** True when the argument has one of the kinds; else reported with `wanted` in words. */
export function needsKind(call: CallSite, index: number, kinds: readonly Type['kind'][], wanted: string): boolean {
  const arg = call.args[index];
  if (arg === undefined || kinds.includes(arg.type.kind)) return true;
  call.report.error('argument-type', arg.span, `${call.name}() needs ${wanted} here, and this is ${describe(arg)}`);
  return false;
}

export function describe(arg: TypedExpr): string {
  if (arg.kind === 'map-reference') return `the map ${arg.map}`;
  return arg.kind === 'constant' ? `a literal ${typeName(arg.type)}` : typeName(arg.type);
}

/** Checks `format, args...` from position 0 on. */
export function checkFormatCall(call: CallSite): readonly FormatPiece[] | undefined {
  const format = literalString(call, 0);
  const first = call.args[0];
  if (format === undefined || first === undefined) return undefined;
  const pieces = parseFormat(format);
  const values = call.args.slice(1);
  const problems = checkFormat(
    pieces,
    values.map((value) => value.type),
  );
  for (const problem of problems) {
    switch (problem.kind) {
      case 'too-few-arguments':
        call.report.error('format-too-few', call.span, countsDiffer(call.name, problem.expected, problem.supplied));
        break;
      case 'too-many-arguments':
        call.report.error(
          'format-too-many',
          values[problem.expected]?.span ?? call.span,
          countsDiffer(call.name, problem.expected, problem.supplied),
        );
        break;
      case 'unsupported-specifier':
        call.report.error(
          'format-specifier',
          first.span,
          `'${problem.conversion}' is not a conversion of ${call.name}()`,
          {
            hint: 'BPF has no floating-point numbers; integers print with %d, %u, %x',
          },
        );
        break;
      case 'wrong-type':
        call.report.error(
          'format-type',
          values[problem.argument]?.span ?? call.span,
          `'${problem.conversion}' cannot print ${typeName(problem.type)}`,
          {
            hint: '%s prints anything in its natural form',
          },
        );
        break;
      case 'none-type':
        throw new Error('the checker lets no call without a value through as an argument');
    }
  }
  return problems.length === 0 ? pieces : undefined;
}

function countsDiffer(name: string, conversions: number, values: number): string {
  const has = `${conversions} conversion${conversions === 1 ? '' : 's'}`;
  const given = `${values} value${values === 1 ? ' is' : 's are'} given`;
  return `the format of ${name}() has ${has}, and ${given}`;
}
