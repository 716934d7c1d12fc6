/** What the compiler says about stacks and kernel symbols, in the form of test/support/annotate.ts. */
import { expect, test } from 'vitest';
import type { BuildEnv } from '../../src/build.ts';
import { annotate } from '../support/annotate.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const world = fixtureWorld();

function check(text: string, env: Partial<BuildEnv> = {}): void {
  const annotated = annotate(text, { world, environment: {}, positionals: [], unsafe: false, ...env });
  expect(annotated).toBe(text);
}

test('what works gets no message', () => {
  check(String.raw`
  profile:hz:99 {
    @[kstack] = count();
    @pairs[kstack(), 1] = 1;
    @modes = (kstack(perf), kstack(raw, 5), kstack(bpftrace, 1024), kstack(0));
    $s = kstack(3);
    $s = kstack(bpftrace, 3);
    if ($s == kstack(3) || $s != kstack(3)) { print(len($s)); }
    printf("%s\n", kstack);
    print(*percpu_kaddr("process_counts"));
    print(percpu_kaddr("process_counts", cpu) == kaddr("jiffies"));
    print(ksym(kaddr("schedule") + 4));
  }
`);
});

test('modes and limits', () => {
  check(String.raw`
  begin {
    print(kstack(5, perf));
//        ^^^^^^^^^^^^^^^ error[stack-mode-first]: the mode of kstack() comes first, then the limit
//        | hint: for example kstack(perf, 5)
    print(kstack(perf, raw));
//        ^^^^^^^^^^^^^^^^^ error[stack-mode-first]: the mode of kstack() comes first, then the limit
//        | hint: for example kstack(perf, 5)
    print(kstack(build_id));
//               ^^^^^^^^ error[stack-mode]: functions of the kernel have no build ids: that mode is for ustack alone
//               | hint: kstack knows the modes bpftrace, perf, raw
    print(kstack("short"));
//               ^^^^^^^ error[stack-mode]: there is no stack mode 'short'
//               | hint: kstack knows the modes bpftrace, perf, raw
    print(kstack(prf));
//               ^^^ error[unknown-word]: kstack() does not know 'prf'
//               | hint: did you mean perf?
    print(kstack(1025));
//               ^^^^ error[literal-out-of-range]: kstack() takes 0 to 1024 here, and this is 1025
    $n = 5;
    print(kstack(perf, $n));
//                     ^^ error[needs-literal-integer]: kstack() needs a literal integer here, and this is int8
  }
`);
});

test('mode and limit are part of the type', () => {
  check(String.raw`
  begin {
    $s = kstack;
    $s = kstack(2);
//       ^^^^^^^^^ error[variable-type]: $s holds kstack_bpftrace_127, and this is kstack_bpftrace_2
//       | the assignment is here: $s
    if (kstack(raw) == kstack(perf)) { }
//     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[binary-operands]: '==' does not work on kstack_raw_127 and kstack_perf_127
//     | left: kstack_raw_127: kstack(raw)
//     | right: kstack_perf_127: kstack(perf)
  }
`);
});

test('the configured mode has to be one of the kernel', () => {
  check(String.raw`
  config = { stack_mode = build_id }
  begin { print(kstack); print(kstack(perf)); }
//              ^^^^^^ warning[stack-mode-config]: stack_mode is build_id, which functions of the kernel do not have: kstack prints bare addresses (raw)
//              | hint: kstack(bpftrace) or kstack(perf) prints names
`);
});

test('where stacks cannot be taken', () => {
  check(String.raw`
  bench:stacks { print(kstack); }
//                     ^^^^^^ error[stack-in-probe]: kstack cannot be used in bench probes: the kernel takes no stacks in programs of their type
`);
  check(String.raw`
  begin { print(ustack); }
//              ^^^^^^ error[unavailable-name]: ustack: stacks of processes are not available in this version of ebtrace; kstack is that of the kernel
`);
});

test('per-CPU variables have an address for each CPU', () => {
  check(String.raw`
  begin {
    print(kaddr("process_counts"));
//        ^^^^^^^^^^^^^^^^^^^^^^^ warning[kaddr-per-cpu]: 'process_counts' is a variable of each CPU, and this is the address of none of its copies
//        | hint: percpu_kaddr("process_counts") is the copy of the current CPU, percpu_kaddr("process_counts", 0) that of CPU 0
    print(percpu_kaddr("jiffies"));
//                     ^^^^^^^^^ error[not-per-cpu]: 'jiffies' is not a variable of each CPU, as far as the symbols of the kernel tell
//                     | hint: kaddr("jiffies") is its address
    print(percpu_kaddr("process_counts", "0"));
//                                       ^^^ error[argument-type]: percpu_kaddr() needs the number of a CPU here, and this is a literal string[2]
  }
`);
});

test('hidden addresses are told from missing symbols', () => {
  const hidden = { ...world, kernelSymbol: () => undefined, perCpuSymbol: () => undefined, hidesSymbols: () => true };
  check(
    String.raw`
  begin { print(kaddr("schedule")); }
//                    ^^^^^^^^^^ error[kaddr-unknown]: the address of 'schedule' is not known: the kernel hides the addresses of its symbols
//                    | hint: the setting kernel.kptr_restrict hides them: sysctl -w kernel.kptr_restrict=1 shows them to root
`,
    { world: hidden },
  );
});
