import { expect, test } from 'vitest';
import { blockShape, parseGood } from './support.ts';

/** Shows the statements of `begin { input }`. */
function check(input: string, expected: string): void {
  const item = parseGood(`begin { ${input} }`).items[0];
  if (item?.kind !== 'probe') throw new Error('no probe');
  expect(blockShape(item.body), input).toBe(`{ ${expected} }`);
}

test('assignments', () => {
  check('$x = 1;', '$x = 1;');
  for (const operator of ['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>=']) {
    check(`@a[1] ${operator} $y + 1;`, `(@a[] 1) ${operator} (+ $y 1);`);
  }
  check('f() = 1;', '(f()) = 1;'); // check.ts refuses it
});

test('the last `;` may be missing, also in bodies', () => {
  check('$x = 1', '$x = 1;');
  check('exit()', '(exit());');
  check('return', 'return;');
  check('let $x: uint8 = 1', 'let $x: uint8 = 1;');
});

test('let', () => {
  check('let $x;', 'let $x;');
  check('let $x = 1;', 'let $x = 1;');
  check('let $x: uint8[4];', 'let $x: uint8[4];');
  check('let $x: struct foo * = 0;', 'let $x: struct foo* = 0;');
});

test('discard, return, jumps', () => {
  check('_ = f(1);', '_ = (f() 1);');
  check('_();', '(_());');
  check('return; return 1 + 2;', 'return; return (+ 1 2);');
  check('while (1) { break; continue; }', 'while 1 { break; continue; };');
});

test('for', () => {
  check('for ($i : 0..10) { f($i); }', 'for $i : 0..10 { (f() $i); };');
  check('for $i : 0..ncpus { }', 'for $i : 0..ncpus {};');
  check('for ($i : (-3)..(len(@m))) { }', 'for $i : (- 3)..(len() @m) {};');
  check('for ($i : $x.0..@n) { }', 'for $i : (.0 $x)..@n {};');
  check('for $kv : @m { print($kv.1) }', 'for $kv : @m { (print() (.1 $kv)); };');
  check('for ($kv : @) { }', 'for $kv : @ {};');
});

test('while and unroll', () => {
  check('while ($i < 5) { $i++ }', 'while (< $i 5) { (_++ $i); };');
  check('while $x { }', 'while $x {};');
  check('unroll(5) { }', 'unroll 5 {};');
  check('unroll $1 { }', 'unroll $1 {};');
});

test('if', () => {
  check('if ($a > 1) { f() } $b = 1;', 'if (> $a 1) { | (f()) }; $b = 1;');
  check('if $x { } else { }', 'if $x {} else {};');
  check('if !$done { f(); }', 'if (! $done) { (f()); };');
  check('if (foo) { }', 'if foo {};');
  check('if foo { } else if (bar) { } else if baz() { }', 'if foo {} else { | if bar {} else { | if (baz()) {} } };');
  check('if (1) { }; f();', 'if 1 {}; (f());');
});

test('blocks', () => {
  check('{ $x = 1; } { $y = 2 }', '{ $x = 1; }; { $y = 2; };');
  check('{ f() } g()', '{ | (f()) }; (g());');
  check('$x = { 1 } > 2;', '$x = (> { | 1 } 2);');
});

test('comments and blanks may stand between any two tokens', () => {
  check('/* a */ $x /**/ = // b\n 1 /* { */ ;\r\n\t', '$x = 1;');
});

test('statement words are names elsewhere', () => {
  check('$let = args.for; @while = break_();', '$let = (.for args); @while = (break_());');
  check('import "x.bt"; f(import);', 'import "x.bt"; (f() import);');
});
