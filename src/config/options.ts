/**
 * Configuration: one row per option. The script's `config = { }` block, the environment (`EBTRACE_*` and
 * `BPFTRACE_*`), `--help`, the manual and the type `Config` all follow from this table.
 * Precedence: default < config block < environment (BPFTRACE_ name) < environment (EBTRACE_ name).
 */
export type OptionKind =
  | { readonly kind: 'number'; readonly minimum?: bigint; readonly maximum?: bigint }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'string' }
  /** Any case. `aliases` are further spellings, in lower case, and what they stand for. */
  | {
      readonly kind: 'choice';
      readonly values: readonly string[];
      readonly aliases?: { readonly [spelling: string]: string };
    };

interface OptionRow {
  readonly value: OptionKind;
  readonly default: number | boolean | string;
  readonly doc: string;
  /** Known and checked, so that scripts which set it run; what it is about does not exist here yet. */
  readonly inert?: true;
}

/** A feature that may still change: `warn` says so when a script uses it, `error` refuses. */
const gate: OptionKind = {
  kind: 'choice',
  values: ['enable', 'warn', 'error'],
  aliases: {
    true: 'enable',
    1: 'enable',
    on: 'enable',
    yes: 'enable',
    false: 'error',
    0: 'error',
    off: 'error',
    no: 'error',
  },
};

const number = (minimum: bigint, maximum: bigint): OptionKind => ({ kind: 'number', minimum, maximum });

export const options = {
  cache_user_symbols: {
    value: {
      kind: 'choice',
      values: ['PER_PID', 'PER_PROGRAM', 'NONE', 'auto'],
      aliases: { 0: 'NONE', false: 'NONE', 1: 'auto', true: 'auto' },
    },
    default: 'auto' as string,
    doc: 'How long symbols of user programs are kept; auto is PER_PROGRAM with -c or without address randomisation, else PER_PID.',
    inert: true,
  },
  cpp_demangle: {
    value: { kind: 'boolean' },
    default: true as boolean,
    doc: 'Show C++ names as they are written in the source.',
    inert: true,
  },
  lazy_symbolication: {
    value: { kind: 'boolean' },
    default: true as boolean,
    doc: 'Look symbols of user programs up when they are printed, not when a program is seen.',
    inert: true,
  },
  license: {
    value: {
      kind: 'choice',
      values: ['GPL', 'GPL v2', 'GPL and additional rights', 'Dual BSD/GPL', 'Dual MIT/GPL', 'Dual MPL/GPL'],
    },
    default: 'GPL' as string,
    doc: 'License string of the BPF programs; many helpers need one that is compatible with the GPL.',
  },
  log_size: {
    value: number(1n, 1n << 30n),
    default: 1_000_000 as number,
    doc: 'Bytes kept of the verifier log when the kernel rejects a program.',
  },
  max_bpf_progs: {
    value: number(1n, 1_000_000n),
    default: 1024 as number,
    doc: 'Upper limit on the BPF programs that one script may become.',
  },
  max_cat_bytes: {
    value: number(0n, 1n << 30n),
    default: 10240 as number,
    doc: 'Bytes of a file that cat() prints at most.',
  },
  max_map_keys: {
    value: number(1n, 0xffff_ffffn),
    default: 4096 as number,
    doc: 'Entries of every map that has no declaration of its own.',
  },
  max_probes: {
    value: number(1n, 1_000_000n),
    default: 1024 as number,
    doc: 'Upper limit on attached probes.',
  },
  max_strlen: {
    value: number(2n, 65536n),
    default: 1024 as number,
    doc: 'Bytes, with the terminating NUL, of strings read by str() and of buffers read by buf().',
  },
  missing_probes: {
    value: { kind: 'choice', values: ['error', 'warn', 'ignore'] },
    default: 'error' as string,
    doc: 'What to do about a probe that does not exist or cannot be attached.',
  },
  on_stack_limit: {
    value: number(0n, 256n),
    default: 32 as number,
    doc: 'Values larger than this many bytes are kept in per-CPU memory, not on the 512-byte BPF stack.',
  },
  perf_rb_pages: {
    value: number(0n, 1n << 18n),
    default: 0 as number,
    doc: 'Pages of the event ring buffer, rounded up to a power of two; 0 chooses by free memory (256 KiB to 16 MiB).',
  },
  print_maps_on_exit: {
    value: { kind: 'boolean' },
    default: true as boolean,
    doc: 'Print all maps when the script ends.',
  },
  show_debug_info: {
    value: { kind: 'boolean' },
    default: true as boolean,
    doc: 'Show files, lines and inlined functions in stacks.',
    inert: true,
  },
  stack_mode: {
    value: { kind: 'choice', values: ['bpftrace', 'perf', 'raw', 'build_id'] },
    default: 'bpftrace' as string,
    doc: 'How kstack and ustack print their frames; build_id is for ustack, kstack prints bare addresses then (raw).',
  },
  str_trunc_trailer: {
    value: { kind: 'string' },
    default: '..' as string,
    doc: 'Text printed behind a string that was cut; may be empty.',
  },
  unstable_dw_ustack: {
    value: gate,
    default: 'warn' as string,
    doc: 'Whether scripts may use dw_ustack: enable, warn or error.',
  },
  unstable_import_statement: {
    value: gate,
    default: 'error' as string,
    doc: 'Whether import may stand inside a block: enable, warn or error.',
  },
  unstable_tseries: {
    value: gate,
    default: 'warn' as string,
    doc: 'Whether scripts may use tseries(): enable, warn or error.',
  },
  unstable_typeinfo: {
    value: gate,
    default: 'error' as string,
    doc: 'Whether scripts may use typeinfo(): enable, warn or error.',
  },
  use_blazesym: {
    value: { kind: 'boolean' },
    default: true as boolean,
    doc: 'Which of two ways to look up symbols is taken.',
    inert: true,
  },
} as const satisfies { readonly [name: string]: OptionRow };

export type OptionName = keyof typeof options;

export type Config = { readonly [K in OptionName]: (typeof options)[K]['default'] };

export const optionNames = Object.keys(options) as readonly OptionName[];

export function defaultConfig(): Config {
  return Object.fromEntries(optionNames.map((name) => [name, options[name].default])) as unknown as Config;
}
