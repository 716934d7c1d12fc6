/** getopt(): named parameters of the command line, as constants. */
import { boolType, errorType, int64, stringType, uint64 } from '../../types/type.ts';
import type { TypedExpr } from '../../types/typed-tree.ts';
import { type Builtin, type CallSite, type CheckedCall, defineFunction } from '../builtin.ts';
import type { NamedValue } from '../named-parameters.ts';

const getopt = defineFunction({
  name: 'getopt',
  signature: 'getopt("name"[, default[, "description"]])',
  arity: [1, 3],
  doc: {
    summary:
      'Value of a named parameter of the script: `ebtrace script.bt -- --name=value`. The default says what it holds: an integer (64 bits, signed when the default is negative), a string, or true/false, for which `--name` alone means true. It can be used wherever a literal can. `-- --help` lists the options of a script.',
    example: 'begin { printf("%d\\n", getopt("limit", 10, "how many")); }',
  },
  check(call) {
    const [nameArg, fallbackArg, descriptionArg] = call.args;
    const name = textOf(nameArg);
    if (name === undefined || name === '') {
      call.report.error('getopt-name', nameArg?.span ?? call.span, 'the name of an option is a string literal');
      return errorType;
    }
    const fallback =
      fallbackArg === undefined ? false : fallbackArg.kind === 'constant' ? fallbackArg.value : undefined;
    if (fallback === undefined) {
      call.report.error(
        'getopt-default',
        fallbackArg?.span ?? call.span,
        'the default of an option is an integer, a string, true or false, and known when the script is compiled',
      );
      return errorType;
    }
    const description = textOf(descriptionArg);
    if (descriptionArg !== undefined && description === undefined) {
      call.report.error('getopt-description', descriptionArg.span, 'the description of an option is a string literal');
      return errorType;
    }
    const value = call.named.value({ name, fallback, description, span: call.span }, call.report);
    return value === undefined ? errorType : constantOf(value, fallback, call);
  },
});

export const parameterFunctions: readonly Builtin[] = [getopt];

function textOf(expression: TypedExpr | undefined): string | undefined {
  const value = expression?.kind === 'constant' ? expression.value : undefined;
  return typeof value === 'string' ? value : undefined;
}

function constantOf(value: NamedValue, fallback: NamedValue, { config, report }: CallSite): CheckedCall {
  if (typeof value === 'boolean') return { constant: value, type: boolType };
  if (typeof value === 'bigint') {
    return { constant: value, type: typeof fallback === 'bigint' && fallback < 0n ? int64 : uint64 };
  }
  if (value.length >= config.max_strlen) {
    const limit = config.max_strlen - 1;
    report.error(
      'getopt-too-long',
      undefined,
      `a program option has ${value.length} bytes, and a string at most ${limit}`,
      {
        hint: `set EBTRACE_MAX_STRLEN=${value.length + 1} or more`,
      },
    );
    return errorType;
  }
  return { constant: value, type: stringType(value.length + 1) };
}
