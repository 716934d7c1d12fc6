import { expect, test } from 'vitest';
import { type Diagnostic, Report } from '../../grammar/diagnostic.ts';
import { formatScript } from '../../grammar/format.ts';
import { SourceText } from '../../grammar/source.ts';
import { forms, programs } from './programs.ts';
import { parseGood, parseText, withoutSpans } from './support.ts';

function check(text: string, expected: readonly string[]): readonly Diagnostic[] {
  const { diagnostics } = parseText(text);
  expect(diagnostics.map(({ code }) => code)).toEqual(expected);
  return diagnostics;
}

test('an empty script is one error', () => {
  for (const text of ['', ' \n\t', '// only a comment', '#!/bin/ebtrace\n', '\xef\xbb\xbf', '/* never closed']) {
    check(text, ['empty-script']);
  }
});

test('large scripts', () => {
  const lines = parseGood(`begin {\n${'  @a = 1;\n'.repeat(100_000)}}`).items[0];
  expect(lines?.kind === 'probe' ? lines.body.statements.length : 0).toBe(100_000);
  const line = parseGood(`begin { ${'@a = 1; '.repeat(131_072)}}`).items[0];
  expect(line?.kind === 'probe' ? line.body.statements.length : 0).toBe(131_072);
  expect(parseGood('kprobe:f /pid == 1/ { @a = 1; }\n'.repeat(20_000)).items).toHaveLength(20_000);
}, 60_000);

test('large scripts are formatted', () => {
  const text = `begin {${' @a = f(1, $x + 2); // b\n'.repeat(10_000)}}`;
  const source = new SourceText('test', text);
  const formatted = formatScript(source, new Report(source)) ?? '';
  expect(formatted.split('\n  @a = f(1, $x + 2); // b')).toHaveLength(10_001);
  const deep = new SourceText('test', `begin { $x = ${'f('.repeat(90)}${'1 + '.repeat(300)}1${')'.repeat(90)}; }`);
  expect(formatScript(deep, new Report(deep))).toContain('1 +');
}, 60_000);

test('large tokens', () => {
  const megabyte = 1_000_000;
  parseGood(`begin { print("${'a\\n'.repeat(megabyte / 3)}"); }`);
  parseGood(`/*${' a\n'.repeat(megabyte / 3)}*/ begin { ${'a'.repeat(megabyte)}(); }`);
  parseGood(`kprobe:${'"a"'.repeat(megabyte / 3)} { }`);
  parseGood(`struct a { ${'int x; '.repeat(megabyte / 7)} }; begin { }`);
  check(`begin { $x = ${'1'.repeat(megabyte)}; }`, ['bad-integer']);
  check(`begin { print("${'a'.repeat(megabyte)}\n); }`, ['unterminated-string']);
}, 60_000);

test('nesting', () => {
  const many = 5000;
  const around = (open: string, inner: string, close: string, count: number): string =>
    `begin { $x = ${open.repeat(count)}${inner}${close.repeat(count)}; }`;
  parseGood(around('(', '1', ')', 98));
  parseGood(around('f(@m[', '1', '])', 49));
  parseGood(around('{ ', '1', ' }', 98));
  parseGood(around('a ? ', '1', ' : b', 98));
  parseGood(`begin { ${'if ({ 1 }) { '.repeat(98)}${'}'.repeat(98)} }`);
  parseGood(around('- ', '1', '', 98));
  check(around('~', '1', '', 101), ['nested-too-deeply']);
  parseGood(around('1 || ', '1', '', 490));
  check(around('(', '1', ')', many), ['nested-too-deeply']);
  check(around('f(@m[', '1', '])', many), ['nested-too-deeply']);
  check(around('{ ', '1', ' }', many), ['nested-too-deeply']);
  check(around('a ? ', '1', ' : b', many), ['nested-too-deeply']);
  check(around('- ', '1', '', many), ['nested-too-deeply']);
  check(around('!', '1', '', many), ['nested-too-deeply']);
  check(around('(int8)', '1', '', many), ['nested-too-deeply']);
  check(around('1 + ', '1', '', many), ['nested-too-deeply']);
  check(around('a ? b : ', '1', '', many), ['nested-too-deeply']);
  check(around('', '@m', '[0]', many), ['nested-too-deeply']);
  check(around('', '$x', '.a', many), ['nested-too-deeply']);
  check(`begin { ${'if (1) { '.repeat(many)}${'}'.repeat(many)} }`, ['nested-too-deeply']);
  check(`begin { if (1) { } ${'else if (1) { } '.repeat(many)} }`, ['nested-too-deeply']);
  check('('.repeat(many), ['unexpected-end']); // an attach point
});

test('what can be read is read: one bad expression does not hide the others', () => {
  const { script, diagnostics } = parseText(`begin { $x = ${'- '.repeat(999)}1; $y = 08; }`);
  expect(diagnostics.map(({ code }) => code)).toEqual(['nested-too-deeply', 'bad-integer']);
  expect(script.items).toHaveLength(1);
});

test('bytes that are no text', () => {
  const elf = `\x7fELF\x02\x01\x01${'\0'.repeat(9)}\x03\0>\0`;
  const [error] = check(elf, ['not-text']);
  expect(error?.message).toBe('this is not a text file: byte 7 is \\x00');
  check('\x01\x02begin\x03', ['not-text']);
  for (let seed = 1; seed <= 50; seed++) {
    const next = random(seed);
    const bytes = Array.from({ length: 400 }, () => String.fromCharCode(1 + next(255))).join('');
    const { diagnostics } = parseText(bytes);
    expect(diagnostics.length, JSON.stringify(bytes)).toBeGreaterThan(0);
    expect(diagnostics.length, JSON.stringify(bytes)).toBeLessThan(45);
    for (const { message } of diagnostics) expect(message).toMatch(/^[\x20-\x7e]+$/);
  }
});

test('many errors are cut off', () => {
  const { diagnostics } = parseText(`begin {\n${'  @a = ;\n'.repeat(100_000)}}`);
  expect(diagnostics).toHaveLength(21);
  expect(diagnostics.at(-1)?.code).toBe('too-many-errors');
  const characters = parseText(`begin { ${'f(\xa7); '.repeat(100)}}`).diagnostics;
  expect(characters).toHaveLength(21);
  expect(characters.at(-1)?.code).toBe('many-bad-characters');
  expect(characters.at(-1)?.message).toBe('80 more places with unexpected characters, from here on');
});

test('damaged scripts never throw, and what parses prints and parses again', () => {
  const scripts = [...programs, ...forms];
  const bits = '{ } ( ) [ ] ; , : / < > = " $ @ . .. ? - * & ! ++ if else 0 x 1 struct # \n // /* let for'.split(' ');
  let good = 0;
  for (let seed = 1; seed <= 3000; seed++) {
    const next = random(seed);
    let text = scripts[next(scripts.length)] ?? '';
    for (let count = next(3); count >= 0; count--) {
      const at = next(text.length + 1);
      const insert = next(2) === 0 ? (bits[next(bits.length)] ?? '') : '';
      text = text.slice(0, at) + insert + text.slice(at + next(4));
    }
    const { script, diagnostics } = parseText(text);
    if (diagnostics.length > 0) continue;
    good++;
    const source = new SourceText('test', text);
    const printed = formatScript(source, new Report(source)) ?? '';
    expect(withoutSpans(parseText(printed)), `${text}\n---\n${printed}`).toEqual(
      withoutSpans({ script, diagnostics: [] }),
    );
  }
  expect(good).toBeGreaterThan(300);
}, 60_000);

/** Numbers from 0 to below `limit`, the same for the same seed (xorshift). */
function random(seed: number): (limit: number) => number {
  let state = seed * 2_654_435_761;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}
