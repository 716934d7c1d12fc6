/**
 * Per-CPU variables of the kernel. A symbol is where the linker put the variable; the copy of a CPU is at a distance
 * from it that the kernel keeps in the array `__per_cpu_offset`.
 */
import type { Kallsyms } from './kallsyms.ts';

export interface PerCpuSymbol {
  /** Address of the symbol, which no CPU's copy has. */
  readonly address: bigint;
  /** Address of `__per_cpu_offset`, one 64-bit word for each CPU. */
  readonly offsets: bigint;
}

/** Undefined for symbols that are not there or not per CPU, and when the kernel hides or does not list its variables. */
export function perCpuSymbol(kallsyms: Kallsyms | undefined, name: string): PerCpuSymbol | undefined {
  const [address, offsets, start, end] = [name, '__per_cpu_offset', '__per_cpu_start', '__per_cpu_end'].map((symbol) =>
    kallsyms?.addressOf(symbol),
  );
  if (address === undefined || offsets === undefined || start === undefined || end === undefined) return undefined;
  return address >= start && address < end ? { address, offsets } : undefined;
}
