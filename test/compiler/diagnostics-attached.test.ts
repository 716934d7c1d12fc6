/** What the compiler says about iterators, watchpoints, tests and benchmarks, in the form of test/support/annotate.ts. */
import { expect, test } from 'vitest';
import { SourceText } from '../../grammar/source.ts';
import { compile } from '../../src/build.ts';
import { annotate } from '../support/annotate.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const world = fixtureWorld();
const env = { world, environment: {}, positionals: ['0x1000'], unsafe: false };

function check(text: string): void {
  expect(annotate(text, env)).toBe(text);
}

test('what works gets no message', () => {
  check(String.raw`
  watchpoint:$1:8:rw { @ = count(); }
  watchpoint:0xffffffff81000000:1:x { }
  hardware:cycles { }
  h:cache-misses:1000 { }
  test:one { return 1; }
  bench:one { @n++; }
`);
  check(String.raw`
  begin { }
  iter:task_file { printf("%d %s", ctx.fd, ctx.task.comm); if (ctx.file.f_pos > 0) { exit(1); } }
  test:beside { }
  end { }
`);
  check(String.raw`
  iter:task:all_tasks { printf("%5d %s %-8llx %p%%\n", ctx.task.pid, ctx.task.comm, ctx.task.start_time, ctx.task); @[pid] = count(); }
`);
});

test('watchpoints', () => {
  check(`
  watchpoint:0:8:w { }
//           ^ error[watchpoint-address]: Nothing lies at address 0 to be watched
  watchpoint:0x1000:3:w { }
//                  ^ error[watchpoint-length]: A watchpoint is 1, 2, 4 or 8 bytes long, not 3
  watchpoint:0x1000:8:rwr { }
//                    ^^^ error[watchpoint-mode]: 'r' stands twice in the mode of the watchpoint
//                    | hint: The mode is made of r (read), w (written) and x (executed), each at most once.
  watchpoint:0x1000:8:wr { }
  watchpoint:0x1000:8:r { }
//^^^^^^^^^^^^^^^^^^^^^ error[missing-probe]: Processors of this kind (x86_64) cannot watch with mode 'r'
//| hint: They can with 'w', 'rw', 'x'.
`);
});

test('iterators', () => {
  check(`
  iter:task* { }
//     ^^^^^ error[iter-wildcard]: An iterator goes through objects of one kind: no wildcards here
//     | hint: -l 'iter:*' lists the kinds.
  iter:bpf_map_elem { }
//     ^^^^^^^^^^^^ error[iter-needs-map]: bpf_map_elem goes through one map, which cannot be named here
//     | hint: for ($kv : @map) { } goes through a map of the script.
  iter:task: { }
//          ^ error[iter-path]: The path that the iterator is pinned to is missing
  iter:taks { }
//^^^^^^^^^ error[missing-probe]: This kernel has no iterator over 'taks'
//| hint: Did you mean iter:task?
  iter:tcp { }
//^^^^^^^^ error[missing-probe]: This kernel has no iterator over 'tcp'
//| hint: It has task, task_file.
`);
  check(`
  iter:task { }
  interval:s:1 { }
//^^^^^^^^^^^^ error[probe-not-alone]: A script with a probe of the kind iter attaches nothing else
//| iter:task is here: iter:task
//| hint: The run ends with the iteration. begin and end may stand beside it.
`);
});

test('pinned iterators', () => {
  check(String.raw`
  fn twice($x : int64) : int64 { return 2 * $x; }
  iter:task:all {
    print(1);
//  ^^^^^^^^ error[detached-call]: print() does not work in a pinned iterator, which goes on when ebtrace has ended
//  | hint: without a path the iterator is read at once, and everything works
    $y = twice(1);
//       ^^^^^^^^ error[detached-function]: a pinned iterator cannot call twice()
//       | hint: write what it does in the iterator, as a macro for example
    printf("%c", 65);
//               ^^ error[detached-format]: the kernel formats this text, and it cannot print int8 with '%c'
//               | hint: it prints integers and pointers with %d, %i, %u, %x, %X, %p and strings with %s
    for ($i : 0..3) { printf("x"); }
//                    ^^^^^^^^^^^ error[detached-call]: printf() does not work in the body of a loop in a pinned iterator, which goes on when ebtrace has ended
//                    | hint: without a path the iterator is read at once, and everything works
  }
`);
});

test('tests and benchmarks', () => {
  check(`
  test:one { }
  bench:one { }
  test:one { }
//^^^^^^^^ error[probe-name-twice]: There are two probes test:one
//| the first one is here: test:one
//| hint: Results are shown by name, so each has a name of its own.
  bench: { }
//^^^^^^ error[run-name]: A bench has a name, by which its result is shown
//| hint: Write bench:NAME.
`);
});

test('a kernel without types has no iterators, and says what they need', () => {
  const blind = { ...env, world: { ...world, kernelTypes: () => undefined } };
  const built = compile(new SourceText('blind.bt', 'iter:task { }'), blind);
  expect(built.diagnostics.map(({ message, hint }) => [message, hint])).toEqual([
    [
      'This kernel tells of no iterators',
      'Iterators came with Linux 5.8 and need the types of the kernel (CONFIG_DEBUG_INFO_BTF).',
    ],
  ]);
});

test('a wildcard over a kind that the machine does not have tells what is missing, not that nothing matches', () => {
  const blind = { ...env, world: { ...world, functionTypes: () => undefined, perfEventSource: () => undefined } };
  const messages = (script: string): unknown =>
    compile(new SourceText('blind.bt', script), blind).diagnostics.map(({ severity, message, hint }) => [
      severity,
      message,
      hint,
    ]);
  expect(messages('kprobe:vfs_*, kprobe:ksys_* { }')).toEqual([
    [
      'error',
      'This kernel has no kprobes (CONFIG_KPROBE_EVENTS)',
      "Tracepoints may tell the same: ebtrace -l 'tracepoint:*' lists them.",
    ],
  ]);
  expect(messages('config = { missing_probes = warn } fexit:vfs_* { } begin { }')).toEqual([
    [
      'warning',
      'This kernel has no type information (BTF), which tells fentry and fexit what functions there are. The probe is left out, and what it would set stays unset',
      'A kprobe needs none. BTF is in kernels built with CONFIG_DEBUG_INFO_BTF.',
    ],
  ]);
  expect(messages('tracepoint:nosuch* { }')).toEqual([
    [
      'error',
      'Nothing on this machine matches, so the probe would never run',
      "Set the config option 'missing_probes' to 'warn' or 'ignore' when this is expected.",
    ],
  ]);
});
