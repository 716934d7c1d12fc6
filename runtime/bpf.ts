/**
 * All we ask of the kernel. `runtime/libbpf/` is the only implementation that touches it; tests use a fake. Everything
 * opened has `close()`, which may be called twice and releases in reverse order.
 */
import type { ProbePlan, Program } from '../src/program/program.ts';

export interface Bpf {
  /** Open and load the object of `program`; `params` are the bytes of `struct eb_params`. Throws RuntimeFailure. */
  load(program: Program, options: LoadOptions): LoadedObject;
  /** The kernel counts how often and how long programs run, until the result is closed. Throws RuntimeFailure. */
  countRuns(): { close(): void };
}

export interface LoadOptions {
  /** Bytes of `struct eb_params`, written into the map `.rodata` before loading. */
  readonly params: Uint8Array;
  /** Bytes of verifier log to keep when loading fails. */
  readonly logSize: number;
  /** Ask for the verifier's full log also when loading succeeds (`-d verifier`). */
  readonly verifierLog: boolean;
  /** libbpf's own messages, `-d libbpf`. */
  readonly onLibbpfMessage?: (level: 'warn' | 'info' | 'debug', text: string) => void;
  /** Ring buffer size in bytes, a power of two. */
  readonly ringBytes: number;
  /** A rejection is told without the verifier's steps, which take it longer than checking. */
  readonly onlyVerdict?: true;
}

export interface LoadedObject {
  /** Verifier log by program name when it was asked for. */
  readonly verifierLogs: ReadonlyMap<string, string>;
  program(name: string): BpfProgram;
  map(symbol: string): BpfMap;
  /** A data section as 32-bit words: the very memory that the programs use, valid until close(). */
  sharedWords(section: string): Uint32Array;
  /** The event ring; one per object. */
  ring(): EventRing;
  close(): void;
}

export interface BpfProgram {
  readonly name: string;
  /** BPF_PROG_TEST_RUN; returns the program's return value. Throws RuntimeFailure. */
  run(): number;
  /** The same `times` times on an empty packet, for programs of type XDP; the last return value. Throws RuntimeFailure. */
  repeat(times: number): RepeatedRun;
  /** Attach by the plan's AttachSpec, one link per kernel object. Throws RuntimeFailure and leaves nothing attached. */
  attach(plan: ProbePlan, options: AttachOptions): BpfLink;
  /** What the kernel has counted so far. */
  counts(): ProgramCounts;
}

export interface ProgramCounts {
  /** Zero unless Bpf.countRuns() is in force. */
  readonly runs: bigint;
  /** Nanoseconds, likewise. */
  readonly runTime: bigint;
  /** Times it did not run because it was running on that CPU already; undefined before Linux 5.12. */
  readonly recursionMisses: bigint | undefined;
}

export interface AttachOptions {
  /** Process of -p or -c for perf events that follow it. */
  readonly pid: number | undefined;
  readonly onlineCpus: readonly number[];
  readonly tracefs: string | undefined;
}

export interface RepeatedRun {
  readonly result: number;
  /** Of one run, by the kernel's clock. */
  readonly averageNs: number;
}

export interface BpfLink {
  /** Kernel objects behind it (perf links are slow to close: about 70 ms each). */
  readonly count: number;
  /** What could not be opened while the rest could: the probe works in part. */
  readonly failures?: readonly RuntimeFailure[];
  /** Of a link for many functions: how many could not be attached, and why. */
  readonly leftOut?: { readonly failure: RuntimeFailure; readonly targets: number };
  /** Of an iterator: runs the program for the next few objects; false when there are none left. Throws RuntimeFailure. */
  readonly step?: () => boolean;
  /** Of the kernel objects; they stay attached while another process has them open too. */
  readonly descriptors: readonly number[];
  /**
   * Events that were not handed to the program, beside those that the program's own counts tell; undefined where they can
   * be lost and the kernel does not count them.
   */
  missed(): bigint | undefined;
  close(): void;
}

export interface BpfMap {
  readonly keySize: number;
  /** Bytes of one value; for per-CPU maps of one CPU, rounded up to 8. */
  readonly valueSize: number;
  /** Copies of the value per key: possible CPUs for per-CPU maps, else 1. */
  readonly copies: number;
  readonly maxEntries: number;
  /** Value bytes (all copies, one behind the other), or undefined when the key is not there. */
  lookup(key: Uint8Array): Uint8Array | undefined;
  /** `value` holds all copies. Throws RuntimeFailure. */
  update(key: Uint8Array, value: Uint8Array): void;
  /** False when the key was not there. */
  delete(key: Uint8Array): boolean;
  /** All entries, read in batches where the kernel can (5.6). */
  entries(): MapEntries;
}

/** Packed: entry i has its key at i*keySize and its value at i*valueSize*copies. */
export interface MapEntries {
  readonly count: number;
  readonly keys: Uint8Array;
  readonly values: Uint8Array;
}

export interface EventRing {
  /** Resolves when there may be records, when `wake()` was called, or after `timeoutMs`. */
  wait(timeoutMs: number): Promise<void>;
  /** Ends a pending wait at once. */
  wake(): void;
  /**
   * Hands every pending record to `handler` in order: bytes `offset` to `offset + length` of `view`, valid during the call only. Stops
   * early when the handler returns false. Returns the number of records handed over.
   */
  drain(handler: (view: DataView, offset: number, length: number) => boolean): number;
  close(): void;
}

/** The kernel said no. Turned into a Diagnostic at the probe's span; not a bug of ours. */
export class RuntimeFailure extends Error {
  readonly what: string;
  /** Positive errno, 0 when there is none. */
  readonly errno: number;
  readonly hint: string | undefined;
  /** Verifier log, when loading a program failed. */
  readonly log: string | undefined;
  /** BPF program at fault, when known. */
  readonly program: string | undefined;

  constructor(
    what: string,
    details: {
      readonly errno?: number | undefined;
      readonly hint?: string | undefined;
      readonly log?: string | undefined;
      readonly program?: string | undefined;
    } = {},
  ) {
    super(what);
    this.name = 'RuntimeFailure';
    this.what = what;
    this.errno = details.errno ?? 0;
    this.hint = details.hint;
    this.log = details.log;
    this.program = details.program;
  }
}
