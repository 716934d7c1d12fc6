/** Section 11: configuration. */
import { row, type Section } from './table.ts';

export const config: Section = {
  title: '11 Configuration',
  values: [],
  runs: [
    {
      about: 'spellings of keys and values',
      script:
        'config = { MAX_STRLEN = 0x20; BPFTRACE_MAX_MAP_KEYS = 1e1; print_maps_on_exit = off; str_trunc_trailer = "~" } begin { @x = 1; print(sizeof(str((int8*)8))); print(str("0123456789", 64)); }',
      args: ['a'],
      lines: ['32', '0123456789', 'maps:'],
      stderr: 'any',
    },
    {
      about: 'the environment wins over the block',
      script: 'config = { max_strlen = 16 } begin { print(sizeof(str((int8*)0))); }',
      env: { BPFTRACE_MAX_STRLEN: '1_00' },
      lines: ['100', 'maps:'],
    },
    {
      about: 'print_maps_on_exit',
      script: 'config = { print_maps_on_exit = false } begin { @x = 1; print(2); }',
      lines: ['2', 'maps:'],
    },
    {
      about: 'a last ; in the block is optional, an empty block is fine',
      script: 'config = { max_map_keys = 10; } begin { print(1); }',
      lines: ['1', 'maps:'],
    },
    {
      about: 'missing_probes = warn',
      script: 'config = { missing_probes = warn } tracepoint:sched:no_such_event { } begin { print(1); exit(); }',
      lines: ['1', 'maps:'],
      stderr: ['no_such_event'],
    },
    {
      about: 'missing_probes = ignore',
      script: 'config = { missing_probes = "ignore" } tracepoint:sched:no_such_event { } begin { print(1); exit(); }',
      lines: ['1', 'maps:'],
    },
    {
      about: 'str_trunc_trailer may be empty',
      script:
        'config = { str_trunc_trailer = "" } begin { $s = (string[64])"abcdefgh"; print(str($s, 4)); @h = hist(3); }',
      lines: ['abc', 'maps:', '@h:', row('[2, 4)', 1, 52), ''],
      stderr: 'any',
    },
  ],
};
