/** Section 8: maps, their declarations, keys, aggregations. */
import { row, type Section } from './table.ts';

export const maps: Section = {
  title: '8 Maps',
  values: [
    {
      about: '8.3 missing keys are zero, stores and updates',
      before:
        '@i[1] = 5; @s["a"] = "text"; @t[1] = (1, "x"); @p[1] = (int8*)5; @c[1] = count(); @n[1]++; @n[1] += 4; @b[true] = true;',
      rows: [
        ['@i[2]', '0'],
        ['@s["b"]', ''],
        ['@t[9]', '(0, )'],
        ['@p[9]', '0x0'],
        ['@c[9]', '0'],
        ['@n[1]', '5'],
        ['@b[true]', 'true'],
        ['@b[false]', 'false'],
        ['has_key(@i, 1)', 'true'],
        ['has_key(@i, 2)', 'false'],
        ['len(@i)', '1'],
        ['is_scalar(@i)', 'false'],
        ['delete(@i, 1)', 'true'],
        ['len(@i)', '0'],
      ],
    },
    {
      about: '8.3 aggregations read as integers',
      before:
        '@c = count(); @c = count(); @s = sum(-5); @s = sum(2); @mi = min(7); @mi = min(3); @ma = max(7); @ma = max(30); @av = avg(4); @av = avg(9); @k["a"] = count();',
      rows: [
        ['(int64)@c', '2'],
        ['@c + 1', '3'],
        ['@c == 2', 'true'],
        ['@s + 0', '-3'],
        ['(int64)@mi', '3'],
        ['(int64)@ma', '30'],
        ['(int64)@av', '6'],
        ['@k["a"]', '1'],
        ['(1, @c)', '(1, 2)'],
        ['@c ? "yes" : "no"', 'yes'],
      ],
    },
  ],
  runs: [
    {
      about: '8.1 multi-key is a tuple key',
      script:
        'begin { @m[1, 2] = 3; print(@m[(1, 2)]); @m[(1, 3)] = 4; print(len(@m)); @e = 0; @n[(1, (2, 3)), "x"] = 1; clear(@m); }',
      lines: ['3', '2', 'maps:', '@e: 0', '@n[(1, (2, 3)), x]: 1'],
    },
    {
      about: '8.1 keys of every type',
      script: [
        'struct k { int a; char b; };',
        'enum color { RED = 1 };',
        'begin { @i[-5] = 1; @b[true] = 1; @e[RED] = 1; @s["abc"] = 1; @s["a"] = 2; @p[(int8*)16] = 1; @a[(uint8[2])(uint16)258] = 1;',
        '  $v = (uint64)0x4100000007; @st[*(struct k*)&$v] = 1; @t[1, "x"] = 1; @r[(a=1, b="y")] = 1; @c = count(); @ag[@c] = 1; clear(@c); }',
      ].join('\n'),
      lines: [
        'maps:',
        '@a[[2,1]]: 1',
        '@ag[1]: 1',
        '@b[true]: 1',
        '@e[RED]: 1',
        '@i[-5]: 1',
        '@p[0x10]: 1',
        '@r[{ .a = 1, .b = y }]: 1',
        '@s[abc]: 1',
        '@s[a]: 2',
        '@st[{ .a = 7, .b = 65 }]: 1',
        '@t[1, x]: 1',
      ],
    },
    {
      about: '8.2 declared maps of all kinds',
      script:
        'let @h = hash(2); let @l = lruhash(100); let @p = percpuhash(7); let @q = percpulruhash(7); begin { @h[1] = 1; @l[1] = 2; @p[1] = count(); @q[1] = sum(4); }',
      lines: ['maps:', '@h[1]: 1', '@l[1]: 2', '@p[1]: 1', '@q[1]: 4'],
    },
    {
      about: '8.2 a full map takes no more, with a warning',
      script: 'let @h = hash(2); begin { @h[1] = 1; @h[2] = 2; @h[3] = 3; print(len(@h)); }',
      lines: ['2', 'maps:', '@h[1]: 1', '@h[2]: 2'],
      stderr: ['WARNING', '@h[3]'],
    },
    {
      about: '8.2 max_map_keys is the size of other maps',
      script: 'config = { max_map_keys = 1 } begin { @h[1] = 1; @h[2] = 2; print(len(@h)); }',
      lines: ['1', 'maps:', '@h[1]: 1'],
      stderr: ['WARNING'],
    },
    {
      about: '8.3 one entry in lhist per bucket, all kinds of aggregation printed',
      script:
        'begin { @av = avg(4); @av = avg(9); @h = lhist(5, 0, 3, 1); @k["a"] = hist(5); @mi = min(-5); @st = stats(4); @st = stats(-7); @u = stats((uint64)3); }',
      lines: [
        'maps:',
        '@av: 6',
        '@h:',
        row('[3, ...)', 1, 52),
        '',
        '@k[a]:',
        row('[4, 8)', 1, 52),
        '',
        '@mi: -5',
        '@st: { .count = 2, .average = -1, .total = -3 }',
        '@u: { .count = 1, .average = 3, .total = 3 }',
      ],
    },
    {
      about: '8.3 the value of a block, and an aggregation assigned to a map of integers',
      script: 'begin { @c = { $x = 1; count() }; @i = 5; @i = @c; print(@i + 0); }',
      lines: ['1', 'maps:', '@c: 1', '@i: 1'],
    },
    {
      about: '8.3 delete in the old form, clear and zero',
      script:
        'begin { @m[1, 2] = 3; delete(@m[1, 2]); print(len(@m)); @s = 4; delete(@s); print(@s + 0); @c["a"] = count(); zero(@c); print(@c); @z = 9; clear(@z); print(@z); }',
      lines: ['0', '0', '@c[a]: 0', '@z: 0', 'maps:', '@c[a]: 0'],
      stderr: 'any',
    },
    {
      about: 'large keys and values',
      script: 'begin { @m[str("key", 300)] = str("value", 500); print(@m[str("key", 300)]); clear(@m); }',
      lines: ['value', 'maps:'],
    },
  ],
};
