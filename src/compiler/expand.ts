/**
 * Pass between parsing and matching: script macros, object-like C macros and parameters of the command line -> a script
 * without them.
 */
import type { Script } from '../../grammar/ast.ts';
import type { Report } from '../../grammar/diagnostic.ts';
import type { Definitions } from '../world/definitions.ts';

export interface ExpandEnv {
  /** Values of $1, $2 ... as byte strings. */
  readonly positionals: readonly string[];
  /** `--name=value` of the script, as byte strings; `true` without a value. */
  readonly namedParameters?: ReadonlyMap<string, string | true> | undefined;
  readonly definitions: Definitions;
}

export function expand(script: Script, _env: ExpandEnv, report: Report): Script {
  for (const item of script.items) {
    if (item.kind === 'macro')
      report.error('macro-unavailable', item.nameSpan, 'macros are not available in this version of ebtrace');
    if (item.kind === 'function')
      report.error('function-unavailable', item.nameSpan, 'fn functions are not available in this version of ebtrace');
  }
  return script;
}
