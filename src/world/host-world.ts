/**
 * World over HostFiles: what the compiler knows of the machine it compiles for. Every answer is read when it is first
 * asked for and kept, because a script asks for the fields of the same event once per use and for most things never.
 */
import type { Type } from '../types/type.ts';
import { type BpfPrograms, bpfPrograms, type LoadedProgram } from './bpf-programs.ts';
import { kernelTypedef, type NamedTypeLookup, typeFromC } from './c-declaration.ts';
import { parseCpuList } from './cpu-list.ts';
import type { KernelFeatures } from './features.ts';
import type { Glob } from './glob.ts';
import { type HostFiles, readText } from './host-files.ts';
import { readKallsyms } from './kallsyms.ts';
import { readKernelTypes } from './kernel-types.ts';
import { once } from './once.ts';
import { perCpuSymbol } from './per-cpu.ts';
import { readTraceableFunctions } from './traceable-functions.ts';
import { findTracefs, listEvents, readEventFields, readEventId } from './tracefs.ts';
import type { Arch, TracepointName, World } from './world.ts';

export interface HostWorldOptions {
  readonly arch: Arch;
  readonly features: KernelFeatures;
  /**
   * Another root of tracefs, asked at most once and only when it is needed and mounted at none of the usual places: the
   * runtime mounts one for itself (`/proc/self/fd/N`).
   */
  readonly tracefsRoot?: () => string | undefined;
  /** The BPF programs that are loaded, which no file tells of; the same array as long as they were not asked anew. */
  readonly loadedPrograms?: () => readonly LoadedProgram[] | undefined;
  /** File with the types of the kernel, instead of the running one's. */
  readonly kernelBtf?: string | undefined;
  /** File with the names of the functions that can be traced, instead of the list of the running kernel. */
  readonly traceableFunctions?: string | undefined;
}

export function hostWorld(files: HostFiles, options: HostWorldOptions): World {
  const kernelTypes = once(() => readKernelTypes(files, options.kernelBtf));
  const tracefs = once(() => findTracefs(files) ?? options.tracefsRoot?.());
  const events = once(() => {
    const root = tracefs();
    return root === undefined ? [] : [...listEvents(files, root)].sort(byCategoryThenName);
  });
  const eventId = memoised((event) => {
    const root = tracefs();
    return root === undefined ? undefined : readEventId(files, root, event);
  });
  const eventFields = memoised((event) => {
    const root = tracefs();
    if (root === undefined) return undefined;
    return readEventFields(files, root, event, fieldType);
  });
  // Reading BTF takes 8 ms, and the typedefs of most events mean the same on every kernel.
  const fieldTypes = new Map<string, Type | undefined>();
  const fieldType = (text: string): Type | undefined => {
    if (!fieldTypes.has(text)) fieldTypes.set(text, typeFromC(text, namedType));
    return fieldTypes.get(text);
  };
  const namedType: NamedTypeLookup = (kind, name) =>
    (kind === 'typedef' ? kernelTypedef(name) : undefined) ?? kernelTypes()?.find(kind, name);
  const rawTracepoints = once(() => kernelTypes()?.namesStartingWith(rawTracepointPrefix) ?? new Set<string>());
  const kallsyms = once(() => readKallsyms(files));
  const traceableFunctions = once(() =>
    readTraceableFunctions({ files, tracefs, kallsyms, listFile: options.traceableFunctions }),
  );
  let programs: BpfPrograms | undefined;
  const onlineCpus = once(() => cpusIn(files, 'online'));
  const possibleCpus = once(() => cpusIn(files, 'possible').length);

  return {
    arch: options.arch,
    features: options.features,
    kernelTypes,
    functionTypes: () => kernelTypes()?.functions,
    bpfPrograms: () => {
      const loaded = options.loadedPrograms?.();
      if (loaded === undefined) return undefined;
      if (programs?.programs !== loaded) programs = bpfPrograms(loaded, kernelTypes);
      return programs;
    },
    tracefs,
    tracepoints: (category, event) => {
      // One event by its full name, the everyday case, needs no list.
      if (!category.hasWildcard && !event.hasWildcard) {
        const name = { category: category.text, name: event.text };
        return eventId(name) === undefined ? [] : [name];
      }
      return matching(events(), category, event);
    },
    tracepointFields: eventFields,
    tracepointId: eventId,
    hasRawTracepoint: (name) => rawTracepoints().has(rawTracepointPrefix + name),
    traceableFunctions,
    perfEventSource: (name) => {
      const text = readText(files, `/sys/bus/event_source/devices/${name}/type`)?.trim();
      return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
    },
    kernelSymbol: (name) => kallsyms()?.addressOf(name),
    perCpuSymbol: (name) => perCpuSymbol(kallsyms(), name),
    hidesSymbols: () => kallsyms()?.hidden === true,
    cgroupId: (path) => {
      const stat = files.stat(path);
      return stat?.kind === 'directory' ? stat.inode : undefined;
    },
    onlineCpus,
    possibleCpus,
  };
}

const rawTracepointPrefix = 'btf_trace_';

/** Without sysfs there is still the CPU we run on. */
function cpusIn(files: HostFiles, set: 'online' | 'possible'): readonly number[] {
  const cpus = parseCpuList(readText(files, `/sys/devices/system/cpu/${set}`) ?? '');
  return cpus.length === 0 ? [0] : cpus;
}

function matching(all: readonly TracepointName[], category: Glob, event: Glob): readonly TracepointName[] {
  return all.filter((name) => category.matches(name.category) && event.matches(name.name));
}

function byCategoryThenName(a: TracepointName, b: TracepointName): number {
  return compare(a.category, b.category) || compare(a.name, b.name);
}

/** Names are latin1 text, so this is the order of their bytes. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function memoised<T>(read: (event: TracepointName) => T): (event: TracepointName) => T {
  const answers = new Map<string, { readonly value: T }>();
  return (event) => {
    const key = `${event.category}:${event.name}`;
    const known = answers.get(key) ?? { value: read(event) };
    answers.set(key, known);
    return known.value;
  };
}
