/** Messages about types, casts, aggregations, loops and comptime, in the form of test/support/annotate.ts. */
import { expect, test } from 'vitest';
import { SourceText } from '../../grammar/source.ts';
import { compile } from '../../src/build.ts';
import { annotate } from '../support/annotate.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const world = fixtureWorld();

function check(text: string): void {
  expect(annotate(text, { world, environment: {}, positionals: [], unsafe: false })).toBe(text);
}

test('questions about types', () => {
  check(String.raw`
  begin {
    print(offsetof(uint8, a));
//        ^^^^^^^^^^^^^^^^^^ error[offset-of]: uint8 has no members, so 'a' has no offset in it
    print(offsetof(struct task_struct, pidd));
//        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[offset-member]: struct task_struct has no member 'pidd'
//        | hint: did you mean pid?
    print(offsetof(struct task_struct, mm.pgd));
//        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[offset-of]: struct mm_struct * has no members, so 'pgd' has no offset in it
//        | hint: a path does not go through pointers
    print(sizeof({ @m = 5; 1 }));
//               ^^^^^^^^^^^^^ error[query-assigns]: a map cannot be assigned here: only the type is wanted, and this never runs
    print(sizeof(@m[{ @k[1]++; 1 }]));
//               ^^^^^^^^^^^^^^^^^^ error[undefined-map]: nothing is ever stored in @m
//               | hint: did you mean @k?
    print(sizeof(comm));
//               ^^^^ error[unknown-type]: there is no type 'comm'
//               | hint: comm() is the value
    print(sizeof(task_strct));
//               ^^^^^^^^^^ error[unknown-type]: there is no type 'task_strct'
//               | hint: did you mean task_struct?
    print(sizeof(struct task_strct));
//               ^^^^^^^^^^^^^^^^^ error[unknown-type]: there is no type 'struct task_strct'
//               | hint: did you mean struct task_struct?
    print(sizeof(union task_struct));
//               ^^^^^^^^^^^^^^^^^ error[unknown-type]: there is no type 'union task_struct'
//               | hint: task_struct is a struct: struct task_struct
    print(sizeof(int8[9999999999]));
//               ^^^^^^^^^^^^^^^^ error[type-size]: a value of this type would have 9999999999 bytes; the most is 1048576
    print(sizeof(string[2000000]));
//               ^^^^^^^^^^^^^^^ error[type-size]: a value of this type would have 2000000 bytes; the most is 1048576
    print(sizeof(void[3]));
//               ^^^^^^^ error[array-of]: there are no arrays of void
    print(sizeof(int8[]));
//               ^^^^^^ error[unsized-array]: an array type needs a length here
//               | hint: only a cast takes the length from its value
    print(typeinfo(uint8));
//        ^^^^^^^^^^^^^^^ error[feature-disabled]: typeinfo may still change, and using it is not allowed here
//        | hint: allow it with config = { unstable_typeinfo = enable }
    let $y: typeof($nothing) = 1;
//                 ^^^^^^^^ error[undefined-variable]: $nothing is not assigned anywhere before this
    print((typeof(nosuch_t))5);
//                ^^^^^^^^ error[unknown-type]: there is no type 'nosuch_t'
  }
`);
});

test('a member that begins at no byte', () => {
  check(String.raw`
  begin { print(offsetof(struct mm_struct, nosuch_at_all_here)); print(offsetof(struct task_struct, in_iowait)); }
//              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[offset-member]: struct mm_struct has no member 'nosuch_at_all_here'
//              | hint: it has total_vm, start_code, end_code, cpu_bitmap
//                                                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[offset-bits]: 'in_iowait' is a bit-field, which begins at no byte of its own
`);
});

test('the branch of a comptime condition may not change what it asked', () => {
  check(String.raw`
  begin {
    $a = 1;
    if comptime (sizeof($a) == 1) { $a = (int64)3; }
//                                       ^^^^^^^^ error[type-locked]: this would make $a int64, and a comptime condition has taken it as int8
//                                       | the condition is here: (sizeof($a) == 1)
//                                       | hint: a cast keeps the type: (int8)
    @m[1] = (int16)1;
    if comptime (sizeof(@m[1]) == 2) { @m[2] = (int32)3; $fine = nosuch_is_seen; } else { nosuch_is_not_seen(); }
//                                             ^^^^^^^^ error[type-locked]: this would make @m int32, and a comptime condition has taken it as int16
//                                             | the condition is here: (sizeof(@m[1]) == 2)
//                                             | hint: a cast keeps the type: (int16)
//                                                               ^^^^^^^^^^^^^^ error[unknown-name]: there is no builtin variable or constant 'nosuch_is_seen'
//                                                               | hint: scratch variables start with $, maps with @
    if comptime is_scalar(@m) { nosuch_is_not_seen(); }
    if comptime $a { print(1); }
//     ^^^^^^^^^^^ error[comptime]: comptime needs something that is known when the script is compiled
    @n = 1;
    @n++;
    if comptime (sizeof(@n) == 8) { @n = 5; }
  }
`);
});

test('what variables cannot hold', () => {
  check(String.raw`
  begin {
    let $a: sum_t;
//          ^^^^^ error[declaration-type]: a variable cannot hold sum_t, only a map can
//          | hint: declare it as int64 or uint64 for its number
    let $b: ustats_t;
//          ^^^^^^^^ error[declaration-type]: a variable cannot hold ustats_t, only a map can
    let $c: void;
//          ^^^^ error[declaration-type]: $c cannot be void: a variable has a value
    let $d: hist_t;
//          ^^^^^^ error[unknown-type]: there is no type 'hist_t'
    let $e: string = 5;
//                   ^ error[variable-type]: $e holds string[1], and this is int8
//                   | the declaration is here: $e
    let $f: bool = 1;
//                 ^ error[variable-type]: $f holds bool, and this is int8
//                 | the declaration is here: $f
    let $g: uint8[2] = (uint8[2])(uint16)5;
    $g = (uint8[4])(uint32)5;
//       ^^^^^^^^^^^^^^^^^^^ error[variable-type]: $g holds uint8[2], and this is uint8[4]
//       | the declaration is here: $g
    let $t: typeof(((uint8)1, "abc")) = (300, "a");
//                                       ^^^ error[literal-range]: 300 does not fit uint8
//                                       | hint: an explicit cast cuts it: (uint8)300
    let $u: typeof((a = (uint8)1, b = 2)) = (b = 1, a = -1);
//                                                      ^^ error[literal-range]: -1 does not fit uint8
//                                                      | hint: an explicit cast cuts it: (uint8)-1
    $n = (int64)1;
    $m = (uint64)$n;
    $n = $m;
//       ^^ warning[narrowing]: a value of type uint64 is cut to int64 here; values that do not fit change
//       | hint: an explicit cast says that this is meant: (int64)
    @n[$n] = 1;
    @n[$m] = 2;
//     ^^ warning[narrowing]: a value of type uint64 is cut to int64 here; values that do not fit change
//     | hint: an explicit cast says that this is meant: (int64)
    print($g);
    print($t); print($u); print($e); print($f);
  }
`);
});

test('casts', () => {
  check(String.raw`
  begin {
    print((uint64[])(uint32)1);
//        ^^^^^^^^^^^^^^^^^^^ error[cast]: uint32 cannot be cast to uint64[0]
//        | hint: one uint64 has 8 bytes, and the value has 4
    print((int64)"abc");
//        ^^^^^^^^^^^^ error[cast]: string[4] cannot be cast to int64
//        | hint: the bytes of a string are an array: (int8[])
    print((string)5);
//        ^^^^^^^^^ error[cast]: int8 cannot be cast to string[1024]
//        | hint: str() reads the string at an address
    print((string[2])"abc");
//        ^^^^^^^^^^^^^^^^ error[cast]: string[4] cannot be cast to string[2]
//        | hint: a string is not cut by a cast; str(s, n) is
    print((count_t)5);
//        ^^^^^^^^^^ error[cast]: int8 cannot be cast to count_t
//        | hint: aggregations live in maps only: @m = count()
    print((struct task_struct)5);
//        ^^^^^^^^^^^^^^^^^^^^^ error[cast]: int8 cannot be cast to struct task_struct
//        | hint: a pointer can: (struct task_struct *)
    print((void)5);
//        ^^^^^^^ error[cast]: int8 cannot be cast to void
    print((int64)(1, 2));
//        ^^^^^^^^^^^^^ error[cast]: (int8,int8) cannot be cast to int64
    print((int8[16])(uint64)1);
//        ^^^^^^^^^^^^^^^^^^^ error[cast]: uint64 cannot be cast to int8[16]
    print((uint64)(int8[4])(uint32)7);
//        ^^^^^^^^^^^^^^^^^^^^^^^^^^ error[cast]: int8[4] cannot be cast to uint64
    print((int16[])"ab");
//        ^^^^^^^^^^^^^ error[cast]: string[3] cannot be cast to int16[1]
    print((enum hrtimer_mode)77);
//        ^^^^^^^^^^^^^^^^^^^^^ error[enum-value]: enum hrtimer_mode has no constant with the value 77
//        | hint: it has HRTIMER_MODE_ABS (0), HRTIMER_MODE_REL (1), HRTIMER_MODE_PINNED (2), HRTIMER_MODE_SOFT (4), HRTIMER_MODE_HARD (8)
    print((enum hrtimer_mode)"a");
//        ^^^^^^^^^^^^^^^^^^^^^^ error[cast]: string[2] cannot be cast to enum hrtimer_mode
    @h = hist(1);
    print((int64)@h);
//               ^^ error[aggregate-read]: the value of @h is a hist() and has no single number
//               | hint: print the whole map: print(@h)
  }
`);
});

test('aggregations stay where they are', () => {
  check(String.raw`
  begin {
    @c = count();
    @x = @c;
//       ^^ error[aggregate-copy]: @c is a count(), which cannot be copied to another map
//       | hint: for its number write (uint64)@c; to keep another one write @x = count(...)
    @y[1] = @c;
//          ^^ error[aggregate-copy]: @c is a count(), which cannot be copied to another map
//          | hint: for its number write (uint64)@c; to keep another one write @y = count(...)
    @i = 1;
    @i = @c;
    @j = (uint64)@c;
    @k[1] = (int64)@c;
    @b = { $x = 1; count() };
    @d = { $x = 1; count() + 1 };
//                 ^^^^^^^ error[aggregation-alone]: count() is what a map keeps, not a value
//                 | hint: assign it to a map: @ = count(...)
    @e = if (1) { count() } else { count() };
//                ^^^^^^^ error[aggregation-alone]: count() is what a map keeps, not a value
//                | hint: assign it to a map: @ = count(...)
//                                 ^^^^^^^ error[aggregation-alone]: count() is what a map keeps, not a value
//                                 | hint: assign it to a map: @ = count(...)
  }
`);
});

test('loops', () => {
  check(String.raw`
  begin {
    while (0) { }
//  ^^^^^^^^^^^^^ warning[while-deprecated]: while is deprecated in the language and may go away
//  | hint: a for loop over a range can be left with break: for ($i : 0..1000) { if (...) { break; } }
    @m[1] = 1;
    for ($kv : @m) { print(@m); clear(@m); print($kv); }
//                   ^^^^^^^^^ warning[map-event-in-loop]: print(@m) is done in user space, mostly after the loop, and sees the map as it is then
//                   | hint: move it behind the loop
//                              ^^^^^^^^^ warning[map-event-in-loop]: clear(@m) is done in user space, mostly after the loop, and sees the map as it is then
//                              | hint: move it behind the loop
    for ($i : 0..3) { if ($i == 1) { return 1; } while (1) { return; } }
//                                                           ^^^^^^ error[mixed-returns]: returns in one loop all have a value or none has
//                                                           | this one has one: return 1
//                                               ^^^^^^^^^^^^^^^^^^^^^ warning[while-deprecated]: while is deprecated in the language and may go away
//                                               | hint: a for loop over a range can be left with break: for ($i : 0..1000) { if (...) { break; } }
    for ($i : 0..3) { unroll(2) { return; } if ($i) { return; } }
    unroll(2) { print(@m); }
  }
`);
});

test('find and is_scalar', () => {
  check(String.raw`
  begin {
    @m["a"] = 1;
    let $v;
    print(find(@m, "a"));
//        ^^^^^^^^^^^^^ error[argument-count]: find() takes 3 arguments, and 2 are given
//        | hint: it is written find(@map, key, $variable)
    print(find(@m["a"], "a", $v));
//        ^^^^^^^^^^^^^^^^^^^^^^ error[find-arguments]: find() takes a map, a key and a variable for the value
//        | hint: it is written find(@map, key, $variable); several keys are one tuple: (a, b)
    print(find(@m, "a", 5));
//        ^^^^^^^^^^^^^^^^ error[find-arguments]: find() takes a map, a key and a variable for the value
//        | hint: it is written find(@map, key, $variable); several keys are one tuple: (a, b)
    print(find(@m, "a", $w));
//                      ^^ error[undefined-variable]: $w is not assigned anywhere before this
    print(find(@m, 5, $v));
//                 ^ error[map-key-mismatch]: @m has keys of type string[2], and this key is int8
//                 | the first key is here: "a"
    print(is_scalar(5));
//                  ^ error[is-scalar-of]: is_scalar() is asked about a map, and this is a literal int8
    find(@m, "a", $v);
//  ^^^^^^^^^^^^^^^^^ warning[discarded]: the value of this expression is not used
//  | hint: write _ = ...; if that is meant
  }
`);
});

test('features that may still change: once a script, or not at all', () => {
  const messages = (gate: string): readonly string[] => {
    const script = `config = { unstable_typeinfo = ${gate} } begin { print(typeinfo(uint8)); print(typeinfo(uint16)); }`;
    const source = SourceText.fromUnicode('stdin', script);
    const { diagnostics } = compile(source, { world, environment: {}, positionals: [], unsafe: false });
    return diagnostics.map(
      ({ severity, code, message, span }) => `${severity}[${code}]: ${message} ${span?.start ?? ''}`,
    );
  };
  expect(messages('enable')).toEqual([]);
  expect(messages('warn')).toEqual(['warning[unstable-feature]: the script uses typeinfo, which may still change ']);
  expect(messages('error')).toHaveLength(2);
});

test('import in a block stays refused where the feature is allowed', () => {
  check(String.raw`
  config = { unstable_import_statement = enable }
  begin { import "more.bt"; }
//        ^^^^^^^^^^^^^^^^ error[import-statement]: import cannot stand in a block
//        | hint: move it to the top of the script
`);
});
