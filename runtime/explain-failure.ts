/** What the kernel refused while a session was set up, as a diagnostic at the probe that it is about. */
import type { Diagnostic } from '../grammar/diagnostic.ts';
import type { SourceText } from '../grammar/source.ts';
import type { ProbePlan } from '../src/program/program.ts';
import type { RuntimeFailure } from './bpf.ts';
import { explainRejection } from './verifier-log.ts';

export function explainFailure(failure: RuntimeFailure, source: SourceText, probes: readonly ProbePlan[]): Diagnostic {
  if (failure.log !== undefined) return explainRejection(failure, source, probes);
  const probe = probes.find((entry) => entry.program === failure.program);
  return {
    severity: 'error',
    code: 'runtime-failure',
    message: failure.what.charAt(0).toUpperCase() + failure.what.slice(1),
    ...(probe === undefined ? {} : { span: probe.span }),
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
  };
}
