/** What the compiler says about macros, C macros and options of the command line. */
import { expect, test } from 'vitest';
import { SourceText } from '../../grammar/source.ts';
import { type BuildEnv, compile } from '../../src/build.ts';
import { renderDiagnostic } from '../../src/cli/render-diagnostic.ts';
import { noDefinitions } from '../../src/world/definitions.ts';
import { annotate } from '../support/annotate.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const env: BuildEnv = { world: fixtureWorld(), environment: {}, positionals: [], unsafe: false };

function check(text: string): void {
  expect(annotate(text, env)).toBe(text);
}

test('definitions that cannot be right', () => {
  check(String.raw`
  macro f(x, x, $v, @m, $v) { x }
//           ^ error[macro-parameter-twice]: macro f has two parameters x
//           | the first is here: x
//                      ^^ error[macro-parameter-twice]: macro f has two parameters $v
//                      | the first is here: $v
  macro g(x) { x } macro g(y) { y } macro g($v) { $v }
//                       ^ error[macro-redefined]: macro g is defined twice for the same arguments
//                       | this definition takes them already: g
//                       | hint: definitions of one name differ in the number or in the kinds of their parameters, special kinds first
//                                        ^ error[macro-redefined]: macro g is defined twice for the same arguments
//                                        | this definition takes them already: g
//                                        | hint: definitions of one name differ in the number or in the kinds of their parameters, special kinds first
  macro h(x) { return x; }
//             ^^^^^^^^ error[macro-jump]: 'return' would leave the macro h
//             | hint: the value of a macro is its last expression, without a semicolon
  macro i() { if (1) { break; } for ($i : 0..2) { continue; } continue; }
//                     ^^^^^ error[macro-jump]: 'break' would leave the macro i
//                                                            ^^^^^^^^ error[macro-jump]: 'continue' would leave the macro i
  begin { i(); }
`);
});

test('calls that fit no definition', () => {
  check(String.raw`
  macro two(x, y) { x + y }
  macro bump($v) { $v++; }
  macro keep(@m, $v, x) { @m[$v] = x; }
  begin {
    $n = 1;
    print(two(1));
//        ^^^^^^ error[macro-arguments]: no definition of the macro two takes these arguments
//        | the nearest definition of two() takes 2 arguments, and 1 is given: two
    print(two);
//        ^^^ error[macro-arguments]: no definition of the macro two takes these arguments
//        | the nearest definition of two() takes 2 arguments, and 0 are given: two
    bump($n + 1);
//  ^^^^^^^^^^^^ error[macro-arguments]: no definition of the macro bump takes these arguments
//  | bump() wants a variable for $v, and this is an expression: $n + 1
//  | the parameter in the nearest definition is here: $v
    bump(@m);
//  ^^^^^^^^ error[macro-arguments]: no definition of the macro bump takes these arguments
//  | bump() wants a variable for $v, and this is a map: @m
//  | the parameter in the nearest definition is here: $v
    keep($n, $n, 1);
//  ^^^^^^^^^^^^^^^ error[macro-arguments]: no definition of the macro keep takes these arguments
//  | keep() wants a map without a key for @m, and this is a variable: $n
//  | the parameter in the nearest definition is here: @m
    keep(@m[1], 1, typeof(int8));
//  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[macro-arguments]: no definition of the macro keep takes these arguments
//  | keep() wants a map without a key for @m, and this is one value of a map: @m[1]
//  | the parameter in the nearest definition is here: @m
//  | keep() wants a variable for $v, and this is an expression: 1
//  | the parameter in the nearest definition is here: $v
    $y = two(1) + 1;
//       ^^^^^^ error[macro-arguments]: no definition of the macro two takes these arguments
//       | the nearest definition of two() takes 2 arguments, and 1 is given: two
  }
`);
});

test('recursion', () => {
  check(String.raw`
  macro a(x) { b(x) }
  macro b(x) { a(x) + 1 }
//             ^^^^ error[macro-recursion]: macro a would be expanded within itself: a > b > a
//             | expanded from b here: b(x)
//             | expanded from a here: a(1)
//             | hint: use a loop
  begin { print(a(1)); }
`);
});

test('what a macro may not touch', () => {
  check(String.raw`
  macro f($v, x) { let $v = x; for ($v : 0..2) { } let $x = x; $x }
//                     ^^ error[macro-shadows-parameter]: $v is a parameter of f, and cannot be declared again
//                     | expanded from f here: f($n, 2)
//                                  ^^ error[macro-shadows-parameter]: $v is a parameter of f, and cannot be declared again
//                                  | expanded from f here: f($n, 2)
  macro g() { @m = 1; $w + 1; $u += 1; }
//            ^^ error[macro-map]: macro g uses @m, which is not one of its parameters
//            | expanded from g here: g()
//            | hint: a macro works on maps that are passed in: macro name(@map) { ... }, called as name(@m)
//                    ^^ error[macro-outer-variable]: macro g reads $w, which it does not set
//                    | expanded from g here: g()
//                    | hint: a macro sees no variables of its caller: make it a parameter, macro g($w)
  begin { $n = 1; f($n, 2); g(); }
//                ^^^^^^^^ warning[discarded]: the value of this expression is not used
//                | hint: write _ = ...; if that is meant
`);
});

test('parameters that are values, and types', () => {
  check(String.raw`
  macro f(x) { x = 1; x++; print(&x); }
//             ^ error[assign-target]: only a $variable or a @map can be assigned
//             | expanded from f here: f($n)
//                    ^ error[assign-target]: only a $variable or a @map can be assigned
//                    | expanded from f here: f($n)
//                               ^^ error[address-of]: '&' takes the address of a $variable or of a @map
//                               | expanded from f here: f($n)
  macro g(t) { (t)5 } macro h(t) { (struct t *)0 } macro i(t) { t }
  begin { $n = 1; f($n); print(g(7)); print(h(typeof(int8*))); print(i(typeof(int8))); }
//                               ^ error[macro-type-parameter]: this cannot be the t of the type 't' in the macro
//                               | the type is here: t
//                               | hint: pass a type: typeof(uint32)
//                                            ^^^^^^^^^^^^^ error[macro-type-parameter]: this cannot be the t of the type 'struct t' in the macro
//                                            | the type is here: struct t *
//                                            | hint: pass its name alone: typeof(name)
//                                                                     ^^^^^^^^^^^^ error[type-argument]: typeof() as an argument is only for macros that take a type
`);
});

test('the uses that led to a mistake are named, outermost last; arguments need none', () => {
  check(String.raw`
  macro inner(x) { $v = nosuch(x); $v + "a" * 2 }
//                      ^^^^^^ error[unknown-function]: there is no function 'nosuch'
//                      | expanded from inner here: inner(x)
//                      | expanded from outer here: outer(1)
//                                      ^^^^^^^ error[binary-operands]: '*' does not work on string[2] and int8
//                                      | left: string[2]: "a"
//                                      | right: int8: 2
//                                      | expanded from inner here: inner(x)
//                                      | expanded from outer here: outer(1)
//                      ^^^^^^ error[unknown-function]: there is no function 'nosuch'
//                      | expanded from inner here: inner(x)
//                      | expanded from outer here: outer(1 * "x")
//                                      ^^^^^^^ error[binary-operands]: '*' does not work on string[2] and int8
//                                      | left: string[2]: "a"
//                                      | right: int8: 2
//                                      | expanded from inner here: inner(x)
//                                      | expanded from outer here: outer(1 * "x")
  macro outer(x) { inner(x) }
  begin { print(outer(1)); print(outer(1 * "x")); }
//                                     ^^^^^^^ error[binary-operands]: '*' does not work on int8 and string[2]
//                                     | left: int8: 1
//                                     | right: string[2]: "x"
`);
});

test('variables of a macro are called what the macro calls them', () => {
  expect(said('macro g() { $u += 1; let $w; } begin { g(); }', {})).toEqual([
    '$u error[undefined-variable]: $u is not assigned anywhere before this',
    '$w warning[never-assigned]: $w is declared here and never assigned',
  ]);
});

test('a value that nobody uses is that of the call', () => {
  check(String.raw`
  macro f(x) { x + 1 }
  begin { f(1); f(2); }
//        ^^^^ warning[discarded]: the value of this expression is not used
//        | hint: write _ = ...; if that is meant
//              ^^^^ warning[discarded]: the value of this expression is not used
//              | hint: write _ = ...; if that is meant
`);
});

test('too much code', () => {
  check(String.raw`
  macro m(x) { x + x }
  begin { print(m(m(m(m(m(m(m(m(m(m(m(m(m(m(m(m(m(m(m(m(1))))))))))))))))))))); }
//                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[expansion-too-large]: macros become too much code here: more than 100000 expressions, or 500 inside each other
//                                  | hint: a macro repeats its arguments at every use; keep them in variables: macro m(x) { $x = x; ... }
`);
});

test('getopt', () => {
  check(String.raw`
  begin {
    print(getopt(pid)); print(getopt(""));
//               ^^^ error[getopt-name]: the name of an option is a string literal
//                                   ^^ error[getopt-name]: the name of an option is a string literal
    print(getopt("n", pid)); print(getopt("n", 1, 2));
//                    ^^^ error[getopt-default]: the default of an option is an integer, a string, true or false, and known when the script is compiled
//                                                ^ error[getopt-description]: the description of an option is a string literal
    print(getopt("x", 1)); print(getopt("x", 1, "a"));
    print(getopt("x", 2));
//        ^^^^^^^^^^^^^^ error[getopt-differs]: option 'x' has the default 2 here and 1 elsewhere
//        | the other use is here: getopt("x", 1, "a")
//        | hint: put getopt() into a macro
    print(getopt("x", 1, "b"));
//        ^^^^^^^^^^^^^^^^^^^ error[getopt-differs]: option 'x' has another description elsewhere
//        | the other use is here: getopt("x", 1, "a")
//        | hint: put getopt() into a macro
  }
`);
});

/** `error[code]: message` and hints, of all diagnostics. */
function said(script: string, more: Partial<BuildEnv>, macros: Readonly<Record<string, string>> = {}): string[] {
  const definitions = { ...noDefinitions, macros: new Map(Object.entries(macros)) };
  const { diagnostics, source } = compile(SourceText.fromUnicode('stdin', script), { ...env, ...more }, definitions);
  return diagnostics.flatMap(({ severity, code, message, span, hint }) => [
    `${span === undefined ? '' : `${source.slice(span)} `}${severity}[${code}]: ${message}`,
    ...(hint === undefined ? [] : hint.split('\n')),
  ]);
}

test('C macros', () => {
  const c = {
    HALF: '5 +',
    LIST: '1, 2',
    EMPTY: '',
    TWO: '1; 2',
    OPEN: '1; } begin { print(2)',
    SELF: 'SELF + 1',
    A: 'B',
    B: '(A)',
  };
  const problem = (name: string, text: string): string[] => [
    `${name} error[c-macro-not-expression]: the C macro ${name} ${text === '' ? 'is empty' : `is no expression: ${text}`}`,
    'only macros that stand for one whole expression can be used in a script',
  ];
  expect(said('begin { print((HALF, LIST, EMPTY, TWO, OPEN, SELF, A)); }', {}, c)).toEqual([
    ...problem('HALF', '5 +'),
    ...problem('LIST', '1, 2'),
    ...problem('EMPTY', ''),
    ...problem('TWO', '1; 2'),
    ...problem('OPEN', '1; } begin { print(2)'),
    'SELF error[c-macro-recursion]: the C macro SELF is defined by itself: SELF > SELF',
    'A error[c-macro-recursion]: the C macro A is defined by itself: A > B > A',
  ]);
});

test('values of options', () => {
  const named = (values: Readonly<Record<string, string | true>>): Partial<BuildEnv> => ({
    namedParameters: new Map(Object.entries(values)),
  });
  const bad = (script: string, values: Readonly<Record<string, string | true>>): string[] =>
    said(`begin { print(${script}); }`, named(values));
  expect(bad('getopt("n", 1)', { n: 'abc' })).toEqual([
    'error[getopt-value]: bad program option --n=abc: an integer starts with a digit and has no blanks',
    'it is used like this: --n=INTEGER (default 1)',
  ]);
  expect(bad('getopt("n", 1)', { n: true })).toEqual([
    'error[getopt-value]: bad program option --n: its value is missing',
    'it is used like this: --n=INTEGER (default 1)',
  ]);
  expect(bad('getopt("s", "a", "the text")', { s: true })).toEqual([
    'error[getopt-value]: bad program option --s: its value is missing',
    'it is used like this: --s=TEXT  the text (default "a")',
  ]);
  expect(bad('getopt("b")', { b: 'maybe' })).toEqual([
    'error[getopt-value]: bad program option --b=maybe: the value is true or false',
    'it is used like this: --b[=BOOL] (default false)',
  ]);
  expect(bad('getopt("n", -1)', { n: '9223372036854775808' })[0]).toMatch(/out of range/);
  expect(bad('getopt("n", 1)', { n: '18446744073709551616' })[0]).toMatch(/getopt-value/);
  expect(bad('getopt("n", -1)', { n: '-9223372036854775808' })).toEqual([]);
  expect(bad('getopt("n", 1)', { n: '18446744073709551615' })).toEqual([]);
  expect(bad('getopt("s", "")', { s: 'x'.repeat(1024) })).toEqual([
    'error[getopt-too-long]: a program option has 1024 bytes, and a string at most 1023',
    'set EBTRACE_MAX_STRLEN=1025 or more',
  ]);
});

test('options that the script does not have; --help lists those it has', () => {
  const named = {
    namedParameters: new Map<string, string | true>([
      ['help', true],
      ['m', '1'],
    ]),
  };
  expect(said('begin { print(getopt("n", 1, "how many")); print(getopt("verbose")); }', named)).toEqual([
    'error[getopt-unexpected]: unexpected program option: --help, --m',
    'the script has these options:',
    '  --n=INTEGER  how many (default 1)',
    '  --verbose[=BOOL] (default false)',
  ]);
  expect(said('begin { print(1); }', named)[1]).toBe('the script has no options');
});

test('the order of a rendered message: places, hint, uses of macros', () => {
  const { diagnostics, source } = compile(
    SourceText.fromUnicode('stdin', 'macro outer(x) { inner(x) }\nmacro inner(x) { prnit(x) }\nbegin { outer(1); }'),
    env,
  );
  const text = diagnostics.map((entry) => renderDiagnostic(entry, source, { colour: false })).join('');
  expect(text).toBe(`stdin:2:18-23: ERROR: there is no function 'prnit'
macro inner(x) { prnit(x) }
                 ~~~~~
HINT: did you mean print()?
stdin:1:18-26: ERROR: expanded from inner here
macro outer(x) { inner(x) }
                 ~~~~~~~~
stdin:3:9-17: ERROR: expanded from outer here
begin { outer(1); }
        ~~~~~~~~
`);
});
