/** Section 15: JSON output. */
import type { Section } from './table.ts';

const options = ['-f', 'json'];

export const json: Section = {
  title: '15 JSON output',
  values: [],
  runs: [
    {
      about: 'values',
      script: String.raw`begin { print((1, "x", (m=2, n=3))); print(true); print((int8*)16); print("q\"\\\n\t\x01"); print(()); print((uint8[2])(uint16)258); print(buf("a\xff", 2)); print((uint64)9007199254740993); print(9007199254740992); printf("a\n%d\n", 5); print("é"); }`,
      options,
      raw: true,
      lines: [
        '{"type": "value", "data": [1,"x",{"m": 2, "n": 3}]}',
        '{"type": "value", "data": true}',
        '{"type": "value", "data": 16}',
        String.raw`{"type": "value", "data": "q\"\\\n\t\u0001"}`,
        '{"type": "value", "data": []}',
        '{"type": "value", "data": [2,1]}',
        '{"type": "value", "data": [97,-1]}',
        '{"type": "value", "data": "9007199254740993"}',
        '{"type": "value", "data": 9007199254740992}',
        String.raw`{"type": "printf", "data": "a\n5\n"}`,
        '{"type": "value", "data": "é"}',
      ],
    },
    {
      about: 'maps',
      script:
        'begin { @n = 42; @k["bash"] = 1; @k["sh"] = 2; @t[1, "a b"] = (true, -1); @a = avg(7); @s = stats(5); @s = stats(7); @ks["x"] = stats(3); @c = count(); @e[1] = 1; delete(@e, 1); }',
      options,
      raw: true,
      lines: [
        '{"type": "stats", "data": {"@a": 7}}',
        '{"type": "map", "data": {"@c": 1}}',
        '{"type": "map", "data": {"@k": {"bash": 1, "sh": 2}}}',
        '{"type": "stats", "data": {"@ks": {"x": {"count": 1, "average": 3, "total": 3}}}}',
        '{"type": "map", "data": {"@n": 42}}',
        '{"type": "stats", "data": {"@s": {"count": 2, "average": 6, "total": 12}}}',
        '{"type": "map", "data": {"@t": {"1,a b": [true,-1]}}}',
      ],
    },
    {
      about: 'histograms are closed intervals',
      script: 'begin { @h = hist(-1); @h = hist(1); @l = lhist(150, 0, 100, 50); @k["a"] = hist(1500); }',
      options,
      raw: true,
      lines: [
        '{"type": "hist", "data": {"@h": [{"max": -1, "count": 1},{"min": 0, "max": 0, "count": 0},{"min": 1, "max": 1, "count": 1}]}}',
        '{"type": "hist", "data": {"@k": {"a": [{"min": 1024, "max": 2047, "count": 1}]}}}',
        '{"type": "hist", "data": {"@l": [{"min": 100, "count": 1}]}}',
      ],
    },
    {
      about: 'attached probes, messages with places',
      script: 'begin { errorf("e %d", 1); warnf("w"); exit(); } interval:s:100 { }',
      options,
      raw: true,
      lines: [
        '{"type": "errorf", "msg": "e 1", "filename": "stdin", "line": 1, "col": 9}',
        '{"type": "warnf", "msg": "w", "filename": "stdin", "line": 1, "col": 28}',
      ],
    },
    {
      about: 'enums and structs',
      script:
        'struct in { int a; char b[4]; }; enum e { ONE = 1 }; begin { $v = (uint64)0x6261000000000a; print(ONE); @m[ONE] = ONE; print(*(struct in*)&$v); }',
      options,
      raw: true,
      lines: [
        '{"type": "value", "data": 1}',
        '{"type": "value", "data": {"a": 10, "b": ""}}',
        '{"type": "map", "data": {"@m": {"ONE": 1}}}',
      ],
    },
  ],
};
