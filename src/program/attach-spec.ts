/** How to attach one program, as data. `runtime/attach.ts` has one row per kind. */
export type AttachSpec =
  /**
   * Never attached: run through BPF_PROG_TEST_RUN before attaching, after detaching, on a signal, or because --test or
   * --bench asks for it.
   */
  | { readonly kind: 'run-once'; readonly when: 'begin' | 'end' | 'signal' | 'test' | 'bench' }
  /** Raw tracepoint by the name of the tracepoint (not of the event); no arguments are read from the event's record. */
  | { readonly kind: 'raw-tracepoint'; readonly targets: readonly CookieTarget[] }
  /** perf tracepoint: the event's record is the context. Several events share one program when cookies tell them apart. */
  | { readonly kind: 'tracepoint'; readonly targets: readonly CategoryTarget[] }
  /** At functions of the kernel, or behind their return, by one perf event each. */
  | { readonly kind: 'kprobe'; readonly at: 'entry' | 'return'; readonly targets: readonly KprobeTarget[] }
  /** The same by one link for all; `both`: the program tells entry and return apart itself (a session). */
  | {
      readonly kind: 'kprobe-multi';
      readonly at: 'entry' | 'return' | 'both';
      /** Of several links at one function, the one that was attached last runs first. */
      readonly newestFirst: boolean;
      readonly targets: readonly FunctionTarget[];
    }
  /** Loaded for one function and attached to it (fentry, fexit). */
  | { readonly kind: 'tracing'; readonly target: TracingTarget }
  /** perf_event_open(2) with `type` and `config`. */
  | {
      readonly kind: 'perf-event';
      readonly type: number;
      readonly config: bigint;
      readonly every: Sampling;
      readonly cpus: 'all' | 'one';
      /** True when `-p`/`-c` restrict the event itself to that process (profile, software); interval is never filtered. */
      readonly followsPid: boolean;
    }
  /** Debug registers: one perf event on each CPU, or for each thread of the process of -p and -c. `access`: letters of r, w, x. */
  | {
      readonly kind: 'breakpoint';
      readonly address: bigint;
      readonly length: number;
      readonly access: string;
    }
  /**
   * A BPF iterator: over objects that belong to tasks (-p and -c can restrict those), over all cgroups, or over anything
   * else. `pin`: left at that path, where it goes on working when we have ended.
   */
  | { readonly kind: 'iterator'; readonly over: 'tasks' | 'cgroups' | 'other'; readonly pin?: string };

/** Sampling period in events (nanoseconds for clocks), or frequency in samples per second. */
export type Sampling =
  | { readonly by: 'period'; readonly period: bigint }
  | { readonly by: 'frequency'; readonly hertz: bigint };

export interface CookieTarget {
  readonly name: string;
  /** Value of bpf_get_attach_cookie() in the program; absent when the body does not ask. */
  readonly cookie?: bigint;
}

export interface KprobeTarget extends CookieTarget {
  /** Function, `MODULE:FUNCTION`, or empty when `offset` is an address. */
  readonly name: string;
  readonly offset: bigint;
  /** A wildcard found it: where several functions have the name, all of them are meant. */
  readonly everyCopy?: true;
  /** There are several, and old kernels would take the first without a word. */
  readonly isAmbiguous?: true;
}

export interface FunctionTarget extends CookieTarget {
  /** Without a module all functions of that name are meant. */
  readonly module?: string;
  /** The kernel's look-up by name does not do: it knows no modules, and finds the first of several functions only. */
  readonly byAddress?: true;
}

export interface CategoryTarget extends CookieTarget {
  readonly category: string;
}

/** The function that a tracing program is loaded for; `btfId` is its number in the BTF of what it belongs to. */
export interface TracingTarget {
  /** `vmlinux`, a module, or `bpf` for a function of a BPF program. */
  readonly module: string;
  readonly name: string;
  readonly btfId: number;
  /** Number of the BPF program. */
  readonly program?: number;
}
