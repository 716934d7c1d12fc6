/**
 * Everything the compiler says about mistakes, at the place where it says it (test/support/annotate.ts has the form).
 * Scripts hold many mistakes each: every one is reported, and none of them leads to another message. The file is long
 * because it is a table: every code of the sources has a case, and the last test counts them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { BuildEnv } from '../../src/build.ts';
import type { World } from '../../src/world/world.ts';
import { annotate, bareScript } from '../support/annotate.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const world = fixtureWorld();

function check(text: string, env: Partial<BuildEnv> = {}): void {
  const annotated = annotate(text, { world, environment: {}, positionals: [], unsafe: false, ...env });
  expect(annotated).toBe(text);
}

/** A machine with a tracepoint argument that has no type of ours. */
const oddArgs: World = {
  ...world,
  tracepointFields: () => [{ name: 'odd', offset: 8, type: { kind: 'none' }, declaration: 'double odd' }],
};

test('a correct script gets no message', () => {
  check(String.raw`
  begin { $x = 1; @m[$x] = count(); printf("%d\n", $x); }
`);
});

test('names that do not exist, with the nearest that does', () => {
  check(String.raw`
  begin {
    print($undefined);
//        ^^^^^^^^^^ error[undefined-variable]: $undefined is not assigned anywhere before this
    $count = 1;
    print($cuont);
//        ^^^^^^ error[undefined-variable]: $cuont is not assigned anywhere before this
//        | hint: did you mean $count?
    @total = 1;
    print(@totla);
//        ^^^^^^ error[undefined-map]: nothing is ever stored in @totla
//        | hint: did you mean @total?
    print(@nothing);
//        ^^^^^^^^ error[undefined-map]: nothing is ever stored in @nothing
//        | hint: assign it somewhere, for example in begin
    pritnf("x");
//  ^^^^^^ error[unknown-function]: there is no function 'pritnf'
//  | hint: did you mean printf()?
    nosuch(1);
//  ^^^^^^ error[unknown-function]: there is no function 'nosuch'
    print(commm);
//        ^^^^^ error[unknown-name]: there is no builtin variable or constant 'commm'
//        | hint: did you mean comm?
    print(nosuch);
//        ^^^^^^ error[unknown-name]: there is no builtin variable or constant 'nosuch'
//        | hint: scratch variables start with $, maps with @
    let $x: uint23 = 1;
//          ^^^^^^ error[unknown-type]: there is no type 'uint23'
//          | hint: did you mean uint32?
    for ($kv : @never[1]) { }
//             ^^^^^^^^^ error[for-over]: a for loop goes over a map or a range
//             | hint: for ($kv : @map) { } or for ($i : 0..10) { }
    for ($kv : @never) { }
//             ^^^^^^ error[for-undefined-map]: nothing is ever stored in @never
  }
`);
});

test('names that bpftrace has and this version has not', () => {
  check(String.raw`
  begin {
    print(ustack);
//        ^^^^^^ error[unavailable-name]: ustack: stacks of processes are not available in this version of ebtrace; kstack is that of the kernel
    printf("%s", kstr(0));
//               ^^^^ error[unavailable-function]: kstr(): does not exist in the language; use str(), which takes kernel and user addresses
    @q = quantize(5);
//       ^^^^^^^^ error[unavailable-function]: quantize(): does not exist in the language; use hist()
    exec("ls");
//  ^^^^ error[unavailable-function]: exec(): does not exist in the language; use system()
    print(strlen("x"));
//        ^^^^^^ error[unavailable-function]: strlen(): known from bpftrace, not available in this version of ebtrace
  }
`);
});

test('parts of the language that come later', () => {
  check(String.raw`
  begin {
    import "more.bt";
//  ^^^^^^^^^^^^^^^^ error[feature-disabled]: import_statement may still change, and using it is not allowed here
//  | hint: allow it with config = { unstable_import_statement = enable }
    $x = 1;
    print(comptime $x);
//        ^^^^^^^^^^^ error[comptime]: comptime needs something that is known when the script is compiled
    print(typeof(uint8));
//        ^^^^^^^^^^^^^ error[type-argument]: typeof() as an argument is only for macros that take a type
    print(((struct pair *)0).a);
//          ^^^^^^^^^^^^^ error[unknown-type]: there is no type 'struct pair'
  }
`);
});

test('functions: number and kind of arguments', () => {
  check(String.raw`
  begin {
    strncmp("a", "b");
//  ^^^^^^^^^^^^^^^^^ error[argument-count]: strncmp() takes 3 arguments, and 2 are given
//  | hint: it is written strncmp(a, b, n)
    strncmp("a", 5, 1);
//               ^ error[argument-type]: strncmp() needs a string here, and this is a literal int8
    strncmp("a", "b", 99999);
//                    ^^^^^ error[literal-out-of-range]: strncmp() takes 0 to 65536 here, and this is 99999
    $n = 3;
    print(strncmp("a", "b", $n));
//                          ^^ error[needs-literal-integer]: strncmp() needs a literal integer here, and this is int8
    printf($n);
//         ^^ error[needs-literal-string]: printf() needs a literal string here, and this is int8
    printf(5);
//         ^ error[needs-literal-string]: printf() needs a literal string here, and this is a literal int8
    time(5);
//       ^ error[needs-literal-string]: time() needs a literal string here, and this is a literal int8
    print(printf);
//        ^^^^^^ error[function-without-call]: printf is a function and needs parentheses
//        | hint: it is written printf(format, ...)
    str("abc", -1);
//             ^^ error[str-length]: a length is not negative, and this is -1
    print(str(0, 5000));
//               ^^^^ warning[str-shortened]: str() reads at most max_strlen bytes, so 5000 becomes 1024
    print(str("abc", "x"));
//                   ^^^ error[argument-type]: str() needs a length here, and this is a literal string[2]
    print(buf(0));
//        ^^^^^^ error[buf-length]: buf() of an address needs a length
//        | hint: buf(pointer, 64)
    print(ntop("ab"));
//             ^^^^ error[ntop-size]: an address has 4 or 16 bytes, and this has 3
    print(bswap("ab"));
//              ^^^^ error[argument-type]: bswap() needs an integer here, and this is a literal string[3]
    print(macaddr("abcdef"));
//                ^^^^^^^^ error[macaddr-size]: a hardware address has 6 bytes, and this is a literal string[7]
    print(kaddr("no_such_symbol"));
//              ^^^^^^^^^^^^^^^^ error[kaddr-unknown]: the kernel has no symbol 'no_such_symbol'
//              | hint: look into /proc/kallsyms; kernels without CONFIG_KALLSYMS_ALL have functions there and no variables
    print(cgroupid("/no/such/folder"));
//                 ^^^^^^^^^^^^^^^^^ error[cgroup-unknown]: '/no/such/folder' is not a directory, so it is no control group
    print(signal_name("KILL"));
//                    ^^^^^^ error[argument-type]: signal_name() needs an integer here, and this is a literal string[5]
    system("reboot");
//  ^^^^^^^^^^^^^^^^ error[unsafe]: system() changes the system, and this run is in safe mode
//  | hint: allow it with --unsafe
    print(1, 2);
//  ^^^^^^^^^^^ error[print-arguments]: print() of a value takes one argument, and 2 are given
//  | hint: top and divisor are for whole maps: print(@map, 10)
    exit(1, 2);
//  ^^^^^^^^^^ error[argument-count]: exit() takes 0 to 1 arguments, and 2 are given
//  | hint: it is written exit([status])
    print(pid(1, 2));
//        ^^^^^^^^^ error[argument-count]: pid() takes 0 to 1 arguments, and 2 are given
//        | hint: it is written pid[(namespace)]
  }
`);
});

test('formats', () => {
  check(String.raw`
  begin {
    printf("%d %d", 1);
//  ^^^^^^^^^^^^^^^^^^ error[format-too-few]: the format of printf() has 2 conversions, and 1 value is given
    printf("%d", 1, 2);
//                  ^ error[format-too-many]: the format of printf() has 1 conversion, and 2 values are given
    printf("%f", 1);
//         ^^^^ error[format-specifier]: '%f' is not a conversion of printf()
//         | hint: BPF has no floating-point numbers; integers print with %d, %u, %x
    printf("%d", "text");
//               ^^^^^^ error[format-type]: '%d' cannot print string[5]
//               | hint: %s prints anything in its natural form
    printf("%r", 5);
//               ^ error[format-type]: '%r' cannot print int8
//               | hint: %s prints anything in its natural form
    printf("%d", time("x"));
//               ^^^^^^^^^ error[no-value]: a value is needed here, and this has none
    printf("%d", printf("x"));
//               ^^^^^^^^^^^ error[no-value]: a value is needed here, and this has none
  }
`);
});

test('maps: one kind of key and of value', () => {
  check(String.raw`
  begin {
    @scalar = 1;
    @scalar[1] = 2;
//  ^^^^^^^^^^ error[map-shape]: @scalar is used with a key here and without one elsewhere
//  | the first use is here: @scalar
    @keyed[1] = 1;
    @keyed["text"] = 2;
//         ^^^^^^ error[map-key-mismatch]: @keyed has keys of type int8, and this key is string[5]
//         | the first key is here: 1
    @keyed[1, 2] = 3;
//         ^^^^ error[map-key-mismatch]: @keyed has keys of type int8, and this key is (int8,int8)
//         | the first key is here: 1
    print(@keyed + 1);
//        ^^^^^^ error[map-shape]: @keyed is used without a key here and with one elsewhere
//        | the first use is here: @keyed[1]
    @value = 1;
    @value = "text";
//           ^^^^^^ error[map-type]: @value holds int8, and this is string[5]
//           | the first value is assigned here: 1
    @value = (1, 2);
//           ^^^^^^ error[map-type]: @value holds int8, and this is (int8,int8)
//           | the first value is assigned here: 1
    @key[print(1)] = 1;
//       ^^^^^^^^ error[map-key-type]: none cannot be the key of a map
    @h[1] = hist(5);
    @other[1] = 1;
    print(@h[1] + 1);
//        ^^^^^ error[aggregate-read]: the value of @h is a hist() and has no single number
//        | hint: print the whole map: print(@h)
    has_key(@keyed);
//  ^^^^^^^^^^^^^^^ error[needs-key]: has_key() needs a key
//  | hint: it is written has_key(@map, key)
    has_key(5, 1);
//          ^ error[needs-map]: has_key() works on a map
//          | hint: it is written has_key(@map, key)
    print(len(@scalar));
//            ^^^^^^^ error[needs-keyed-map]: len() needs a map with keys, and this is @scalar, which has none
    print(len(5));
//            ^ error[needs-keyed-map]: len() needs a map with keys, and this is a literal int8
    clear(5);
//        ^ error[needs-whole-map]: clear() works on a whole map, and this is a literal int8
    delete(@scalar, 1);
//         ^^^^^^^ error[map-shape]: @scalar is used with a key here and without one elsewhere
//         | the first use is here: @scalar
    zero(@keyed[1]);
//       ^^^^^^^^^ error[needs-whole-map]: zero() works on a whole map, and this is int8
  }
`);
});

test('map declarations', () => {
  check(String.raw`
  let @a = hash(10);
  let @a = hash(20);
//    ^^ error[map-declared-twice]: @a is declared twice
//    | the first declaration is here: @a
  let @b = array(10);
//         ^^^^^ error[map-kind]: 'array' is not a kind of map
//         | hint: the kinds are hash, lruhash, percpuhash, percpulruhash
  let @c = hash(0);
//^^^^^^^^^^^^^^^^ error[map-entries]: a map has 1 to 4294967295 entries, and this says 0
  let @unused = lruhash(10);
//    ^^^^^^^ warning[unused-map]: @unused is declared and not used
  let @d = hash(10);
//    ^^ error[declared-storage]: @d holds count_t, which needs a map per CPU
//    | hint: declare it as percpuhash or percpulruhash
  let @e = percpuhash(10);
//    ^^ error[declared-storage]: a percpuhash is for aggregations, and @e holds int8
//    | hint: declare it as hash or lruhash
  let @f = hash(10);
  begin {
    @a[1] = 1;
    @d[1] = count();
    @e[1] = 5;
    @f = 5;
  }
`);
});

test('aggregations', () => {
  check(String.raw`
  begin {
    @c = count();
    @c = sum(5);
//       ^^^^^^ error[aggregation-mix]: @c holds count_t, and sum() cannot be mixed with it
//       | the first value is assigned here: count()
    @c = 5;
//       ^ error[map-type]: @c holds count_t, and this is int8
//       | the first value is assigned here: count()
//       | hint: a map keeps one kind of value; use another map for plain numbers
    @c += 1;
//  ^^^^^^^ error[compound-aggregate]: @c is a count(), and '+=' would replace it by a plain number
    @l = lhist(5, 0, 10, 1);
    @l = lhist(5, 0, 20, 1);
//       ^^^^^^^^^^^^^^^^^^ error[aggregation-mix]: @l is a lhist() with other parameters elsewhere
//       | the first value is assigned here: lhist(5, 0, 10, 1)
    $x = count();
//       ^^^^^^^ error[aggregation-alone]: count() is what a map keeps, not a value
//       | hint: assign it to a map: @ = count(...)
    print(sum(5));
//        ^^^^^^ error[aggregation-alone]: sum() is what a map keeps, not a value
//        | hint: assign it to a map: @ = sum(...)
    @m = count(1);
//       ^^^^^^^^ error[aggregation-arguments]: count() is given 1 argument
//       | hint: it is written count()
    @n = sum("text");
//           ^^^^^^ error[aggregation-needs-integer]: sum() counts with integers, and this is string[5]
    @o = hist(5, 6);
//               ^ error[hist-bits]: hist() takes 0 to 5 bits, and this is 6
    $b = 3;
    @p = hist(5, $b);
//               ^^ error[aggregation-needs-literal]: hist() needs a literal integer for 'bits'
//               | hint: the buckets are laid out when the script is compiled; a positional parameter such as $1 works too
    @q = lhist(5, 10, 0, 1);
//                ^^ error[lhist-range]: lhist() needs min below max, and 10 is not below 0
    @r = lhist(5, 0, 10, 0);
//                       ^ error[lhist-range]: lhist() needs a step of at least 1, and this is 0
    @s = lhist(5, 0, 10, 20);
//                       ^^ error[lhist-range]: a step of 20 is wider than the range from 0 to 10
    @t = lhist(5, 0, 5000, 1);
//                         ^ error[lhist-range]: lhist() has at most 1000 buckets, and this would need 5000
    @u = lhist(5, 0);
//       ^^^^^^^^^^^ error[aggregation-arguments]: lhist() is given 2 arguments
//       | hint: it is written lhist(n, min, max, step)
    @h = hist(5);
    print(@h + 1);
//        ^^ error[aggregate-read]: the value of @h is a hist() and has no single number
//        | hint: print the whole map: print(@h)
    for ($kv : @keyed) { }
//             ^^^^^^ error[for-aggregate]: a for loop cannot go over @keyed: the value of a hist() is not one number
    @keyed[1] = hist(1);
  }
`);
});

test('assignment and types of variables', () => {
  check(String.raw`
  begin {
    $x = 5;
    $x = "text";
//       ^^^^^^ error[variable-type]: $x holds int8, and this is string[5]
//       | the assignment is here: $x
    $x = (1, 2);
//       ^^^^^^ error[variable-type]: $x holds int8, and this is (int8,int8)
//       | the assignment is here: $x
    let $x = 6;
//      ^^ error[shadowing]: $x exists already, and a variable cannot hide another one
//      | the assignment is here: $x
    let $s: string[4] = "too long";
//                      ^^^^^^^^^^ error[string-range]: a string[9] does not fit $s, which is string[4]
    let $pair: typeof((1, "abc")); $pair = (2, "abcd");
//                                         ^^^^^^^^^^^ error[string-range]: a (int8,string[5]) does not fit $pair, which is (int8,string[4])
    let $u: uint8 = 256;
//                  ^^^ error[literal-range]: 256 does not fit uint8
//                  | hint: an explicit cast cuts it: (uint8)256
    let $m: uint8 = -1;
//                  ^^ error[literal-range]: -1 does not fit uint8
//                  | hint: an explicit cast cuts it: (uint8)-1
    let $i: int64 = "text";
//                  ^^^^^^ error[variable-type]: $i holds int64, and this is string[5]
//                  | the declaration is here: $i
    let $w = nsecs;
    let $n: uint32 = $w;
//                   ^^ warning[narrowing]: a value of type uint64 is cut to uint32 here; values that do not fit change
//                   | hint: an explicit cast says that this is meant: (uint32)
    let $never;
//      ^^^^^^ warning[never-assigned]: $never is declared here and never assigned
    let $late: int64;
    print($late);
//        ^^^^^ warning[read-before-assignment]: $late is read here before anything was assigned to it
    $late = 5;
    5 = 6;
//  ^ error[assign-target]: only a $variable or a @map can be assigned
    $t = (1, 2);
    $t.0 = 5;
//  ^^^^ error[assign-target]: only a $variable or a @map can be assigned
//  | hint: make a new value and assign that
    print(1) = 2;
//  ^^^^^^^^ error[assign-target]: only a $variable or a @map can be assigned
    $v = print(1);
//       ^^^^^^^^ error[no-value]: a value is needed here, and this has none
    @v = print(1);
//       ^^^^^^^^ error[no-value]: a value is needed here, and this has none
    $s++;
//  ^^^^ error[update-type]: '++' works on integers and pointers, and this is string[4]
    $t--;
//  ^^^^ error[update-type]: '--' works on integers and pointers, and this is (int8,int8)
    $x += "a";
//  ^^^^^^^^^ error[binary-operands]: '+' does not work on int8 and string[2]
//  | left: int8: $x
//  | right: string[2]: "a"
    let $a: int8[] = 5;
//          ^^^^^^ error[unsized-array]: an array type needs a length here
//          | hint: only a cast takes the length from its value
  }
`);
});

test('operators', () => {
  check(String.raw`
  begin {
    $s = "text";
    $t = (1, 2);
    print($s + 1);
//        ^^^^^^ error[binary-operands]: '+' does not work on string[5] and int8
//        | left: string[5]: $s
//        | right: int8: 1
    print($s < "z");
//        ^^^^^^^^ error[binary-operands]: '<' does not work on string[5] and string[2]
//        | left: string[5]: $s
//        | right: string[2]: "z"
    print($s && 1);
//        ^^ error[condition-type]: a condition is an integer, a bool or a pointer, and this is string[5]
//        | hint: compare the string: ... != ""
    print($t + $t);
//        ^^^^^^^ error[binary-operands]: '+' does not work on (int8,int8) and (int8,int8)
//        | left: (int8,int8): $t
//        | right: (int8,int8): $t
    print($t == (1, 2, 3));
//        ^^^^^^^^^^^^^^^ error[binary-operands]: '==' does not work on (int8,int8) and (int8,int8,int8)
//        | left: (int8,int8): $t
//        | right: (int8,int8,int8): (1, 2, 3)
    print(-$s);
//        ^^^ error[unary-operand]: '-' does not work on string[5]
    print(~$t);
//        ^^^ error[unary-operand]: '~' does not work on (int8,int8)
    print(!$s);
//        ^^^ error[unary-operand]: '!' does not work on string[5]
    print(*$s);
//        ^^^ error[dereference]: '*' reads what a pointer or an integer points to, and this is string[5]
    print(*$t);
//        ^^^ error[dereference]: '*' reads what a pointer or an integer points to, and this is (int8,int8)
    print(!(int8 *)5);
//        ^^^^^^^^^^ error[unary-operand]: '!' does not work on int8 *
//        | hint: compare the pointer with 0
    print(1 / 0);
//        ^^^^^ error[fold]: this cannot be worked out when the script is compiled: division by zero
    print(1 % 0);
//        ^^^^^ error[fold]: this cannot be worked out when the script is compiled: division by zero
    print(1 << 64);
//        ^^^^^^^ error[fold]: this cannot be worked out when the script is compiled: a shift by 64 is not between 0 and 63
    print(18446744073709551615 + 1);
//        ^^^^^^^^^^^^^^^^^^^^^^^^ error[fold]: this cannot be worked out when the script is compiled: the result does not fit 64 bits
    print(-18446744073709551615);
//        ^^^^^^^^^^^^^^^^^^^^^ error[fold-unary]: '-' cannot be worked out: the result does not fit 64 bits
    print("abc" + 5);
//        ^^^^^^^^^ warning[always-empty]: the string has 3 bytes, so nothing is left behind byte 5
    print(1 ? "a" : 2);
//        ^^^^^^^^^^^ error[branch-types]: both branches need one type, and they are string[2] and int8
    print((string[2])"too long");
//        ^^^^^^^^^^^^^^^^^^^^^ error[cast]: string[9] cannot be cast to string[2]
//        | hint: a string is not cut by a cast; str(s, n) is
    print((uint32)$s);
//        ^^^^^^^^^^ error[cast]: string[5] cannot be cast to uint32
//        | hint: the bytes of a string are an array: (int8[])
    print((int8)(int8)5);
//        ^^^^^^^^^^^^^ warning[unnecessary-cast]: this cast changes nothing: the expression is int8 already
    print((uint32[4])5);
//        ^^^^^^^^^^^^ error[cast]: int8 cannot be cast to uint32[4]
    let $q: uint8[2];
//      ^^ warning[never-assigned]: $q is declared here and never assigned
  }
`);
});

test('access to parts', () => {
  check(String.raw`
  begin {
    $t = (1, "two");
    print($t.2);
//        ^^^^ error[tuple-index]: the tuple has 2 items, and .2 is not one of them
//        | hint: items are counted from 0
    print($t[2]);
//        ^^^^^ error[tuple-index]: the tuple has 2 items, and .2 is not one of them
//        | hint: items are counted from 0
    $i = 0;
    print($t[$i]);
//           ^^ error[tuple-index-literal]: the index of a tuple is a literal: its items have different types
    print($t.first);
//        ^^^^^^^^ error[field-of]: (int8,string[4]) has no fields
    $r = (first=1, second=2);
    print($r.frist);
//           ^^^^^ error[record-field]: the record has no field 'frist'
//           | hint: did you mean first?
    print($r.other);
//           ^^^^^ error[record-field]: the record has no field 'other'
//           | hint: it has first, second
    print($r.0);
//        ^^^^ error[tuple-access]: .0 takes an item of a tuple, and this is record { .first = int8, .second = int8 }
    $n = 5;
    print($n.0);
//        ^^^^ error[tuple-access]: .0 takes an item of a tuple, and this is int8
    print($n.field);
//        ^^^^^^^^ error[field-of]: int8 has no fields
    print($n[0]);
//        ^^^^^ error[index-of]: int8 cannot be indexed
    $s = "abc";
    print($s[4]);
//           ^ error[index-range]: index 4 is outside: there are 4 elements, counted from 0
    print($s[-1]);
//           ^^ error[index-type]: an index is an integer that is not negative
    print($s["a"]);
//           ^^^ error[index-type]: an index is an integer that is not negative
  }
`);
});

test('args', () => {
  check(String.raw`
  begin {
    print(args.x);
//        ^^^^ error[args-unavailable]: begin probes have no args
//        | hint: args is for probes whose arguments have names: tracepoint, rawtracepoint, fentry, fexit
    print(args);
//        ^^^^ error[args-unavailable]: begin probes have no args
//        | hint: args is for probes whose arguments have names: tracepoint, rawtracepoint, fentry, fexit
  }
  tracepoint:sched:sched_switch {
    print(args.prev_pdi);
//             ^^^^^^^^ error[args-field]: tracepoint:sched:sched_switch has no argument 'prev_pdi'
//             | hint: did you mean prev_pid?
    print(args.nothing_like_it);
//             ^^^^^^^^^^^^^^^ error[args-field]: tracepoint:sched:sched_switch has no argument 'nothing_like_it'
//             | hint: it has: prev_comm, prev_pid, prev_prio, prev_state, next_comm, next_pid, next_prio
    print(args.common_pid);
//             ^^^^^^^^^^ error[args-common]: BPF programs cannot read the field common_pid
//             | hint: use pid or tid
    print(args.common_type);
//             ^^^^^^^^^^^ error[args-common]: BPF programs cannot read the field common_type
    print(args);
    for ($i : 0..3) { print(args.prev_pid); print(args); }
  }
  tracepoint:sched:sched_process_* {
    $p = probe;
    for ($i : 0..3) { print(probe); }
  }
`);
});

test('an argument of a type that this version has not', () => {
  check(
    String.raw`
  tracepoint:sched:sched_switch { print(args.odd); }
//                                           ^^^ error[args-type]: the type of odd (double odd) is not available in this version of ebtrace
`,
    { world: oddArgs },
  );
});

test('control flow', () => {
  check(String.raw`
  begin {
    break;
//  ^^^^^ error[jump-outside-loop]: 'break' is only for the body of a loop
    continue;
//  ^^^^^^^^ error[jump-outside-loop]: 'continue' is only for the body of a loop
    unroll(2) { break; }
    $n = 5;
    unroll($n) { }
//        ^^^^ error[unroll-literal]: unroll() needs a literal number of rounds
    unroll(0) { }
//        ^^^ error[unroll-range]: unroll() repeats 1 to 100 times, and this is 0
//        | hint: a for loop over a range has no such limit: for ($i : 0..1000) { }
    unroll(101) { }
//        ^^^^^ error[unroll-range]: unroll() repeats 1 to 100 times, and this is 101
//        | hint: a for loop over a range has no such limit: for ($i : 0..1000) { }
    unroll(100) { unroll(100) { unroll(100) { @c = count(); } @c = count(); } } unroll(2) { @c = count(); }
//                                    ^^^^^ error[unroll-size]: unroll() would write more than 10000 statements, with those that other unrolls repeat
//                                    | hint: make it a loop: for ($i : 0..N) { }
    for ($i : 0..3) { $n = 1; for ($i : 0..3) { } }
//                                 ^^ error[shadowing]: $i exists already, and a variable cannot hide another one
//                                 | the loop variable is here: $i
    for ($n : 0..3) { }
//       ^^ error[shadowing]: $n exists already, and a variable cannot hide another one
//       | the assignment is here: $n
    for ($j : "a"..3) { }
//            ^^^ error[range-bound]: the ends of a range are integers, and this is string[2]
    for ($j : 0.."b") { }
//               ^^^ error[range-bound]: the ends of a range are integers, and this is string[2]
    for ($j : $n) { }
//            ^^ error[for-over]: a for loop goes over a map or a range
//            | hint: for ($kv : @map) { } or for ($i : 0..10) { }
    @scalar = 1;
    for ($kv : @scalar) { }
//             ^^^^^^^ error[for-scalar]: @scalar has no keys, so there is nothing to go over
    if ("text") { }
//     ^^^^^^^^ error[condition-type]: a condition is an integer, a bool or a pointer, and this is string[5]
//     | hint: compare the string: ... != ""
    while ((1, 2)) { }
//        ^^^^^^^^ error[condition-type]: a condition is an integer, a bool or a pointer, and this is (int8,int8)
//  ^^^^^^^^^^^^^^^^^^ warning[while-deprecated]: while is deprecated in the language and may go away
//  | hint: a for loop over a range can be left with break: for ($i : 0..1000) { if (...) { break; } }
    return "text";
//         ^^^^^^ error[return-type]: a probe returns an integer, and this is string[5]
    print("never");
  }
  interval:s:1 /"text"/ { exit(); print("never either"); }
//              ^^^^^^ error[condition-type]: a condition is an integer, a bool or a pointer, and this is string[5]
//              | hint: compare the string: ... != ""
//                                ^^^^^^^^^^^^^^^^^^^^^ warning[unreachable]: this is never reached
`);
});

test('values that are not used', () => {
  check(String.raw`
  begin {
    5 + 5;
//  ^^^^^ warning[discarded]: the value of this expression is not used
//  | hint: write _ = ...; if that is meant
    nsecs;
//  ^^^^^ warning[discarded]: the value of this expression is not used
//  | hint: write _ = ...; if that is meant
    "text";
//  ^^^^^^ warning[discarded]: the value of this expression is not used
//  | hint: write _ = ...; if that is meant
    strncmp("a", "b", 1);
//  ^^^^^^^^^^^^^^^^^^^^ warning[discarded]: the value of this expression is not used
//  | hint: write _ = ...; if that is meant
    _ = 5 + 5;
    $x = 1;
    $x++;
    @m[1] = 1;
    delete(@m, 1);
    has_key(@m, 1);
//  ^^^^^^^^^^^^^^ warning[discarded]: the value of this expression is not used
//  | hint: write _ = ...; if that is meant
    if (print(1)) { }
//     ^^^^^^^^^^ error[condition-type]: a condition is an integer, a bool or a pointer, and this is none
  }
`);
});

test('positional parameters', () => {
  check(
    String.raw`
  begin {
    print($1 + $3);
//             ^^ warning[positional-missing]: no positional parameter $3 was given: it is 0, or "" as a string
    printf($1);
//         ^^ error[needs-literal-string]: printf() needs a literal string here, and this is a literal int8
//         | hint: the text of a positional parameter is str($1)
    printf(str($3));
//             ^^ warning[positional-missing]: no positional parameter $3 was given: it is 0, or "" as a string
    @ = lhist(1, 0, $2, 1);
//                  ^^ error[aggregation-needs-literal]: lhist() needs a literal integer for 'max'
//                  | hint: the buckets are laid out when the script is compiled; a positional parameter such as $1 works too
  }
  tracepoint:sched:$4 { }
//^^^^^^^^^^^^^^^^^^^ error[missing-probe]: There is no tracepoint sched:
//| hint: Set the config option 'missing_probes' to 'warn' or 'ignore' when this is expected.
//                 ^^ warning[probe-parameter-missing]: no positional parameter $4 was given: nothing stands here
`,
    { positionals: ['12', 'word'] },
  );
});

test('a literal string that is longer than the configuration allows', () => {
  check(String.raw`
  config = { max_strlen = 8 }
  begin { print("12345678"); print("1234567"); print("1234" + "5678"); }
//              ^^^^^^^^^^ error[string-too-long]: this string has 8 bytes, and max_strlen leaves room for 7
//              | hint: set EBTRACE_MAX_STRLEN=9 or more
//                                                   ^^^^^^^^^^^^^^^ error[string-too-long]: this string has 8 bytes, and max_strlen leaves room for 7
//                                                   | hint: set EBTRACE_MAX_STRLEN=9 or more
`);
});

test('config', () => {
  check(String.raw`
  config = {
    max_strln = 5;
//  ^^^^^^^^^ error[unknown-option]: There is no config option 'max_strln'
//  | hint: Did you mean 'max_strlen'?
    nothing_like_it = 5;
//  ^^^^^^^^^^^^^^^ error[unknown-option]: There is no config option 'nothing_like_it'
//  | hint: Options are cache_user_symbols, cpp_demangle, lazy_symbolication, license, log_size, max_bpf_progs, max_cat_bytes, max_map_keys, max_probes, max_strlen, missing_probes, on_stack_limit, perf_rb_pages, print_maps_on_exit, show_debug_info, stack_mode, str_trunc_trailer, unstable_dw_ustack, unstable_import_statement, unstable_tseries, unstable_typeinfo, use_blazesym.
    max_strlen = "many";
//               ^^^^^^ error[option-value]: max_strlen must be a number from 2 to 65536, got 'many'
    strlen = 100;
//  ^^^^^^ warning[option-renamed]: The option strlen is now called max_strlen
    btf = "file";
//  ^^^ error[option-environment-only]: The option btf can only be set in the environment
//  | hint: Run with EBTRACE_BTF=... instead.
    unstable_macro = 1;
//  ^^^^^^^^^^^^^^ warning[option-obsolete]: The option unstable_macro is no longer needed and has no effect
    cpp_demangle = no;
//  ^^^^^^^^^^^^ warning[option-unsupported]: The option cpp_demangle has no effect in this version of ebtrace
  }
  begin { }
`);
});

test('probes', () => {
  check(String.raw`
  tracepoitn:sched:sched_switch { }
//^^^^^^^^^^ error[unknown-probe]: Unknown kind of probe 'tracepoitn'
//| hint: Did you mean 'tracepoint'?
  uprobe:/bin/sh:main { }
//^^^^^^ error[probe-unavailable]: uprobe probes are not available in this version of ebtrace
  tracepoint:sched { }
//^^^^^^^^^^^^^^^^ error[probe-parts]: tracepoint takes 2 parts after its name, got 1
//| hint: Write 'tracepoint:CATEGORY:EVENT'.
  tracepoint:sched:sched_swich { }
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[missing-probe]: There is no tracepoint sched:sched_swich
//| hint: Did you mean 'tracepoint:sched:sched_switch'?
  tracepoint:sched:nothing_* { }
//^^^^^^^^^^^^^^^^^^^^^^^^^^ error[no-attach-point-left]: Nothing on this machine matches, so the probe would never run
//| hint: Set the config option 'missing_probes' to 'warn' or 'ignore' when this is expected.
  interval:s:0 { }
//           ^ error[rate-zero]: The rate of interval probes must be at least 1
  interval:s:x { }
//           ^ error[probe-number]: 'x' is no number: an integer starts with a digit and has no blanks
  interval:weeks:1 { }
//         ^^^^^ error[time-unit]: 'weeks' is not a unit of time of interval probes
//         | hint: Units are hz, ms, s, us.
  interval:s:1ms { }
//           ^^^ error[rate-unit-twice]: '1ms' has a unit of time of its own
//           | hint: Write 'interval:1ms' or 'interval:s:N' with a plain number N.
  interval:s { }
//         ^ error[rate-missing]: The number of 's' between two runs is missing
//         | hint: Write 'interval:s:1'.
  interval:100ns { }
//         ^^^^^ error[rate-too-short]: The shortest time between two runs of interval is 1us, got 100 nanoseconds
  profile:hz:99999999999999999999 { }
//           ^^^^^^^^^^^^^^^^^^^^ error[probe-number]: '99999999999999999999' is no number: the value is above the largest integer, 18446744073709551615
  profile:s:99999999999 { }
//^^^^^^^^^^^^^^^^^^^^^ error[rate-too-large]: The rate 's:99999999999' is too large
  watchpoint:jiffies:8:w { }
//           ^^^^^^^ error[probe-number]: 'jiffies' is no number: an integer starts with a digit and has no blanks
//           | hint: kaddr() tells the address of a variable of the kernel: begin { printf("0x%x", kaddr("NAME")); }
  self:signal:SIGHUP { }
//            ^^^^^^ error[self-signal]: self:signal reacts to SIGUSR1 only, not to 'SIGHUP'
  self:exit:now { }
//     ^^^^ error[self-trigger]: 'exit' is nothing that self reacts to; it knows 'signal'
  tracepoint:sched:$x { }
//                 ^^ error[probe-parameter]: '$' in an attach point stands before the number of a positional parameter, as in $1
//                 | hint: Put the part in quotes when the dollar sign belongs to a name.
  profile:hz:0 { }
//           ^ error[rate-zero]: The rate of profile probes must be at least 1
  software:fualts:1 { }
//         ^^^^^^ error[counted-event]: There is no software event 'fualts'
//         | hint: Did you mean 'faults'?
  software:faults:0 { }
//                ^ error[event-count]: The count of a software event is 1 to 2^63-1, got 0
  *:a:b:c:d:e { }
//^^^^^^^^^^^ error[no-kind-fits]: No kind of probe that the wildcard stands for is written like this
//| hint: It stands for 'fentry:FUNC', 'fentry:MODULE:FUNC', 'fentry:bpf:PROGRAM', 'fentry:bpf:ID:PROGRAM', 'hardware:EVENT', 'hardware:EVENT:COUNT', 'iter:KIND', 'iter:KIND:PATH', 'kprobe:FUNCTION', 'kprobe:MODULE:FUNCTION', 'kprobe:FUNCTION+OFFSET', 'rawtracepoint:EVENT', 'rawtracepoint:MODULE:EVENT', 'software:EVENT', 'software:EVENT:COUNT', 'tracepoint:CATEGORY:EVENT'.
`);
});

test('more probes than max_probes', () => {
  check(String.raw`
  config = { max_probes = 3 }
  tracepoint:sched:* { @ = count(); }
//^^^^^^^^^^^^^^^^^^ error[too-many-probes]: The script has 5 probes up to here, the limit is 3
//| hint: Narrow the wildcard, or raise the config option max_probes.
`);
});

test('more programs than max_bpf_progs', () => {
  check(String.raw`
  config = { max_bpf_progs = 2 }
  begin { }
  interval:s:1 { }
  end { }
//^^^ error[too-many-programs]: The script becomes 3 BPF programs up to here, the limit is 2
//| hint: Narrow the wildcard, read fewer fields of args, or raise the config option max_bpf_progs.
`);
});

test('a map that is only assigned from itself', () => {
  check(String.raw`
  begin { @a = @b; @b = @a; }
//             ^^ error[undecided-map]: what @b holds cannot be told: it is only assigned from itself
//                      ^^ error[undecided-map]: what @a holds cannot be told: it is only assigned from itself
`);
});

test('one mistake is reported once', () => {
  check(String.raw`
  begin {
    $x = nosuch();
//       ^^^^^^ error[unknown-function]: there is no function 'nosuch'
    print($x + 1);
    @m = $x;
    print(@m);
    @k[$x] = 1;
    for ($kv : @l) { print($kv.0); }
    @l[1] = $x;
    $y = "a" + @m;
    let $z: nosuch_t = 5;
//          ^^^^^^^^ error[unknown-type]: there is no type 'nosuch_t'
    print($z);
  }
`);
});

test('where text was not understood, names may be missing', () => {
  check(String.raw`
  begin { $x = ; print($x); @m = ]; }
//             ^ error[expected-expression]: expected an expression after '=', found ';'
//                               ^ error[expected-expression]: expected an expression after '=', found ']'
  end { print(@m); print($x + nosuch()); }
//                            ^^^^^^ error[unknown-function]: there is no function 'nosuch'
`);
});

test('messages name both types and show where the first one came from', () => {
  check(String.raw`
  begin { @m["key", (uint16)5] = -70000; }
  end { @m[5, 5] = 1; @m["key", 1] = "text"; }
//         ^^^^ error[map-key-mismatch]: @m has keys of type (string[4],uint16), and this key is (int8,int8)
//         | the first key is here: "key", (uint16)5
//                                   ^^^^^^ error[map-type]: @m holds int32, and this is string[5]
//                                   | the first value is assigned here: -70000
`);
});

test('a statement over several lines', () => {
  check(String.raw`
  begin {
    print(nosuch(
//        ^^^^^^ error[unknown-function]: there is no function 'nosuch'
      1,
      2));
    $x = "a" +
      5 * "b";
//    ^^^^^^^ error[binary-operands]: '*' does not work on int8 and string[2]
//    | left: int8: 5
//    | right: string[2]: "b"
  }
`);
});

test('only --unsafe allows what changes the system', () => {
  check(
    String.raw`
  begin { system("true"); }
`,
    { unsafe: true },
  );
});

test('missing probes are warnings or nothing where the script says so', () => {
  check(String.raw`
  config = { missing_probes = warn }
  tracepoint:sched:no_such_event, begin { }
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[missing-probe]: There is no tracepoint sched:no_such_event. The attach point is left out
`);
  check(String.raw`
  config = { missing_probes = ignore }
  tracepoint:sched:no_such_event, begin { }
`);
});

test('each code has one place in the sources and a case in a file of diagnostics', () => {
  const places = new Map<string, string[]>();
  for (const folder of ['compiler', 'builtins', 'probes', 'config']) {
    for (const file of sources(join(import.meta.dirname, '../../src', folder))) {
      const text = readFileSync(file, 'utf8');
      for (const [, code = ''] of text.matchAll(/(?:\b(?:error|warning)\(\s*|\bcode: )'([a-z-]+)'/g)) {
        places.set(code, [...(places.get(code) ?? []), file]);
      }
    }
  }
  expect(places.size).toBeGreaterThan(100);
  expect([...places].filter(([, files]) => files.length > 1)).toEqual([]);
  const cases = readdirSync(import.meta.dirname)
    .filter((name) => /^diagnostics.*\.test\.ts$/.test(name))
    .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
    .join('\n');
  expect([...places.keys()].filter((code) => !cases.includes(`[${code}]: `))).toEqual([]);
});

test('annotations are taken out of a script and nothing else is', () => {
  expect(bareScript('  a\n//  ^^^ error[x]: y\n//  | hint: z\n  // a comment\n  b')).toBe('  a\n  // a comment\n  b');
});

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? sources(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}
