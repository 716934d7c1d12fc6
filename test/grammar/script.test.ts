import { expect, test } from 'vitest';
import type { RootItem } from '../../grammar/ast.ts';
import { blockShape, parseGood, shape, typeShape } from './support.ts';

/** One line for each part of the script, in the order of the tree. */
function check(input: string, expected: readonly string[]): void {
  const script = parseGood(input);
  const lines = script.preamble.map(({ text }) => `c: ${text}`);
  for (const { name, value } of script.config?.entries ?? []) {
    lines.push(`config: ${name} = ${typeof value === 'string' ? JSON.stringify(value) : value}`);
  }
  lines.push(...script.imports.map(({ path }) => `import: ${path}`), ...script.items.map(itemShape));
  expect(lines, input).toEqual(expected);
}

function itemShape(item: RootItem): string {
  switch (item.kind) {
    case 'probe': {
      const predicate = item.predicate === undefined ? '' : ` /${shape(item.predicate)}/`;
      return `${item.attachPoints.map(({ text }) => text).join(' , ')}${predicate} ${blockShape(item.body)}`;
    }
    case 'map-declaration':
      return `let ${item.name} = ${item.type}(${item.maxEntries})`;
    case 'macro':
      return `macro ${item.name}(${item.parameters.map((p) => `${p.by} ${p.name}`).join(', ')}) ${blockShape(item.body)}`;
    case 'function': {
      const parameters = item.parameters.map(({ name, type }) => `$${name}: ${typeShape(type)}`);
      return `fn ${item.name}(${parameters.join(', ')}): ${typeShape(item.returnType)} ${blockShape(item.body)}`;
    }
  }
}

test('attach points are raw text', () => {
  check('begin{}', ['begin {}']);
  check('begin/pid/{}', ['begin /pid/ {}']);
  check('kprobe:f/pid {}', ['kprobe:f/pid {}']);
  check('kprobe:vfs_* { }', ['kprobe:vfs_* {}']);
  check('kprobe:a,kprobe:b, {}', ['kprobe:a , kprobe:b {}']);
  check('kprobe:a ,\n // why\n kprobe:b\n{ }', ['kprobe:a , kprobe:b {}']);
  check('uprobe:/usr/bin/x:"a, b {c:d}" { }', ['uprobe:/usr/bin/x:"a, b {c:d}" {}']);
  check('uprobe:/x:"a\\"b c" { }', ['uprobe:/x:"a\\"b c" {}']);
  check('uprobe:/opt/app/srv@src/pool.cc:88 {}', ['uprobe:/opt/app/srv@src/pool.cc:88 {}']);
  check('uprobe:/x:cpp:std::vector<int>::push {}', ['uprobe:/x:cpp:std::vector<int>::push {}']);
  check('watchpoint:$1:8:w {} i:ms:$2 {}', ['watchpoint:$1:8:w {}', 'i:ms:$2 {}']);
  check('myname=kprobe:f {}', ['myname=kprobe:f {}']);
  check('hardware:cycles:1e6{} BEGIN {} *:f {}', ['hardware:cycles:1e6 {}', 'BEGIN {}', '*:f {}']);
  check('configure {} lets {} structs {}', ['configure {}', 'lets {}', 'structs {}']);
});

test('a predicate ends at the `/` before the action', () => {
  check('k:f /1 / 2 / {}', ['k:f /(/ 1 2)/ {}']);
  check('k:f / pid == $1 && arg2 / 2 > 4 / // x\n {}', ['k:f /(&& (== pid $1) (> (/ arg2 2) 4))/ {}']);
  check('k:f /a/b/c/ /* { */ {}', ['k:f /(/ (/ a b) c)/ {}']);
  check('k:f /{ $a = 4 / 2; $a } == 2/ {}', ['k:f /(== { $a = (/ 4 2); | $a } 2)/ {}']);
  check('k:f /if $x { 1 } else { 2 } > 1/ {}', ['k:f /(> if $x { | 1 } else { | 2 } 1)/ {}']);
  check('begin /pid/ < f(); >', ['begin /pid/ { (f()); }']);
  check('k:f /a < b/ {} k:g /a < b/ < f(); >', ['k:f /(< a b)/ {}', 'k:g /(< a b)/ { (f()); }']);
});

test('shebang, byte order mark, comments', () => {
  check('#!/usr/bin/env ebtrace\nbegin {}', ['begin {}']);
  check('\xef\xbb\xbf\n  #!/bin/x -q\nbegin {}', ['begin {}']);
  check('// a\n/* b */begin {} /* never closed', ['begin {}']);
  check('begin//x\n{}', ['begin {}']);
});

test('C preamble', () => {
  check('#include <linux/sched.h>\r\n#define A (4 * 2)\nbegin {}', [
    'c: #include <linux/sched.h>',
    'c: #define A (4 * 2)',
    'begin {}',
  ]);
  check('struct a { int x; struct { int y; } z; };\nunion u{char c;} begin {}', [
    'c: struct a { int x; struct { int y; } z; };',
    'c: union u{char c;}',
    'begin {}',
  ]);
  check('struct /* { */ __attribute__((packed)) a { /* } */ char c; } // x\n__attribute__((aligned(8))) ;begin {}', [
    'c: struct /* { */ __attribute__((packed)) a { /* } */ char c; } // x\n__attribute__((aligned(8))) ;',
    'begin {}',
  ]);
  check('#define A \\\n  (4 * \\\r\n 2)\n#define B "\\x" // \\\n more\nbegin {} ', [
    'c: #define A \\\n  (4 * \\\r\n 2)',
    'c: #define B "\\x" // \\\n more',
    'begin {}',
  ]);
  check('enum { A = 1, B } enum e{C} begin {}', ['c: enum { A = 1, B }', 'c: enum e{C}', 'begin {}']);
});

test('config', () => {
  check('config = {} begin {}', ['begin {}']);
  check('config = { missing_probes = warn; max_map_keys = 1e4; str_trunc_trailer = "~" } begin {}', [
    'config: missing_probes = "warn"',
    'config: max_map_keys = 10000',
    'config: str_trunc_trailer = "~"',
    'begin {}',
  ]);
  check('config={a=true;B=false;}begin {}', ['config: a = true', 'config: B = false', 'begin {}']);
  check('import "a"; config = { x = 1 } import "b"; begin {}', ['config: x = 1', 'import: a', 'import: b', 'begin {}']);
});

test('maps, macros, functions', () => {
  check('let @m = hash(100); let @=lruhash(1e3) let @n = hash(1)\nbegin {}', [
    'let @m = hash(100)',
    'let @ = lruhash(1000)',
    'let @n = hash(1)',
    'begin {}',
  ]);
  check('macro f() { 1 } macro g($a, @m, x) { let $v = x; $v > 1 ? 1 : $v }', [
    'macro f() { | 1 }',
    'macro g(variable $a, map @m, expression x) { let $v = x; | (? (> $v 1) 1 $v) }',
  ]);
  check('fn add($a: int64, $b: struct s*): int64 { return $a + $b; } fn f(): void { f() }', [
    'fn add($a: int64, $b: struct s*): int64 { return (+ $a $b); }',
    'fn f(): void { (f()); }',
  ]);
});
