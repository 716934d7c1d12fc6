/** Section 4: inference, promotion, casts, address spaces. */
import type { Section } from './table.ts';

export const conversions: Section = {
  title: '4 Conversions and inference',
  values: [
    {
      about: '4.1 types of literals',
      before: '$w = 1; $w = (uint64)2; $m = 1000 - 1; @w = 1; @w = 70000; @x++;',
      rows: [
        ['sizeof($w)', '8'],
        ['sizeof($m)', '2'],
        ['sizeof(@w)', '4'],
        ['sizeof(@x)', '8'],
        ['sizeof(-128)', '1'],
        ['sizeof(-129)', '2'],
        ['sizeof(9223372036854775808)', '8'],
        ['9223372036854775808', '9223372036854775808'],
      ],
    },
    {
      about: '4.2 promotion',
      before:
        '$a = (uint8)200; $a = (int8)-1; $b = (int8)1; $b = (int32)5; $c = (uint16)1; $c = 5; $d = (int32)-1; $d = (uint8)255; $s = "a"; $s = "abc"; $t = (1, "a"); $t = (70000, "abc"); $r = (x=1, y="a"); $r = (y="abc", x=300);',
      rows: [
        ['sizeof($a)', '2'],
        ['$a', '-1'],
        ['sizeof($b)', '4'],
        ['sizeof($c)', '2'],
        ['sizeof($d)', '4'],
        ['$d', '255'],
        ['sizeof($s)', '4'],
        ['sizeof($t)', '8'],
        ['$t', '(70000, abc)'],
        ['$r', '{ .x = 300, .y = abc }'],
      ],
    },
    {
      about: '4.3 integer casts extend by the sign of the source',
      before: '$n = (int8)-1; $u = (uint8)255; $big = (int64)-2; @c = count(); @c = count(); @s = sum(5); @a = avg(8);',
      rows: [
        ['(uint8)300', '44'],
        ['(int8)200', '-56'],
        ['(int64)$u', '255'],
        ['(uint64)$n', '18446744073709551615'],
        ['(uint16)$n', '65535'],
        ['(int16)$u', '255'],
        ['(uint32)$big', '4294967294'],
        ['(int64)true', '1'],
        ['(bool)5', 'true'],
        ['(bool)0', 'false'],
        ['(bool)""', 'false'],
        ['(bool)"x"', 'true'],
        ['(bool)(int8*)0', 'false'],
        ['(int64)@c', '2'],
        ['(bool)@s', 'true'],
        ['(int64)@s + 1', '6'],
        ['(int64)@a', '8'],
        ['(uint64)(int32*)16', '16'],
        ['(int32*)16', '0x10'],
        ['(int8*)(int32*)255', '0xff'],
        ['(uint32)-1', '4294967295'],
      ],
    },
    {
      about: '4.3 arrays from integers and strings',
      before: '$a = (uint8[4])(uint32)0x01020304; $s = "abcd"; $b = (bool[2])(uint16)0x0001;',
      rows: [
        ['$a', '[4,3,2,1]'],
        ['$a[3]', '1'],
        ['(uint32)$a', '16909060'],
        ['(uint8[])(uint16)0x0102', '[2,1]'],
        ['(uint16[2])(uint32)0x00010002', '[2,1]'],
        ['(int8[4])(int16)1', '[1,0,0,0]'],
        ['(int8[])$s', '[97,98,99,100,0]'],
        ['$b', '[true,false]'],
        ['sizeof($a)', '4'],
        ['(string[8])"ab"', 'ab'],
        ['sizeof((string[8])"ab")', '8'],
        ['(username_t)0', 'root'],
      ],
    },
    {
      about: 'what is a cast and what is not',
      before: '$p = (uint8)3;',
      rows: [
        ['(uint8) 259', '3'],
        ['(int64)(int8)255', '-1'],
        ['(typeof($p))258', '2'],
        ['(tid)*0', '0'],
        ['-(int8)1', '-1'],
        ['(int16)$p + 1', '4'],
        ['(uint8)256 + 1', '1'],
      ],
    },
  ],
  runs: [
    {
      about: 'types of maps hold for all probes',
      script:
        'begin { @m = 1; @k[1] = "a"; } end { @m = 5000000000; @k[300] = "abcdef"; print((sizeof(@m), sizeof(@k[1]))); }',
      lines: ['(8, 7)', 'maps:', '@k[1]: a', '@k[300]: abcdef', '@m: 5000000000'],
    },
    {
      about: 'let with a type converts the value',
      script:
        'begin { let $x: uint8 = 5; let $y: int64; $y = $x; $n = (uint32)70000; let $z: uint16 = $n; print((sizeof($x), sizeof($y), $z)); }',
      lines: ['(1, 8, 4464)', 'maps:'],
      stderr: 'any',
    },
  ],
};
