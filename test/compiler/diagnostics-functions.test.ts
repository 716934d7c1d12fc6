/** What the compiler says about mistakes in `fn` functions and in calls of them. */
import { expect, test } from 'vitest';
import type { Type } from '../../src/types/type.ts';
import { int32, noneType, pointerTo, uint8, uint32, uint64 } from '../../src/types/type.ts';
import type { Definitions, Prototype } from '../../src/world/definitions.ts';
import { noDefinitions } from '../../src/world/definitions.ts';
import { annotate } from '../support/annotate.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const world = fixtureWorld();

const env = { world, environment: {}, positionals: [], unsafe: false };

/** As if an object with these functions were imported. */
const imported: Definitions = {
  ...noDefinitions,
  functions: new Map(
    [
      prototype('scale', [uint32, uint8], uint64),
      prototype('look', [pointerTo(structNamed('pair'), 'none')], noneType),
      prototype('whole', [structNamed('pair')], int32),
      prototype('unnamed', [pointerTo(structNamed('(anonymous 7)'), 'none')], int32),
    ].map((entry) => [entry.name, entry]),
  ),
};

function prototype(name: string, parameters: readonly Type[], returns: Type): Prototype {
  return { name, parameters: parameters.map((type, i) => ({ name: `p${i}`, type })), returns, object: 'lib.bpf.c' };
}

function structNamed(name: string): Type {
  return { kind: 'struct', table: 'lib.bpf.c', name, size: 16 };
}

function check(text: string, definitions?: Definitions): void {
  expect(annotate(text, env, definitions)).toBe(text);
}

test('a function may be used before it is defined, may have no parameters, and may be unused', () => {
  check(String.raw`
  begin { print(twice(4)); hello(); }
  fn twice($n: int64): int64 { return $n + $n; }
  fn hello(): void { printf("hello\n"); }
  fn unused($s: string, $p: int8 *): string { return $s; }
`);
});

test('definitions', () => {
  check(String.raw`
  fn f($a: int64, $a: int8, $v: void): void { }
//                ^^^^^^^^ error[parameter-twice]: f() has two parameters $a
//                | the first one is here: $a: int64
//                              ^^^^ error[parameter-type]: $v cannot be void: a parameter has a value
  fn g(): void { return 5; }
//               ^^^^^^^^ error[return-value]: g() is void, and this returns a value
//               | its type is declared here: void
  fn g(): int64 { return 1; }
//   ^ error[function-twice]: the function g is defined twice
//   | the first definition is here: g
  fn count(): void { }
//   ^^^^^ error[function-name]: count is the name of an aggregation
//   | hint: a function needs a name of its own
  fn pid(): void { }
//   ^^^ error[function-name]: pid is the name of a builtin variable
//   | hint: a function needs a name of its own
  fn strftime(): void { }
//   ^^^^^^^^ warning[hides-builtin]: strftime() hides the builtin function of that name in this script
  fn h($x: strange): void { }
//         ^^^^^^^ error[unknown-type]: there is no type 'strange'
//         | hint: did you mean string?
  begin { }
`);
});

test('every way through a function with a value returns one', () => {
  check(String.raw`
  fn f($a: int64): int64 { if ($a > 1) { return 1; } }
//   ^ error[missing-return]: f() returns int64, and not every way through it ends in a return
//   | hint: the last statement of the body can be the return for all other cases
  fn g($a: int64): int64 { if ($a > 1) { return 1; } else { exit(); } }
  fn h($a: int64): int64 { for ($i : 0..9) { return $i; } }
//   ^ error[missing-return]: h() returns int64, and not every way through it ends in a return
//   | hint: the last statement of the body can be the return for all other cases
  fn i(): string { return 5; }
//                        ^ error[return-mismatch]: i() returns string[1024], and this is int8
//                        | its type is declared here: string
  fn j(): int64 { return; }
//                ^^^^^^ error[return-value]: j() returns int64, and this returns nothing
//                | its type is declared here: int64
  fn k(): uint8 { return 300; }
//                       ^^^ error[literal-range]: 300 does not fit uint8
//                       | hint: an explicit cast cuts it: (uint8)300
  fn l($n: int64): uint8 { return $n; }
//                                ^^ warning[narrowing]: a value of type int64 is cut to uint8 here; values that do not fit change
//                                | hint: an explicit cast says that this is meant: (uint8)
  fn m(): void { return; }
  begin { }
`);
});

test('nothing in a function can depend on the probe', () => {
  check(String.raw`
  fn f(): void { print(probe); print(probetype); print(args.x); print(args); print(pid); }
//                     ^^^^^ error[probe-in-function]: probe belongs to a probe, and f() may be called from any
//                     | hint: pass what it needs as an argument
//                                   ^^^^^^^^^ error[probe-in-function]: probetype belongs to a probe, and f() may be called from any
//                                   | hint: pass what it needs as an argument
//                                                     ^^^^ error[probe-in-function]: args belongs to a probe, and f() may be called from any
//                                                     | hint: pass what it needs as an argument
//                                                                    ^^^^ error[probe-in-function]: args belongs to a probe, and f() may be called from any
//                                                                    | hint: pass what it needs as an argument
  begin { }
`);
});

test('calls', () => {
  check(String.raw`
  fn f($s: string[4], $n: uint8): int64 { return 1; }
  fn none(): void { }
  begin {
    f("abc");
//  ^^^^^^^^ error[function-arity]: f() takes 2 arguments, and 1 is given
//  | it is defined here: f
//  | hint: it is written f($s, $n)
    none(1);
//  ^^^^^^^ error[function-arity]: none() takes no arguments, and 1 is given
//  | it is defined here: none
//  | hint: it is written none()
    f("abcd", 300);
//    ^^^^^^ error[function-argument]: the argument $s of f() is string[4], and this is string[5]
//    | it is declared here: $s: string[4]
//            ^^^ error[literal-range]: 300 does not fit uint8
//            | hint: an explicit cast cuts it: (uint8)300
    f(1, "x");
//    ^ error[function-argument]: the argument $s of f() is string[4], and this is int8
//    | it is declared here: $s: string[4]
//       ^^^ error[function-argument]: the argument $n of f() is uint8, and this is string[2]
//       | it is declared here: $n: uint8
    $wide = 70000;
    f("abc", $wide);
//           ^^^^^ warning[narrowing]: a value of type int32 is cut to uint8 here; values that do not fit change
//           | hint: an explicit cast says that this is meant: (uint8)
    $v = none();
//       ^^^^^^ error[no-value]: a value is needed here, and this has none
    ff("abc", 1);
//  ^^ error[unknown-function]: there is no function 'ff'
//  | hint: did you mean f()?
    f;
//  ^ error[function-without-call]: f is a function and needs parentheses
//  | hint: it is written f($s, $n)
  }
`);
});

test('recursion, direct and mutual, is told with the calls that lead there', () => {
  check(String.raw`
  fn self(): void { self(); }
//                  ^^^^^^ error[recursion]: a function cannot call itself: self > self
//                  | hint: a loop can do what recursion does
  fn even($n: int64): bool { return odd($n - 1); }
  fn odd($n: int64): bool { return even($n - 1); }
//                                 ^^^^^^^^^^^^ error[recursion]: a function cannot call itself: even > odd > even
//                                 | odd() is called here: odd($n - 1)
//                                 | hint: a loop can do what recursion does
  begin { if (even(4)) { self(); } }
`);
});

test('calls and loops in one another, up to what the kernel can nest', () => {
  check(String.raw`
  fn f1(): void { f2(); }
  fn f2(): void { for ($i : 0..2) { f3(); } }
  fn f3(): void { while (1) { f4(); } }
//                ^^^^^^^^^^^^^^^^^^^ warning[while-deprecated]: while is deprecated in the language and may go away
//                | hint: a for loop over a range can be left with break: for ($i : 0..1000) { if (...) { break; } }
  fn f4(): void { }
  begin { f1(); }
  end { f1(); for ($i : 0..2) { f1(); } }
//            ^^^^^^^^^^^^^^^^^^^^^^^^^ error[call-depth]: probe > loop > f1 > f2 > loop > f3 > loop > f4: 7 calls and loops in one another
//            | then f1: f1()
//            | then f2: f2()
//            | then loop: for ($i : 0..2) { f3(); }
//            | then f3: f3()
//            | then loop: while (1) { f4(); }
//            | then f4: f4()
//            | hint: the kernel allows 6
`);
});

test('functions of imported objects', () => {
  check(
    String.raw`
  fn scale(): void { }
//   ^^^^^ error[function-twice]: scale() comes with an imported object already
  begin {
    $wide = 70000;
    @x = scale($wide, $wide);
//                    ^^^^^ warning[narrowing]: a value of type int32 is cut to uint8 here; values that do not fit change
//                    | hint: an explicit cast says that this is meant: (uint8)
    scale(1);
//  ^^^^^^^^ error[function-arity]: scale() takes 2 arguments, and 1 is given
//  | hint: it is written scale(p0, p1)
    scale("abc", 300);
//        ^^^^^ error[function-argument]: the argument p0 of scale() is uint32, and this is string[4]
//               ^^^ error[literal-range]: 300 does not fit uint8
//               | hint: an explicit cast cuts it: (uint8)300
    look((int8 *)0);
    look(7);
//       ^ error[function-argument]: the argument p0 of look() is struct pair *, and this is int8
    $v = look((int8 *)0);
//       ^^^^^^^^^^^^^^^ error[no-value]: a value is needed here, and this has none
    whole(1);
//  ^^^^^ error[import-signature]: whole() of lib.bpf.c cannot be called: its parameter p0 is neither a number nor a pointer (struct pair)
    unnamed((int8 *)0);
//  ^^^^^^^ error[import-signature]: unnamed() of lib.bpf.c cannot be called: it uses types that have no name
    scal(1, 2);
//  ^^^^ error[unknown-function]: there is no function 'scal'
//  | hint: did you mean scale()?
  }
`,
    imported,
  );
});
