import { expect, test } from 'vitest';
import { annotate, parseText, withoutAnnotations } from './support.ts';

/** The input is a script with the expected errors under its lines. */
function check(input: string): void {
  const text = withoutAnnotations(input);
  expect(annotate(text, parseText(text).diagnostics)).toBe(input);
}

test('expressions', () => {
  check(`begin { $x = 1 + ; }
//               ^ expected-expression: expected an expression after '+', found ';'`);
  check(`begin { print(1 + ); }
//                ^ expected-expression: expected an expression after '+', found ')'`);
  check(`begin { $x = + 1; }
//           ^ expected-expression: expected an expression after '=', found '+'; there is no '+' in front of a value`);
  check(`begin { @m[] = 1; }
//         ^ expected-expression: expected a map key after '[', found ']'`);
  check(`begin { @m[1 = 1; }
//           ^ unexpected-token: expected ']' after '1', found '='`);
  check(`begin { f(1, ); }
//           ^ expected-expression: expected an expression after ',', found ')'; remove the ',' or add a value`);
  check(`begin { $x = 1.5; }
//           ^^^ no-floats: there are no numbers with a fraction; use a smaller unit, such as 1500ms for one and a half seconds`);
  check(`begin { $x = $y.08 + $y.1u; }
//              ^^ bad-tuple-index: '08' is no position in a tuple; use 0, 1, 2 ...
//                      ^^ bad-tuple-index: '1u' is no position in a tuple; use 0, 1, 2 ...`);
  check(`begin { $x = a. ; }
//              ^ unexpected-token: expected a field name after '.', found ';'`);
  check(`begin { $x = (1, 2; }
//                ^ unexpected-token: expected ')' after '2', found ';'`);
  check(`begin { $x = a ? b; }
//                ^ unexpected-token: expected ':' after 'b', found ';'`);
  check(`begin { $x = 0..5; }
//            ^^ unexpected-token: expected ';' after '0', found '..'; a loop goes over a range or a map: 'for ($i : 0..10)' or 'for ($kv : @map)'`);
  check(`begin { $x = (struct foo*); }
//                        ^ expected-expression: expected an expression after ')', found ';'`);
  check(`begin { $x = sizeof(); }
//                  ^ expected-expression: expected a type or an expression after '(', found ')'`);
  check(`begin { $x = offsetof(struct a); }
//                            ^ unexpected-token: expected ',' after 'a', found ')'`);
});

test('statements', () => {
  check(`begin { $x = 1 $y = 2; }
//             ^^ unexpected-token: expected ';' after '1', found '$y'`);
  check(`begin {
  $x = 1
//      ^ unexpected-token: expected ';' after '1', found '$y'
  $y = 2;
}`);
  check(`begin { ; }
//      ^ empty-statement: a statement is missing before this ';'; remove the ';'`);
  check(`begin { f();; }
//          ^ empty-statement: a statement is missing before this ';'; remove the ';'`);
  check(`begin { let x = 1; }
//          ^ unexpected-token: expected a '$' variable after 'let', found 'x'; a variable begins with '$': let $x`);
  check(`begin { if ($a = 1) { } }
//             ^ unexpected-token: expected ')' after '$a', found '='; compare with '=='; an assignment is a statement of its own`);
  check(`begin { $a = $b = 1; }
//              ^ unexpected-token: expected ';' after '$b', found '='; an assignment is a statement of its own, not a value`);
  check(`begin { if $a > 1 { } }
//            ^ condition-needs-parentheses: a condition with '>' needs parentheses; without parentheses a condition is one value, such as $x or !$done`);
  check(`begin { while $a ? 1 : 2 { } unroll $a + 1 { } }
//               ^ condition-needs-parentheses: a condition with '?' needs parentheses; without parentheses a condition is one value, such as $x or !$done
//                                     ^ condition-needs-parentheses: a condition with '+' needs parentheses; without parentheses a condition is one value, such as $x or !$done`);
  check(`begin { if (1) f(); }
//             ^ unexpected-token: expected '{' after ')', found 'f'; the body of 'if' stands in '{ }'`);
  check(`begin { else { } }
//      ^^^^ expected-expression: expected a statement, found 'else'; 'else' follows the '}' of an 'if' directly`);
  check(`begin { for (i : 0..2) { } }
//           ^ unexpected-token: expected a '$' variable after '(', found 'i'; a loop goes over a range or a map: 'for ($i : 0..10)' or 'for ($kv : @map)'`);
  check(`begin { for ($i : 0..2 + 1) { } }
//                     ^ unexpected-token: expected ')' after '2', found '+'; put parentheses around a computed bound: 0..($n + 1)`);
  check(`begin { ) f(); }
//      ^ expected-expression: expected a statement, found ')'`);
});

test('each bad statement gives one error and the others are read', () => {
  check(`begin { $a = ; $b = 2; f(; if ( { $c = 1; } else { } $d = ; }
//           ^ expected-expression: expected an expression after '=', found ';'
//                       ^ unexpected-token: expected ')' after '(', found ';'
//                                          ^^^^ unexpected-token: expected ')' after '}', found 'else'
//                                                        ^ expected-expression: expected an expression after '=', found ';'
end { @x = }
//         ^ expected-expression: expected an expression after '=', found '}'`);
  check(`k:f { @a = { 1 + }; if ($x) { @b = ; @c = 1 2; } }
//               ^ expected-expression: expected an expression after '+', found '}'
//                                 ^ expected-expression: expected an expression after '=', found ';'
//                                          ^ unexpected-token: expected ';' after '1', found '2'
k:g { ) }
//    ^ expected-expression: expected a statement, found ')'`);
});

test('root level', () => {
  check(`kprobe:f
//      ^ unexpected-end: expected '{' after 'kprobe:f', but the script ends here`);
  check(`kprobe:f kprobe:g { }
//       ^^^^^^^^ unexpected-token: expected '{' after 'kprobe:f', found 'kprobe:g'; separate probes by ','; a predicate stands between two '/'
end { f( }
//       ^ unexpected-token: expected ')' after '(', found '}'`);
  check(`kprobe:f /pid == 1 { f(); }
//                 ^ unclosed-predicate: expected '/' to close the predicate, found '{'; a predicate stands between two '/': /pid == 1/ { ... }
end { f( }
//       ^ unexpected-token: expected ')' after '(', found '}'`);
  check(`kprobe:f / / { }
//         ^ expected-expression: expected an expression after '/', found '/'`);
  check(`kprobe:f/pid == 1/ { }
//           ^^ unexpected-token: expected '{' after 'kprobe:f/pid', found '=='; behind a ':' a '/' belongs to the probe; put a blank before the predicate`);
  check(`uprobe:/x:"a b { f(); }
//        ^^^^^^^^^^^^^ unterminated-quote: the '"' in this probe is not closed on its line
end { f( }`);
  check(`begin { } ; end { }
//        ^ unexpected-token: expected a probe, found ';'; remove the ';'`);
  check(`begin { } }
//        ^ unmatched-brace: this '}' closes nothing`);
  check(`begin { f();
end { g(); }
//  ^ unexpected-token: expected ';' after 'end', found '{'; a probe cannot begin inside another; is a '}' missing above?`);
  check(`begin { f();
kprobe:x { g(); }
//    ^ unexpected-token: expected ';' after 'kprobe', found ':'; a probe cannot begin inside another; is a '}' missing above?`);
  check(`begin { f(
//        ^ unexpected-end: expected ')' after '(', but the script ends here
// 1:10 this '(' is not closed`);
  check(`begin { if (a) { f(); }
//                     ^ unexpected-end: expected '}' after '}', but the script ends here
// 1:7 this '{' is not closed`);
  check(`{ f(); }
//<^ unexpected-token: expected a probe, found '{'; statements stand in the body of a probe, such as 'begin { ... }'`);
  check(`begin, { } , end { }
//         ^ unexpected-token: expected a probe, found ','`);
});

test('items in the wrong place', () => {
  check(`begin { }
#include <a.h>
//<^^^^^^^^^^^^^^ c-definition-too-late: C definitions stand before the first probe, macro, function and map declaration; move this to the top of the script
struct a { int x; };
//<^^^^^^^^^^^^^^^^^^^^ c-definition-too-late: C definitions stand before the first probe, macro, function and map declaration; move this to the top of the script`);
  check(`begin { }
config = { }
//<^^^^^^^^^^^^ config-too-late: the config block stands before the first probe, macro, function and map declaration; move this to the top of the script
config = { a = 1 }
//<^^^^^^^^^^^^^^^^^^ config-too-late: the config block stands before the first probe, macro, function and map declaration; move this to the top of the script
//<^^^^^^ duplicate-config: a script has one config block
// 2:1 the first one
import "x";
//<^^^^^^^^^^^ import-too-late: imports stand before the first probe, macro, function and map declaration; move this to the top of the script`);
  check(`let $x = 1;
//<^^^^^^ root-let-without-map: outside of probes 'let' declares maps only; such as: let @a = hash(100); a variable is declared inside the probe that uses it
let $y: int8;
//<^^^^^^ root-let-without-map: outside of probes 'let' declares maps only; such as: let @a = hash(100); a variable is declared inside the probe that uses it
begin { }`);
  check(`macro f(pid, $x) { }
//      ^^^ builtin-as-parameter: 'pid' is a builtin and cannot be a parameter name`);
  check(`begin { #include <a.h>
//      ^ unexpected-character: unexpected character '#'; lines with '#' are for the C preprocessor and stand before the first probe; comments begin with //
}`);
});

test('broken root items', () => {
  check(`config = { a = ; }
//             ^ unexpected-token: expected a string, a number or a word after '=', found ';'
begin { f( }
//         ^ unexpected-token: expected ')' after '(', found '}'`);
  check(`config = { a 1 }
//           ^ unexpected-token: expected '=' after 'a', found '1'
config { }
//     ^ unexpected-token: expected '=' after 'config', found '{'; it is written config = { name = value; }`);
  check(`import x;
//     ^ unexpected-token: expected a string after 'import', found 'x'; it is written import "file.bt";
begin { f( }
//         ^ unexpected-token: expected ')' after '(', found '}'`);
  check(`import "x"
//        ^ unexpected-token: expected ';' after '"x"', found 'begin'; it is written import "file.bt";
begin { f( }
//         ^ unexpected-token: expected ')' after '(', found '}'`);
  check(`let @m = hash();
//            ^ unexpected-token: expected an integer after '(', found ')'; it is written let @name = hash(1000);
begin { f( }
//         ^ unexpected-token: expected ')' after '(', found '}'`);
  check(`macro f { }
//      ^ unexpected-token: expected '(' after 'f', found '{'; it is written macro name($variable, @map, expression) { ... }
begin { f( }
//         ^ unexpected-token: expected ')' after '(', found '}'`);
  check(`macro f(1) { }
//      ^ unexpected-token: expected a parameter ($name, @name or name) or ')' after '(', found '1'; it is written macro name($variable, @map, expression) { ... }`);
  check(`fn f($a) { }
//     ^ unexpected-token: expected ':' after '$a', found ')'; it is written fn name($a: int64): int64 { ... }
begin { f( }
//         ^ unexpected-token: expected ')' after '(', found '}'`);
  check(`fn f() { }
//     ^ unexpected-token: expected ':' after ')', found '{'; it is written fn name($a: int64): int64 { ... }`);
  check(`struct foo;
//<^^^^^^^^^^^ c-definition-without-body: a C definition here needs a body in '{ }'; put other C declarations into a header and #include it
begin { }`);
  check(`struct foo { int x;
//<^^^^^^ unclosed-c-definition: this C definition has no closing '}'
begin { }`);
});

test('literals', () => {
  check(`begin { $x = 08; $y = 1_; $z = 0xffUL; }
//           ^^ bad-integer: bad integer '08': a number that starts with 0 is octal and has the digits 0 to 7
//                    ^^ bad-integer: bad integer '1_': '_' may stand between digits, not behind the last one
//                             ^^^^^^ bad-integer: bad integer '0xffUL': 'UL' is no hexadecimal digit (a suffix cannot follow a hexadecimal number)`);
  check(`begin { $x = 18446744073709551616; }
//           ^^^^^^^^^^^^^^^^^^^^ bad-integer: bad integer '18446744073709551616': the value is above the largest integer, 18446744073709551615`);
  check(`begin { print("a\\q\\777\\x"); }
//              ^^ bad-escape: '\\q' is no escape; there are \\n \\t \\r \\" \\\\ \\NNN (octal) and \\xHH
//                ^^^^ bad-escape: the octal escape '\\777' is above '\\377', the largest byte
//                    ^^ bad-escape: the escape '\\x' needs one or two hexadecimal digits`);
  check(`begin {
  print("abc);
//      ^^^^^^ unterminated-string: the string has no closing '"' on its line
  f(;
}`);
  check(`begin {
  print("abc
//      ^^^^ unterminated-string: the string has no closing '"' on its line
);
  g(1);
}`);
  check(`begin { $ x = 1; $ = 2; }
//      ^^^ bad-variable: a name must follow '$' directly; write $x
//               ^ bad-variable: a name must follow '$' directly`);
  check(`begin { $x = $0 + $99999999999999999999; }
//           ^^ bad-positional: positional parameters are $1, $2 and so on; there is no $0; $# is their number
//                ^^^^^^^^^^^^^^^^^^^^^ bad-positional: positional parameters are $1, $2 and so on`);
  check(`config = { a = 08; b = "\\q" }
//             ^^ bad-integer: bad integer '08': a number that starts with 0 is octal and has the digits 0 to 7
//                      ^^ bad-escape: '\\q' is no escape; there are \\n \\t \\r \\" \\\\ \\NNN (octal) and \\xHH
let @m = hash(0x)
//            ^^ bad-integer: bad integer '0x': hexadecimal digits are missing after 0x
begin { let $x: int8[09]; }
//                   ^^ bad-integer: bad integer '09': a number that starts with 0 is octal and has the digits 0 to 7`);
});

test('characters that belong nowhere', () => {
  check(`begin { print('a'); }
//            ^ unexpected-character: unexpected character '''; strings stand in double quotes; a character is written as its number, 97 for 'a'`);
  check(`begin { print(\xe2\x80\x9ca\xe2\x80\x9d); }
//            ^^^ unexpected-character: unexpected characters '\\xe2\\x80\\x9c'; this is a typographic quote; use the plain double quote "
//                ^^^ unexpected-character: unexpected characters '\\xe2\\x80\\x9d'; this is a typographic quote; use the plain double quote "`);
  check(`begin { f(\x01\x02); } // one control character in ten is much in a text
//        ^^ unexpected-character: unexpected characters '\\x01\\x02'`);
  check(`begin { f()\xc2\xa0; }
//         ^^ unexpected-character: unexpected characters '\\xc2\\xa0'; this is a non-breaking blank; use a plain blank`);
  check(`begin { $x = a \\ b; \` }
//             ^ unexpected-character: unexpected character '\\'
//                  ^ unexpected-character: unexpected character '\`'`);
});
