/**
 * The contract between compiler and runtime: plain data (structuredClone works), no functions, no class instances.
 * Behaviour is found by name in the registries (`builtin`, `aggregation`).
 */
import type { Note } from '../../grammar/diagnostic.ts';
import type { SourceFile, Span } from '../../grammar/source.ts';
import type { Config } from '../config/options.ts';
import type { Field, Type } from '../types/type.ts';
import type { AttachSpec } from './attach-spec.ts';

export interface Program {
  readonly sourceName: string;
  /** Byte string, one byte per character. */
  readonly sourceText: string;
  /** The files that the text is made of (imports lie behind the script). */
  readonly sourceFiles: readonly SourceFile[];
  readonly c: string;
  /** ELF object; empty when the program was only planned (`--emit-c`). */
  readonly object: Uint8Array;
  /** Imported objects, which `object` is linked with before it is loaded. */
  readonly imports: readonly LinkedObject[];
  /**
   * The kernel has no bpf_loop(), so loops need `eb_params.loop_rounds`: how many of them stand in one another at most,
   * those with known ends left out; 0 when there are no loops.
   */
  readonly boundedLoops: number;
  /** Some reads are there as loads, too, for the loader to choose (`eb_params.typed_reads`). */
  readonly typedReads: boolean;
  readonly probes: readonly ProbePlan[];
  readonly maps: readonly MapPlan[];
  /** The index is the event id in the ring record. */
  readonly events: readonly EventPlan[];
  /** Texts that values refer to by number: the formats of strftime(). */
  readonly strings: readonly string[];
  /** Places that can fail while running; the index is the slot in the per-CPU array map `eb_sites`. */
  readonly sites: readonly SitePlan[];
  /** Tables of stacks, by ascending limit. */
  readonly stacks: readonly StackPlan[];
  /** Members of the structs and unions whose values are printed, by table and name. */
  readonly structs: readonly StructPlan[];
  readonly config: Config;
  /** Symbols and sizes of our own maps and globals, so that the runtime does not guess. */
  readonly abi: ProgramAbi;
}

export interface LinkedObject {
  /** Path of the file, for messages. */
  readonly name: string;
  /** ELF with BTF. */
  readonly object: Uint8Array;
}

/** Hash map from the number of a stack to its frames, `limit` words that are zero behind the last frame. */
export interface StackPlan {
  readonly limit: number;
  readonly symbol: string;
  readonly maxEntries: number;
}

export interface StructPlan {
  readonly table: string;
  readonly name: string;
  readonly fields: readonly Field[];
}

/** One BPF program in the object. */
export interface ProbePlan {
  /** C function name. */
  readonly program: string;
  /** For people: `tracepoint:sched:sched_switch`; a wildcard that became one program has its pattern here. */
  readonly name: string;
  /** BPF program type; the ELF section is chosen to match. */
  readonly type: 'raw_tracepoint' | 'tracepoint' | 'perf_event' | 'kprobe' | 'tracing' | 'xdp';
  readonly attach: AttachSpec;
  /** How many attach points this program stands for, as counted in `Attached N probes`. */
  readonly count: number;
  /** The attach point in the script. */
  readonly span: Span;
}

export interface MapPlan {
  /** With the at sign, as in the script. */
  readonly name: string;
  /** Name of the map in the object; with storage `data` of a member of the section `abi.scalars`. */
  readonly symbol: string;
  /**
   * `scalar`: one entry whose value is {u64 set; T value}, in the data section of all scalars or, for aggregations, in a
   * per-CPU array. `keyed`: hash map whose value is T.
   * Per-CPU storage repeats the value for every possible CPU, each rounded up to 8 bytes.
   */
  readonly shape: 'scalar' | 'keyed';
  readonly storage: 'data' | 'array' | 'percpu-array' | 'hash' | 'percpu-hash' | 'lru-hash' | 'lru-percpu-hash';
  /** Tuple for several keys; undefined for scalars. */
  readonly key: Type | undefined;
  /** Aggregates have kind `aggregate`. */
  readonly value: Type;
  readonly keySize: number;
  /** Bytes of one map value (of one CPU), scalars: with the `set` word. */
  readonly valueSize: number;
  readonly maxEntries: number;
  /** Storage `data`: bytes from the start of the section. */
  readonly offset?: number;
  /**
   * Aggregations that programs read, on kernels that do not let them look at values of other CPUs: one value of the map
   * (which is not per CPU) holds this many, one for every CPU, as if it were per CPU.
   */
  readonly spreadOver?: number;
}

export interface EventPlan {
  readonly id: number;
  /** Registry name of the function that sends it, for example `printf`. */
  readonly builtin: string;
  /** Members of the record behind its 8-byte header {u32 id; u32 length of the tail}. */
  readonly fields: readonly EventField[];
  /** Bytes before the tail (multiple of 8), header included. */
  readonly fixedSize: number;
  /** Literal arguments in order, for example the format string, or the name of a map. */
  readonly literals: readonly Literal[];
  /** The call in the script. */
  readonly span: Span;
  /** Uses of macros that it was expanded from, innermost first. */
  readonly expansions?: readonly Note[];
}

/**
 * `inline`: the value's bytes are at `offset` of the record. `tail`: a u32 at `offset` holds the number of bytes (NUL
 * included when there is one) that this string has in the tail; the strings of an event lie there one behind the other in field order.
 */
export interface EventField {
  readonly type: Type;
  readonly offset: number;
  readonly storage: 'inline' | 'tail';
}

export type Literal = string | bigint | boolean;

/** What can go wrong at a site; the text is in `runtime/site-messages.ts`. */
export type SiteKind =
  | 'map-full'
  | 'map-delete'
  | 'divide-by-zero'
  | 'array-bounds'
  | 'lost-event'
  | 'probe-read'
  | 'map-lookup'
  | 'helper'
  | 'cpid-zero'
  | 'no-process'
  | 'stack'
  | 'stack-table'
  | 'loop-limit'
  /** A probe was hit while another body ran on the CPU, where that could end in a deadlock. */
  | 'nested';

export interface SitePlan {
  readonly kind: SiteKind;
  /** BPF helper that failed, for the reader of the message. */
  readonly helper?: string;
  /** Reported only with `-k`. */
  readonly onlyWithK: boolean;
  /** The map that an update could not change. */
  readonly map?: string;
  /** `nested`: the program that left out hits. */
  readonly program?: string;
  readonly span: Span;
  /** Uses of macros that it was expanded from, innermost first. */
  readonly expansions?: readonly Note[];
}

export interface ProgramAbi {
  /** Ring buffer map. */
  readonly ring: 'eb_ring';
  /** Per-CPU array of {u64 count; s64 last return code}, one entry per site. */
  readonly sites: 'eb_sites';
  /**
   * Array map with one entry (a data section), `struct eb_control` in bpf-helpers/ebtrace.h: {u32 stop; u32 exit_requested; u32 exit_code; u32 pad}.
   * User space sets `stop`; every attached program returns at once when stop or exit_requested is set.
   */
  readonly control: '.data.eb_control';
  /** Array map with one entry (a data section) that holds all scalar maps with storage `data`; missing when there are none. */
  readonly scalars: '.data.eb_scalars';
  /** Constants written before loading; the only content of the map `.rodata.params`: `struct eb_params` in bpf-helpers/ebtrace.h. */
  readonly params: 'eb_params';
}
