import { describe, expect, it } from 'vitest';
import { emptyHostFiles } from '../../src/world/host-files.ts';
import { type Kallsyms, parseKallsyms, readKallsyms } from '../../src/world/kallsyms.ts';
import { fixtureFiles } from '../support/fixture-world.ts';

describe('symbols of the recorded machine', () => {
  const symbols = readKallsyms(fixtureFiles()) ?? fail();

  it('by name: whole names only, the first of several', () => {
    expect(symbols.addressOf('vfs_read')).toBe(0xffffffff81002000n);
    expect(symbols.addressOf('vfs_read_more')).toBe(0xffffffff81002400n);
    expect(symbols.addressOf('first_module_function')).toBe(0xffffffffc0200000n);
    for (const name of ['vfs', 'read', '[first]', 'T', '', 'T vfs_read', 'ffffffff81000000']) {
      expect(symbols.addressOf(name), name).toBeUndefined();
    }
  });

  it.each([
    [0xffffffff81002000n, 'vfs_read+0'],
    [0xffffffff810023ffn, 'vfs_read+1023'],
    [0xffffffff81002400n, 'vfs_read_more+0'],
    [0xffffffff81000000n, '_stext+0'],
    [0xffffffff81000fffn, '_stext+4095'],
    [0xffffffffc0200010n, 'first_module_function+16 [first]'],
    [0xffffffffc0201000n, 'vfs_read+0 [first]'],
    [0xffffffffc0400001n, 'second_module_function+1 [second]'],
    [0xffffffff80ffffffn, 'nothing'],
    [0xffffffff90000000n, 'nothing'],
    [0xffffffffffffffffn, 'nothing'],
    [0x00007fff12345678n, 'nothing'],
    [0n, 'nothing'],
  ])('by address 0x%s', (address, expected) => {
    expect(at(symbols, address)).toBe(expected);
  });
});

describe('other files', () => {
  it('tell code from data, by the letter and by the end of the code', () => {
    const lines = [
      'ffffffff81000000 T _text',
      'ffffffff81000100 t work',
      'ffffffff81002000 T _etext',
      'ffffffff81003000 D table',
      'ffffffff81004000 T data_called_code',
      'ffffffff81005000 T _sinittext',
      'ffffffff81005100 t start_up',
      'ffffffff81006000 T _einittext',
      'ffffffffc0001000 t of_module\t[m]',
    ];
    const symbols = parseKallsyms(Buffer.from(`${lines.join('\n')}\n`));
    const kinds = ['work', 'table', 'data_called_code', 'start_up', 'of_module', 'none'].map((name) =>
      symbols.kindOf(name),
    );
    expect(kinds).toEqual(['code', 'data', 'data', 'code', 'code', undefined]);
    const hidden = parseKallsyms(Buffer.from('0000000000000000 T work\n0000000000000000 T _etext\n'));
    expect(hidden.kindOf('work')).toBe('code');
  });

  it('with hidden addresses say so', () => {
    const hidden = parseKallsyms(Buffer.from('0000000000000000 T a\n0000000000000000 T b\t[m]\n'));
    expect(hidden.hidden).toBe(true);
    expect(hidden.addressOf('a')).toBeUndefined();
    expect(hidden.symbolAt(0n)).toBeUndefined();
    expect(hidden.symbolAt(0xffffffff81000000n)).toBeUndefined();
  });

  it('with per-CPU offsets at zero are not hidden, and those never match an address', () => {
    const old = parseKallsyms(
      Buffer.from('0000000000000000 A first\n0000000000001000 A more\nffffffff81000000 T _text'),
    );
    expect(old.hidden).toBe(false);
    expect(old.addressOf('more')).toBe(0x1000n);
    expect(at(old, 0x1004n)).toBe('nothing');
    expect(at(old, 0xffffffff81000004n)).toBe('_text+4');
  });

  it('functions of a name, one name or several at once', () => {
    const lines = [
      'ffffffff81000000 T start',
      'ffffffff81000010 t show',
      'ffffffff81000020 d show',
      'ffffffff81000030 t show',
      'ffffffff81000040 t shown',
      'ffffffffc0000000 t show\t[one]',
    ];
    const symbols = parseKallsyms(Buffer.from(`${lines.join('\n')}\n`));
    const show = [
      { address: 0xffffffff81000010n, module: undefined },
      { address: 0xffffffff81000030n, module: undefined },
      { address: 0xffffffffc0000000n, module: 'one' },
    ];
    expect([...symbols.functionsNamed(new Set(['show']))]).toEqual([['show', show]]);
    expect([...symbols.functionsNamed(new Set(['show', 'start', 'gone']))]).toEqual([
      ['start', [{ address: 0xffffffff81000000n, module: undefined }]],
      ['show', show],
    ]);
    expect(symbols.functionsNamed(new Set(['gone'])).size).toBe(0);
    expect(parseKallsyms(Buffer.from('0000000000000000 T show\n')).functionsNamed(new Set(['show'])).size).toBe(0);
  });

  it('missing, empty or of another kind hold no symbols', () => {
    expect(readKallsyms(emptyHostFiles)).toBeUndefined();
    for (const text of ['', '\n\n\n', 'hello world\n', 'zzzzzzzzzzzzzzzz T a\n', 'ffffffff810']) {
      const symbols = parseKallsyms(Buffer.from(text));
      expect(symbols.hidden, text).toBe(false);
      expect(symbols.addressOf('a'), text).toBeUndefined();
      expect(at(symbols, 0xffffffff81000000n), text).toBe('nothing');
    }
  });
});

function at(symbols: Kallsyms, address: bigint): string {
  const found = symbols.symbolAt(address);
  return found ? `${found.name}+${found.offset}${found.module === undefined ? '' : ` [${found.module}]`}` : 'nothing';
}

function fail(): never {
  throw new Error('the fixture has no kallsyms');
}
