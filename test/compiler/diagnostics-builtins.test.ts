/** Messages about builtin variables that take an argument, in the form of test/support/annotate.ts. */
import { expect, test } from 'vitest';
import { annotate } from '../support/annotate.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const world = fixtureWorld();

function check(text: string): void {
  expect(annotate(text, { world, environment: {}, positionals: [], unsafe: false })).toBe(text);
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
  begin {
    print((comm, comm()));
    print(comm(1));
//             ^ error[comm-of-process]: comm(PID) is known from bpftrace, not available in this version of ebtrace
//             | hint: comm is the current thread, pcomm its parent; a pointer to a task has ->comm
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
