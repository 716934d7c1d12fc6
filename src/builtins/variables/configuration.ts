/** `config`: the options of this run as a record of literals, so that a field is known when the script is compiled. */
import type { Call, Expr } from '../../../grammar/ast.ts';
import type { Report } from '../../../grammar/diagnostic.ts';
import type { Config } from '../../config/options.ts';
import { errorType } from '../../types/type.ts';
import { defineVariable } from '../builtin.ts';

export const configurationVariables = [
  defineVariable({
    name: 'config',
    doc: {
      summary: 'The configuration of this run, a record of all options.',
      example: 'begin { print(config.max_strlen); print(config); }',
    },
    check: () => errorType,
    rewrite({ span, nameSpan }: Call, _report: Report, config: Config): Expr {
      const fields = Object.entries(config).map(([name, value]) => ({ name, nameSpan, value: literal(value, span) }));
      return { kind: 'record', fields, span };
    },
  }),
];

function literal(value: number | boolean | string, span: Call['span']): Expr {
  if (typeof value === 'number') return { kind: 'integer', value: BigInt(value), span };
  return typeof value === 'string' ? { kind: 'string', value, span } : { kind: 'boolean', value, span };
}
