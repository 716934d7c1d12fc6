/**
 * What is known of a body while its C is written: of a BPF program or of a function that it calls, with the callbacks of
 * its loops. Each C function of it has a FunctionEmitter (emit-context.ts) of its own; this is what they share.
 */
import type { SourceText } from '../../grammar/source.ts';
import type { Place, ProbeInfo } from '../builtins/builtin.ts';
import type { Config } from '../config/options.ts';
import type { Type } from '../types/type.ts';
import type { Prototype } from '../world/definitions.ts';
import type { KnownTypes } from '../world/known-types.ts';
import type { World } from '../world/world.ts';
import type { Tables } from './plan.ts';

/** What the C of one body shares, with the callbacks of its loops: that of a BPF program, or of a function it calls. */
export interface ProgramEmitter {
  /** Begins all C names of the body. */
  readonly name: string;
  /** Name of the BPF program, to which the per-CPU memory belongs. */
  readonly owner: string;
  /** Functions of the script that the body may call. */
  readonly callees: ReadonlyMap<string, Callee>;
  /** Functions of imported objects. */
  readonly imported: ReadonlyMap<string, Prototype>;
  /** Of a function; undefined for a BPF program. */
  readonly result: FunctionResult | undefined;
  readonly stack: StackBudget;
  readonly tables: Tables;
  readonly config: Config;
  readonly world: World;
  readonly types: KnownTypes;
  /** -k: failed reads and missing keys are counted. */
  readonly reportReads: boolean;
  readonly probe: ProbeInfo;
  readonly source: SourceText;
  /** Members of `struct frame_NAME`, which callbacks share with the probe. */
  readonly frame: string[];
  /** Asks which of its targets fired. */
  usesTarget: boolean;
  /** Bytes of per-CPU scratch memory: permanent part (variables) and the most that a statement has used on top. */
  scratch: number;
  scratchPeak: number;
  /** Finished callback functions, in the order in which they must stand. */
  readonly functions: string[][];
  variableStack: number;
  /** Loops whose callback is written already: the body of an unroll is emitted several times. */
  readonly loops: Set<number>;
  readonly variables: Map<number, Place | { readonly register: string }>;
}

/** How a function gives its value back. */
export interface FunctionResult {
  readonly type: Type;
  /** In the program's per-CPU memory; undefined for scalars, which are what the C function returns. */
  readonly place: Place | undefined;
  /** It may end the probe: the C function returns 1 when the caller has to leave as well, and its value lies in `place`. */
  readonly endsProbe: boolean;
}

/** A function of the script as one BPF program calls it. */
export interface Callee {
  readonly name: string;
  readonly parameters: readonly CalleeParameter[];
  readonly result: FunctionResult;
}

export interface CalleeParameter {
  readonly type: Type;
  /** Where the caller puts the value; undefined for those that travel in registers. */
  readonly place: Place | undefined;
}

/** Of the 512 bytes of BPF stack, how many may hold values of one statement, and how many variables. */
export interface StackBudget {
  readonly statement: number;
  readonly variables: number;
}

/** Most bytes of a value in a per-CPU array, PCPU_MIN_UNIT_SIZE of include/linux/percpu.h. */
const mostPerCpu = 32 * 1024;

/** Per-CPU memory too large for a per-CPU array is an array with one entry for each CPU. */
export function isLargeScratch(program: ProgramEmitter): boolean {
  return program.scratchPeak > mostPerCpu;
}
