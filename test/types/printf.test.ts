import { expect, test } from 'vitest';
import { checkFormat, type FormatProblem, parseFormat } from '../../src/types/printf.ts';
import {
  boolType,
  errorType,
  int32,
  int64,
  noneType,
  pointerTo,
  stringType,
  symbolic,
  type Type,
  tupleOf,
} from '../../src/types/type.ts';

const buffer: Type = { kind: 'buffer', size: 8 };

/** Conversions in angle brackets: specifier, bits, flags and width. */
function shown(format: string): string {
  return parseFormat(format)
    .map((piece) => {
      if (piece.kind === 'text') return piece.text;
      const flags = [piece.left && '-', piece.plus && '+', piece.alternate && '#', piece.zero && '0'].filter(Boolean);
      return `<${piece.specifier} ${piece.bits}${flags.length > 0 ? ` ${flags.join('')}` : ''}${piece.width ? ` ${piece.width}` : ''}>`;
    })
    .join('');
}

test.each([
  ['plain', 'plain'],
  ['', ''],
  ['%d', '<d 32>'],
  ['a %s b %u\n', 'a <s 32> b <u 32>\n'],
  ['100%% %d%%', '100% <d 32>%'],
  ['%5%', '%'],
  ['%', '%'],
  ['%y %', '%y %'],
  ['%-5d|%05d|%+d|% d|%#x', '<d 32 - 5>|<d 32 0 5>|<d 32 +>|<d 32>|<x 32 #>'],
  ['%-+ #05d', '<d 32 -+#0 5>'],
  ['%#-5d', '%#-5d'],
  ['%hhd %hd %ld %lld %jx %zu %td', '<d 8> <d 16> <d 64> <d 64> <x 64> <u 64> <d 64>'],
  ['%hld', '<d 32>'],
  ['%-10.10s|%.3d|%.*s|%*d', '<s 32 - 10>|<d 32>|<s 32>|<d 32>'],
  ['%p', '<p 64>'],
  ['%r %rx %rh %gr %20r', '<r 32> <rx 32> <rh 32> <gr 32> <r 32 20>'],
  ['%rest', '<r 32>est'],
  ['%f %g %a %E', '<f 32> <g 32> <a 32> <E 32>'],
  ['%99999999999d', '<d 32 65536>'],
])('parse %j', (format, expected) => {
  expect(shown(format)).toBe(expected);
});

test('text pieces are joined', () => {
  expect(parseFormat('50%% of %%d')).toEqual([{ kind: 'text', text: '50% of %d' }]);
});

const conversion = (specifier: string, argument = 0) => ({ specifier, conversion: `%${specifier}`, argument });

test.each<[string, Type[], FormatProblem[]]>([
  ['%d %i %u %x %X %o %c %p', [int32, int64, boolType, pointerTo(int32, 'user'), int32, int32, int32, int32], []],
  ['%s %s %s %s', [int64, tupleOf([int32]), symbolic('inet'), buffer], []],
  ['%r %rx %rh %gr', [buffer, buffer, buffer, int64], []],
  ['%d', [{ kind: 'enum', name: 'e', bytes: 8, values: [] }], []],
  ['%d', [errorType], []],
  ['x', [], []],
  ['%d %d', [int32], [{ kind: 'too-few-arguments', supplied: 1, expected: 2 }]],
  ['%d', [int32, int32, int32], [{ kind: 'too-many-arguments', supplied: 3, expected: 1 }]],
  ['%f', [int32], [{ kind: 'unsupported-specifier', specifier: 'f', conversion: '%f' }]],
  ['%d', [stringType(4)], [{ kind: 'wrong-type', ...conversion('d'), type: stringType(4) }]],
  ['%s %p', [int32, buffer], [{ kind: 'wrong-type', ...conversion('p', 1), type: buffer }]],
  ['%rx', [int32], [{ kind: 'wrong-type', ...conversion('rx'), type: int32 }]],
  ['%gr', [boolType], [{ kind: 'wrong-type', ...conversion('gr'), type: boolType }]],
  ['%s', [noneType], [{ kind: 'none-type', ...conversion('s') }]],
])('check %j', (format, types, problems) => {
  expect(checkFormat(parseFormat(format), types)).toEqual(problems);
});

test('an aggregate that is no number has no text', () => {
  const hist: Type = { kind: 'aggregate', by: 'hist', signed: false, parameters: [0n], castable: false };
  expect(checkFormat(parseFormat('%s'), [hist]).map((problem) => problem.kind)).toEqual(['wrong-type']);
});
