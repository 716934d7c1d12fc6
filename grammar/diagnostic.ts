/**
 * The one message type of ebtrace and its collector. Passes report into a `Report` and go on; `src/cli/` decides what
 * to do with the result and is the only place that turns a Diagnostic into text.
 */
import { withoutNumbers } from './local-name.ts';
import type { SourceText, Span } from './source.ts';

export type Severity = 'error' | 'warning';

/** A further place that explains the message, such as the first declaration. */
export interface Note {
  readonly message: string;
  readonly span: Span;
}

export interface Diagnostic {
  readonly severity: Severity;
  /** Stable identifier such as `unknown-function`; a code is reported from one call site. */
  readonly code: string;
  readonly message: string;
  /** Absent when the message is about no place in the script (missing file, missing clang). */
  readonly span?: Span;
  readonly hint?: string;
  readonly related?: readonly Note[];
  /** Uses of the macros whose expansion the place lies in, innermost first. */
  readonly expansions?: readonly Note[];
}

export interface DiagnosticExtras {
  readonly hint?: string | undefined;
  readonly related?: readonly Note[] | undefined;
}

/** A value that is there only when nothing was wrong; warnings may come with either. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T; readonly diagnostics: readonly Diagnostic[]; readonly source: SourceText }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[]; readonly source: SourceText };

export class Report {
  readonly source: SourceText;
  readonly #diagnostics: Diagnostic[] = [];
  readonly #seen = new Set<string>();
  #expansions: readonly Note[] = [];
  /** By the place, `start-end`. */
  readonly #explanations = new Map<string, Note[]>();
  #errors = 0;

  constructor(source: SourceText) {
    this.source = source;
  }

  error(code: string, span: Span | undefined, message: string, extras: DiagnosticExtras = {}): void {
    this.add(diagnostic('error', code, span, message, extras));
  }

  warning(code: string, span: Span | undefined, message: string, extras: DiagnosticExtras = {}): void {
    this.add(diagnostic('warning', code, span, message, extras));
  }

  /** What `body` reports is about an expansion; `use` is the place that was expanded. */
  within<T>(use: Note, body: () => T): T {
    const outer = this.#expansions;
    this.#expansions = [use, ...outer];
    try {
      return body();
    } finally {
      this.#expansions = outer;
    }
  }

  /** Said with whatever is reported about the very place of `note`: what stands there is not what is read. */
  explain(note: Note): void {
    const key = placeKey(note.span);
    const notes = this.#explanations.get(key) ?? [];
    if (notes.every(({ message }) => message !== note.message)) this.#explanations.set(key, [...notes, note]);
  }

  /** The same message at the same place is kept once: a probe body may be checked for several targets. */
  add(entry: Diagnostic): void {
    const placed = forReaders(this.#withExpansions(this.#explained(entry)));
    const uses = placed.expansions?.map((use) => `${use.span.start}`).join() ?? '';
    const key = `${entry.code} ${entry.span && placeKey(entry.span)} ${uses} ${placed.message}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#diagnostics.push(placed);
    if (entry.severity === 'error') this.#errors++;
  }

  #explained(entry: Diagnostic): Diagnostic {
    const notes = entry.span && this.#explanations.get(placeKey(entry.span));
    return notes === undefined ? entry : { ...entry, related: [...(entry.related ?? []), ...notes] };
  }

  #withExpansions(entry: Diagnostic): Diagnostic {
    const { span } = entry;
    if (span === undefined || this.#expansions.length === 0) return entry;
    const uses = usesAround(span, this.#expansions);
    return uses.length === 0 ? entry : { ...entry, expansions: [...(entry.expansions ?? []), ...uses] };
  }

  /** The result of `body`; what it reports is taken back, and the result left out, when `isFor` says so of a message. */
  attempt<T>(body: () => T, isFor: (reported: Diagnostic) => boolean): T | { readonly failedAt: Diagnostic } {
    const before = { count: this.#diagnostics.length, seen: [...this.#seen], errors: this.#errors };
    const result = body();
    const failedAt = this.#diagnostics.slice(before.count).find(isFor);
    if (failedAt === undefined) return result;
    this.#diagnostics.length = before.count;
    this.#seen.clear();
    for (const key of before.seen) this.#seen.add(key);
    this.#errors = before.errors;
    return { failedAt };
  }

  get hasErrors(): boolean {
    return this.#errors > 0;
  }

  /** A mistake was reported that begins or ends where the place does: what is odd there is no second one. */
  touchesError({ start, end }: Span): boolean {
    return this.#diagnostics.some(
      ({ severity, span }) => severity === 'error' && span !== undefined && (span.end === start || span.start === end),
    );
  }

  /** A mistake was reported within the place. */
  hasErrorIn({ start, end }: Span): boolean {
    return this.#diagnostics.some(
      ({ severity, span }) => severity === 'error' && span !== undefined && start <= span.start && span.end <= end,
    );
  }

  get errorCount(): number {
    return this.#errors;
  }

  /** Errors first, then warnings, each in the order in which they were reported. */
  get diagnostics(): readonly Diagnostic[] {
    const errors = this.#diagnostics.filter((entry) => entry.severity === 'error');
    const warnings = this.#diagnostics.filter((entry) => entry.severity === 'warning');
    return [...errors, ...warnings];
  }

  done<T>(value: T): Checked<T> {
    return { ok: true, value, diagnostics: this.diagnostics, source: this.source };
  }

  failed(): { readonly ok: false; readonly diagnostics: readonly Diagnostic[]; readonly source: SourceText } {
    return { ok: false, diagnostics: this.diagnostics, source: this.source };
  }
}

/**
 * Those of the expansions, innermost first, that a message about `span` names: an argument of a macro is written in its
 * use, and needs no word about it.
 */
export function usesAround(span: Span, expansions: readonly Note[]): readonly Note[] {
  const writtenIn = expansions.findLastIndex(({ span: use }) => use.start <= span.start && span.end <= use.end);
  return expansions.slice(writtenIn + 1);
}

function placeKey({ start, end }: Span): string {
  return `${start}-${end}`;
}

function forReaders(entry: Diagnostic): Diagnostic {
  const { message, hint, related } = entry;
  return {
    ...entry,
    message: withoutNumbers(message),
    ...(hint === undefined ? {} : { hint: withoutNumbers(hint) }),
    ...(related && { related: related.map((note) => ({ ...note, message: withoutNumbers(note.message) })) }),
  };
}

function diagnostic(
  severity: Severity,
  code: string,
  span: Span | undefined,
  message: string,
  extras: DiagnosticExtras,
): Diagnostic {
  return {
    severity,
    code,
    message,
    ...(span === undefined ? {} : { span }),
    ...(extras.hint === undefined ? {} : { hint: extras.hint }),
    ...(extras.related === undefined ? {} : { related: extras.related }),
  };
}
