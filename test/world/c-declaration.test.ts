import { describe, expect, it } from 'vitest';
import { typeName } from '../../src/types/type.ts';
import { typeFromC, typeFromCAlone } from '../../src/world/c-declaration.ts';

describe('C type names without BTF', () => {
  it.each([
    ['char', 'int8'],
    ['const char', 'int8'],
    ['unsigned char', 'uint8'],
    ['short', 'int16'],
    ['unsigned short int', 'uint16'],
    ['int', 'int32'],
    ['unsigned', 'uint32'],
    ['long', 'int64'],
    ['long unsigned int', 'uint64'],
    ['unsigned long long', 'uint64'],
    ['long long int', 'int64'],
    ['bool', 'bool'],
    ['_Bool', 'bool'],
    ['void', 'none'],
    ['u64', 'uint64'],
    ['__s16', 'int16'],
    ['pid_t', 'int32'],
    ['size_t', 'uint64'],
    ['const clockid_t', 'int32'],
    ['enum zone_type', 'uint32'],
    ['void *', 'void *'],
    ['const char *', 'int8 *'],
    ['const char *const *', 'int8 * *'],
    ['struct page *', 'void *'],
    ['nosuch_t *', 'void *'],
    ['int (*)(int, void *)', 'void *'],
    ['struct page', undefined],
    ['nosuch_t', undefined],
    ['double', undefined],
    ['int]', undefined],
    ['* int', undefined],
    ['int * restrict', 'int32 *'],
    ['int * long', undefined],
    ['', undefined],
  ])('%s', (text, expected) => {
    const type = typeFromCAlone(text);
    expect(type && typeName(type)).toBe(expected);
  });

  it('sees __user, also as clang spells it', () => {
    for (const text of ['char __user *', 'const char __attribute__((btf_type_tag("user"))) *']) {
      expect(typeFromCAlone(text), text).toMatchObject({ kind: 'pointer', space: 'user' });
    }
    expect(typeFromCAlone('char *')).toMatchObject({ kind: 'pointer', space: 'kernel' });
  });
});

it('asks the look-up before its own table', () => {
  const asked: string[] = [];
  const type = typeFromC('pid_t', (kind, name) => {
    asked.push(`${kind} ${name}`);
    return { kind: 'bool' };
  });
  expect(type).toEqual({ kind: 'bool' });
  expect(asked).toEqual(['typedef pid_t']);
});
