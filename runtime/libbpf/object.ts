/**
 * The interface Bpf over libbpf: open the object in memory, write the parameters, size the ring, load, and hand out
 * programs and maps. libbpf's own messages are kept, not printed: the verifier log and errno say more, and the last
 * warnings become the hint only when nothing better is known.
 */
import type { MapPlan, ProbePlan, Program } from '../../src/program/program.ts';
import type { HostFiles } from '../../src/world/host-files.ts';
import {
  type AttachOptions,
  type Bpf,
  type BpfLink,
  type BpfMap,
  type BpfProgram,
  type EventRing,
  type LoadedObject,
  type LoadOptions,
  type ProgramCounts,
  type RepeatedRun,
  RuntimeFailure,
} from '../bpf.ts';
import { loadWithLoops } from './bounded-loops.ts';
import { kprobeAttachType } from './bpf-attr.ts';
import { repeatedRun, testRun } from './bpf-syscalls.ts';
import { type Libbpf, type LibbpfLevel, openLibbpf } from './library.ts';
import { attachProgram } from './link.ts';
import { linkProgram } from './linker.ts';
import { LibbpfMap } from './map.ts';
import { type NativeMemory, native, textAt } from './native.ts';
import { enableStatistics, programCounts } from './object-info.ts';
import { MappedRing } from './ring-buffer.ts';
import { SectionMap } from './section-map.ts';
import { tracingRefusal, withTracingTargets } from './tracing-target.ts';
import { loadWithTypedReads } from './typed-reads.ts';

/** BPF_LOG_STATS: the verifier's last words without its steps. At level 0 libbpf loads what is rejected again for these. */
const VERDICT = 4;

const PARAMS_SECTION = '.rodata.params';

/** Throws RuntimeFailure when libbpf is missing. */
export function openBpf(files: HostFiles): Bpf {
  const libbpf = openLibbpf(files);
  return { load: (program, options) => loadObject(libbpf, files, program, options), countRuns };
}

function countRuns(): { close(): void } {
  const descriptor = enableStatistics();
  if (descriptor >= 0) return { close: () => native().close(descriptor) };
  throw new RuntimeFailure(`the kernel does not count the runs of programs: ${native().errorText(-descriptor)}`, {
    errno: -descriptor,
    hint: 'counting them needs Linux 5.8 and CAP_SYS_ADMIN; everything else works without --stats',
  });
}

function loadObject(libbpf: Libbpf, files: HostFiles, program: Program, options: LoadOptions): LoadedObject {
  const messages: string[] = [];
  const listener = (level: LibbpfLevel, text: string): void => {
    if (level === 'warn') messages.push(text);
    options.onLibbpfMessage?.(level, text);
  };
  return libbpf.listening(listener, () =>
    withTracingTargets(libbpf, program.probes, () =>
      loadWithTypedReads(program, options, (typed) =>
        loadWithLoops(program, typed, (tried) => new Loading(libbpf, files, program, tried, messages).run()),
      ),
    ),
  );
}

/** The steps of loading, and what has to be released when one of them fails. */
class Loading {
  readonly #libbpf: Libbpf;
  readonly #files: HostFiles;
  readonly #program: Program;
  readonly #options: LoadOptions;
  readonly #messages: readonly string[];
  readonly #memory: NativeMemory[] = [];

  constructor(libbpf: Libbpf, files: HostFiles, program: Program, options: LoadOptions, messages: readonly string[]) {
    this.#libbpf = libbpf;
    this.#files = files;
    this.#program = program;
    this.#options = options;
    this.#messages = messages;
  }

  run(): LoadedObject {
    const object = this.#open();
    try {
      this.#writeParams(object);
      const ring = this.#map(object, this.#program.abi.ring);
      this.#check(
        this.#libbpf.number('bpf_map__set_max_entries', ring, this.#options.ringBytes),
        'size the event ring',
      );
      const programs = this.#programs(object);
      this.#setAttachTypes(programs);
      const logs = this.#prepareLogs(programs);
      const status = this.#libbpf.number('bpf_object__load', object);
      if (status < 0) throw this.#rejection(-status, logs);
      const kept = this.#options.verifierLog
        ? new Map([...logs].map(([name, log]) => [name, textAt(log.bytes, log.bytes.length)]))
        : new Map<string, string>();
      return new LibbpfObject(this.#libbpf, this.#files, object, { programs, plan: this.#program }, kept);
    } catch (error) {
      this.#libbpf.number('bpf_object__close', object);
      throw error;
    } finally {
      for (const memory of this.#memory) memory.free();
    }
  }

  #open(): bigint {
    const linked = linkProgram(this.#program, this.#files);
    const bytes = this.#allocate(linked.length);
    bytes.bytes.set(linked);
    const name = native().allocateText('ebtrace');
    this.#memory.push(name);
    // struct bpf_object_open_opts, the first two members: {size_t sz; const char *object_name}.
    const openOptions = this.#allocate(16);
    openOptions.view.setBigUint64(0, 16n, true);
    openOptions.view.setBigUint64(8, name.address, true);
    const object = this.#libbpf.pointer('bpf_object__open_mem', bytes.address, linked.length, openOptions.address);
    if (object === undefined) {
      const errno = this.#libbpf.errno();
      throw new RuntimeFailure(`cannot read the compiled program: ${native().errorText(errno)}`, {
        errno,
        hint: this.#lastMessages(),
      });
    }
    return object;
  }

  /** `eb_params` is constant data, alone in its section, which libbpf keeps as a map of that name until loading. */
  #writeParams(object: bigint): void {
    const length = this.#allocate(8);
    const map = this.#map(object, PARAMS_SECTION);
    const address = this.#libbpf.pointer('bpf_map__initial_value', map, length.address);
    const size = Number(length.view.getBigUint64(0, true));
    const { params } = this.#options;
    if (address === undefined || size !== params.length) {
      throw new Error(`${PARAMS_SECTION} has ${size} bytes, the parameters have ${params.length}`);
    }
    native().viewAt(address, size).set(params);
  }

  #programs(object: bigint): ReadonlyMap<string, bigint> {
    const programs = new Map<string, bigint>();
    let at = this.#libbpf.pointer('bpf_object__next_program', object, null);
    while (at !== undefined) {
      programs.set(this.#libbpf.text('bpf_program__name', at), at);
      at = this.#libbpf.pointer('bpf_object__next_program', object, at);
    }
    return programs;
  }

  /** What libbpf does not take from the section's name: old versions know no sessions. */
  #setAttachTypes(programs: ReadonlyMap<string, bigint>): void {
    for (const { program, attach } of this.#program.probes) {
      if (attach.kind !== 'kprobe-multi') continue;
      const type = attach.at === 'both' ? kprobeAttachType.session : kprobeAttachType.multi;
      const address = programs.get(program);
      if (address === undefined) throw new Error(`the object has no program ${program}`);
      this.#check(this.#libbpf.number('bpf_program__set_expected_attach_type', address, type), 'prepare a kprobe');
    }
  }

  /**
   * libbpf fills the log buffer of a program when the kernel rejects it. Loading stops at the first rejection, so the
   * programs can share one, unless the logs of accepted ones are wanted too.
   */
  #prepareLogs(programs: ReadonlyMap<string, bigint>): ReadonlyMap<string, NativeMemory> {
    const logs = new Map<string, NativeMemory>();
    let shared: NativeMemory | undefined;
    for (const [name, program] of programs) {
      shared = this.#options.verifierLog || shared === undefined ? this.#allocate(this.#options.logSize) : shared;
      logs.set(name, shared);
      this.#libbpf.number('bpf_program__set_log_buf', program, shared.address, this.#options.logSize);
      const level = this.#options.verifierLog ? 1 : this.#options.onlyVerdict ? VERDICT : 0;
      if (level > 0) this.#libbpf.number('bpf_program__set_log_level', program, level);
    }
    return logs;
  }

  #rejection(errno: number, logs: ReadonlyMap<string, NativeMemory>): RuntimeFailure {
    // libbpf names the map that could not be created in its messages only, too.
    const symbol = this.#messages
      .map((message) => /map '([^']+)': failed to create/.exec(message)?.[1])
      .find((name) => name !== undefined);
    const plan = this.#program.maps.find((map) => map.symbol === symbol);
    if (plan !== undefined) return mapFailure(plan, errno, native().errorText(errno));
    // libbpf names the program in its messages only: "prog 'NAME': BPF program load failed: ...".
    const named = this.#messages
      .map((message) => /prog '([^']+)'/.exec(message)?.[1])
      .find((name) => name !== undefined);
    const memory = named === undefined ? [...logs.values()][0] : logs.get(named);
    const log = memory === undefined ? '' : textAt(memory.bytes, this.#options.logSize);
    const probe = this.#program.probes.find(({ program }) => program === named);
    if (log === '' && probe?.attach.kind === 'tracing') return tracingRefusal(probe, errno, native().errorText(errno));
    return new RuntimeFailure(
      log === ''
        ? `the kernel refused to load the program: ${native().errorText(errno)}`
        : 'the verifier of the kernel rejected the program',
      { errno, program: named, log: log === '' ? undefined : log, hint: log === '' ? this.#lastMessages() : undefined },
    );
  }

  #map(object: bigint, name: string): bigint {
    const map = this.#libbpf.pointer('bpf_object__find_map_by_name', object, name);
    if (map === undefined) throw new Error(`the object has no map ${name}`);
    return map;
  }

  #allocate(size: number): NativeMemory {
    const memory = native().allocate(size);
    this.#memory.push(memory);
    return memory;
  }

  #check(status: number, what: string): void {
    if (status >= 0) return;
    throw new RuntimeFailure(`cannot ${what}: ${native().errorText(-status)}`, { errno: -status });
  }

  #lastMessages(): string | undefined {
    const last = this.#messages.slice(-3).map((message) => message.replace(/^libbpf: /, ''));
    return last.length === 0 ? undefined : `libbpf says: ${last.join('; ')}`;
  }
}

/** Why a map of the script could not be created. `words` are those of the system for `errno`. */
export function mapFailure(plan: MapPlan, errno: number, words: string): RuntimeFailure {
  const { name, maxEntries, keySize, valueSize } = plan;
  const size = `${maxEntries} entries with keys of ${keySize} and values of ${valueSize} bytes`;
  const isTooLarge = errno === E2BIG || errno === ENOMEM || errno === EINVAL;
  return new RuntimeFailure(`the kernel cannot create the map ${name}, ${size}: ${isTooLarge ? 'too large' : words}`, {
    errno,
    hint: isTooLarge
      ? 'lower max_map_keys, or the number of entries in the declaration of the map; all of them need memory at once'
      : undefined,
  });
}

/** What the kernel answers when a map is beyond its limits, or there is no memory for it. */
const E2BIG = 7;
const ENOMEM = 12;
const EINVAL = 22;

class LibbpfObject implements LoadedObject {
  readonly verifierLogs: ReadonlyMap<string, string>;
  readonly #libbpf: Libbpf;
  readonly #files: HostFiles;
  readonly #object: bigint;
  readonly #programs: ReadonlyMap<string, bigint>;
  readonly #plan: Program;
  readonly #maps = new Map<string, LibbpfMap>();
  readonly #possibleCpus: number;
  readonly #shared: NativeMemory[] = [];
  #scalars: Uint8Array | undefined;
  #ring: MappedRing | undefined;
  #closed = false;

  constructor(
    libbpf: Libbpf,
    files: HostFiles,
    object: bigint,
    { programs, plan }: { readonly programs: ReadonlyMap<string, bigint>; readonly plan: Program },
    verifierLogs: ReadonlyMap<string, string>,
  ) {
    this.#libbpf = libbpf;
    this.#files = files;
    this.#object = object;
    this.#programs = programs;
    this.#plan = plan;
    this.verifierLogs = verifierLogs;
    this.#possibleCpus = libbpf.number('libbpf_num_possible_cpus');
  }

  program(name: string): BpfProgram {
    const program = this.#programs.get(name);
    if (program === undefined) throw new Error(`the object has no program ${name}`);
    return new LibbpfProgram(name, this.#libbpf.number('bpf_program__fd', program), this.#files);
  }

  map(symbol: string): BpfMap {
    const scalar = this.#plan.maps.find((map) => map.symbol === symbol && map.storage === 'data');
    if (scalar === undefined) return this.#openMap(symbol);
    this.#scalars ??= this.#sharedMemory(this.#plan.abi.scalars);
    return new SectionMap(this.#scalars, scalar.offset ?? 0, scalar.valueSize);
  }

  /**
   * Mapped here: what bpf_map__initial_value() gives is the memory of the map only after a skeleton was loaded, before that
   * (and in libbpf 1.1 for good) it is a copy that the programs never see.
   */
  sharedWords(section: string): Uint32Array {
    const { buffer, byteLength } = this.#sharedMemory(section);
    return new Uint32Array(buffer, 0, byteLength / 4);
  }

  #sharedMemory(section: string): Uint8Array {
    const map = this.#openMap(section);
    const memory = native().map(map.fd, map.valueSize, 0, 'read-write');
    this.#shared.push(memory);
    return new Uint8Array(memory.buffer, 0, map.valueSize);
  }

  ring(): EventRing {
    if (this.#ring === undefined) {
      const map = this.#openMap('eb_ring');
      this.#ring = new MappedRing(map.fd, map.maxEntries);
    }
    return this.#ring;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ring?.close();
    for (const memory of this.#shared) memory.free();
    for (const map of this.#maps.values()) map.close();
    this.#libbpf.number('bpf_object__close', this.#object);
  }

  #openMap(symbol: string): LibbpfMap {
    const open = this.#maps.get(symbol);
    if (open !== undefined) return open;
    const address = this.#libbpf.pointer('bpf_object__find_map_by_name', this.#object, symbol);
    if (address === undefined) throw new Error(`the object has no map ${symbol}`);
    const spreadOver = this.#plan.maps.find((map) => map.symbol === symbol)?.spreadOver;
    const map = new LibbpfMap(this.#libbpf, address, symbol, this.#possibleCpus, spreadOver);
    this.#maps.set(symbol, map);
    return map;
  }
}

class LibbpfProgram implements BpfProgram {
  readonly name: string;
  readonly #fd: number;
  readonly #files: HostFiles;

  constructor(name: string, fd: number, files: HostFiles) {
    this.name = name;
    this.#fd = fd;
    this.#files = files;
  }

  run(): number {
    const { errno, result } = testRun(this.#fd);
    if (errno !== 0) {
      throw new RuntimeFailure(`cannot run program ${this.name}: ${native().errorText(errno)}`, {
        errno,
        program: this.name,
      });
    }
    return result;
  }

  repeat(times: number): RepeatedRun {
    const { errno, ...run } = repeatedRun(this.#fd, times);
    if (errno === 0) return run;
    throw new RuntimeFailure(`cannot run program ${this.name}: ${native().errorText(errno)}`, {
      errno,
      program: this.name,
    });
  }

  attach(plan: ProbePlan, options: AttachOptions): BpfLink {
    return attachProgram({ fd: this.#fd, probe: plan.name }, plan.attach, options, this.#files);
  }

  counts(): ProgramCounts {
    return programCounts(this.#fd);
  }
}
