/**
 * Mistakes that people make, mostly by habit from other languages: each message says what is wrong, what was found and,
 * where that can be guessed, what would be right. The rest of the script is read in spite of them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { annotate, parseText, withoutAnnotations } from './support.ts';

/** The input is a script with the expected errors under its lines; the error of a probe behind it is found too. */
function check(input: string): void {
  checkOpen(input);
  const text = withoutAnnotations(input);
  const { diagnostics } = parseText(`${text}\nend { $q = ; }`);
  expect(diagnostics.map(({ message }) => message)).toContain("expected an expression after '=', found ';'");
  expect(diagnostics.length).toBe(parseText(text).diagnostics.length + 1);
}

/** The same where something is not closed, so that what follows belongs to it. */
function checkOpen(input: string): void {
  const text = withoutAnnotations(input);
  expect(annotate(text, parseText(text).diagnostics)).toBe(input);
}

test('words and signs of other languages', () => {
  check(`begin { $x = 1 and 2; }
//             ^^^ unexpected-token: expected ';' after '1', found 'and'; write '&&' for 'and'`);
  check(`begin { if ($x == 1 or $y == 2) { } }
//                  ^^ unexpected-token: expected ')' after '1', found 'or'; write '||' for 'or'`);
  check(`begin { if (not $x) { } }
//              ^^ unexpected-token: expected ')' after 'not', found '$x'; write '!' for 'not'`);
  check(`begin { if ($x) { } elif ($y) { } }
//                            ^ unexpected-token: expected ';' after ')', found '{'; write 'else if'`);
  check(`begin { unless ($x) { } until ($x) { } switch ($x) { case 1: f(); } foreach ($x) { } }
//                  ^ unexpected-token: expected ';' after ')', found '{'; there is no 'unless'; write if (!...)
//                                 ^ unexpected-token: expected ';' after ')', found '{'; there is no 'until'; write while (!...)
//                                                 ^ unexpected-token: expected ';' after ')', found '{'; there is no 'switch'; use if ... else if
//                                                                               ^ unexpected-token: expected ';' after ')', found '{'; write 'for ($kv : @map)'`);
  check(`begin { repeat(3) { } function f() { } def f() { } elsif ($x) { } do { } }
//                ^ unexpected-token: expected ';' after ')', found '{'; write 'for ($i : 0..10)'
//                             ^ unexpected-token: expected ';' after 'function', found 'f'; functions are declared with 'fn', macros with 'macro', outside of probes
//                                         ^ unexpected-token: expected ';' after 'def', found 'f'; functions are declared with 'fn', macros with 'macro', outside of probes
//                                                            ^ unexpected-token: expected ';' after ')', found '{'; write 'else if'
//                                                                   ^ unexpected-token: expected ';' after 'do', found '{'; there is no 'do'; use while`);
  check(`begin { $x = 1 === 2; $y = 1 <> 2; $z = $x mod 2; $u = $x is 1; $w = $x xor 1; $v = $x eq 2; }
//               ^ expected-expression: expected an expression after '==', found '='; compare with '=='
//                            ^ expected-expression: expected an expression after '<', found '>'; write '!=' for 'not equal'
//                                         ^^^ unexpected-token: expected ';' after '$x', found 'mod'; write '%' for 'mod'
//                                                        ^^ unexpected-token: expected ';' after '$x', found 'is'; compare with '=='
//                                                                      ^^^ unexpected-token: expected ';' after '$x', found 'xor'; write '^' for 'xor'
//                                                                                     ^^ unexpected-token: expected ';' after '$x', found 'eq'; compare with '=='`);
  check(`begin { $x := 1; $y =+ 1; $z = [1, 2]; }
//         ^ unexpected-token: expected ';' after '$x', found ':'; assign with '='
//                   ^ expected-expression: expected an expression after '=', found '+'; there is no '+' in front of a value
//                             ^ expected-expression: expected an expression after '=', found '['; there are no literal arrays; a tuple is written (1, 2)`);
  checkOpen(`begin { print('hello'); print("hello); }
//            ^ unexpected-character: unexpected character '''; strings stand in double quotes; a character is written as its number, 97 for 'a'
//                            ^^^^^^^^^^ unterminated-string: the string has no closing '"' on its line`);
  check(`begin { # comment
//      ^ unexpected-character: unexpected character '#'; lines with '#' are for the C preprocessor and stand before the first probe; comments begin with //
  f(); }`);
  check(`begin { @n = count() by pid; @x{1} = 2; }
//                   ^^ unexpected-token: expected ';' after ')', found 'by'; the key of a map stands in brackets: @count[pid] = count()
//                             ^ unexpected-token: expected ';' after '@x', found '{'; the key of a map stands in brackets: @x[1]`);
  check(`begin { print 1; printf(hello world); print("a" "b"); $x = "a" "b"; }
//            ^ unexpected-token: expected ';' after 'print', found '1'; arguments stand in parentheses: print(...)
//                            ^^^^^ unexpected-token: expected ')' after 'hello', found 'world'; a text stands in double quotes
//                                              ^^^ unexpected-token: expected ')' after '"a"', found '"b"'; join texts with '+'
//                                                             ^^^ unexpected-token: expected ';' after '"a"', found '"b"'; join texts with '+'`);
});

test('declarations', () => {
  check(`begin { int x = 1; uint64 $x = 1; var $x = 1; }
//          ^ unexpected-token: expected ';' after 'int', found 'x'; variables begin with $ and maps with @; types are given by let $x: uint64
//                        ^^ unexpected-token: expected ';' after 'uint64', found '$x'; a variable is declared with 'let': let $x: uint64
//                                    ^^ unexpected-token: expected ';' after 'var', found '$x'; a variable is declared with 'let': let $x: uint64`);
  check(`begin { let x = 1; let $x uint8 = 1; let @m = 1; }
//          ^ unexpected-token: expected a '$' variable after 'let', found 'x'; a variable begins with '$': let $x
//                        ^^^^^ unexpected-token: expected ';' after '$x', found 'uint8'; a type stands behind ':': let $x: uint8
//                                       ^^ unexpected-token: expected a '$' variable after 'let', found '@m'; maps need no declaration; one of a certain size stands outside of probes: let @name = hash(1000);`);
  check(`let $x = 1;
//<^^^^^^ root-let-without-map: outside of probes 'let' declares maps only; such as: let @a = hash(100); a variable is declared inside the probe that uses it`);
  check(`let @m = hash;
//           ^ unexpected-token: expected '(' after 'hash', found ';'; it is written let @name = hash(1000);`);
  check(`let @m: hash(1);
//    ^ unexpected-token: expected '=' after '@m', found ':'; it is written let @name = hash(1000);`);
  check(`let @m = hash("a");
//            ^^^ unexpected-token: expected an integer after '(', found '"a"'; it is written let @name = hash(1000);`);
  check(`macro f { 1 }
//      ^ unexpected-token: expected '(' after 'f', found '{'; it is written macro name($variable, @map, expression) { ... }`);
  check(`macro f(x) = x + 1;
//         ^ unexpected-token: expected '{' after ')', found '='; it is written macro name($variable, @map, expression) { ... }`);
  check(`macro f(x: int64) { x }
//       ^ unexpected-token: expected ')' after 'x', found ':'; the parameters of a macro have no types`);
  check(`macro f(x,) { x }
//        ^ unexpected-token: expected a parameter ($name, @name or name) after ',', found ')'; it is written macro name($variable, @map, expression) { ... }`);
  check(`macro f(1) { }
//      ^ unexpected-token: expected a parameter ($name, @name or name) or ')' after '(', found '1'; it is written macro name($variable, @map, expression) { ... }`);
  check(`fn f(a: int64): void { }
//   ^ unexpected-token: expected a parameter ($name: type) or ')' after '(', found 'a'; it is written fn name($a: int64): int64 { ... }`);
  check(`fn f($a: int64) { }
//              ^ unexpected-token: expected ':' after ')', found '{'; it is written fn name($a: int64): int64 { ... }`);
  check(`fn f($a: int64) -> int64 { }
//              ^^ unexpected-token: expected ':' after ')', found '->'; it is written fn name($a: int64): int64 { ... }`);
  check(`function f() { }
//       ^^^ unexpected-token: expected '{' after 'function', found 'f()'; functions are declared with 'fn', macros with 'macro', outside of probes`);
  check(`import lib.bt;
//     ^^^ unexpected-token: expected a string after 'import', found 'lib'; it is written import "file.bt";`);
  check(`config { a = 1 }
//     ^ unexpected-token: expected '=' after 'config', found '{'; it is written config = { name = value; }`);
  check(`config = { a: 1 }
//          ^ unexpected-token: expected '=' after 'a', found ':'; a setting is written name = value;`);
  check(`config = { a = 1, b = 2 }
//              ^ unexpected-token: expected '}' after '1', found ','; settings are separated by ';'`);
  check(`config = { a = 1 };
//                ^ unexpected-token: expected a probe, found ';'; remove the ';'`);
  check(`config = { a = -1 }
//             ^ unexpected-token: expected a string, a number or a word after '=', found '-'`);
  check(`typedef int x; begin { }
//      ^^^ unexpected-token: expected '{' after 'typedef', found 'int'; of C, a script holds struct, union and enum definitions; put the rest into a header and #include it`);
  check(`int x; begin { }
//  ^^ unexpected-token: expected '{' after 'int', found 'x;'; of C, a script holds struct, union and enum definitions; put the rest into a header and #include it`);
  check(`struct foo; begin { }
//<^^^^^^^^^^^ c-definition-without-body: a C definition here needs a body in '{ }'; put other C declarations into a header and #include it`);
  check(`begin { }
#!/bin/sh
//<^^^^^^^^^ misplaced-shebang: a '#!' line is the first line of a script`);
  check(`begin { } config = { a = 1 } #define A 1
//        ^^^^^^^^^^^^^^^^^^ config-too-late: the config block stands before the first probe, macro, function and map declaration; move this to the top of the script
//                           ^^^^^^^^^^^ c-definition-too-late: C definitions stand before the first probe, macro, function and map declaration; move this to the top of the script`);
});

test('conditions and loops', () => {
  check(`begin { if $x == 1 { } while $x < 3 { } unroll $x + 1 { } }
//            ^^ condition-needs-parentheses: a condition with '==' needs parentheses; without parentheses a condition is one value, such as $x or !$done
//                              ^ condition-needs-parentheses: a condition with '<' needs parentheses; without parentheses a condition is one value, such as $x or !$done
//                                                ^ condition-needs-parentheses: a condition with '+' needs parentheses; without parentheses a condition is one value, such as $x or !$done`);
  check(`begin { if ($x = 1) { } while ($x = 1) { } }
//             ^ unexpected-token: expected ')' after '$x', found '='; compare with '=='; an assignment is a statement of its own
//                                ^ unexpected-token: expected ')' after '$x', found '='; compare with '=='; an assignment is a statement of its own`);
  check(`begin { if (1) f(); while (1) f(); unroll (3) f(); for ($i : 0..3) f(); }
//             ^ unexpected-token: expected '{' after ')', found 'f'; the body of 'if' stands in '{ }'
//                            ^ unexpected-token: expected '{' after ')', found 'f'; the body of 'while' stands in '{ }'
//                                            ^ unexpected-token: expected '{' after ')', found 'f'; the body of 'unroll' stands in '{ }'
//                                                                 ^ unexpected-token: expected '{' after ')', found 'f'; the body of 'for' stands in '{ }'`);
  check(`begin { if { } }
//             ^ unexpected-token: expected '{' after '}', found '}'; a condition is missing behind 'if'`);
  check(`begin { if ($x) { } else if { } }
//                              ^ unexpected-token: expected '{' after '}', found '}'; a condition is missing behind 'else if'`);
  check(`begin { if ($x) { } else if ($y) g(); }
//                               ^ unexpected-token: expected '{' after ')', found 'g'; the body of 'else if' stands in '{ }'`);
  check(`begin { else { } if (1) { }; else { } }
//      ^^^^ expected-expression: expected a statement, found 'else'; 'else' follows the '}' of an 'if' directly
//                           ^^^^ expected-expression: expected a statement, found 'else'; 'else' follows the '}' of an 'if' directly`);
  check(`begin { for (i=0; i<10; i++) { f(i); } }
//           ^ unexpected-token: expected a '$' variable after '(', found 'i'; a loop goes over a range or a map: 'for ($i : 0..10)' or 'for ($kv : @map)'`);
  check(`begin { for ($i=0; $i<10; $i++) { f($i); } for (int i = 0; i < 3; i++) { } }
//             ^ unexpected-token: expected ':' after '$i', found '='; a loop goes over a range or a map: 'for ($i : 0..10)' or 'for ($kv : @map)'
//                                              ^^^ unexpected-token: expected a '$' variable after '(', found 'int'; a loop goes over a range or a map: 'for ($i : 0..10)' or 'for ($kv : @map)'`);
  check(`begin { for ($i in 0..10) { } for $kv in @m { } $x = 0..5; }
//              ^^ unexpected-token: expected ':' after '$i', found 'in'; a loop goes over a range or a map: 'for ($i : 0..10)' or 'for ($kv : @map)'
//                                    ^^ unexpected-token: expected ':' after '$kv', found 'in'; a loop goes over a range or a map: 'for ($i : 0..10)' or 'for ($kv : @map)'
//                                                    ^^ unexpected-token: expected ';' after '0', found '..'; a loop goes over a range or a map: 'for ($i : 0..10)' or 'for ($kv : @map)'`);
  check(`begin { for ($i : 0..$n + 1) { } for $i : 0..$n - 1 { } }
//                      ^ unexpected-token: expected ')' after '$n', found '+'; put parentheses around a computed bound: 0..($n + 1)
//                                              ^ unexpected-token: expected '{' after '$n', found '-'; put parentheses around a computed bound: 0..($n + 1)`);
});

test('brackets and separators', () => {
  check(`begin { f(1 2); f("%d" $x); f(1, 2,); @m[1, 2,] = 3; }
//          ^ unexpected-token: expected ')' after '1', found '2'; separate arguments by ','
//                     ^^ unexpected-token: expected ')' after '"%d"', found '$x'; separate arguments by ','
//                                 ^ expected-expression: expected an expression after ',', found ')'; remove the ',' or add a value
//                                            ^ expected-expression: expected an expression after ',', found ']'; remove the ',' or add a value`);
  check(`begin { $x = (1 + 2; $y = 1 + 2); @x[1 = 2; @y[ = 2; }
//                 ^ unexpected-token: expected ')' after '2', found ';'
//                             ^ unexpected-token: expected ';' after '2', found ')'
//                                     ^ unexpected-token: expected ']' after '1', found '='
//                                              ^ expected-expression: expected a map key after '[', found '='`);
  check(`begin { f(); g()
//              ^ unexpected-token: expected ';' after ')', found 'h'
  h() }`);
  check(`begin { ; f();; $x = 1,2; f(), g(); }
//      ^ empty-statement: a statement is missing before this ';'; remove the ';'
//            ^ empty-statement: a statement is missing before this ';'; remove the ';'
//                    ^ unexpected-token: expected ';' after '1', found ','; a tuple stands in parentheses: (1, 2); statements are separated by ';'
//                           ^ unexpected-token: expected ';' after ')', found ','; a tuple stands in parentheses: (1, 2); statements are separated by ';'`);
  check(`begin {
  printf("%d %d\\n",
    $x, $y;
//        ^ unexpected-token: expected ')' after '$y', found ';'
// 2:9 this '(' is not closed
}`);
  check(`begin { $x++ + ; $y = $z ? 1; f(!); f(args->); }
//             ^ expected-expression: expected an expression after '+', found ';'
//                          ^ unexpected-token: expected ':' after '1', found ';'
//                               ^ expected-expression: expected an expression after '!', found ')'
//                                          ^ unexpected-token: expected a name after '->', found ')'`);
  check(`begin { $a = $b = 1; f($a += 1); }
//              ^ unexpected-token: expected ';' after '$b', found '='; an assignment is a statement of its own, not a value
//                        ^^ unexpected-token: expected ')' after '$a', found '+='; an assignment is a statement of its own, not a value`);
  check(`begin { f(); } }
//             ^ unmatched-brace: this '}' closes nothing`);
  check(`begin { $x = (a=1, b=2, a=3); }
//                      ^ duplicate-record-field: this record has a field 'a' already
// 1:15 the first one`);
  checkOpen(`begin { if (1) { f(); }
//                     ^ unexpected-end: expected '}' after '}', but the script ends here
// 1:7 this '{' is not closed`);
  checkOpen(`begin { if (1) { f(); }
end { g(); }
//  ^ unexpected-token: expected ';' after 'end', found '{'; a probe cannot begin inside another; is a '}' missing above?`);
  checkOpen(`begin { f(); /* forgot }
//          ^ unexpected-end: expected '}' after ';', but the script ends here
// 1:14 this comment is not closed
// 1:7 this '{' is not closed`);
});

test('probes and predicates', () => {
  check(`kprobe:f/pid==1/ { }
//      ^^^^^^^^ predicate-needs-blank: behind a ':' a '/' belongs to the probe, so this is no predicate; put a blank before the predicate`);
  check(`kprobe:f/pid == 1/ { }
//           ^^ unexpected-token: expected '{' after 'kprobe:f/pid', found '=='; behind a ':' a '/' belongs to the probe; put a blank before the predicate`);
  check(`kprobe:f /pid = 1/ { }
//            ^ unclosed-predicate: expected '/' to close the predicate, found '='; compare with '=='; an assignment is a statement of its own`);
  check(`kprobe:f /pid == 1 { }
//                 ^ unclosed-predicate: expected '/' to close the predicate, found '{'; a predicate stands between two '/': /pid == 1/ { ... }`);
  check(`kprobe:f pid == 1/ { }
//       ^^^ unexpected-token: expected '{' after 'kprobe:f', found 'pid'; separate probes by ','; a predicate stands between two '/'`);
  check(`kprobe:f kprobe:g { }
//       ^^^^^^^^ unexpected-token: expected '{' after 'kprobe:f', found 'kprobe:g'; separate probes by ','; a predicate stands between two '/'`);
  check(`begin { $x = 1; interval:s:1 { f(); } }
//                      ^ unexpected-token: expected ';' after 'interval', found ':'; a probe cannot begin inside another; is a '}' missing above?`);
  check(`{ f(); }
//<^ unexpected-token: expected a probe, found '{'; statements stand in the body of a probe, such as 'begin { ... }'`);
  check(`@x = 1;
// ^ unexpected-token: expected '{' after '@x', found '='; statements stand in the body of a probe, such as 'begin { ... }'`);
  check(`print(1);
//       ^ unexpected-end: expected '{' after 'print(1);', but the script ends here; statements stand in the body of a probe, such as 'begin { ... }'`);
  checkOpen(`begin
//   ^ unexpected-end: expected '{' after 'begin', but the script ends here`);
});

test('literals', () => {
  check(`begin { $x = 08; $y = 0b12; $z = 12e4; $u = 1e0; $v = 1_; $w = 5lu; $t = 0xffUL; }
//           ^^ bad-integer: bad integer '08': a number that starts with 0 is octal and has the digits 0 to 7
//                    ^^^^ bad-integer: bad integer '0b12': a binary number has the digits 0 and 1
//                               ^^^^ bad-integer: bad integer '12e4': the part before 'e' is one digit from 1 to 9, not '12'
//                                          ^^^ bad-integer: bad integer '1e0': the part behind 'e' is a number of zeros, from 1 on
//                                                    ^^ bad-integer: bad integer '1_': '_' may stand between digits, not behind the last one
//                                                             ^^^ bad-integer: bad integer '5lu': 'lu' is no integer suffix (those are u l ll ul ull and ns us ms s m h d)
//                                                                       ^^^^^^ bad-integer: bad integer '0xffUL': 'UL' is no hexadecimal digit (a suffix cannot follow a hexadecimal number)`);
  check(`begin { $x = 99999999999999999999; $y = 4294967296u; $z = 213504d; }
//           ^^^^^^^^^^^^^^^^^^^^ bad-integer: bad integer '99999999999999999999': the value is above the largest integer, 18446744073709551615
//                                      ^^^^^^^^^^^ bad-integer: bad integer '4294967296u': the value does not fit the suffix 'u', at most 4294967295 does
//                                                        ^^^^^^^ bad-integer: bad integer '213504d': the value is above the largest integer, 18446744073709551615`);
  check(`begin { $x = "\\q\\777\\x"; $ y = 1; $z = $0 + $1x + 1.5; }
//                       ^^^ bad-variable: a name must follow '$' directly; write $y
//                                            ^ unexpected-token: expected ';' after '$1', found 'x'
//            ^^ bad-escape: '\\q' is no escape; there are \\n \\t \\r \\" \\\\ \\NNN (octal) and \\xHH
//              ^^^^ bad-escape: the octal escape '\\777' is above '\\377', the largest byte
//                  ^^ bad-escape: the escape '\\x' needs one or two hexadecimal digits
`);
});

test('every code of the grammar has one place and a case', () => {
  const folder = join(import.meta.dirname, '../../grammar');
  const codes = readdirSync(folder).flatMap((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    return [...text.matchAll(/(?:error|warning|reportLate)\(\s*'([a-z-]+)'/g)].map(([, code = '']) => code);
  });
  expect(codes.length).toBeGreaterThan(25);
  expect([...new Set(codes)].sort()).toEqual([...codes].sort());
  const cases = readdirSync(import.meta.dirname)
    .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
    .join('\n');
  expect(codes.filter((code) => !cases.includes(`${code}: `) && !cases.includes(`'${code}'`))).toEqual([]);
});
