import { expect, test } from 'vitest';
import type { Expr } from '../../grammar/ast.ts';
import { parseGood, shape, typeShape } from './support.ts';

/** Parses `_ = input;` and shows the tree of the expression. */
function check(input: string, expected: string): void {
  const value = discarded(`begin { _ = ${input}; }`);
  expect(shape(value), input).toBe(expected);
}

function discarded(text: string): Expr {
  const item = parseGood(text).items[0];
  const statement = item?.kind === 'probe' ? item.body.statements[0] : undefined;
  if (statement?.kind !== 'discard') throw new Error('not one discarded value');
  return statement.value;
}

test('precedence, from tight to loose', () => {
  check('1 + 2 * 3 - 4 / 2', '(- (+ 1 (* 2 3)) (/ 4 2))');
  check('a - b - c', '(- (- a b) c)');
  check('a << 1 + 2', '(<< a (+ 1 2))');
  check('a < b << 2', '(< a (<< b 2))');
  check('a == b < c', '(== a (< b c))');
  check('a & b == c', '(& a (== b c))');
  check('a ^ b & c', '(^ a (& b c))');
  check('a | b ^ c', '(| a (^ b c))');
  check('a && b | c', '(&& a (| b c))');
  check('a || b && c || d', '(|| (|| a (&& b c)) d)');
  check('(1 + 2) * 3', '(* (+ 1 2) 3)');
  check('a % b * c', '(* (% a b) c)');
  check('a >> 1 >= b', '(>= (>> a 1) b)');
  check('a != b > c', '(!= a (> b c))');
});

test('conditional', () => {
  check('a ? b : c ? d : e', '(? a b (? c d e))');
  check('a ? b ? c : d : e', '(? a (? b c d) e)');
  check('a ?: b', '(?: a b)');
  check('a ? : b ?: c', '(?: a (?: b c))');
  check('a || b ? 1 : 2', '(? (|| a b) 1 2)');
});

test('prefix and postfix', () => {
  check('-x.y', '(- (.y x))');
  check('!$a && ~$b', '(&& (! $a) (~ $b))');
  check('- - 5', '(- (- 5))');
  check('*$p->next->val', '(* (.val (.next $p)))');
  check('&@m', '(& @m)');
  check('++$x + $x++', '(+ (++_ $x) (_++ $x))');
  check('$x-- - --$x', '(- (_-- $x) (--_ $x))');
  check('*(struct q*)&$v', '(* (cast<struct q*> (& $v)))');
  check('a[1][2].f', '(.f ([] ([] a 1) 2))');
  check('comptime (1 + 2)', '(comptime (+ 1 2))');
});

test('tuples and records', () => {
  check('()', '(tuple)');
  check('(1,)', '(tuple 1)');
  check('(1, "x", $y)', '(tuple 1 "x" $y)');
  check('(1, 2,)', '(tuple 1 2)');
  check('(1)', '1');
  check('(lo=1, hi="x")', '(record lo=1 hi="x")');
  check('(if=1)', '(record if=1)');
  check('(a == 1)', '(== a 1)');
  check('$x.0.1', '(.1 (.0 $x))');
  check('$kv.0.name.1++', '(_++ (.1 (.name (.0 $kv))))');
  check('(1,2)[0]', '([] (tuple 1 2) 0)');
});

test('maps', () => {
  check('@', '@');
  check('@ + 1', '(+ @ 1)');
  check('@a[1, "b"]++', '(_++ (@a[] 1 "b"))');
  check('@[tid]', '(@[] tid)');
  check('@m[1][2]', '([] (@m[] 1) 2)');
  check('(@m)[1]', '([] @m 1)');
  check('@if', '@if');
});

test('parameters and names', () => {
  check('$1 + $# + $12', '(+ (+ $1 $#) $12)');
  check('$for + @let', '(+ $for @let)');
  check('args.if', '(.if args)');
  check('args->struct', '(.struct args)');
  check('while', 'while');
  check('f(a, b)', '(f() a b)');
  check('f()', '(f())');
  check('delete(@m[k])', '(delete() (@m[] k))');
  check('true == false', '(== true false)');
});

test('casts and groupings', () => {
  check('(foo)*$p', '(cast<foo> (* $p))');
  check('(pid)*tid', '(* pid tid)');
  check('(arg0)*2', '(* arg0 2)');
  check('(__builtin_cpu)-1', '(- __builtin_cpu 1)');
  check('(foo)', 'foo');
  check('(foo) + 1', '(+ foo 1)');
  check('(foo)-1', '(cast<foo> (- 1))');
  check('(uint8)300', '(cast<uint8> 300)');
  check('(uint8)x.y', '(cast<uint8> (.y x))');
  check('(int32*)16', '(cast<int32*> 16)');
  check('(uint8[4])(uint32)0x01020304', '(cast<uint8[4]> (cast<uint32> 16909060))');
  check('(int8[])"abc"', '(cast<int8[]> "abc")');
  check('(foo[1])', '([] foo 1)');
  check('(foo[1]) + 2', '(+ ([] foo 1) 2)');
  check('(foo * bar)', '(* foo bar)');
  check('(struct foo *)x', '(cast<struct foo*> x)');
  check('(enum E)5', '(cast<enum E> 5)');
  check('(typeof($x))5', '(cast<typeof($x)> 5)');
  check('(typeof(uint8)*)5', '(cast<typeof(<uint8>)*> 5)');
  check('(foo)++', '(_++ foo)');
  check('(foo)++$x', '(cast<foo> (++_ $x))');
  check('(foo)true', '(cast<foo> true)');
});

test('type queries', () => {
  check('sizeof(struct x)', '(sizeof <struct x>)');
  check('sizeof(uint64)', '(sizeof <uint64>)');
  check('sizeof(x[1])', '(sizeof <x[1]>)');
  check('sizeof((x)[1])', '(sizeof ([] x 1))');
  check('sizeof((x))', '(sizeof x)');
  check('sizeof(x*)', '(sizeof <x*>)');
  check('sizeof(x * y)', '(sizeof (* x y))');
  check('sizeof(m())', '(sizeof (m()))');
  check('sizeof(args.f)', '(sizeof (.f args))');
  check('sizeof(pid)', '(sizeof pid)');
  check('offsetof(struct x, a.b)', '(offsetof <struct x> a b)');
  check('offsetof(*$p, a)', '(offsetof (* $p) a)');
  check('typeinfo($x).base_type', '(.base_type (typeinfo $x))');
  check('sizeof(typeof(@m[1]))', '(sizeof <typeof((@m[] 1))>)');
  check('first(typeof(uint32), arg0)', '(first() <uint32> arg0)');
  check('first(typeof($x))', '(first() <typeof($x)>)');
});

test('blocks and if as values', () => {
  check('{ $a = 1; $a }', '{ $a = 1; | $a }');
  check('{ f(); }', '{ (f()); }');
  check('if (1 > 2) { "a" } else { "bcd" }', 'if (> 1 2) { | "a" } else { | "bcd" }');
  check('if $x {1} else if !$y {2} else {3}', 'if $x { | 1 } else { | if (! $y) { | 2 } else { | 3 } }');
  check('if comptime (x) {1} else {2} + 3', '(+ if (comptime x) { | 1 } else { | 2 } 3)');
  check('{ if $a {1} else {2} }', '{ | if $a { | 1 } else { | 2 } }');
  check('{ if $a {1} }', '{ if $a { | 1 }; }');
  check('{ if $a {1} else {2}; }', '{ if $a { | 1 } else { | 2 }; }');
  check('{ if $a {f();} else if $b {g();} }', '{ if $a { (f()); } else { | if $b { (g()); } }; }');
  check('{ { 1 } }', '{ | { | 1 } }');
  check('{}', '{}');
});

test('literals', () => {
  check('0xff + 010 + 1e3 + 0b11 + 2ms', '(+ (+ (+ (+ 255 8) 1000) 3) 2000000)');
  check(String.raw`"a\n\t\r\"\\\x41\X42\101\0"`, JSON.stringify('a\n\t\r"\\ABA\0'));
  check('"\\x4"', JSON.stringify('\x04'));
  check('"caf\xc3\xa9"', JSON.stringify('caf\xc3\xa9'));
  check('"// no comment /* */"', '"// no comment /* */"');
});

test('spans are bytes of the text, groupings include their parentheses', () => {
  const text = 'begin { _ = (a + b) * @m[1].x; }';
  const expr = discarded(text);
  const cut = ({ span }: { readonly span: { readonly start: number; readonly end: number } }): string =>
    text.slice(span.start, span.end);
  expect(cut(expr)).toBe('(a + b) * @m[1].x');
  if (expr.kind !== 'binary' || expr.right.kind !== 'field') throw new Error(shape(expr));
  expect(cut(expr.left)).toBe('(a + b)');
  expect(text.slice(expr.operatorSpan.start, expr.operatorSpan.end)).toBe('*');
  expect(cut(expr.right.object)).toBe('@m[1]');
  expect(text.slice(expr.right.nameSpan.start, expr.right.nameSpan.end)).toBe('x');
});

test('types of let', () => {
  const types = ['uint8[4]', 'struct foo*', 'int32*[4]', 'typeof($x)', 'union u[2][3]', 'string', 'uint8[]'];
  for (const type of types) {
    const item = parseGood(`begin { let $x: ${type} = 1; let $y: ${type}; }`).items[0];
    const statements = item?.kind === 'probe' ? item.body.statements : [];
    for (const statement of statements) {
      if (statement.kind !== 'let' || statement.type === undefined) throw new Error('no let with a type');
      expect(typeShape(statement.type)).toBe(type);
    }
    expect(statements).toHaveLength(2);
  }
});
