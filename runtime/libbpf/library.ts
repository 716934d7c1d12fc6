/**
 * Finds libbpf and declares the functions we call, each at its first use (declaring costs 0.3 ms, a run needs about
 * twenty). Only functions of libbpf 1.0 are used; what a version may lack goes through bpf-syscalls.ts.
 */
import koffi, { type LibraryHandle } from 'koffi';
import type { HostFiles } from '../../src/world/host-files.ts';
import { RuntimeFailure } from '../bpf.ts';
import { native } from './native.ts';

/** libbpf's own functions by their own names (bpf/libbpf.h, bpf/bpf.h); pointers are addresses. */
const declarations = {
  bpf_object__open_mem: ['void *', ['void *', 'size_t', 'void *']],
  bpf_object__load: ['int', ['void *']],
  bpf_object__close: ['void', ['void *']],
  bpf_object__find_map_by_name: ['void *', ['void *', 'str']],
  bpf_object__next_program: ['void *', ['void *', 'void *']],
  bpf_program__name: ['str', ['void *']],
  bpf_program__fd: ['int', ['void *']],
  bpf_program__set_expected_attach_type: ['int', ['void *', 'int']],
  bpf_program__set_log_buf: ['int', ['void *', 'void *', 'size_t']],
  bpf_program__set_log_level: ['int', ['void *', 'uint32_t']],
  bpf_map__fd: ['int', ['void *']],
  bpf_map__type: ['int', ['void *']],
  bpf_map__key_size: ['uint32_t', ['void *']],
  bpf_map__value_size: ['uint32_t', ['void *']],
  bpf_map__max_entries: ['uint32_t', ['void *']],
  bpf_map__set_max_entries: ['int', ['void *', 'uint32_t']],
  bpf_map__initial_value: ['void *', ['void *', 'void *']],
  bpf_linker__new: ['void *', ['str', 'void *']],
  bpf_linker__add_file: ['int', ['void *', 'str', 'void *']],
  bpf_linker__finalize: ['int', ['void *']],
  bpf_linker__free: ['void', ['void *']],
  bpf_map_lookup_elem: ['int', ['int', 'void *', 'void *']],
  bpf_map_update_elem: ['int', ['int', 'void *', 'void *', 'uint64_t']],
  bpf_map_delete_elem: ['int', ['int', 'void *']],
  bpf_map_get_next_key: ['int', ['int', 'void *', 'void *']],
  bpf_map_lookup_batch: ['int', ['int', 'void *', 'void *', 'void *', 'void *', 'void *', 'void *']],
  libbpf_num_possible_cpus: ['int', []],
  libbpf_register_prog_handler: ['int', ['str', 'int', 'int', 'void *']],
  bpf_btf_get_next_id: ['int', ['uint32_t', 'void *']],
  bpf_btf_get_fd_by_id: ['int', ['uint32_t']],
  bpf_prog_get_next_id: ['int', ['uint32_t', 'void *']],
  bpf_prog_get_fd_by_id: ['int', ['uint32_t']],
  bpf_obj_get_info_by_fd: ['int', ['int', 'void *', 'void *']],
  bpf_program__set_attach_target: ['int', ['void *', 'int', 'str']],
  libbpf_set_print: ['void *', ['void *']],
} as const satisfies { readonly [name: string]: readonly [string, readonly string[]] };

export type LibbpfFunction = keyof typeof declarations;
type Argument = number | bigint | string | null | Uint8Array;
type Foreign = (...args: readonly Argument[]) => unknown;

export type LibbpfLevel = 'warn' | 'info' | 'debug';

export interface Libbpf {
  /** Calls a function whose result is a number or nothing; below zero it is -errno (libbpf 1.x). */
  number(name: LibbpfFunction, ...args: readonly Argument[]): number;
  /** Calls a function that returns a pointer; undefined for NULL. */
  pointer(name: LibbpfFunction, ...args: readonly Argument[]): bigint | undefined;
  text(name: LibbpfFunction, ...args: readonly Argument[]): string;
  /** errno of the last call of `pointer` that gave undefined. */
  errno(): number;
  /** Runs `work`; meanwhile libbpf's messages go to `listener`. */
  listening<T>(listener: (level: LibbpfLevel, text: string) => void, work: () => T): T;
  /**
   * Runs `work`; meanwhile `prepare` is called for each program of a section `fentry/...` and `fexit/...` before it is
   * loaded, with the address of its struct bpf_prog_load_opts. Below zero it fails with -errno.
   */
  preparing<T>(prepare: (program: bigint, options: bigint) => number, work: () => T): T;
}

let instance: Libbpf | undefined;

/** Throws RuntimeFailure with the command that installs the library when it is missing. */
export function openLibbpf(files: HostFiles): Libbpf {
  instance ??= declareLibbpf(loadLibrary(files));
  return instance;
}

function loadLibrary(files: HostFiles): LibraryHandle {
  try {
    return koffi.load('libbpf.so.1');
  } catch (error) {
    throw new RuntimeFailure('libbpf.so.1 is missing: ebtrace loads programs into the kernel with it', {
      hint: `${installHint(files.read('/etc/os-release'))} (${error instanceof Error ? error.message : String(error)})`,
    });
  }
}

const packages: readonly { readonly systems: readonly string[]; readonly command: string }[] = [
  { systems: ['debian', 'ubuntu'], command: 'apt-get install libbpf1' },
  { systems: ['fedora', 'rhel', 'centos'], command: 'dnf install libbpf' },
  { systems: ['arch'], command: 'pacman -S libbpf' },
  { systems: ['suse', 'opensuse'], command: 'zypper install libbpf1' },
  { systems: ['alpine'], command: 'apk add libbpf' },
];

/** The command for this distribution, by ID and ID_LIKE of os-release(5). */
export function installHint(osRelease: Uint8Array | undefined): string {
  const text = osRelease === undefined ? '' : Buffer.from(osRelease).toString('utf8');
  const field = (name: string): string => new RegExp(`^${name}="?([^"\n]*)`, 'm').exec(text)?.[1] ?? '';
  const names = `${field('ID')} ${field('ID_LIKE')}`.split(/[ -]/);
  const found = packages.find((entry) => entry.systems.some((system) => names.includes(system)));
  if (found === undefined) return "install libbpf 1.0 or newer with your distribution's package manager";
  return `install it: ${found.command} (it must be version 1.0 or newer; Debian 11 and Ubuntu 22.04 only have 0.x)`;
}

/** BPF_PROG_TYPE_TRACING, and the attach types BPF_TRACE_FENTRY and BPF_TRACE_FEXIT of linux/bpf.h. */
const PROG_TYPE_TRACING = 26;
const functionSections = [
  ['fentry+', 24],
  ['fexit+', 25],
] as const;

const levels: readonly LibbpfLevel[] = ['warn', 'info', 'debug'];

function declareLibbpf(library: LibraryHandle): Libbpf {
  const declared = new Map<LibbpfFunction, Foreign>();
  const find = (name: LibbpfFunction): Foreign => {
    const known = declared.get(name);
    if (known !== undefined) return known;
    const [result, parameters] = declarations[name];
    const entry: Foreign = library.func(name, result, [...parameters]);
    declared.set(name, entry);
    return entry;
  };
  const call = (name: LibbpfFunction, args: readonly Argument[]): unknown => find(name)(...args);

  let listener: ((level: LibbpfLevel, text: string) => void) | undefined;
  const printer = koffi.proto('int ebtrace_libbpf_print(int level, void *format, void *args)');
  const callback = koffi.register((level: number, format: bigint, args: bigint): number => {
    listener?.(levels[level] ?? 'debug', native().format(format, args).trimEnd());
    return 0;
  }, koffi.pointer(printer));
  find('libbpf_set_print')(callback);

  let prepare: ((program: bigint, options: bigint) => number) | undefined;
  let isPrepared = false;
  /** Our handler takes the place of libbpf's own for these sections. */
  const registerHandlers = (): void => {
    if (isPrepared) return;
    isPrepared = true;
    const type = koffi.proto('int ebtrace_prepare(void *program, void *options, long cookie)');
    const handler = koffi.register(
      (program: bigint, options: bigint): number => prepare?.(program, options) ?? 0,
      koffi.pointer(type),
    );
    // struct libbpf_prog_handler_opts {size_t sz; long cookie; setup, prepare_load, attach functions}.
    const options = native().allocate(40);
    options.view.setBigUint64(0, 40n, true);
    options.view.setBigUint64(24, koffi.address(handler), true);
    for (const [section, attachType] of functionSections) {
      const status = Number(
        find('libbpf_register_prog_handler')(section, PROG_TYPE_TRACING, attachType, options.address),
      );
      if (status < 0) throw new Error(`libbpf does not take a handler for ${section}: ${status}`);
    }
    options.free();
  };

  return {
    number: (name, ...args) => Number(call(name, args) ?? 0),
    pointer: (name, ...args) => {
      const result = call(name, args);
      return typeof result === 'bigint' && result !== 0n ? result : undefined;
    },
    text: (name, ...args) => String(call(name, args)),
    errno: () => Number(koffi.errno()),
    listening: (target, work) => {
      const before = listener;
      listener = target;
      try {
        return work();
      } finally {
        listener = before;
      }
    },
    preparing: (target, work) => {
      registerHandlers();
      prepare = target;
      try {
        return work();
      } finally {
        prepare = undefined;
      }
    },
  };
}
