/** What --test and --bench print with `-f text`: the language reference, 14.5. */
import type { TestReport, TestResult } from './output.ts';

const GREEN = 32;
const RED = 31;

/** At least so wide; a longer name widens the column. */
const NAME_COLUMN = 41;
const TIME_COLUMN = 15;
const LAST_HEADING = 'Iterations';

/** Makes the text of each report; remembers the width of the table. */
export class TestText {
  #nameColumn = NAME_COLUMN;

  of(report: TestReport): string {
    switch (report.kind) {
      case 'tests-begin':
        return `${tag(GREEN, '==========')} Running ${report.count} tests.\n`;
      case 'test-starts':
        return `${tag(GREEN, ' RUN      ')} ${report.name}\n`;
      case 'test-ended':
        return resultText(report.result);
      case 'tests-end':
        return summary(report.results);
      case 'benchmarks-begin': {
        this.#nameColumn = Math.max(NAME_COLUMN, ...report.names.map((name) => name.length + 1));
        const header = this.#row('Benchmark', 'Time(ns)', LAST_HEADING);
        return `${header}${'-'.repeat(this.#nameColumn + TIME_COLUMN + LAST_HEADING.length)}\n`;
      }
      case 'benchmark':
        return this.#row(report.name, String(report.averageNs), String(report.iterations));
    }
  }

  #row(name: string, time: string, iterations: string): string {
    return `${name.padEnd(this.#nameColumn)}${time.padEnd(TIME_COLUMN)}${iterations}\n`;
  }
}

function resultText({ name, passed, durationNs, output }: TestResult): string {
  const after = output === '' || output.endsWith('\n') ? '' : '\n';
  const shown = passed ? '' : output + after;
  const verdict = passed ? tag(GREEN, '       OK ') : failed();
  return `${shown}${verdict} ${name} (${duration(durationNs)})\n`;
}

function summary(results: readonly TestResult[]): string {
  const failures = results.filter((result) => !result.passed);
  const lines = [
    `${tag(GREEN, '==========')} ${tests(results.length)} ran.`,
    `${tag(GREEN, '  PASSED  ')} ${tests(results.length - failures.length)}.`,
  ];
  if (failures.length > 0) lines.push(`${failed()} ${tests(failures.length)}, listed below:`);
  for (const { name } of failures) lines.push(`${failed()} ${name}`);
  return lines.map((line) => `${line}\n`).join('');
}

function failed(): string {
  return tag(RED, '  FAILED  ');
}

function tag(colour: number, text: string): string {
  return `\u001b[${colour}m[${text}]\u001b[0m`;
}

function tests(count: number): string {
  return `${count} ${count === 1 ? 'test' : 'tests'}`;
}

/** The Greek letter as bytes of UTF-8: texts are byte strings here. */
const MICRO = '\u00ce\u00bc';

function duration(ns: number): string {
  if (ns < 1e3) return `${ns} ns`;
  if (ns < 1e6) return `${Math.round(ns / 1e3)} ${MICRO}s`;
  if (ns < 1e9) return `${Math.round(ns / 1e6)} ms`;
  return `${(ns / 1e9).toFixed(1)} s`;
}
