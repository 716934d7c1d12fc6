/** Parts of the language that the grammar has and this version cannot compile are refused here, as a whole. */
import type { Script } from '../../grammar/ast.ts';
import type { Report } from '../../grammar/diagnostic.ts';

export function refuseUnavailable(script: Script, report: Report): void {
  const later = 'not available in this version of ebtrace';
  for (const definition of script.preamble) {
    report.error('preamble-unavailable', definition.span, `C definitions are ${later}`);
  }
  for (const item of script.imports) report.error('import-unavailable', item.span, `imports are ${later}`);
  for (const item of script.items) {
    if (item.kind === 'macro') report.error('macro-unavailable', item.nameSpan, `macros are ${later}`);
    if (item.kind === 'function') report.error('function-unavailable', item.nameSpan, `fn functions are ${later}`);
  }
}
