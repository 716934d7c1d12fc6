import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findReplCommand, replCommands } from '../../src/cli/repl-commands.ts';
import { historyPath, historySize, openHistory } from '../../src/cli/repl-history.ts';
import { asTyped, readEntry, sourceOf } from '../../src/cli/repl-input.ts';

describe('what was typed', () => {
  test.each<[string, string]>([
    ['', 'empty'],
    ['  \n ', 'empty'],
    [':help', 'command'],
    ['begin { }', 'script'],
    ['begin {', 'incomplete'],
    ['interval:s:1', 'incomplete'],
    ['struct foo {', 'incomplete'],
    ['let @m = hash(', 'incomplete'],
    ['begin,', 'incomplete'],
    ['begin /pid == 1/', 'incomplete'],
    ['begin { if (1) {', 'incomplete'],
    ['begin { if (1) { print(1); }', 'incomplete'],
    ['begin { print(1', 'incomplete'],
    ['begin { printf("}"', 'incomplete'],
    ['begin { // }', 'incomplete'],
    ['begin { /* }', 'incomplete'],
    ['interval:s:1 < @ = count();', 'incomplete'],
    ['interval:s:1 < @ = count(); >', 'script'],
    ['config = {', 'incomplete'],
    ['begin { }\nend {', 'incomplete'],
    ['1 +', 'incomplete'],
    ['print(', 'incomplete'],
    ['if (1) {', 'incomplete'],
    ['if (1) { print(1); }', 'script'],
    ['@x = 1', 'script'],
    ['@x = 1; print(@x);', 'script'],
    ['1 + 2', 'script'],
    ['print(1))', 'script'],
    ['begin { print(1)) }', 'script'],
    ['"abc', 'script'],
    [')', 'script'],
  ])('%j: %s', (text, kind) => expect(readEntry(text).kind).toBe(kind));

  const forms = (text: string): readonly string[] => {
    const entry = readEntry(text);
    return entry.kind === 'script' ? entry.forms.map((form) => sourceOf(text, form).text) : [];
  };

  test('scripts run as they are, statements in a begin probe, values are printed', () => {
    expect(forms('begin { }')).toEqual(['begin { }']);
    expect(forms('@x = 1;')).toEqual(['begin { @x = 1;\n}']);
    expect(forms('1 + 2')).toEqual(['begin { print(1 + 2\n); }', 'begin { 1 + 2\n}']);
    expect(forms('1 // one')).toEqual(['begin { print(1 // one\n); }', 'begin { 1 // one\n}']);
  });

  test('what cannot be read is a script when it begins like one', () => {
    expect(forms('print(1)) ')).toEqual(['begin { print(1)) \n}']);
    expect(forms('begin { print(1)) }')).toEqual(['begin { print(1)) }']);
  });

  test.each([
    '#define N 5',
    'struct s { int a; };',
    'macro m(x) { x }',
    'let @a = hash(5);',
    'config = { log_size = 5 }',
  ])('%j waits for a probe, until an empty line', (text) => {
    expect(readEntry(text)).toEqual({ kind: 'incomplete' });
    expect(forms(`${text}\n`)).toEqual([`${text}\n`]);
    expect(forms(`${text}\nbegin { }`)).toEqual([`${text}\nbegin { }`]);
  });

  test('commands and their arguments', () => {
    expect(readEntry(' :list  t:sched:* ')).toEqual({ kind: 'command', name: 'list', argument: 't:sched:*' });
  });

  test('places are those of the text as typed', () => {
    const form = { prefix: 'begin { ', suffix: '\n}' };
    const message = { severity: 'error', code: 'x', message: 'm' } as const;
    const related = [{ message: 'n', span: { start: 0, end: 9 } }];
    const typed = asTyped({ ...message, span: { start: 8, end: 11 }, related }, 'foo', form, sourceOf('foo', form));
    expect(typed.diagnostic).toEqual({
      ...message,
      span: { start: 0, end: 3 },
      related: [{ message: 'n', span: { start: 0, end: 1 } }],
    });
    expect(typed.source.text).toBe('foo');
    expect(
      asTyped({ ...message, span: { start: 12, end: 13 } }, 'foo', form, sourceOf('foo', form)).diagnostic.span,
    ).toEqual({
      start: 3,
      end: 3,
    });
  });

  test('places in imported scripts stay', () => {
    const form = { prefix: 'begin { ', suffix: '\n}' };
    const { source, start } = sourceOf('foo', form).including('other.bt', 'bar');
    const message = { severity: 'error', code: 'x', message: 'm', span: { start, end: start + 3 } } as const;
    expect(asTyped(message, 'foo', form, source)).toEqual({ diagnostic: message, source });
  });
});

describe('commands', () => {
  test('are found by name and alias, or suggested', () => {
    expect(findReplCommand('q')).toBe(findReplCommand('quit'));
    expect(findReplCommand('lsit')).toEqual({ problem: "there is no command ':lsit'; did you mean ':list'?" });
    expect(findReplCommand('xyz')).toEqual({ problem: "there is no command ':xyz'; :help shows them" });
  });

  test(':help shows them all, :list lists, :quit ends', () => {
    const said: string[] = [];
    const listed: string[] = [];
    const session = { say: (text: string) => said.push(text), list: (patterns: string) => listed.push(patterns) };
    const outcomes = replCommands.map((command) => command.run('arg', session));
    expect(outcomes).toEqual(replCommands.map(({ name }) => (name === 'quit' ? 'quit' : 'stay')));
    expect(listed).toEqual(['arg']);
    for (const { name } of replCommands) expect(said.join('\n')).toContain(`:${name}`);
  });
});

describe('history', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ebtrace-history-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is kept from session to session, for its user only', () => {
    const path = join(folder, 'state/ebtrace/history');
    expect(openHistory(path).lines).toEqual([]);
    expect(openHistory(path).save(['second', 'first'])).toBeUndefined();
    expect(openHistory(path).lines).toEqual(['second', 'first']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'state/ebtrace')).mode & 0o777).toBe(0o700);
  });

  test('is bounded', () => {
    const path = join(folder, 'bounded');
    const lines = Array.from({ length: historySize + 10 }, (_, i) => `line ${i}`);
    openHistory(path).save(lines);
    expect(openHistory(path).lines).toEqual(lines.slice(0, historySize));
  });

  test('that cannot be written is said once', () => {
    writeFileSync(join(folder, 'file'), '');
    const history = openHistory(join(folder, 'file/history'));
    expect(history.save(['x'])).toMatch(/the history is not kept: .*: (not a directory|file already exists)/);
    expect(history.save(['y'])).toBeUndefined();
    expect(history.lines).toEqual(['y']);
  });

  test('has its place', () => {
    expect(historyPath({ XDG_STATE_HOME: '/state' })).toBe('/state/ebtrace/history');
    expect(historyPath({ XDG_STATE_HOME: 'relative' })).toMatch(/^\/.*\/\.local\/state\/ebtrace\/history$/);
    expect(historyPath({})).toMatch(/^\/.*\/\.local\/state\/ebtrace\/history$/);
  });
});
