/**
 * One mistake, one message: what follows from something that could not be read is not reported, and what has nothing to do
 * with it is. In the form of test/support/annotate.ts.
 */
import { expect, test } from 'vitest';
import { SourceText } from '../../grammar/source.ts';
import { type BuildEnv, compile } from '../../src/build.ts';
import type { Definitions } from '../../src/world/definitions.ts';
import { noDefinitions } from '../../src/world/definitions.ts';
import { annotate, annotateWithClang } from '../support/annotate.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const env: BuildEnv = { world: fixtureWorld(), environment: {}, positionals: [], unsafe: false };

function check(text: string, more: Partial<BuildEnv> = {}, definitions?: Definitions): void {
  expect(annotate(text, { ...env, ...more }, definitions)).toBe(text);
}

async function checkWithClang(text: string): Promise<void> {
  expect(await annotateWithClang(text, env)).toBe(text);
}

test('a macro that cannot be read: its calls are no second mistake', () => {
  check(String.raw`
  macro twice(x { x + x }
//              ^ error[unexpected-token]: expected ')' after 'x', found '{'
//              | hint: it is written macro name($variable, @map, expression) { ... }
  begin { print(twice(1)); print(other); print(sizeof(struct of_it)); print(1 + "a"); }
//                                                                          ^^^^^^^ error[binary-operands]: '+' does not work on int8 and string[2]
//                                                                          | left: int8: 1
//                                                                          | right: string[2]: "a"
`);
});

test('a mistake in a probe costs no names, one in a function no return', () => {
  check(String.raw`
  fn f($x: int64): int64 { return $x +; }
//                                    ^ error[expected-expression]: expected an expression after '+', found ';'
  begin { print(f(1)); print(nosuch(2)); print(absent); }
//                           ^^^^^^ error[unknown-function]: there is no function 'nosuch'
//                                             ^^^^^^ error[unknown-name]: there is no builtin variable or constant 'absent'
//                                             | hint: scratch variables start with $, maps with @
`);
});

test('C that clang refuses: names may be its, the rest is checked', async () => {
  await checkWithClang(String.raw`
  struct a { int x; foo_t y; };
//                  ^^^^^ error[c-definition]: in the C code: unknown type name 'foo_t'
//                  | hint: include the header that defines foo_t, or define it here
  begin { print(sizeof(struct a)); print(LIMIT); print($x); print(1 / 0); }
//                                                     ^^ error[undefined-variable]: $x is not assigned anywhere before this
//                                                                ^^^^^ error[fold]: this cannot be worked out when the script is compiled: division by zero
`);
});

test('C without an end is not given to clang', async () => {
  await checkWithClang(String.raw`
  struct a { int x; begin { print(m(1)); }
//^^^^^^ error[unclosed-c-definition]: this C definition has no closing '}'
`);
});

test('integers that are none are no zeros', () => {
  check(String.raw`
  config = { max_map_keys = 99999999999999999999 }
//                          ^^^^^^^^^^^^^^^^^^^^ error[bad-integer]: bad integer '99999999999999999999': the value is above the largest integer, 18446744073709551615
  begin { print(5 / 08); @ = lhist(1, 0, 09, 1); }
//                  ^^ error[bad-integer]: bad integer '08': a number that starts with 0 is octal and has the digits 0 to 7
//                                       ^^ error[bad-integer]: bad integer '09': a number that starts with 0 is octal and has the digits 0 to 7
  end { unroll(0x) { } print('a' + 1.5); }
//                           ^ error[unexpected-character]: unexpected character '''
//                           | hint: strings stand in double quotes; a character is written as its number, 97 for 'a'
//             ^^ error[bad-integer]: bad integer '0x': hexadecimal digits are missing after 0x
//                                 ^^^ error[no-floats]: there are no numbers with a fraction
//                                 | hint: use a smaller unit, such as 1500ms for one and a half seconds
`);
});

test('what stands behind the name of a C macro is told with mistakes in it', () => {
  const macros = new Map([
    ['OUTER', 'INNER'],
    ['INNER', '(1 + "a")'],
    ['SAME', 'SAME'],
    ['SIZE', '(0x10UL * 2u)'],
    ['TEXT', '"8UL"'],
  ]);
  check(
    String.raw`
  begin { print(SIZE); print(TEXT); }
  end { print(OUTER); print(SAME); print(MAX(1, 2)); print(MAX); }
//            ^^^^^ error[binary-operands]: '+' does not work on int8 and string[2]
//            | left: int8: OUTER
//            | right: string[2]: OUTER
//            | OUTER is a C macro: INNER: OUTER
//            | INNER is a C macro: (1 + "a"): OUTER
//                          ^^^^ error[unknown-name]: there is no builtin variable or constant 'SAME'
//                          | hint: the C macro SAME stands for its own name: #define SAME SAME
//                                       ^^^ error[unknown-function]: there is no function 'MAX'
//                                       | hint: MAX is a C macro with parameters, for C alone; a macro of the script is written macro MAX(x) { x + 1 }
//                                                         ^^^ error[unknown-name]: there is no builtin variable or constant 'MAX'
//                                                         | hint: MAX is a C macro with parameters, for C alone; a macro of the script is written macro MAX(x) { x + 1 }
`,
    {},
    { ...noDefinitions, macros, functionMacros: new Set(['MAX']) },
  );
});

test('the status of exit()', () => {
  check(String.raw`
  begin { if (pid) { exit(-1) } if (tid) { exit(255) } exit(300); }
//                                                          ^^^ warning[exit-status]: a process ends with 0 to 255: 300 becomes 44
`);
});

test('options that a probe asks for which is not on this machine', () => {
  const text =
    'config = { missing_probes = warn } begin { } tracepoint:no:such /getopt("n", 1)/ { print(getopt("m")); }';
  const values = (...names: string[]): Partial<BuildEnv> => ({
    namedParameters: new Map(names.map((name) => [name, '1'])),
  });
  const codes = (more: Partial<BuildEnv>): string[] =>
    compile(SourceText.fromUnicode('stdin', text), { ...env, ...more }).diagnostics.map(({ code }) => code);
  expect(codes(values('n', 'm'))).toEqual(['missing-probe']);
  expect(codes(values('n', 'other'))).toEqual(['getopt-unexpected', 'missing-probe']);
});

test('a macro and a function of one name', () => {
  check(String.raw`
  macro f(x) { x }
//      ^ error[macro-and-function]: f is a macro here and a function elsewhere
//      | the function is here: f
  fn f($x: int64): int64 { return $x; }
  begin { print(f(1)); }
`);
});

test('clang telling one mistake twice', async () => {
  await checkWithClang(String.raw`
  struct a { int if; };
//               ^^ error[c-definition]: in the C code: expected member name or ';' after declaration specifiers
  begin { }
`);
});

test('an attach point that swallows its predicate', () => {
  check(String.raw`
  interval:ms:10/pid/ { }
//              ^^^^^ error[predicate-needs-blank]: behind a ':' a '/' belongs to the probe, so this is no predicate
//              | hint: put a blank before the predicate
`);
});

test('constants and types are told apart in questions about types', () => {
  check(String.raw`
  begin { print(sizeof(WIDE_LOW)); $x = (typeof(ABOVE_ZERO))1; print($x); print(sizeof(wide_enum)); }
  end { print(sizeof(WIDE_LOWER)); print(sizeof(WIDE_LOW[2])); }
//                   ^^^^^^^^^^ error[unknown-type]: there is no type 'WIDE_LOWER'
//                                              ^^^^^^^^^^^ error[unknown-type]: there is no type 'WIDE_LOW'
`);
});
