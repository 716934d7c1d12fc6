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
  /** May be given several times, and all count. `commas`: each time with several words. Otherwise the last one counts. */
  readonly repeats?: 'words' | 'commas';
  /** Values that the argument may have; a function when they come from a table that is not loaded at start. */
  readonly choices?: () => readonly string[] | Promise<readonly string[]>;
  /** Other words for choices, from bpftrace. */
  readonly aliases?: { readonly [word: string]: string };
  /** Heading in the help. */
  readonly group: OptionGroup;
  /** Known from bpftrace and refused; the reason. */
  readonly unavailable?: string;
  readonly doc: string;
}

/** Headings of the help, in this order. */
export const optionGroups = [
  'What to trace',
  'Results',
  'Looking around',
  'C in scripts',
  'Developing scripts',
  'Developing ebtrace',
] as const;

export type OptionGroup = (typeof optionGroups)[number];

/** Stages that `-d` can show, with the stream they go to: results of the compiler to stdout, remarks to stderr. */
export const debugStages = {
  ast: 'stdout',
  types: 'stdout',
  c: 'stdout',
  llvm: 'stdout',
  asm: 'stdout',
  libbpf: 'stderr',
  verifier: 'stderr',
} as const satisfies { readonly [stage: string]: 'stdout' | 'stderr' };

export type DebugStage = keyof typeof debugStages;

/** bpftrace's words for what comes closest. */
const stageAliases: { readonly [word: string]: DebugStage } = {
  parse: 'ast',
  codegen: 'c',
  'codegen-opt': 'llvm',
  dis: 'asm',
};

export const bufferings = ['line', 'full', 'none'] as const;

/** What `--mode` may say. */
export const modes = ['codegen', 'compiler-bench', 'format', 'test', 'bench'] as const;

const noUserProbes = 'there are no uprobe and usdt probes in this version of ebtrace';
const noUserStacks = 'there are no stacks of processes in this version of ebtrace';

export const optionTable = {
  program: {
    short: 'e',
    value: 'PROGRAM',
    group: 'What to trace',
    doc: 'script text; wins over FILE, the last one counts',
  },
  pid: {
    short: 'p',
    long: 'pid',
    value: 'PID',
    group: 'What to trace',
    doc: 'trace this process only, and end when it ends',
  },
  command: {
    short: 'c',
    long: 'cmd',
    value: 'COMMAND',
    group: 'What to trace',
    doc: 'start COMMAND (split at blanks) once all is attached, end when it ends; cpid is its pid',
  },
  unsafe: { long: 'unsafe', group: 'What to trace', doc: 'allow system()' },
  probeFilter: {
    long: 'probe-filter',
    value: 'REGEX',
    group: 'What to trace',
    doc: 'keep only probes whose name matches; begin and end stay',
  },
  noFeature: {
    long: 'no-feature',
    value: 'FEATURE',
    repeats: 'commas',
    choices: async () => Object.keys((await import('../world/features.ts')).namedFeatures),
    group: 'What to trace',
    doc: 'do without a feature of the kernel, or several (A,B), as on one that lacks them',
  },
  output: {
    short: 'o',
    long: 'output',
    value: 'FILE',
    group: 'Results',
    doc: 'write results to FILE, which is emptied first, instead of stdout',
  },
  format: {
    short: 'f',
    value: 'FORMAT',
    choices: async () => (await import('../../runtime/output/index.ts')).outputFormatNames,
    group: 'Results',
    doc: 'format of results',
  },
  buffering: {
    short: 'B',
    value: 'MODE',
    choices: () => bufferings,
    group: 'Results',
    doc: 'when results leave: after each batch of events, when 64 KiB are full, or at every write',
  },
  quiet: { short: 'q', long: 'quiet', group: 'Results', doc: 'do not say how many probes are attached' },
  stats: {
    long: 'stats',
    group: 'Results',
    doc: 'at the end tell how often and how long each probe ran, and what the results lack',
  },
  verbose: {
    short: 'v',
    long: 'verbose',
    group: 'Results',
    doc: 'say what is done and how each probe is attached; with -l show arguments and members',
  },
  warnings: {
    short: 'k',
    long: 'warnings',
    group: 'Results',
    doc: 'also warn about failed reads of memory and missing map keys',
  },
  noWarnings: {
    long: 'no-warnings',
    group: 'Results',
    doc: 'no warnings, neither about the script nor while it runs',
  },
  list: {
    short: 'l',
    long: 'list',
    group: 'Looking around',
    doc: "list probes: all, those that match a pattern, or those of a script; 'struct NAME' lists types",
  },
  info: {
    long: 'info',
    group: 'Looking around',
    doc: 'show what ebtrace found on this machine and what the kernel can do',
  },
  includeFolder: {
    short: 'I',
    value: 'DIR',
    repeats: 'words',
    group: 'C in scripts',
    doc: 'look for C headers in DIR too; may be given several times',
  },
  include: {
    long: 'include',
    value: 'FILE',
    repeats: 'words',
    group: 'C in scripts',
    doc: 'include the C header FILE before the script; may be given several times',
  },
  clang: { long: 'clang', value: 'PATH', group: 'C in scripts', doc: 'compile with this clang' },
  dryRun: {
    long: 'dry-run',
    group: 'Developing scripts',
    doc: 'attach everything, then stop; nothing is run or printed',
  },
  fmt: {
    long: 'fmt',
    group: 'Developing scripts',
    doc: 'print the script in its usual form, or with -o write it to a file; needs no root',
  },
  mode: {
    long: 'mode',
    value: 'MODE',
    choices: () => modes,
    group: 'Developing scripts',
    doc: 'codegen: compile only; compiler-bench: how long that takes; format, test, bench: as --fmt, --test, --bench',
  },
  test: {
    long: 'test',
    group: 'Developing scripts',
    doc: 'run the test probes, tell which passed; nothing is attached, status 1 when one failed',
  },
  bench: { long: 'bench', group: 'Developing scripts', doc: 'measure the bench probes; nothing is attached' },
  debug: {
    short: 'd',
    long: 'debug',
    value: 'STAGE',
    repeats: 'commas',
    choices: () => ['all', ...Object.keys(debugStages)],
    aliases: stageAliases,
    group: 'Developing ebtrace',
    doc: 'show what a stage made, then go on (libbpf and verifier on stderr, the others on stdout)',
  },
  emitC: {
    long: 'emit-c',
    value: 'FILE',
    group: 'Developing ebtrace',
    doc: 'write the generated C to FILE (- is stdout) and stop; needs no root',
  },
  emitElf: {
    long: 'emit-elf',
    value: 'FILE',
    group: 'Developing ebtrace',
    doc: 'write the BPF object to FILE and stop; needs no root',
  },
  emitLlvm: {
    long: 'emit-llvm',
    value: 'FILE',
    group: 'Developing ebtrace',
    doc: "write clang's intermediate code to FILE.original.ll and FILE.optimized.ll and stop; needs no root",
  },
  host: {
    long: 'host',
    value: 'DIR',
    group: 'Developing ebtrace',
    doc: 'compile for the machine recorded in DIR; with --emit-c, --emit-elf, -l',
  },
  record: {
    long: 'record',
    value: 'DIR',
    group: 'Developing ebtrace',
    doc: 'write all the script asks of this machine below DIR, for --host, and stop',
  },
  verifyLlvm: {
    long: 'verify-llvm-ir',
    group: 'Developing ebtrace',
    doc: 'without effect: clang checks what it makes',
  },
  btf: {
    short: 'b',
    long: 'btf',
    group: 'Developing ebtrace',
    doc: 'without effect: the types of the kernel are always used',
  },
  aot: {
    long: 'aot',
    value: 'FILE',
    group: 'Developing ebtrace',
    unavailable:
      'programs need ebtrace and its runtime to run; compiled objects are kept, so a second start does not compile',
    doc: 'compile ahead of time',
  },
  debugInfo: {
    long: 'debuginfo',
    value: 'DIR',
    group: 'What to trace',
    unavailable: noUserStacks,
    doc: 'folders of debug information',
  },
  dwarfPid: {
    long: 'dwarf-pid',
    value: 'PID',
    group: 'What to trace',
    unavailable: noUserStacks,
    doc: 'processes whose stacks are unwound by DWARF',
  },
  traceable: {
    long: 'traceable-functions',
    value: 'FILE',
    group: 'What to trace',
    doc: 'functions that can be traced, NAME or NAME [MODULE] a line, instead of what the kernel lists',
  },
  usdtFiles: {
    long: 'usdt-file-activation',
    group: 'What to trace',
    unavailable: noUserProbes,
    doc: 'activate USDT probes by file',
  },
} as const satisfies { readonly [name: string]: OptionRow };

export type OptionName = keyof typeof optionTable;

export type OptionValues = {
  readonly [K in OptionName]: (typeof optionTable)[K] extends { readonly repeats: string }
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
