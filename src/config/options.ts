/**
 * Configuration: one row per option. The script's `config = { }` block, the environment (`EBTRACE_*` and
 * `BPFTRACE_*`), `--help`, the manual and the type `Config` all follow from this table.
 * Precedence: default < config block < environment (BPFTRACE_ name) < environment (EBTRACE_ name).
 */
export type OptionKind =
  | { readonly kind: 'number'; readonly minimum?: bigint; readonly maximum?: bigint }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'string' }
  | { readonly kind: 'choice'; readonly values: readonly string[] };

interface OptionRow {
  readonly value: OptionKind;
  readonly default: number | boolean | string;
  readonly doc: string;
}

const number = (minimum: bigint, maximum: bigint): OptionKind => ({ kind: 'number', minimum, maximum });

export const options = {
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
  str_trunc_trailer: {
    value: { kind: 'string' },
    default: '..' as string,
    doc: 'Text printed behind a string that was cut; may be empty.',
  },
} as const satisfies { readonly [name: string]: OptionRow };

export type OptionName = keyof typeof options;

export type Config = { readonly [K in OptionName]: (typeof options)[K]['default'] };

export const optionNames = Object.keys(options) as readonly OptionName[];

export function defaultConfig(): Config {
  return Object.fromEntries(optionNames.map((name) => [name, options[name].default])) as unknown as Config;
}
