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
//         ^^^^^^^^^^^^^^^^^^^^^ warning[strings-shortened]: keys of maps have at most 512 bytes on this kernel, so strings are read up to 199 bytes in this script
//         | hint: config = { max_strlen = 200 } says that it is meant; larger keys need Linux 5.19
    @short[str(args.filename, 200), 1] = 1;
  }
`);
});

test('strings get as short as keys of several need; what the script asked for stays', () => {
  const three = `tracepoint:syscalls:sys_enter_openat {
    @[str(args.filename), str(args.filename), str(args.filename)] = count();
  }
`;
  expect(annotate(three, { ...env, world: oldKernelWorld() })).toContain('strings are read up to 63 bytes');
  const asked = `config = { max_strlen = 600 }
  tracepoint:syscalls:sys_enter_openat { @[str(args.filename)] = count(); }
`;
  expect(annotate(asked, { ...env, world: oldKernelWorld() })).toBe(String.raw`config = { max_strlen = 600 }
  tracepoint:syscalls:sys_enter_openat { @[str(args.filename)] = count(); }
//                                         ^^^^^^^^^^^^^^^^^^ error[map-key-size]: keys of maps have at most 512 bytes on this kernel, and this string[600] has 600
//                                         | hint: read less of the string, str($p, 200), or lower the limit of all strings: config = { max_strlen = 200 }; larger keys need Linux 5.19
`);
  const nine = `tracepoint:syscalls:sys_enter_openat {
    $f = str(args.filename);
    @[$f, $f, $f, $f, $f, $f, $f, $f, $f] = count();
  }
`;
  expect(annotate(nine, { ...env, world: oldKernelWorld() })).toContain('error[map-key-size]');
});
