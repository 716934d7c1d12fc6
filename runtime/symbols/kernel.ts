/**
 * Kernel symbols for values that hold an address. /proc/kallsyms is read at the first question (50 ms) and kept.
 * Modules and BPF programs come and go: before an address outside of the kernel's own code is named for the first time,
 * we ask whether any were loaded since, which is cheap, and read the symbols again only then.
 */
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { type HostFiles, readText } from '../../src/world/host-files.ts';
import { type Kallsyms, type KernelSymbol, readKallsyms } from '../../src/world/kallsyms.ts';
import type { Kernel } from '../kernel.ts';

export interface KernelSymbols {
  /** Name of the symbol at or below an address, without offset; undefined when there is none or addresses are hidden. */
  readonly nameOf: (address: bigint) => string | undefined;
  /** The same as `name+offset`, the offset in decimal digits. */
  readonly placeOf: (address: bigint) => string | undefined;
}

export interface SymbolSources {
  readonly files: HostFiles;
  readonly kernel: Pick<Kernel, 'newestProgram'>;
  /** Told once when the kernel hides the addresses of its symbols. */
  readonly report?: (diagnostic: Diagnostic) => void;
}

export function kernelSymbols({ files, kernel, report }: SymbolSources): KernelSymbols {
  const names = new Map<bigint, KernelSymbol | undefined>();
  let table: { readonly symbols: Kallsyms | undefined; readonly modules: string; readonly program: number } | undefined;

  const read = () => {
    // Asked before reading: what is loaded meanwhile makes the symbols be read once more.
    const [modules, program] = [loadedModules(), kernel.newestProgram(table?.program ?? 0)];
    const symbols = readKallsyms(files);
    if (table === undefined && (symbols === undefined || symbols.hidden)) report?.(hiddenSymbols(symbols));
    table = { symbols, modules, program };
    return table;
  };
  const loadedModules = (): string => (readText(files, '/proc/modules') ?? '').replace(useCounts, '$1');
  const isStale = (): boolean =>
    table !== undefined && (kernel.newestProgram(table.program) !== table.program || loadedModules() !== table.modules);

  const symbolOf = (address: bigint): KernelSymbol | undefined => {
    const known = names.get(address);
    if (known !== undefined || names.has(address)) return known;
    const { symbols } = table ?? read();
    let symbol = symbols?.symbolAt(address);
    const mayHaveMoved = symbol === undefined || symbol.module !== undefined;
    if (mayHaveMoved && symbols?.hidden === false && isStale()) symbol = read().symbols?.symbolAt(address);
    names.set(address, symbol);
    return symbol;
  };

  return {
    nameOf: (address) => symbolOf(address)?.name,
    placeOf: (address) => {
      const symbol = symbolOf(address);
      return symbol && `${symbol.name}+${symbol.offset}`;
    },
  };
}

/** Lines of /proc/modules are `name size users used-by state address`; who uses a module does not matter. */
const useCounts = /^(\S+ \d+).*$/gm;

function hiddenSymbols(symbols: Kallsyms | undefined): Diagnostic {
  return {
    severity: 'warning',
    code: 'symbols-hidden',
    message:
      symbols === undefined
        ? 'There is no /proc/kallsyms, so addresses of the kernel are printed as numbers.'
        : 'The kernel hides the addresses of its symbols, so its functions are printed as numbers.',
    hint:
      symbols === undefined
        ? 'the kernel was built without CONFIG_KALLSYMS, or /proc is not mounted'
        : 'sysctl kernel.kptr_restrict is 2, or 1 without CAP_SYSLOG: sysctl -w kernel.kptr_restrict=1 shows them to root',
  };
}
