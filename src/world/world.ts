/**
 * What exists on this machine: the few questions the compiler asks. A World answers and never throws; undefined means
 * "not there". host-world.ts implements it over HostFiles.
 */
import type { EnumConstant, Field, Type } from '../types/type.ts';
import type { BpfPrograms } from './bpf-programs.ts';
import type { FunctionTypes } from './btf-functions.ts';
import type { KernelFeatures } from './features.ts';
import type { Glob } from './glob.ts';
import type { PerCpuSymbol } from './per-cpu.ts';
import type { TraceableFunctions } from './traceable-functions.ts';

export type Arch = 'x86_64' | 'arm64';

export interface World {
  readonly arch: Arch;
  readonly features: KernelFeatures;
  /**
   * Types of vmlinux, and of the loaded modules for names that vmlinux does not know (`StructType.table` names the
   * module then, but all are asked here). Undefined when the kernel has no BTF.
   */
  kernelTypes(): TypeTable | undefined;
  /** Functions of vmlinux and of the loaded modules with their prototypes. Undefined when the kernel has no BTF. */
  functionTypes(): FunctionTypes | undefined;
  /** BPF programs that are loaded; undefined when the kernel does not show them. */
  bpfPrograms(): BpfPrograms | undefined;
  /** Root folder of tracefs, or undefined when it is not mounted (or not readable). */
  tracefs(): string | undefined;
  /** Events whose category and name match, sorted by category, then name, bytewise. */
  tracepoints(category: Glob, event: Glob): readonly TracepointName[];
  /** Members of the event's record in file order, common_* fields included; undefined when there is no such event. */
  tracepointFields(name: TracepointName): readonly Field[] | undefined;
  /** Numeric id of the event for perf_event_open(2). */
  tracepointId(name: TracepointName): number | undefined;
  /**
   * True when the kernel offers a raw tracepoint of that name (BTF has the name `btf_trace_NAME`, of a typedef).
   */
  hasRawTracepoint(name: string): boolean;
  /** Functions of the kernel, and which of them can have a probe. */
  traceableFunctions(): TraceableFunctions;
  /** Number of a source of perf events, such as `kprobe`; undefined when the kernel has no such source. */
  perfEventSource(name: string): number | undefined;
  /** Address of a kernel symbol from /proc/kallsyms; undefined when missing or hidden (kptr_restrict). */
  kernelSymbol(name: string): bigint | undefined;
  /** A symbol that each CPU has a copy of; undefined when it is none, or missing or hidden. */
  perCpuSymbol(name: string): PerCpuSymbol | undefined;
  /** True when the kernel does not tell where its symbols are (kptr_restrict, no privileges). */
  hidesSymbols(): boolean;
  /** cgroup v2 id of a cgroup directory (its inode number, see kernfs), or undefined. */
  cgroupId(path: string): bigint | undefined;
  /** Online CPUs from /sys/devices/system/cpu/online, ascending. */
  onlineCpus(): readonly number[];
  /** Number of possible CPUs, which is how many copies a per-CPU map value has. */
  possibleCpus(): number;
}

export interface TracepointName {
  readonly category: string;
  readonly name: string;
}

/** C types by name, read lazily out of BTF; nothing is materialised that nobody asked for. */
export interface TypeTable {
  readonly name: string;
  /** `struct`/`union`/`enum` NAME or typedef NAME, resolved to a Type; undefined when unknown. */
  find(kind: 'struct' | 'union' | 'enum' | 'typedef', name: string): Type | undefined;
  /** Members of a struct or union, anonymous members promoted with their offsets. */
  fields(name: string): readonly Field[] | undefined;
  /** Named members of a struct or union as C declares them, `TYPE NAME`, for listings. */
  declarations(name: string): readonly string[] | undefined;
  /**
   * Bytes from the start of a struct to a member of a member ... of it, without looking at the types of the others.
   * Named members only; undefined when a step does not exist.
   */
  offsetOf(name: string, path: readonly string[]): number | undefined;
  /** All names that begin so, of whatever kind: for suggestions and listings. */
  namesStartingWith(prefix: string): ReadonlySet<string>;
  /** Alignment of a struct or union in bytes, as C has it. */
  alignment(name: string): number | undefined;
  /** Its number in BTF, of a module's types counted on from those of vmlinux. For typeinfo(). */
  idOf(kind: 'struct' | 'union' | 'enum' | 'typedef', name: string): number | undefined;
  /** Constant of any enum. */
  enumConstant(name: string): EnumConstant | undefined;
  /** A C type as written in a tracefs format file (`unsigned long`, `const char *`, `enum foo`, `pid_t`). */
  fromDeclaration(text: string): Type | undefined;
}
