import { expect, test } from 'vitest';
import type { ConfigBlock } from '../../grammar/ast.ts';
import { Report } from '../../grammar/diagnostic.ts';
import { SourceText } from '../../grammar/source.ts';
import { type Config, defaultConfig } from '../../src/config/options.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import { diagnosticLines } from '../support/diagnostic-lines.ts';

type Entries = readonly (readonly [string, string | bigint | boolean])[];
type Environment = Readonly<Record<string, string>>;

/** Block entries and environment -> what differs from the defaults, and the diagnostics. Names are at 0-1, values at 2-3. */
function check(entries: Entries, environment: Environment, changed: Partial<Config>, diagnostics: string[] = []): void {
  const span = { start: 0, end: 1 };
  const block: ConfigBlock = {
    kind: 'config',
    span,
    entries: entries.map(([name, value]) => ({
      kind: 'config-entry',
      name,
      value,
      nameSpan: span,
      valueSpan: { start: 2, end: 3 },
      span,
    })),
  };
  const report = new Report(new SourceText('stdin', ''));
  expect(resolveConfig(block, environment, report)).toEqual({ ...defaultConfig(), ...changed });
  expect(diagnosticLines(report)).toEqual(diagnostics);
}

test('nothing said: the defaults', () => {
  expect(resolveConfig(undefined, {}, new Report(new SourceText('stdin', '')))).toEqual(defaultConfig());
});

test.each<[Entries, Partial<Config>]>([
  [[['max_map_keys', 10000n]], { max_map_keys: 10000 }],
  [[['MAX_MAP_KEYS', 5n]], { max_map_keys: 5 }],
  [[['BPFTRACE_MAX_STRLEN', 64n]], { max_strlen: 64 }],
  [[['ebtrace_max_strlen', 64n]], { max_strlen: 64 }],
  [[['max_map_keys', '1e4']], { max_map_keys: 10000 }],
  [[['max_map_keys', '0x10']], { max_map_keys: 16 }],
  [[['missing_probes', 'warn']], { missing_probes: 'warn' }],
  [[['missing_probes', 'IGNORE']], { missing_probes: 'ignore' }],
  [[['license', 'Dual MIT/GPL']], { license: 'Dual MIT/GPL' }],
  [[['print_maps_on_exit', false]], { print_maps_on_exit: false }],
  [[['print_maps_on_exit', 0n]], { print_maps_on_exit: false }],
  [[['print_maps_on_exit', 'Off']], { print_maps_on_exit: false }],
  [[['str_trunc_trailer', '']], { str_trunc_trailer: '' }],
  [
    [
      ['max_strlen', 10n],
      ['max_strlen', 20n],
    ],
    { max_strlen: 20 },
  ],
])('block %s', (entries, changed) => check(entries, {}, changed));

test.each<[Environment, Partial<Config>]>([
  [{ BPFTRACE_MAX_STRLEN: '32' }, { max_strlen: 32 }],
  [{ EBTRACE_MAX_STRLEN: '32', BPFTRACE_MAX_STRLEN: '16' }, { max_strlen: 32 }],
  [{ EBTRACE_PRINT_MAPS_ON_EXIT: 'no' }, { print_maps_on_exit: false }],
  [{ BPFTRACE_STR_TRUNC_TRAILER: '…' }, { str_trunc_trailer: '\xe2\x80\xa6' }],
  [{ BPFTRACE_BTF: '/x', EBTRACE_FROB: '1', MAX_STRLEN: '7' }, {}],
])('environment %j', (environment, changed) => check([], environment, changed));

test('the environment beats the block', () => {
  check([['max_strlen', 10n]], { BPFTRACE_MAX_STRLEN: '32' }, { max_strlen: 32 });
});

test.each<[Entries, Partial<Config>, string]>([
  [[['strlen', 10n]], { max_strlen: 10 }, 'warning 0-1 option-renamed: The option strlen is now called max_strlen'],
  [
    [['symbol_source', 'x']],
    {},
    'warning 0-1 option-obsolete: The option symbol_source is no longer needed and has no effect',
  ],
  [
    [['show_debug_info', false]],
    { show_debug_info: false },
    'warning 0-1 option-unsupported: The option show_debug_info has no effect in this version of ebtrace',
  ],
  [
    [['btf', '/x']],
    {},
    'error 0-1 option-environment-only: The option btf can only be set in the environment [Run with EBTRACE_BTF=... instead.]',
  ],
  [
    [['max_map_kesy', 1n]],
    {},
    "error 0-1 unknown-option: There is no config option 'max_map_kesy' [Did you mean 'max_map_keys'?]",
  ],
  [
    [['constructor', 1n]],
    {},
    "error 0-1 unknown-option: There is no config option 'constructor' [Options are cache_user_symbols, cpp_demangle, lazy_symbolication, license, log_size, max_bpf_progs, " +
      'max_cat_bytes, max_map_keys, max_probes, max_strlen, missing_probes, on_stack_limit, perf_rb_pages, ' +
      'print_maps_on_exit, show_debug_info, stack_mode, str_trunc_trailer, unstable_dw_ustack, unstable_import_statement, unstable_tseries, unstable_typeinfo, use_blazesym.]',
  ],
  [[['max_strlen', 'big']], {}, "error 2-3 option-value: max_strlen must be a number from 2 to 65536, got 'big'"],
  [[['max_strlen', 1n]], {}, "error 2-3 option-value: max_strlen must be a number from 2 to 65536, got '1'"],
  [[['max_strlen', true]], {}, "error 2-3 option-value: max_strlen must be a number from 2 to 65536, got 'true'"],
  [
    [['print_maps_on_exit', 2n]],
    {},
    'error 2-3 option-value: print_maps_on_exit must be true or false (also 1 or 0, on or off, yes or no), ' +
      "got '2'",
  ],
  [
    [['missing_probes', 'maybe']],
    {},
    "error 2-3 option-value: missing_probes must be one of 'error', 'warn', 'ignore', got 'maybe'",
  ],
  [[['str_trunc_trailer', 5n]], {}, "error 2-3 option-value: str_trunc_trailer must be a string, got '5'"],
])('block %s is answered', (entries, changed, diagnostic) => check(entries, {}, changed, [diagnostic]));

test.each<[Environment, string]>([
  [
    { BPFTRACE_MAX_STRLEN: 'x' },
    "error option-value: Environment variable BPFTRACE_MAX_STRLEN must be a number from 2 to 65536, got 'x'",
  ],
])('environment %j is answered', (environment, diagnostic) => check([], environment, {}, [diagnostic]));

test('an option for what does not exist yet is checked like the others', () => {
  const message = 'The environment variable EBTRACE_CPP_DEMANGLE has no effect in this version of ebtrace';
  check([], { EBTRACE_CPP_DEMANGLE: 'no' }, { cpp_demangle: false }, [`warning option-unsupported: ${message}`]);
});

test.each<[string | bigint | boolean, string]>([
  ['enable', 'enable'],
  ['Warn', 'warn'],
  ['error', 'error'],
  [true, 'enable'],
  [false, 'error'],
  [1n, 'enable'],
  [0n, 'error'],
  ['yes', 'enable'],
  ['off', 'error'],
])('gate %s', (value, unstable_typeinfo) => {
  check([['unstable_typeinfo', value]], {}, { unstable_typeinfo });
  check([], { BPFTRACE_UNSTABLE_TYPEINFO: String(value) }, { unstable_typeinfo });
});

test('a gate is not half open', () => {
  check([['unstable_tseries', 'maybe']], {}, {}, [
    "error 2-3 option-value: unstable_tseries must be one of 'enable', 'warn', 'error', got 'maybe'",
  ]);
});

test.each<[string | bigint | boolean, string]>([
  ['per_pid', 'PER_PID'],
  ['PER_PROGRAM', 'PER_PROGRAM'],
  [0n, 'NONE'],
  [1n, 'auto'],
])('cache_user_symbols %s', (value, cache_user_symbols) => {
  check([['cache_user_symbols', value]], {}, { cache_user_symbols }, [
    'warning 0-1 option-unsupported: The option cache_user_symbols has no effect in this version of ebtrace',
  ]);
});
