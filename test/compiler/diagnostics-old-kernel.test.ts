/** What the compiler says when the kernel lacks what a script needs, in the form of test/support/annotate.ts. */
import { expect, test } from 'vitest';
import { annotate } from '../support/annotate.ts';
import { fixtureWorld, oldKernelWorld } from '../support/fixture-world.ts';

const env = { environment: {}, positionals: [], unsafe: false };

const script = String.raw`
  begin {
    @m[1] = 1;
    for ($kv : @m) { print($kv); }
    print(len(@m));
  }

  tracepoint:syscalls:sys_enter_openat {
    @names[str(args.filename), 1] = 1;
    @short[str(args.filename, 200), 1] = 1;
  }
`;

test('a current kernel has all of it', () => {
  expect(annotate(script, { ...env, world: fixtureWorld() })).toBe(script);
});

test('walks over maps and long keys', () => {
  expect(annotate(script, { ...env, world: oldKernelWorld() })).toBe(String.raw`
  begin {
    @m[1] = 1;
    for ($kv : @m) { print($kv); }
//             ^^ error[for-map-kernel]: this kernel cannot go over the keys of a map
//             | hint: a loop over a map needs bpf_for_each_map_elem (Linux 5.13); print(@m) prints all of it
    print(len(@m));
//        ^^^^^^^ error[len-kernel]: this kernel cannot count the keys of a map
//        | hint: len(@map) needs bpf_for_each_map_elem (Linux 5.13); count in a map of its own: @n++ where a key is new
  }

  tracepoint:syscalls:sys_enter_openat {
    @names[str(args.filename), 1] = 1;
//         ^^^^^^^^^^^^^^^^^^^^^ error[map-key-size]: keys of maps have at most 512 bytes on this kernel, and this (string[1024],int8) has 1025
//         | hint: read less of the string, str($p, 200), or lower the limit of all strings: config = { max_strlen = 200 }; larger keys need Linux 5.19
    @short[str(args.filename, 200), 1] = 1;
  }
`);
});
