/** Sinks that remember, and short forms of values, for the tests of the output formats. */
import type { Output, OutputOptions, Place, RuntimeRemark, Sink } from '../../../runtime/output/output.ts';
import type { Value } from '../../../src/types/value.ts';

export function outputTo(create: (options: OutputOptions) => Output) {
  const texts = { results: '', remarks: '' };
  const flushes: string[] = [];
  const sink = (name: 'results' | 'remarks'): Sink => ({
    write: (text) => {
      texts[name] += text;
    },
    flush: () => flushes.push(name),
  });
  const output = create({
    results: sink('results'),
    remarks: sink('remarks'),
    truncationTrailer: '..',
    renderDiagnostic: ({ severity, code, message }) => `rendered ${severity} ${code} ${message}`,
  });
  return { output, results: () => texts.results, remarks: () => texts.remarks, flushes: () => flushes };
}

export const place: Place = { file: 'stdin', line: 1, column: 9, endColumn: 28 };

export function remark(changes: Partial<RuntimeRemark> = {}): RuntimeRemark {
  return {
    type: 'helper_error',
    message: 'Bad address',
    helper: 'probe_read_user',
    returnCode: -14,
    count: 1n,
    place,
    diagnostic: { severity: 'warning', code: 'helper-failed', message: 'Bad address' },
    ...changes,
  };
}

export const int = (value: number | bigint): Value => ({ kind: 'int', value: BigInt(value) });
export const string = (bytes: string, truncated = false): Value => ({ kind: 'string', bytes, truncated });
export const tuple = (...items: readonly Value[]): Value => ({ kind: 'tuple', items });
