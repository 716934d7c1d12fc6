/** Messages about builtin variables that take an argument, in the form of test/support/annotate.ts. */
import { expect, test } from 'vitest';
import type { World } from '../../src/world/world.ts';
import { annotate } from '../support/annotate.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const world = fixtureWorld();

function check(text: string, on: World = world): void {
  expect(annotate(text, { world: on, environment: {}, positionals: [], unsafe: false })).toBe(text);
}

test('PID namespaces', () => {
  check(String.raw`
  begin {
    print((pid, pid(), pid(init), tid(curr_ns)));
    print(pid(own));
//            ^^^ error[unknown-word]: pid() does not know 'own'
//            | hint: it takes one of init, curr_ns
    print(tid(curr_ms));
//            ^^^^^^^ error[unknown-word]: tid() does not know 'curr_ms'
//            | hint: did you mean curr_ns?
    print(pid(3));
//            ^ error[pid-namespace]: pid() takes the name of a PID namespace
//            | hint: init is the first one, curr_ns that of ebtrace
    print(tid(cpu));
//            ^^^ error[pid-namespace]: tid() takes the name of a PID namespace
//            | hint: init is the first one, curr_ns that of ebtrace
  }
`);
});

test('the name of another process', () => {
  check(String.raw`
  fn show($pid : int32) : void {
    print(comm);
    print(comm($pid));
//        ^^^^^^^^^^ error[probe-in-function]: comm belongs to a probe, and show() may be called from any
//        | hint: pass what it needs as an argument
  }
  begin {
    print((comm, comm(), comm(1), comm((int64)-1)));
    print(comm("init"));
//             ^^^^^^ error[argument-type]: comm() needs the number of a process here, and this is a literal string[5]
    print(comm(1, 2));
//        ^^^^^^^^^^ error[argument-count]: comm() takes 0 to 1 arguments, and 2 are given
//        | hint: it is written comm[(pid)]
    show(1);
  }
`);
});

test('the name of another process, where some programs may look it up', () => {
  const features = { ...world.features, 'taskFromPid:raw_tracepoint': false };
  check(
    String.raw`
  interval:s:1 { print(comm(1)); }
  begin {
    print(comm(1));
//             ^ error[comm-kernel]: comm(PID) does not work in begin probes on this kernel
//             | hint: fentry, fexit and iter can look up a process since Linux 6.2; 6.12 lets tracepoint, profile, interval and other events do it, 7.2 begin, end and rawtracepoint too. A pointer to a task has ->comm everywhere
  }
  tracepoint:syscalls:sys_enter_openat { print(comm(1)); }
`,
    { ...world, features },
  );
});

test('the name of another process, in a PID namespace', () => {
  check(
    String.raw`
  begin {
    print(comm(pid(init)));
    print(comm(pid));
//             ^^^ warning[comm-namespace]: comm() takes numbers of the first PID namespace, and pid is one of the namespace of ebtrace
//             | hint: write pid(init)
    print(comm(tid(curr_ns)));
//             ^^^^^^^^^^^^ warning[comm-namespace]: comm() takes numbers of the first PID namespace, and tid is one of the namespace of ebtrace
//             | hint: write tid(init)
  }
`,
    { ...world, features: { ...world.features, initPidNamespace: false } },
  );
});

test('clocks', () => {
  check(String.raw`
  begin {
    print((nsecs, nsecs(), nsecs(boot)));
    print(nsecs(monotonic));
//        ^^^^^^^^^^^^^^^^ error[clock-mode]: nsecs() reads the boot clock only in this version of ebtrace
//        | hint: nsecs is what strftime() takes; differences of times are the same by any clock while the machine is awake
    print(nsecs(bot));
//              ^^^ error[unknown-word]: nsecs() does not know 'bot'
//              | hint: did you mean boot?
  }
`);
});

test('relatives of tasks', () => {
  check(String.raw`
  begin {
    print((ppid, pcomm(), leader_tid(curtask), leader_comm(curtask->real_parent)));
    print(ppid(3));
//        ^^^^^^^ error[field-of]: int8 has no fields
    $address = (uint64)curtask;
    print(pcomm($address));
//        ^^^^^^^^^^^^^^^ error[field-of]: uint64 has no fields
//        | hint: cast an address to a pointer to a struct: ((struct task_struct *)$x)->pid
    print(pcomm(curtask, curtask));
//        ^^^^^^^^^^^^^^^^^^^^^^^ error[argument-count]: pcomm() takes 0 to 1 arguments, and 2 are given
//        | hint: it is written pcomm[(task)]
  }
`);
});

test('the configuration is a record of literals', () => {
  check(String.raw`
  config = { max_strlen = 80 }
  begin {
    if comptime (config.max_strlen == 80) { print(config.license); } else { print(nosuch); }
    print(config.max_strlens);
//               ^^^^^^^^^^^ error[record-field]: the record has no field 'max_strlens'
//               | hint: did you mean max_strlen?
  }
`);
});
