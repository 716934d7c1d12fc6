/**
 * The command line's options: one row per option. The parser, `--help`, the manual and the type `OptionValues` follow
 * from this table; what an option does is said where its command is.
 */
export interface OptionRow {
  /** One letter, without the dash. */
  readonly short?: string;
  /** Without the dashes. */
  readonly long?: string;
  /** Placeholder of the option's argument; without it the option is a switch. */
  readonly value?: string;
  /** May be given several times and takes comma-separated lists. */
  readonly list?: true;
  /** Values that the argument may have; a function when they come from a table that is not loaded at start. */
  readonly choices?: () => readonly string[] | Promise<readonly string[]>;
  /** Accepted and refused with a message: known from bpftrace, to come. With a `value` it may have one. */
  readonly unavailable?: true;
  readonly doc: string;
}

/** Stages that `-d` can show, with the stream they go to: results of the compiler to stdout, remarks to stderr. */
export const debugStages = {
  ast: 'stdout',
  types: 'stdout',
  c: 'stdout',
  libbpf: 'stderr',
  verifier: 'stderr',
} as const satisfies { readonly [stage: string]: 'stdout' | 'stderr' };

export type DebugStage = keyof typeof debugStages;

export const bufferings = ['line', 'full', 'none'] as const;

export const optionTable = {
  program: { short: 'e', value: 'PROGRAM', doc: 'script text; wins over FILE, the last one counts' },
  pid: { short: 'p', long: 'pid', value: 'PID', doc: 'trace this process only, and end when it ends' },
  command: {
    short: 'c',
    long: 'cmd',
    value: 'COMMAND',
    doc: 'start COMMAND (split at blanks) once all is attached, end when it ends; cpid is its pid',
  },
  output: { short: 'o', long: 'output', value: 'FILE', doc: 'write results to FILE instead of stdout' },
  format: {
    short: 'f',
    value: 'FORMAT',
    choices: async () => (await import('../../runtime/output/index.ts')).outputFormatNames,
    doc: 'format of results',
  },
  buffering: {
    short: 'B',
    value: 'MODE',
    choices: () => bufferings,
    doc: 'when results leave: after each batch of events, when 64 KiB are full, or at every write',
  },
  quiet: { short: 'q', long: 'quiet', doc: 'do not say how many probes are attached' },
  verbose: {
    short: 'v',
    long: 'verbose',
    doc: 'say what is done and how each probe is attached; with -l show arguments',
  },
  debug: {
    short: 'd',
    long: 'debug',
    value: 'STAGE',
    list: true,
    choices: () => ['all', ...Object.keys(debugStages)],
    doc: 'show what a stage made, then go on (ast, types, c on stdout; libbpf, verifier on stderr)',
  },
  emitC: { long: 'emit-c', value: 'FILE', doc: 'write the generated C to FILE (- is stdout) and stop; needs no root' },
  emitElf: { long: 'emit-elf', value: 'FILE', doc: 'write the BPF object to FILE and stop; needs no root' },
  list: { short: 'l', long: 'list', doc: 'list probes: all, those that match a pattern, or those of a script' },
  info: { long: 'info', doc: 'show what ebtrace found on this machine and what the kernel can do' },
  dryRun: { long: 'dry-run', doc: 'attach everything, then stop; nothing is run or printed' },
  unsafe: { long: 'unsafe', doc: 'allow system()' },
  probeFilter: { long: 'probe-filter', value: 'REGEX', doc: 'keep only probes whose name matches; begin and end stay' },
  noWarnings: { long: 'no-warnings', doc: 'no warnings, neither about the script nor while it runs' },
  warnings: {
    short: 'k',
    long: 'warnings',
    unavailable: true,
    doc: 'also warn about failed reads and missing map keys',
  },
  test: { long: 'test', value: 'MODE', unavailable: true, doc: 'run the test probes' },
  bench: { long: 'bench', value: 'MODE', unavailable: true, doc: 'run the bench probes' },
  aot: { long: 'aot', value: 'FILE', unavailable: true, doc: 'compile ahead of time' },
  fmt: { long: 'fmt', unavailable: true, doc: 'format the script' },
  includeFolder: { short: 'I', value: 'DIR', unavailable: true, doc: 'folder of C headers' },
  include: { long: 'include', value: 'FILE', unavailable: true, doc: 'C header to include' },
  debugInfo: { long: 'debuginfo', value: 'FILE', unavailable: true, doc: 'debug information of a program' },
  traceable: { long: 'traceable-functions', value: 'FILE', unavailable: true, doc: 'functions that can be traced' },
  noFeature: { long: 'no-feature', value: 'LIST', unavailable: true, doc: 'do without features of the kernel' },
  usdtFiles: { long: 'usdt-file-activation', unavailable: true, doc: 'activate USDT probes by file' },
  mode: { long: 'mode', value: 'MODE', unavailable: true, doc: 'what to do with the script' },
  emitLlvm: { long: 'emit-llvm', value: 'FILE', unavailable: true, doc: 'write LLVM IR to FILE' },
  verifyLlvm: { long: 'verify-llvm-ir', unavailable: true, doc: 'check the LLVM IR' },
  clang: { long: 'clang', value: 'PATH', doc: 'compile with this clang (EBTRACE_CLANG)' },
  host: { long: 'host', value: 'DIR', doc: 'compile for the machine recorded in DIR; with --emit-c, --emit-elf, -l' },
  record: {
    long: 'record',
    value: 'DIR',
    doc: 'write all the script asks of this machine below DIR, for --host, and stop',
  },
} as const satisfies { readonly [name: string]: OptionRow };

export type OptionName = keyof typeof optionTable;

export type OptionValues = {
  readonly [K in OptionName]: (typeof optionTable)[K] extends { readonly list: true }
    ? readonly string[]
    : (typeof optionTable)[K] extends { readonly value: string }
      ? string | undefined
      : boolean;
};

export const optionNames = Object.keys(optionTable) as readonly OptionName[];

export function optionRow(name: OptionName): OptionRow {
  return optionTable[name];
}

/** As users write it: `-p, --pid`. */
export function optionFlags(row: OptionRow): string {
  const names = [row.short === undefined ? [] : `-${row.short}`, row.long === undefined ? [] : `--${row.long}`].flat();
  return names.join(', ');
}
