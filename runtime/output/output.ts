/**
 * What a session tells the world, independent of format. One file per format implements `Output`; the table in
 * `index.ts` gives `-f` its choices. All texts are byte strings; results go to the sink, remarks to stderr.
 */
import type { Diagnostic, Note } from '../../grammar/diagnostic.ts';
import type { MapDump, Value } from '../../src/types/value.ts';
import type { TrustReport } from '../trust-report.ts';

export interface Output {
  /** Programs read it: a run without a word about missing results does not tell them that it came to its end. */
  readonly alwaysTellsTrust: boolean;
  /** After everything is attached; not called with -q. */
  attached(count: number): void;
  /** printf, time, cat, join, system output as it is; `type` is the JSON type. */
  text(type: 'printf' | 'time' | 'cat' | 'join' | 'syscall', text: string): void;
  value(value: Value): void;
  map(dump: MapDump): void;
  /** Separates the printed maps at the end from what was printed before. */
  endOfRun(): void;
  /** Events lost since the last call; `total` since the start. */
  lostEvents(count: bigint, total: bigint): void;
  /** The sum at the end, called only when something was lost. */
  totalLostEvents(total: bigint): void;
  /** A run-time warning (map full, division by zero, failed helper). `count`: times since it was last reported. */
  warning(remark: RuntimeRemark): void;
  /** errorf, warnf. `expansions`: uses of macros that the call was expanded from. */
  message(severity: 'error' | 'warning', text: string, place: Place, expansions?: readonly Note[]): void;
  /** The last thing that is told: how far the results can be trusted; called with --stats, when they are not complete, and where `alwaysTellsTrust` says so. */
  trust(report: TrustReport): void;
  /** What --test and --bench have to tell. */
  tests(report: TestReport): void;
  /** An iterator was left in the BPF file system. */
  pinned(path: string): void;
  /** Hand all buffered bytes to the operating system. */
  flush(): void;
}

export type TestReport =
  | { readonly kind: 'tests-begin'; readonly count: number }
  | { readonly kind: 'test-starts'; readonly name: string }
  | { readonly kind: 'test-ended'; readonly result: TestResult }
  | { readonly kind: 'tests-end'; readonly results: readonly TestResult[] }
  | { readonly kind: 'benchmarks-begin'; readonly names: readonly string[] }
  /** One run took `averageNs`; `iterations` of them were measured together. */
  | {
      readonly kind: 'benchmark';
      readonly name: string;
      readonly averageNs: number;
      readonly iterations: number;
    };

export interface TestResult {
  readonly name: string;
  readonly passed: boolean;
  readonly durationNs: number;
  /** What the test printed, as text. */
  readonly output: string;
}

export interface RuntimeRemark {
  readonly type: 'helper_error' | 'runtime_error';
  readonly message: string;
  readonly helper: string | undefined;
  readonly returnCode: number;
  readonly count: bigint;
  readonly place: Place;
  /** For text: the same as a located diagnostic. */
  readonly diagnostic: Diagnostic;
}

/** 1-based line and column of a call in the script; `endColumn` is exclusive. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
}

/** Where bytes go. `text` is a byte string. Throws SinkClosed when the reader has gone away. */
export interface Sink {
  write(text: string): void;
  flush(): void;
}

/** A sink that does not wait for a reader who does not read: it holds what it could not hand over. */
export interface HeldSink extends Sink {
  /** The last flush did not get rid of everything. */
  readonly blocked: boolean;
  readonly heldBytes: number;
  /** Drops what is held, and all that is written from now on. */
  discard(): void;
}

export interface OutputOptions {
  /** stdout or the file of -o. */
  readonly results: Sink;
  /** stderr. */
  readonly remarks: Sink;
  readonly truncationTrailer: string;
  /** Renders a diagnostic as text (src/cli/render-diagnostic.ts). */
  readonly renderDiagnostic: (diagnostic: Diagnostic) => string;
}

/** The reader of our output has closed it (EPIPE): end quietly. */
export class SinkClosed extends Error {}
