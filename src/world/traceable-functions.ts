/**
 * Which functions of the kernel can have a probe, and why others cannot: the list of ftrace, the blacklist of kprobes,
 * the loaded modules and the symbols. Each file is read when a question needs it and kept; the list has 40,000 to 70,000
 * lines and takes the kernel 20 ms.
 */
import { closest } from '../../grammar/suggest.ts';
import type { Glob } from './glob.ts';
import { type HostFiles, readText } from './host-files.ts';
import type { Kallsyms } from './kallsyms.ts';

export interface TraceableFunction {
  readonly name: string;
  /** `vmlinux` for the kernel itself. */
  readonly module: string;
}

export interface TraceableFunctions {
  /** False when there is no list (no ftrace, or no privileges): it is then for the kernel to say what exists. */
  readonly isListed: boolean;
  /** The file that the user named instead of the kernel's own list. */
  readonly userFile: string | undefined;
  /** Traceable functions, sorted by name, then module, the kernel itself first. Those that no wildcard should reach are left out of wildcards. */
  matching(module: Glob, name: Glob): readonly TraceableFunction[];
  /** Where a traceable function of that name is. */
  modulesOf(name: string): readonly string[];
  /** Several traceable functions have that name, in one place or in several. */
  isAmbiguous(name: string): boolean;
  /** The same within one module, as far as is known. */
  countIn(module: string, name: string): number;
  isLoaded(module: string): boolean;
  loadedModules(): readonly string[];
  /** Kprobes refuse it, because handling the probe would hit the probe. */
  isBlacklisted(name: string): boolean;
  /** Symbols that the compiler made of a function: `f.isra.0`, `f.cold`. */
  variantsOf(name: string): readonly string[];
  /** What the kernel's symbols say of the name; undefined when there is none. */
  symbolKind(name: string): 'code' | 'data' | undefined;
  /** Bytes of a function, with what pads it; undefined when symbols do not tell. */
  sizeOf(module: string, name: string): bigint | undefined;
  /** A traceable function of nearly that name. */
  nearest(name: string): string | undefined;
}

/** The module of functions that are no module's. */
export const coreKernel = 'vmlinux';

export interface FunctionSources {
  readonly files: HostFiles;
  readonly tracefs: () => string | undefined;
  readonly kallsyms: () => Kallsyms | undefined;
  /** File with the names, `NAME` or `NAME [MODULE]` a line, instead of that of the running kernel. */
  readonly listFile?: string | undefined;
}

export function readTraceableFunctions({ files, tracefs, kallsyms, listFile }: FunctionSources): TraceableFunctions {
  const list = lazily(() => {
    const root = listFile === undefined ? tracefs() : undefined;
    const path = listFile ?? (root === undefined ? undefined : `${root}/available_filter_functions`);
    return path === undefined ? undefined : readText(files, path);
  });
  const parsed = lazily(() => parseList(list() ?? ''));
  const all = () => parsed().functions;
  const byName = lazily(() => groupByName(all()));
  const blacklist = lazily(() => readBlacklist(files));
  const modules = lazily(() => readModules(files));
  return {
    get isListed() {
      return (list() ?? '') !== '';
    },
    userFile: listFile,
    matching: (module, name) => {
      if (!name.hasWildcard) {
        const found = byName().get(name.text) ?? [];
        return found.filter((place) => module.matches(place)).map((place) => ({ name: name.text, module: place }));
      }
      return all().filter(
        (entry) =>
          name.matches(entry.name) &&
          module.matches(entry.module) &&
          !isBeyondWildcards(entry.name) &&
          !blacklist().has(entry.name),
      );
    },
    modulesOf: (name) => byName().get(name) ?? [],
    isAmbiguous: (name) => parsed().ambiguous.has(name),
    countIn: (module, name) => {
      const copies = parsed().copies.get(`${module}:${name}`) ?? 0;
      return copies > 0 || (byName().get(name) ?? []).includes(module) ? copies + 1 : 0;
    },
    isLoaded: (module) => module === coreKernel || modules().includes(module),
    loadedModules: modules,
    isBlacklisted: (name) => blacklist().has(name),
    variantsOf: (name) => kallsyms()?.variantsOf(name) ?? [],
    symbolKind: (name) => kallsyms()?.kindOf(name),
    sizeOf: (module, name) => kallsyms()?.sizeOf(name, module === coreKernel ? undefined : module),
    nearest: (name) => closest(name, byName().keys()),
  };
}

/**
 * Functions that BPF programs themselves run through, so that a probe on each of a whole family stops the machine, and
 * pieces of functions that the compiler cut off.
 */
export function isBeyondWildcards(name: string): boolean {
  return (
    name.startsWith('rcu_') ||
    name.startsWith('__ftrace_invalid_address__') ||
    name.includes('.part.') ||
    neverInWildcards.has(name)
  );
}

const neverInWildcards: ReadonlySet<string> = new Set(['arch_cpu_idle', 'default_idle', 'bpf_dispatcher_xdp_func']);

interface FunctionList {
  readonly functions: readonly TraceableFunction[];
  /** Names that are there more than once. */
  readonly ambiguous: ReadonlySet<string>;
  /** How many more functions than one, by `MODULE:NAME`. */
  readonly copies: ReadonlyMap<string, number>;
}

/**
 * Functions that BPF programs run through while they hold a lock of the ring or of a map. A probe there works, as long as
 * no other program of the script starts one of these anew.
 */
export function runsWithinPrograms(name: string): boolean {
  return withinPrograms.has(name);
}

const withinPrograms: ReadonlySet<string> = new Set([
  '_raw_spin_lock',
  '_raw_spin_lock_irqsave',
  '_raw_spin_unlock',
  '_raw_spin_unlock_irqrestore',
  'native_queued_spin_lock_slowpath',
  'queued_spin_lock_slowpath',
]);

/**
 * Functions that programs of ours call or run through: helpers, maps, the ring, reads of memory and stacks. Where nothing
 * keeps a program from running within itself, one that is attached there calls itself until the stack is full.
 */
export function isCalledByPrograms(name: string): boolean {
  return calledByPrograms.test(name);
}

const calledByPrograms =
  /^_*(bpf|htab|lru_htab|array_map|percpu_array_map|pcpu_freelist|unwind|irq_work)_|_htab_elem$|_nofault$|callchain/;

/** Functions that end the task, or the machine: those of tools/objtool/noreturns.h (Linux 6.12) that tasks of users may call. */
export function neverReturns(name: string): boolean {
  return withoutReturn.test(name);
}

const withoutReturn =
  /^(do_exit|do_group_exit|do_task_dead|make_task_dead|rewind_stack_and_make_dead|kthread_exit|kthread_complete_and_exit|__module_put_and_kthread_exit|__(x64|ia32|arm64)_sys_exit(_group)?|panic|usercopy_abort)$/;

/** A static function may be there several times; one entry stands for all of one module. */
function parseList(text: string): FunctionList {
  const functions: TraceableFunction[] = [];
  // A blank is before all characters of names, so whole lines are in the order of name and module: cheaper to sort than objects.
  for (const line of text.split('\n').sort()) {
    const blank = line.search(/\s/);
    const name = blank < 0 ? line : line.slice(0, blank);
    if (name !== '') functions.push({ name, module: /\[([^\]]+)\]/.exec(line)?.[1] ?? coreKernel });
  }
  const ambiguous = new Set<string>();
  const copies = new Map<string, number>();
  const kept = functions.filter((entry, i) => {
    const before = functions[i - 1];
    if (entry.name !== before?.name) return true;
    ambiguous.add(entry.name);
    if (entry.module !== before.module) return true;
    const place = `${entry.module}:${entry.name}`;
    copies.set(place, (copies.get(place) ?? 0) + 1);
    return false;
  });
  return { functions: kept, ambiguous, copies };
}

function groupByName(functions: readonly TraceableFunction[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { name, module } of functions) {
    const places = groups.get(name);
    if (places === undefined) groups.set(name, [module]);
    else places.push(module);
  }
  return groups;
}

/** Lines `0xSTART-0xEND<tab>NAME`; empty where debugfs is not mounted, and then the kernel refuses when attaching. */
function readBlacklist(files: HostFiles): ReadonlySet<string> {
  const text = readText(files, '/sys/kernel/debug/kprobes/blacklist') ?? '';
  return new Set(text.split('\n').flatMap((line) => line.split(/\s+/)[1] ?? []));
}

function readModules(files: HostFiles): readonly string[] {
  const text = readText(files, '/proc/modules') ?? '';
  return text.split('\n').flatMap((line) => line.split(' ')[0] || []);
}

function lazily<T>(read: () => T): () => T {
  let answer: { readonly value: T } | undefined;
  return () => {
    answer ??= { value: read() };
    return answer.value;
  };
}
