/** Diagnostics as one line each, for tables of expectations: `error 0-4 unknown-probe: message [hint]`. */
import type { Report } from '../../grammar/diagnostic.ts';

export function diagnosticLines(report: Report): readonly string[] {
  return report.diagnostics.map(({ severity, span, code, message, hint }) => {
    const place = span === undefined ? '' : ` ${span.start}-${span.end}`;
    return `${severity}${place} ${code}: ${message}${hint === undefined ? '' : ` [${hint}]`}`;
  });
}
