/** A mistake on the command line: thrown while it is read, and turned into a Diagnostic where reading began. */
import type { Diagnostic } from '../../grammar/diagnostic.ts';

export class UsageMistake extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint: string | undefined = 'ebtrace --help shows all options') {
    super(message);
    this.hint = hint;
  }
}

export function usageDiagnostic({ message, hint }: UsageMistake): Diagnostic {
  return { severity: 'error', code: 'usage', message: `USAGE: ${message}`, ...(hint === undefined ? {} : { hint }) };
}
