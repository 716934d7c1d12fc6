/**
 * What macros become, told by a script without macros that means the same: both are brought to one form, without
 * spans, and variables of expansions are called `v_1` in it for `v` of the first expansion.
 */
import { expect, test } from 'vitest';
import type { Script } from '../../grammar/ast.ts';
import { Report } from '../../grammar/diagnostic.ts';
import { parse } from '../../grammar/index.ts';
import { SourceText } from '../../grammar/source.ts';
import { expand } from '../../src/compiler/expand.ts';
import { type Definitions, noDefinitions } from '../../src/world/definitions.ts';

function read(text: string): { readonly script: Script; readonly report: Report } {
  const report = new Report(SourceText.fromUnicode('stdin', text));
  return { script: parse(report.source, report), report };
}

function correct(text: string): Script {
  const { script, report } = read(text);
  expect(report.diagnostics).toEqual([]);
  return script;
}

function expanded(text: string, macros: Readonly<Record<string, string>> = {}): Script {
  const { script, report } = read(text);
  const definitions: Definitions = { ...noDefinitions, macros: new Map(Object.entries(macros)) };
  const result = expand(script, { definitions }, report);
  expect(report.diagnostics).toEqual([]);
  return result;
}

/** Nodes without places and without memory of macros. */
function plain(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(plain);
  if (typeof node === 'string') return node.replace(/#(\d+)$/, '_$1');
  if (typeof node !== 'object' || node === null) return node;
  const kept = Object.entries(node).filter(([key, value]) => !/span$|^expandedFrom$/i.test(key) && value !== undefined);
  return Object.fromEntries(kept.map(([key, value]) => [key, plain(value)]));
}

function same(macros: string, script: string, meaning: string, c: Readonly<Record<string, string>> = {}): void {
  expect(plain(expanded(`${macros}\n${script}`, c).items)).toEqual(plain(correct(meaning).items));
}

test.each<[string, string, string, string]>([
  [
    'an expression is put in at every use',
    'macro twice(x) { x + x }',
    'begin { print(twice($n++)); }',
    'begin { print({ $n++ + $n++ }); }',
  ],
  [
    'a variable that is passed by value stands in a block',
    'macro twice(x) { x + x }',
    'begin { print(twice($n) + twice(@m)); }',
    'begin { print({ ({ $n }) + ({ $n }) } + { ({ @m }) + ({ @m }) }); }',
  ],
  [
    'variables and maps are those of the caller',
    'macro bump($v, @m) { $v += 1; @m[$v] = @m[1]; delete(@m, 2); }',
    'begin { bump($a, @b); }',
    'begin { { $a += 1; @b[$a] = @b[1]; delete(@b, 2); } }',
  ],
  [
    'own variables have a name for each expansion, and arguments keep theirs',
    'macro f(x) { let $v = x; for ($i : 0..$v) { $w = $i; } $v }',
    'begin { $v = 1; print(f($v + 1) + f(f(2))); }',
    `begin { $v = 1; print({ let $v_1 = $v + 1; for ($i_1 : 0..$v_1) { $w_1 = $i_1; } $v_1 }
      + { let $v_3 = { let $v_2 = 2; for ($i_2 : 0..$v_2) { $w_2 = $i_2; } $v_2 };
          for ($i_3 : 0..$v_3) { $w_3 = $i_3; } $v_3 }); }`,
  ],
  [
    'a macro without parameters needs no parentheses',
    'macro five() { 5 }',
    'begin /five == five()/ { five; @[five] = args.five; }',
    'begin /{ 5 } == { 5 }/ { {5}; @[{ 5 }] = args.five; }',
  ],
  [
    'macros in macros; parameters are handed on',
    'macro outer($v, x) { inner($v, x * 2); } macro inner($w, y) { $w = y; }',
    'begin { outer($a, 3); }',
    'begin { { { $a = 3 * 2; } } }',
  ],
  [
    'a parameter hides every other meaning of its name',
    'macro f(comm, five) { (comm, five, pid) } macro five() { 5 }',
    'begin { print(f(1, five)); }',
    'begin { print({ (1, { 5 }, pid) }); }',
  ],
  [
    'the first definition that fits is taken',
    'macro f($v) { 1 } macro f(@m) { 2 } macro f(x) { 3 } macro f(x, y) { 4 } macro f() { 5 }',
    'begin { print((f($a), f(@b), f(@b[1]), f(1, 2), f)); }',
    'begin { print(({ 1 }, { 2 }, { 3 }, { 4 }, { 5 })); }',
  ],
  [
    'builtins are replaced by macros that take the same arguments, but for words of the language',
    'macro strlen(s) { 7 } macro comm() { 8 } macro pid() { 9 } macro count() { 1 } macro printf(x) { x }',
    'begin { print((strlen("a"), comm, pid, pid())); printf("%d", 1); printf(2); @ = count(); @ = sum(1); }',
    'begin { print(({ 7 }, { 8 }, pid, { 9 })); printf("%d", 1); { 2 }; @ = { 1 }; @ = sum(1); }',
  ],
  [
    'types: in casts, declarations, sizeof, offsetof and behind struct',
    'macro f(t, p) { let $x: t[2]; ((t*)p, sizeof(t), sizeof(t*), offsetof(t, a.b), sizeof((t))) } macro g(t) { (struct t *)0 }',
    'begin { print(f(typeof(uint8*), $q + 1)); print(g(typeof(page))); print(g(typeof(struct page))); }',
    `begin {
      print({ let $x_1: uint8*[2]; ((uint8**)($q + 1), sizeof(uint8*), sizeof(uint8**), offsetof(uint8*, a.b), sizeof(uint8*)) });
      print({ (struct page *)0 }); print({ (struct page *)0 });
    }`,
  ],
  [
    'a parameter in sizeof may be an expression as well; a type is handed on',
    'macro f(x) { sizeof(x) } macro g(t) { f(t) } macro h(t) { f(typeof(t)) }',
    'begin { print((f(@m[1]), f($a + 1), g(typeof(int8)), h(typeof(int8)), h(5))); }',
    'begin { print(({ sizeof(@m[1]) }, { sizeof($a + 1) }, { { sizeof(int8) } }, { { sizeof(int8) } }, { { sizeof(typeof(5)) } })); }',
  ],
  [
    'in sizeof a bare word is a type and never a macro',
    'macro m() { 1 }',
    'begin { print((sizeof(m), sizeof(m()), (m)1)); }',
    'begin { print((sizeof(m), sizeof(({ 1 })), (m)1)); }',
  ],
  [
    'functions use macros too',
    'macro m(x) { x + 1 }',
    'fn f($a: int64): int64 { return m($a); }',
    'fn f($a: int64): int64 { return { ({ $a }) + 1 }; }',
  ],
])('%s', (_, macros, script, meaning) => {
  same(macros, script, meaning);
});

test('C macros are expressions, read again at every use', () => {
  const c = {
    LIMIT: '(4 * 1024)',
    TWO: '1 + 1',
    FOUR: 'TWO * 2',
    TEXT: '"a b"',
    IPPROTO_TCP: 'IPPROTO_TCP',
    comm: '5',
  };
  same(
    'macro m(x) { x * TWO }',
    'begin { print((LIMIT, TWO * 3, FOUR, TEXT, IPPROTO_TCP, comm, m(LIMIT), sizeof(LIMIT), $LIMIT, @LIMIT)); }',
    `begin { print((4 * 1024, (1 + 1) * 3, (1 + 1) * 2, "a b", IPPROTO_TCP, comm, { 4 * 1024 * (1 + 1) },
      sizeof(4 * 1024), $LIMIT, @LIMIT)); }`,
    c,
  );
});

test('a script macro comes before a C macro, which may use script macros', () => {
  same('macro A() { 1 }', 'begin { print((A, B)); }', 'begin { print(({ 1 }, { 1 })); }', { A: '2', B: 'A()' });
});

test('what stands for a C macro is at the place of its use', () => {
  const { items } = expanded('begin { print(LIMIT); }', { LIMIT: '4 * 1024' });
  const spans = JSON.stringify(items, (_, value) => (typeof value === 'bigint' ? Number(value) : value)).match(
    /"kind":"(?:binary|integer)"[^}]*?"span":\{[^}]*\}/g,
  );
  expect(spans?.length).toBeGreaterThan(1);
  for (const span of spans ?? []) expect(span).toMatch(/"start":14,"end":19/);
});

test('a script without macros is left as it is', () => {
  const { script, report } = read('begin { print(1); }');
  expect(expand(script, { definitions: noDefinitions }, report)).toBe(script);
});

test('macros that double their argument again and again are stopped', () => {
  const levels = Array.from({ length: 40 }, (_, i) => `macro m${i + 1}(x) { m${i}(x) + m${i}(x) }`).join('\n');
  for (const script of [
    `macro m0(x) { x }\n${levels}\nbegin { print(m40(1)); print(m40(2)); }`,
    `macro m(x) { x + x }\nbegin { print(${'m('.repeat(90)}1${')'.repeat(90)}); }`,
    `${Array.from({ length: 600 }, (_, i) => `macro n${i}(x) { n${i + 1}(x) }`).join('\n')}\nmacro n600(x) { x }\nbegin { n0(1); }`,
  ]) {
    const { script: tree, report } = read(script);
    expand(tree, { definitions: noDefinitions }, report);
    expect(report.diagnostics.map((entry) => entry.code)).toEqual(['expansion-too-large']);
  }
});
