/** How to attach one program, as data. `runtime/attach.ts` has one row per kind. */
export type AttachSpec =
  /** Never attached: run through BPF_PROG_TEST_RUN before attaching, after detaching, or on a signal. */
  | { readonly kind: 'run-once'; readonly when: 'begin' | 'end' | 'signal' }
  /** Raw tracepoint by the name of the tracepoint (not of the event); no arguments are read from the event's record. */
  | { readonly kind: 'raw-tracepoint'; readonly targets: readonly CookieTarget[] }
  /** perf tracepoint: the event's record is the context. Several events share one program when cookies tell them apart. */
  | { readonly kind: 'tracepoint'; readonly targets: readonly CategoryTarget[] }
  /** perf_event_open(2) with `type` and `config`. */
  | {
      readonly kind: 'perf-event';
      readonly type: number;
      readonly config: bigint;
      readonly every: Sampling;
      readonly cpus: 'all' | 'one';
      /** True when `-p`/`-c` restrict the event itself to that process (profile, software); interval is never filtered. */
      readonly followsPid: boolean;
    };

/** Sampling period in events (nanoseconds for clocks), or frequency in samples per second. */
export type Sampling =
  | { readonly by: 'period'; readonly period: bigint }
  | { readonly by: 'frequency'; readonly hertz: bigint };

export interface CookieTarget {
  readonly name: string;
  /** Value of bpf_get_attach_cookie() in the program; absent when the body does not ask. */
  readonly cookie?: bigint;
}

export interface CategoryTarget extends CookieTarget {
  readonly category: string;
}
