/** Messages about fentry, fexit and rawtracepoint, in the form of test/support/annotate.ts. */
import { expect, test } from 'vitest';
import { noneType } from '../../src/types/type.ts';
import type { World } from '../../src/world/world.ts';
import { annotate } from '../support/annotate.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const fixture = fixtureWorld();
const withoutBtf: World = {
  ...fixture,
  kernelTypes: () => undefined,
  functionTypes: () => undefined,
  traceableFunctions: () => ({
    ...fixture.traceableFunctions(),
    symbolKind: (name) => (name === '__tracepoint_sched_switch' ? 'data' : undefined),
  }),
};

function check(text: string, world: World = fixture): void {
  expect(annotate(text, { world, environment: {}, positionals: [], unsafe: false })).toBe(text);
}

test('a script with all of it gets no message', () => {
  check(String.raw`
  fentry:vfs_read { print(args); print(args.file->f_path.dentry->d_name.name); @[args] = count(); @a = args; print(func); }
  fexit:vfs_read { print((retval, args.count)); $a = args; for ($i : 0..2) { print($a.count); } }
  rawtracepoint:sched_switch { print(args); print((arg0, arg3, args.prev->comm)); }
  tracepoint:sched:sched_switch { print(args); @t[args] = count(); }
  tracepoint:syscalls:sys_enter_openat { print(args); }
`);
});

test('attach points', () => {
  check(String.raw`
  fentry: { }
//^^^^^^^ error[function-empty]: fentry needs the name of a function
//| hint: Write 'fentry:FUNC' or 'fentry:MODULE:FUNC'.
  fentry:bpf:prog:main { }
//           ^^^^ error[function-bpf]: 'prog' is no number of a BPF program
//           | hint: The number stands between: fentry:bpf:ID:main, or leave it out for all programs.
  fentry:bpf:prog { }
//^^^^^^^^^^^^^^^ error[missing-probe]: The kernel does not show which BPF programs are loaded
//| hint: That needs root, or CAP_BPF and CAP_SYS_ADMIN.
  fexit:bpf:1:a:b { }
//^^^^^^^^^^^^^^^ error[probe-parts]: fexit takes 2 or 3 parts after its name, got 4
//| hint: Write 'fexit:bpf:PROGRAM' or 'fexit:bpf:ID:PROGRAM'.
  fentry:vfs_raed { }
//^^^^^^^^^^^^^^^ error[missing-probe]: There is no function 'vfs_raed'
//| hint: Did you mean 'vfs_read'?
  fexit:a:b:c { }
//^^^^^^^^^^^ error[probe-parts]: fexit takes 1 or 2 parts after its name, got 3
//| hint: Write 'fexit:FUNC' or 'fexit:MODULE:FUNC'.
`);
});

test('what programs call themselves, where nothing keeps them from running within themselves', () => {
  const old = { ...fixture, features: { ...fixture.features, recursionGuard: false } };
  check(
    String.raw`
  fentry:bpf_get_current_comm { @ = count(); }
//^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[missing-probe]: bpf_get_current_comm cannot be traced so: BPF programs call it themselves, and nothing in this kernel keeps a program of fentry or fexit from running within itself (Linux 5.12)
//| hint: kprobe:bpf_get_current_comm and kretprobe:bpf_get_current_comm are guarded.
  fentry:bpf_get_* { @ = count(); }
//^^^^^^^^^^^^^^^^ error[no-attach-point-left]: Nothing on this machine matches, so the probe would never run
//| hint: Set the config option 'missing_probes' to 'warn' or 'ignore' when this is expected.
  fexit:vfs_read { @ = count(); }
`,
    old,
  );
  check('fentry:bpf_get_current_comm, fentry:bpf_get_* { @ = count(); }\n');
});

test('args, arguments by number, results', () => {
  check(String.raw`
  fentry:takes_void { print(args); }
//                          ^^^^ error[args-empty]: fentry:vmlinux:takes_void has no arguments
  fentry:vfs_read { print(args.cuont); }
//                             ^^^^^ error[args-field]: fentry:vmlinux:vfs_read has no argument 'cuont'
//                             | hint: did you mean count?
  fentry:vfs_read { print(retval); }
//                        ^^^^^^ error[retval-probe]: there is no result in fentry probes
//                        | hint: kretprobe, uretprobe and fexit run when a function returns, and a function that returns void has no result
  fexit:takes_void { print(retval); }
//                         ^^^^^^ error[retval-probe]: there is no result in fexit probes
//                         | hint: kretprobe, uretprobe and fexit run when a function returns, and a function that returns void has no result
  fexit:vfs_readv { print(args.ratio); }
//^^^^^^^^^^^^^^^ error[missing-probe]: The kernel cannot attach to vfs_readv: it takes a floating-point number
//| hint: Use kprobe:vfs_readv.
  rawtracepoint:sched_switch { print(arg4); }
//                                   ^^^^ error[argument-number]: arg4 does not exist: this probe has arg0 to arg3
`);
});

test('a kernel without type information', () => {
  check(
    String.raw`
  rawtracepoint:sched_switch { print(arg1); }
  rawtracepoint:sched_switch { print(args.prev); }
//                                   ^^^^ error[args-no-btf]: this kernel has no type information (BTF), which has the names of arguments
//                                   | hint: arg0, arg1 ... are the arguments in their order
  fentry:vfs_read { }
//^^^^^^^^^^^^^^^ error[missing-probe]: This kernel has no type information (BTF), which tells fentry and fexit what functions there are
//| hint: A kprobe needs none: kprobe:vfs_read. BTF is in kernels built with CONFIG_DEBUG_INFO_BTF.
  kprobe:vfs_read { print(((struct file *)arg0)->f_pos); }
//                          ^^^^^^^^^^^^^ error[unknown-type]: there is no type 'struct file'
//                          | hint: This kernel has no type information (BTF), so its types have to be defined or included, as in C.
`,
    withoutBtf,
  );
});

test('a type that scripts do not have', () => {
  const odd = { name: 'ratio', type: noneType, offset: 8, declaration: 'double ratio' };
  const text = String.raw`
  tracepoint:sched:sched_switch { print(args.ratio); }
//                                           ^^^^^ error[args-type]: the type of ratio (double ratio) is not available in this version of ebtrace
`;
  check(text, { ...fixture, tracepointFields: () => [odd] });
});

test('functions that programs run through themselves', () => {
  const functions = fixture.traceableFunctions();
  const locks: World = {
    ...fixture,
    traceableFunctions: () => ({ ...functions, isListed: false }),
  };
  check(
    String.raw`
  kprobe:_raw_spin_lock { @ = count(); }
//^^^^^^^^^^^^^^^^^^^^^ warning[probe-nests]: BPF programs run through functions of kprobe:_raw_spin_lock themselves, so that probes may hit within other probes
//| hint: On each CPU one body runs at a time; hits meanwhile are left out, and counted.
`,
    locks,
  );
});
