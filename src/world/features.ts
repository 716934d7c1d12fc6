/**
 * What the kernel can do, as asked by test-loading (runtime/features.ts) or guessed when there is no kernel to ask.
 * The compiler decides by these flags only, never by a version.
 */
export interface KernelFeatures extends TaskLookups {
  /** bpf_get_attach_cookie() for perf tracepoints (5.15). */
  readonly tracepointCookie: boolean;
  /** The same for raw tracepoints (6.10). */
  readonly rawTracepointCookie: boolean;
  /** bpf_get_attach_cookie() for kprobes (5.15). */
  readonly kprobeCookie: boolean;
  /** bpf_get_func_ip() in kprobes: the function behind a return (5.15). */
  readonly kprobeFunctionIp: boolean;
  /** One link for a program on many functions (5.18, needs CONFIG_FPROBE). */
  readonly kprobeMulti: boolean;
  /** The same for a program that runs at entry and return of a function (6.10). */
  readonly kprobeSession: boolean;
  /** bpf_loop() (5.17). */
  readonly bpfLoop: boolean;
  /** bpf_map_lookup_percpu_elem() (5.19). */
  readonly mapLookupPercpu: boolean;
  /** bpf_for_each_map_elem() (5.13). */
  readonly forEachMapElem: boolean;
  /** Keys of hash maps may have more than 512 bytes (5.19). */
  readonly longMapKeys: boolean;
  /** bpf_ktime_get_boot_ns() (5.8). */
  readonly ktimeBoot: boolean;
  /** bpf_get_current_task_btf(): fields of the current task without a helper call each (5.11, needs kernel BTF). */
  readonly currentTaskBtf: boolean;
  /** bpf_task_pt_regs(): the registers of a system call without a read each (5.15, needs kernel BTF). */
  readonly taskPtRegs: boolean;
  /**
   * Loads through pointers whose types the verifier knows are safe when there is no memory. Linux 5.10 panics then in programs
   * of several functions, which have no exception table there. No test can ask that; what came long after stands for it (6.10).
   */
  readonly typedReads: boolean;
  /**
   * fentry and fexit for functions with structs by value as arguments. Asking takes such a function; what came with it stands
   * for it (6.1).
   */
  readonly structArguments: boolean;
  /**
   * A program of fentry or fexit never runs within itself. The guard came in 5.12 and answers no question; the next helper
   * stands for it (bpf_for_each_map_elem, 5.13).
   */
  readonly recursionGuard: boolean;
  /** False inside a PID namespace: pid and tid are then translated by bpf_get_ns_current_pid_tgid() (5.7). */
  readonly initPidNamespace: boolean;
}

/**
 * bpf_task_from_pid() in programs of a type: 6.2 for tracing (fentry, fexit, iter); 6.12 has it for tracepoints and perf events
 * too, 7.2 for raw tracepoints.
 */
type TaskLookups = { readonly [Feature in TaskLookup]: boolean };
export type TaskLookup = `taskFromPid:${ProgramType}`;

/** As program.ts names the types of programs. */
export const programTypes = ['tracing', 'tracepoint', 'perf_event', 'kprobe', 'raw_tracepoint', 'xdp'] as const;
export type ProgramType = (typeof programTypes)[number];

export function taskLookup(type: ProgramType): TaskLookup {
  return `taskFromPid:${type}`;
}

/** Used where no kernel is asked (--emit-c, tests): what a current kernel has. */
export const currentKernelFeatures: KernelFeatures = {
  tracepointCookie: true,
  rawTracepointCookie: true,
  kprobeCookie: true,
  kprobeFunctionIp: true,
  kprobeMulti: true,
  kprobeSession: true,
  bpfLoop: true,
  mapLookupPercpu: true,
  forEachMapElem: true,
  longMapKeys: true,
  ktimeBoot: true,
  currentTaskBtf: true,
  taskPtRegs: true,
  typedReads: true,
  structArguments: true,
  recursionGuard: true,
  initPidNamespace: true,
  'taskFromPid:tracing': true,
  'taskFromPid:tracepoint': true,
  'taskFromPid:perf_event': true,
  'taskFromPid:raw_tracepoint': true,
  'taskFromPid:xdp': true,
  // Not in 7.2; but what is guessed to be missing is refused without asking.
  'taskFromPid:kprobe': true,
};

/** What `--no-feature` may name, as on a kernel that lacks it. Nothing attaches with uprobe_multi yet. */
export const namedFeatures: { readonly [name: string]: readonly (keyof KernelFeatures)[] } = {
  kprobe_multi: ['kprobeMulti'],
  kprobe_session: ['kprobeSession'],
  uprobe_multi: [],
  attach_cookie: ['tracepointCookie', 'rawTracepointCookie', 'kprobeCookie'],
  loop: ['bpfLoop'],
  for_each_map_elem: ['forEachMapElem'],
  map_lookup_percpu_elem: ['mapLookupPercpu'],
  map_keys_over_512_bytes: ['longMapKeys'],
  get_current_task_btf: ['currentTaskBtf'],
  task_pt_regs: ['taskPtRegs'],
  ktime_get_boot_ns: ['ktimeBoot'],
  task_from_pid: programTypes.map(taskLookup),
};
