/**
 * Types that inference finds (language reference 4.1, 4.2, 5.2, 5.4, 7, 8): of maps and variables from all that is
 * assigned to them, and of expressions, asked by storing them in a variable.
 */
import { describe, expect, test } from 'vitest';
import { SourceText } from '../../grammar/source.ts';
import { compile } from '../../src/build.ts';
import type { TypedScript } from '../../src/compiler/check.ts';
import { typeName } from '../../src/types/type.ts';
import type { TypedExpr, TypedStatement } from '../../src/types/typed-tree.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const world = fixtureWorld();

function typed(script: string): TypedScript {
  const scripts: TypedScript[] = [];
  const result = compile(SourceText.fromUnicode('stdin', script), {
    world,
    environment: {},
    positionals: ['7', 'word'],
    unsafe: false,
    onStage: (stage) => stage.name === 'types' && scripts.push(stage.typed),
  });
  expect(result.diagnostics.filter((entry) => entry.severity === 'error')).toEqual([]);
  const [only] = scripts;
  if (only === undefined) throw new Error('the script was not checked');
  return only;
}

/** `$x: int8`, `@m[int8]: int64`: variables in the order of their declarations, then maps. */
function types(script: string): readonly string[] {
  const { programs, maps } = typed(script);
  return [
    ...programs.flatMap((program) => program.body.flatMap(variables)),
    ...maps.map((map) => `${map.name}${map.key === undefined ? '' : `[${typeName(map.key)}]`}: ${typeName(map.value)}`),
  ];
}

function variables(statement: TypedStatement): readonly string[] {
  switch (statement.kind) {
    case 'declare':
      return [`$${statement.variable.name}: ${typeName(statement.variable.type)}`];
    case 'if':
      return [...statement.then, ...statement.otherwise].flatMap(variables);
    case 'block':
      return statement.statements.flatMap(variables);
    case 'for-range':
    case 'for-map':
      return [
        `$${statement.variable.name}: ${typeName(statement.variable.type)}`,
        ...statement.body.flatMap(variables),
      ];
    case 'while':
    case 'unroll':
      return statement.body.flatMap(variables);
    default:
      return [];
  }
}

/** Type of one expression; `before` declares what it uses. */
function typeOf(expression: string, before = ''): string {
  const all = types(`begin { ${before} $result = ${expression}; }`);
  return all.find((line) => line.startsWith('$result: '))?.slice('$result: '.length) ?? 'none';
}

/** The constant that an expression is folded to, with its type; undefined when it is computed at run time. */
function folded(expression: string, before = ''): string | undefined {
  const { programs } = typed(`begin { ${before} $result = ${expression}; }`);
  const last = programs[0]?.body.at(-1);
  const value: TypedExpr | undefined = last?.kind === 'declare' ? last.value : undefined;
  return value?.kind === 'constant' ? `${String(value.value)}: ${typeName(value.type)}` : undefined;
}

test.each([
  ['0', 'int8'],
  ['127', 'int8'],
  ['128', 'int16'],
  ['200', 'int16'],
  ['32767', 'int16'],
  ['32768', 'int32'],
  ['70000', 'int32'],
  ['2147483648', 'int64'],
  ['5e9', 'int64'],
  ['9223372036854775807', 'int64'],
  ['9223372036854775808', 'uint64'],
  ['18446744073709551615', 'uint64'],
  ['-1', 'int8'],
  ['-128', 'int8'],
  ['-129', 'int16'],
  ['-9223372036854775808', 'int64'],
  ['2s', 'int32'],
  ['3s', 'int64'],
  ['true', 'bool'],
  ['"abc"', 'string[4]'],
  ['""', 'string[1]'],
  ['(1, "ab", (300,))', '(int8,string[3],(int16))'],
  ['(lo=1, hi="x")', 'record { .lo = int8, .hi = string[2] }'],
  ['()', '()'],
  ['$1', 'int8'],
  ['$2', 'string[5]'],
  ['$#', 'uint64'],
  ['str($1)', 'string[2]'],
])('the literal %s is %s', (literal, type) => {
  expect(typeOf(literal)).toBe(type);
});

describe('two integer types', () => {
  test.each([
    // same sign: the wider
    ['(int8)1', '(int32)1', 'int32'],
    ['(uint8)1', '(uint16)1', 'uint16'],
    // a literal takes the sign of the other side
    ['(uint8)1', '1', 'uint8'],
    ['(uint8)1', '300', 'uint16'],
    ['1', '(uint64)1', 'uint64'],
    ['1', '300', 'int16'],
    // a negative literal does not
    ['(uint8)1', '-1', 'int16'],
    // signed and wider holds both
    ['(int32)1', '(uint8)1', 'int32'],
    ['(int64)1', '(uint32)1', 'int64'],
    // else twice the width
    ['(uint8)1', '(int8)1', 'int16'],
    ['(uint16)1', '(int8)1', 'int32'],
    ['(uint32)1', '(int32)1', 'int64'],
    // up to 64 bits
    ['(uint64)1', '(int8)1', 'int64'],
    ['(int64)1', '(uint64)1', 'int64'],
  ])('%s and %s become %s', (a, b, type) => {
    expect(types(`begin { @m = ${a}; @m = ${b}; }`)).toEqual([`@m: ${type}`]);
    expect(types(`begin { @m = ${b}; @m = ${a}; }`)).toEqual([`@m: ${type}`]);
    expect(types(`begin { $x = ${a}; $x = ${b}; }`)).toEqual([`$x: ${type}`]);
    expect(types(`begin { @m[${a}] = 1; @m[${b}] = 1; }`)).toEqual([`@m[${type}]: int8`]);
    expect(typeOf(`$c ? ${a} : ${b}`, '$c = nsecs > 5;')).toBe(type);
  });
});

test.each([
  // arithmetic has 64 bits
  ['$i8 + 1', 'int64'],
  ['$u8 + 1', 'uint64'],
  ['$u8 * $u16', 'uint64'],
  ['$u8 + $i8', 'int64'],
  ['$u64 / $i8', 'int64'],
  ['$u8 % 3', 'uint64'],
  ['$u8 & 1', 'uint64'],
  ['$i8 | $u8', 'int64'],
  ['$i8 ^ 1', 'int64'],
  // subtraction is signed
  ['$u8 - 1', 'int64'],
  ['$u64 - $u64', 'int64'],
  // shifts have the sign of what is shifted
  ['$u8 << 1', 'uint64'],
  ['$i8 << 1', 'int64'],
  ['$i8 >> $u8', 'int64'],
  ['1 << $u8', 'uint64'],
  // of bools
  ['$b + $b', 'bool'],
  ['$b + 1', 'int64'],
  // comparison and logic
  ['$i8 < $u8', 'bool'],
  ['$i8 == 1', 'bool'],
  ['$s == "x"', 'bool'],
  ['$b && $i8', 'bool'],
  ['!$i8', 'bool'],
  // unary
  ['-$u8', 'uint64'],
  ['~$u8', 'uint64'],
  ['-$i8', 'int64'],
  ['~$i8', 'int64'],
  // parts
  ['$s[0]', 'int8'],
  ['$t.0', 'int8'],
  ['$t.1', 'string[4]'],
  ['$t[1]', 'string[4]'],
  ['$r.name', 'string[3]'],
  // pointers move by what they point to and stay pointers
  ['$p + 1', 'int32 *'],
  ['1 + $p', 'int32 *'],
  ['$p - $u8', 'int32 *'],
  ['$p == 0', 'bool'],
  ['*$p', 'int32'],
  // casts
  ['(uint8)$i8', 'uint8'],
  ['(bool)$s', 'bool'],
  ['(uint8[4])(uint32)$i8', 'uint8[4]'],
  ['(uint32)(uint8[4])(uint32)1', 'uint32'],
  ['(string[16])$s', 'string[16]'],
  ['(username_t)uid', 'username_t'],
  // functions
  ['pid', 'uint32'],
  ['nsecs', 'uint64'],
  ['comm', 'string[16]'],
  ['str(nsecs)', 'string[1024]'],
  ['str((uint64)0, 20)', 'string[21]'],
  ['str($s, 2)', 'string[3]'],
  ['strerror(2)', 'string[64]'],
  ['buf($s)', 'buffer[4]'],
  ['buf((uint64)0, 8)', 'buffer[8]'],
  ['strncmp($s, "x", 1)', 'uint64'],
  // blocks and branches
  ['{ let $y = 5; $y + 1 }', 'int64'],
  ['if ($b) { "a" } else { "bcd" }', 'string[4]'],
  ['$b ? (1, "a") : (300, "abc")', '(int16,string[4])'],
  ['$b ? (x=1, y="a") : (y="abc", x=300)', 'record { .x = int16, .y = string[4] }'],
])('%s is %s', (expression, type) => {
  const before = `$i8 = (int8)nsecs; $u8 = (uint8)nsecs; $u16 = (uint16)nsecs; $u64 = nsecs; $b = nsecs > 5; $s = "abc";
    $t = (1, "abc"); $r = (id=1, name="ab"); $p = (int32 *)nsecs;`;
  expect(typeOf(expression, before)).toBe(type);
});

test.each([
  ['1 + 2 * 3', '7: int8'],
  ['1000 - 1', '999: int16'],
  ['2 * 3 == 6', 'true: bool'],
  ['-5 / 2', '-2: int8'],
  ['-5 % 3', '-2: int8'],
  ['-8 >> 1', '-4: int8'],
  ['1 << 63', '9223372036854775808: uint64'],
  ['~0', '18446744073709551615: uint64'],
  ['~5', '18446744073709551610: uint64'],
  ['- -5', '5: int8'],
  ['!0', 'true: bool'],
  ['"ab" + "cd"', 'abcd: string[5]'],
  ['"hello" + 2', 'llo: string[4]'],
  ['"abc"[1]', '98: int8'],
  ['"a" < "b"', 'true: bool'],
  ['"a" == "a"', 'true: bool'],
  ['str(42)', '42: string[3]'],
  ['str("abc", 2)', 'ab: string[3]'],
  ['$1 + 1', '8: int8'],
  ['str($2 + 2)', 'rd: string[3]'],
  ['1 ? 5 : 70000', '5: int32'],
  ['comptime 5 + 5', '10: int8'],
  // casts give a constant its type: it is computed as a variable of that type would be
  ['(uint32)5 + 3', '8: uint64'],
  ['(uint64)5 - 6', '-1: int64'],
  ['~(uint64)5', '18446744073709551610: uint64'],
  ['-(uint8)1', '18446744073709551615: uint64'],
  ['(uint64)-1 == -1', 'true: bool'],
  ['(uint64)-1 > 1', 'true: bool'],
  ['(uint8)300', '44: uint8'],
  ['(int8)200', '-56: int8'],
  ['(uint64)-1 + 2', '1: uint64'],
  ['(uint32)4000000000 * 5000000000', '1553255926290448384: uint64'],
  ['true + true', 'true: bool'],
  // sizes
  ['sizeof(uint32)', '4: int8'],
  ['sizeof(5)', '1: int8'],
  ['sizeof(128)', '2: int8'],
  ['sizeof("abc")', '4: int8'],
  ['sizeof(true)', '1: int8'],
  ['sizeof(nsecs + 1)', '8: int8'],
  ['sizeof((1, 2))', '2: int8'],
  ['sizeof(((int8)1,(int64)1,(int8)1,(int64)1))', '32: int8'],
  ['sizeof(((int32)1,(int16)1,(int8)1))', '8: int8'],
  ['sizeof(uint8[40])', '40: int8'],
  ['sizeof(string[64])', '64: int8'],
  ['sizeof(int8 *)', '8: int8'],
])('%s is known when the script is compiled: %s', (expression, expected) => {
  expect(folded(expression)).toBe(expected);
});

test('what runs in the kernel is not folded', () => {
  expect(folded('$x + 1', '$x = 1;')).toBeUndefined();
  expect(folded('nsecs')).toBeUndefined();
});

test.each<[string, string, readonly string[]]>([
  ['only ++', 'begin { @x++; @y[1]--; $z = 0; $z++; }', ['$z: int64', '@x: int64', '@y[int8]: int64']],
  ['++ keeps the sign', 'begin { @x = (uint8)1; @x++; }', ['@x: uint64']],
  ['+=', 'begin { @x += 5; $y = 1; $y += 1; }', ['$y: int64', '@x: int64']],
  ['+= starts from a signed number', 'begin { @x += (uint32)5; }', ['@x: int64']],
  [
    'strings take the longest',
    'begin { $s = "a"; $s = "abcd"; @m = "ab"; @m = $s; }',
    ['$s: string[5]', '@m: string[5]'],
  ],
  ['strings in keys', 'begin { @["a", 1] = 1; @["abc", 300] = 1; }', ['@[(string[4],int16)]: int8']],
  ['(a, b) is the key a, b', 'begin { @[1, 2] = 1; @[(300, 2)] = 1; }', ['@[(int16,int8)]: int8']],
  [
    'maps pass types on, in any order',
    'begin { @a = @b; @b = @c; @c = 300; }',
    ['@a: int16', '@b: int16', '@c: int16'],
  ],
  ['from another probe', 'begin { print(@x); } end { @x = "late"; }', ['@x: string[5]']],
  ['maps of maps', 'begin { @a[@b] = 1; @b = 70000; }', ['@a[int32]: int8', '@b: int32']],
  [
    'a missing value is of the map type',
    'begin { $x = @m[5]; @m[1] = "abc"; }',
    ['$x: string[4]', '@m[int8]: string[4]'],
  ],
  [
    'an aggregation reads as 64 bits',
    'begin { @c = count(); $x = @c; @s = sum(-1); $y = @s; }',
    ['$x: uint64', '$y: int64', '@c: count_t', '@s: sum_t'],
  ],
  ['signed when any argument is', 'begin { @s = sum((uint8)1); @s = sum((int8)1); }', ['@s: sum_t']],
  [
    'unsigned when all are',
    'begin { @s = sum((uint8)1); @a = avg(nsecs); @m = max(pid); }',
    ['@s: usum_t', '@a: uavg_t', '@m: umax_t'],
  ],
  [
    'a declaration fixes the type',
    'begin { let $x: uint8 = 1; let $y: string[8] = "abc"; let $z: int64; $z = 1; }',
    ['$x: uint8', '$y: string[8]', '$z: int64'],
  ],
  [
    'a declaration without type does not',
    'begin { let $x; $x = 1; $x = 300; let $s: string = "abc"; $s = "abcdef"; }',
    ['$x: int16', '$s: string[7]'],
  ],
  [
    'blocks have variables of their own',
    'begin { if (nsecs) { $x = 1; } else { $x = "a"; } { let $x = (1, 2); } }',
    ['$x: int8', '$x: string[2]', '$x: (int8,int8)'],
  ],
  [
    'a range',
    'begin { for ($i : 0..1000) { $j = $i; } for ($k : (uint8)1..nsecs) { } }',
    ['$i: int16', '$j: int16', '$k: uint64'],
  ],
  [
    'a map in a loop',
    'begin { @a[1, "x"] = 2; for ($kv : @a) { $k = $kv.0; } @c[1] = count(); for ($kv : @c) { } }',
    [
      '$kv: ((int8,string[2]),int8)',
      '$k: (int8,string[2])',
      '$kv: (int8,uint64)',
      '@a[(int8,string[2])]: int8',
      '@c[int8]: count_t',
    ],
  ],
  [
    'records match by name',
    'begin { @r = (a=1, b="x"); @r = (b="yyyy", a=300); }',
    ['@r: record { .a = int16, .b = string[5] }'],
  ],
  [
    'arguments',
    'tracepoint:sched:sched_switch { @[args.prev_comm] = args.prev_pid; @s = args.prev_state; }',
    ['@[string[16]]: int32', '@s: int64'],
  ],
  [
    'arguments of system calls',
    'tracepoint:syscalls:sys_enter_openat { @ = args.filename; @fd = args.dfd; }',
    ['@: int8 *', '@fd: uint64'],
  ],
])('%s', (_title, script, expected) => {
  expect(types(script)).toEqual(expected);
});
