/** Kernel symbols for values that hold an address: /proc/kallsyms is read at the first question (50 ms), then kept. */
import type { HostFiles } from '../../src/world/host-files.ts';
import { type Kallsyms, readKallsyms } from '../../src/world/kallsyms.ts';

/** Name of the symbol at or below an address, without offset; undefined when there is none or addresses are hidden. */
export function kernelSymbols(files: HostFiles): (address: bigint) => string | undefined {
  let table: Kallsyms | undefined;
  let read = false;
  return (address) => {
    if (!read) table = readKallsyms(files);
    read = true;
    return table?.symbolAt(address)?.name;
  };
}
