/** `-f text`: what people read. Rules in the language reference, section 14. */
import type { Diagnostic, Note } from '../../grammar/diagnostic.ts';
import { formatKey, formatValue, sanitize } from '../../src/types/format.ts';
import type { MapDump, MapEntry, Value } from '../../src/types/value.ts';
import type { TrustReport } from '../trust-report.ts';
import { histogramText } from './histogram.ts';
import type { Output, OutputOptions, Place, RuntimeRemark, TestReport } from './output.ts';
import { TestText } from './test-text.ts';
import { completeText, lackText, probeTable } from './trust-text.ts';
import { utf8Bytes } from './utf8.ts';

export interface TextOutputOptions extends OutputOptions {
  /** The results go to a terminal: texts of the traced system are cleaned of control characters. */
  readonly safe?: boolean | undefined;
  /** Between what was printed and the maps at the end; two line ends unless something else is said. */
  readonly endOfRun?: string | undefined;
}

export class TextOutput implements Output {
  readonly alwaysTellsTrust = false;
  readonly #options: TextOutputOptions;
  readonly #style: { readonly safe: boolean };
  readonly #tests = new TestText();

  constructor(options: TextOutputOptions) {
    this.#options = options;
    this.#style = { safe: options.safe === true };
  }

  attached(count: number): void {
    this.#remark(`Attached ${count} probe${count === 1 ? '' : 's'}\n`);
  }

  /** A line end is added to join() and to what system() printed; the others end as their script says. */
  text(type: 'printf' | 'time' | 'cat' | 'join' | 'syscall', text: string): void {
    // printf and time have the script's own escape sequences, and printf's arguments are clean already.
    const own = type === 'printf' || type === 'time';
    const clean = own || !this.#style.safe ? text : sanitize(text);
    this.#result(type === 'join' || type === 'syscall' ? `${clean}\n` : clean);
  }

  value(value: Value): void {
    if (value.kind === 'histogram') this.#result(`${histogramText(value.rows)}\n`);
    else this.#result(`${this.#valueText(value)}\n`);
  }

  map(dump: MapDump): void {
    for (const entry of dump.entries) this.#result(this.#entryText(dump.name, entry));
  }

  endOfRun(): void {
    this.#result(this.#options.endOfRun ?? '\n\n');
  }

  lostEvents(count: bigint): void {
    this.#remark(`Lost ${count} events\n`);
  }

  totalLostEvents(total: bigint): void {
    this.#diagnostic(totalLost(total));
  }

  warning(remark: RuntimeRemark): void {
    this.#diagnostic(remark.diagnostic);
  }

  message(severity: 'error' | 'warning', text: string, place: Place, expansions: readonly Note[] = []): void {
    const columns = `${place.column}-${place.endColumn}`;
    this.#remark(`${utf8Bytes(place.file)}:${place.line}:${columns}: ${severity.toUpperCase()}: ${text}\n`);
    for (const use of expansions) this.#diagnostic({ severity, code: 'expanded-from', ...use });
  }

  trust(report: TrustReport): void {
    if (report.counted) for (const line of probeTable(report.probes)) this.#remark(`${utf8Bytes(line)}\n`);
    for (const message of lackText(report)) this.#diagnostic({ severity: 'warning', code: 'incomplete', message });
    if (report.complete) this.#remark(`${completeText(report.probes)}\n`);
  }

  tests(report: TestReport): void {
    this.#result(this.#tests.of(report));
  }

  pinned(path: string): void {
    this.#result(`Program pinned to ${path}\n`);
  }

  flush(): void {
    this.#options.results.flush();
    this.#options.remarks.flush();
  }

  #entryText(name: string, { key, value }: MapEntry): string {
    const label = key === undefined ? name : `${name}[${formatKey(key, this.#options.truncationTrailer, this.#style)}]`;
    if (value.kind === 'histogram') return `${label}:\n${histogramText(value.rows)}\n`;
    return `${label}: ${this.#valueText(value)}\n`;
  }

  #valueText(value: Value): string {
    return formatValue(value, this.#options.truncationTrailer, this.#style);
  }

  #result(text: string): void {
    this.#options.results.write(text);
  }

  /** Remarks do not overtake the results that were written before them. */
  #remark(text: string): void {
    this.#options.results.flush();
    this.#options.remarks.write(text);
  }

  #diagnostic(diagnostic: Diagnostic): void {
    this.#remark(diagnosticText(diagnostic, this.#options));
  }
}

/** The summary at the end of a run that lost events, for every format. */
export function totalLost(total: bigint): Diagnostic {
  return { severity: 'warning', code: 'lost-events', message: `Total lost event count: ${total}` };
}

/** A rendered diagnostic as bytes, with a newline at its end. */
export function diagnosticText(diagnostic: Diagnostic, options: OutputOptions): string {
  const rendered = utf8Bytes(options.renderDiagnostic(diagnostic));
  return rendered.endsWith('\n') ? rendered : `${rendered}\n`;
}
