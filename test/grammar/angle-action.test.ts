import { expect, test } from 'vitest';
import { annotate, blockShape, parseText, withoutAnnotations } from './support.ts';

/** Shows the bodies of all probes. */
function check(input: string, ...expected: readonly string[]): void {
  const { script, diagnostics } = parseText(input);
  expect(annotate(input, diagnostics)).toBe(input);
  expect(script.items.map((item) => (item.kind === 'probe' ? blockShape(item.body) : item.kind))).toEqual(expected);
}

/** The input has its errors under its lines. */
function checkErrors(input: string, ...expected: readonly string[]): void {
  const text = withoutAnnotations(input);
  const { script, diagnostics } = parseText(text);
  expect(annotate(text, diagnostics)).toBe(input);
  expect(script.items.map((item) => (item.kind === 'probe' ? blockShape(item.body) : item.kind))).toEqual(expected);
}

test('an action may stand in < >', () => {
  check('tracepoint:sched:sched_switch < @[args.prev_pid] = count(); >', '{ (@[] (.prev_pid args)) = (count()); }');
  check('begin < >', '{}');
  check('begin<>end<>', '{}', '{}');
  check('begin /pid == 1/ < f(); >', '{ (f()); }');
  check('begin /pid == 1/< f(); > end { g(); }', '{ (f()); }', '{ (g()); }');
  check('k:a, k:b < f(); > k:c /1/ < g(); >', '{ (f()); }', '{ (g()); }');
});

test('operators keep their meaning inside', () => {
  check('begin < if ($a > 1) { f(); } >', '{ if (> $a 1) { (f()); }; }');
  check('begin < $x = $a > $b; >', '{ $x = (> $a $b); }');
  check(
    'begin < $x = $a >> 2; $x >>= 1; $y = $a < $b; $z = $a >= $b <= $c << 1; >',
    '{ $x = (>> $a 2); $x >>= 1; $y = (< $a $b); $z = (<= (>= $a $b) (<< $c 1)); }',
  );
  check('begin < $x = f($a > 1, @m[2 > 1]); >', '{ $x = (f() (> $a 1) (@m[] (> 2 1))); }');
  check('begin < $x = ($a) > (1); >', '{ $x = (> $a 1); }');
});

test('a } ends a statement only when the statement is a block', () => {
  check('begin < while (1) { f(); } > end { }', '{ while 1 { (f()); }; }', '{}');
  check('begin < if $a { } else { } > end { }', '{ if $a {} else {}; }', '{}');
  check('begin < for ($i : 0..2) { } > end { }', '{ for $i : 0..2 {}; }', '{}');
  check('begin < { f(); } > end { }', '{ { (f()); }; }', '{}');
  check('begin < $y = { 1 } > 2; > end { }', '{ $y = (> { | 1 } 2); }', '{}');
  check('begin < $y = if $a { 1 } else { 2 } > 2; > end { }', '{ $y = (> if $a { | 1 } else { | 2 } 2); }', '{}');
  check('begin < if ({ 1 } > 2) { f(); } > end { }', '{ if (> { | 1 } 2) { (f()); }; }', '{}');
  check('begin < if $a { { $x = 2 > 1; } } > end { }', '{ if $a { { $x = (> 2 1); }; }; }', '{}');
});

test('a : after > is a ternary, not a probe', () => {
  check('begin < $x = 1 ? $a > b:c / 2; >', '{ $x = (? 1 (> $a b) (/ c 2)); }');
});

test('a missing last ; is told', () => {
  const hint = "in '< ... >' every statement ends with ';', so that '>' can be told from a comparison";
  checkErrors(
    `begin < @ = count() >
//                  ^ angle-needs-semicolon: ';' is missing before the '>' that ends the action; ${hint}`,
    '{}',
  );
  checkErrors(
    `begin < $a = 1; @ = count() > // comment
//                          ^ angle-needs-semicolon: ';' is missing before the '>' that ends the action; ${hint}
kprobe:f { g(); }`,
    '{ $a = 1; }',
    '{ (g()); }',
  );
  checkErrors(
    `begin < exit() > end < g(); >
//             ^ angle-needs-semicolon: ';' is missing before the '>' that ends the action; ${hint}`,
    '{}',
    '{ (g()); }',
  );
  checkErrors(
    `begin < exit() > interval:s:1 /pid > 2/ { g(); }
//             ^ angle-needs-semicolon: ';' is missing before the '>' that ends the action; ${hint}`,
    '{}',
    '{ (g()); }',
  );
});

test('a missing > is told', () => {
  checkErrors(`begin < f();
//          ^ unexpected-end: expected '>' after ';', but the script ends here
// 1:7 this '<' is not closed`);
  checkErrors(
    `begin < f(); }
//           ^ unexpected-token: expected '>' after ';', found '}'
end { }`,
    '{}',
  );
  checkErrors(
    `begin { f(); >
//           ^ expected-expression: expected a statement, found '>'
}
end { }`,
    '{ (f()); }',
    '{}',
  );
});
