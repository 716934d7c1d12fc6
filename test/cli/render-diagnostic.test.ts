import { expect, test } from 'vitest';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { SourceText } from '../../grammar/source.ts';
import { renderDiagnostic } from '../../src/cli/render-diagnostic.ts';

/** The marked part of the script stands between « and ». */
function check(marked: string, entry: Partial<Diagnostic>, lines: readonly string[]): void {
  const start = Buffer.from(marked.slice(0, marked.indexOf('«')), 'utf8').length;
  const inner = marked.slice(marked.indexOf('«') + 1, marked.indexOf('»'));
  const span = { start, end: start + Buffer.from(inner, 'utf8').length };
  const source = SourceText.fromUnicode('t.bt', marked.replace('«', '').replace('»', ''));
  const diagnostic: Diagnostic = { severity: 'error', code: 'test', message: 'wrong', span, ...entry };
  expect(renderDiagnostic(diagnostic, source, { colour: false })).toBe(`${lines.join('\n')}\n`);
}

test.each<[string, string, readonly string[]]>([
  ['a word', 'begin { «$x» }', ['t.bt:1:9-11: ERROR: wrong', 'begin { $x }', '        ~~']],
  ['on a later line', 'begin {\n  «$x»;\n}', ['t.bt:2:3-5: ERROR: wrong', '  $x;', '  ~~']],
  ['behind tabs', 'begin {\n\t\t«$x»;\n}', ['t.bt:2:3-5: ERROR: wrong', '        $x;', '        ~~']],
  ['over a tab', '«a\tb»', ['t.bt:1:1-4: ERROR: wrong', 'a    b', '~~~~~~']],
  ['nothing at all', 'abc«»def', ['t.bt:1:4-5: ERROR: wrong', 'abcdef', '   ~']],
  ['the end of the text', 'abc«»', ['t.bt:1:4-5: ERROR: wrong', 'abc', '   ~']],
  ['UTF-8: bytes in numbers, characters in markers', 'é«öü»x', ['t.bt:1:3-7: ERROR: wrong', 'éöüx', ' ~~']],
  ['several lines', 'a «b\nc» d\ne', ['t.bt:1-2: ERROR: wrong', 'a b', 'c d']],
  ['up to the next line', 'a «b\n»c', ['t.bt:1:3-4: ERROR: wrong', 'a b', '  ~']],
  ['a line end of Windows', '«ab»\r\nc', ['t.bt:1:1-3: ERROR: wrong', 'ab', '~~']],
  ['control characters', '\x1b[31m«$x»', ['t.bt:1:6-8: ERROR: wrong', '\\x1b[31m$x', '        ~~']],
  ['characters that reorder', '\u202e«x»', ['t.bt:1:4-5: ERROR: wrong', '\\u{202e}x', '        ~']],
])('%s', (_name, marked, lines) => check(marked, {}, lines));

test('bytes that are no UTF-8', () => {
  const source = new SourceText('t.bt', 'a\xff\xfeb');
  const text = renderDiagnostic(
    { severity: 'error', code: 'x', message: 'wrong', span: { start: 3, end: 4 } },
    source,
    { colour: false },
  );
  expect(text).toBe('t.bt:1:4-5: ERROR: wrong\na\ufffd\ufffdb\n   ~\n');
});

test('kinds, hints and further places', () => {
  check('«a» b', { severity: 'warning', hint: 'do', related: [{ message: 'first', span: { start: 2, end: 3 } }] }, [
    't.bt:1:1-2: WARNING: wrong',
    'a b',
    '~',
    't.bt:1:3-4: WARNING: first',
    'a b',
    '  ~',
    'HINT: do',
  ]);
});

test('without a place', () => {
  const diagnostic: Diagnostic = { severity: 'error', code: 'x', message: 'no clang', hint: 'get one' };
  expect(renderDiagnostic(diagnostic, undefined, { colour: false })).toBe('ERROR: no clang\nHINT: get one\n');
});

test('messages: further lines, bytes of the script, control characters', () => {
  check('«a»', { message: 'no such name\nAdditional Info - helper: x' }, [
    't.bt:1:1-2: ERROR: no such name',
    'Additional Info - helper: x',
    'a',
    '~',
  ]);
  check('«a»', { message: 'no \xc3\xa9 \x07' }, ['t.bt:1:1-2: ERROR: no é \\x07', 'a', '~']);
  check('«a»', { message: 'no é' }, ['t.bt:1:1-2: ERROR: no é', 'a', '~']);
});

test('a line of a million characters is cut around the place', () => {
  const filler = 'x'.repeat(500_000);
  check(`${filler}«bad»${filler}`, {}, [
    't.bt:1:500001-500004: ERROR: wrong',
    `...${'x'.repeat(60)}bad${'x'.repeat(137)}...`,
    `${' '.repeat(63)}~~~`,
  ]);
  check(`«${filler}»`, {}, ['t.bt:1:1-500001: ERROR: wrong', `${'x'.repeat(200)}...`, '~'.repeat(200)]);
  check(`«bad»${filler}`, {}, ['t.bt:1:1-4: ERROR: wrong', `bad${'x'.repeat(197)}...`, '~~~']);
});

test('a line is not cut inside a character', () => {
  const filler = 'é'.repeat(300);
  check(`x${filler}«bad»`, {}, ['t.bt:1:602-605: ERROR: wrong', `...${'é'.repeat(30)}bad`, `${' '.repeat(33)}~~~`]);
});

test('of a long range the middle is left out', () => {
  const lines = Array.from({ length: 40 }, (_, i) => `line ${i + 1}`);
  check(`«${lines.join('\n')}»`, {}, ['t.bt:1-40: ERROR: wrong', ...lines.slice(0, 6), '...', ...lines.slice(-6)]);
});

test('colours: the message line alone', () => {
  const source = new SourceText('t.bt', 'abc');
  const span = { start: 0, end: 1 };
  const render = (severity: 'error' | 'warning'): string =>
    renderDiagnostic({ severity, code: 'x', message: 'wrong', span, hint: 'h' }, source, { colour: true });
  expect(render('error')).toBe('\x1b[31mt.bt:1:1-2: ERROR: wrong\x1b[39m\nabc\n~\nHINT: h\n');
  expect(render('warning')).toBe('\x1b[33mt.bt:1:1-2: WARNING: wrong\x1b[39m\nabc\n~\nHINT: h\n');
});
