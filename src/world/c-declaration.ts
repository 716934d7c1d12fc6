/**
 * C type names as the kernel writes them into tracefs format files (`unsigned long`, `const char *`, `enum zone_type`,
 * `pid_t`) -> Type. Not a C parser: no declarators but `*`. Named types are asked from `lookup` (BTF); what it does not
 * know falls back to the sizes that the kernel's own typedefs have on 64-bit machines, so that most of a format file
 * can be read on a kernel without BTF.
 */
import {
  type AddressSpace,
  boolType,
  int8,
  int16,
  int32,
  int64,
  noneType,
  pointerTo,
  type Type,
  uint8,
  uint16,
  uint32,
  uint64,
} from '../types/type.ts';

export type NamedTypeLookup = (kind: 'struct' | 'union' | 'enum' | 'typedef', name: string) => Type | undefined;

/**
 * The type of the text. Pointers point to kernel space unless the text says `__user`. Undefined for unknown names and
 * for types the language has no values of (floating point, 128 bits); a pointer to such a type points to `none`.
 */
export function typeFromC(text: string, lookup: NamedTypeLookup): Type | undefined {
  // Kernels built by clang may show `__user` as what the macro expands to.
  const spelled = text.replaceAll('__attribute__((btf_type_tag("user")))', '__user');
  // Function pointers, in C's inside-out spelling.
  if (/\(\s*\*/.test(spelled)) return pointerTo(noneType, 'kernel');
  const tokens: readonly string[] = spelled.match(/\w+|\S/g) ?? [];
  const space: AddressSpace = tokens.includes('__user') ? 'user' : 'kernel';
  const plain = tokens.filter((token) => !qualifiers.has(token));
  const firstStar = plain.indexOf('*');
  const words = firstStar < 0 ? plain : plain.slice(0, firstStar);
  const stars = firstStar < 0 ? [] : plain.slice(firstStar);
  if (words.length === 0 || stars.some((token) => token !== '*') || words.some((word) => !/^\w+$/.test(word))) {
    return undefined;
  }
  const base = baseType(words, lookup);
  if (stars.length === 0) return base;
  return stars.reduce<Type>((to) => pointerTo(to, space), base ?? noneType);
}

/** The same without BTF: no structs, enums as unsigned 32-bit integers. */
export function typeFromCAlone(text: string): Type | undefined {
  return typeFromC(text, () => undefined);
}

const qualifiers = new Set(['const', 'volatile', 'restrict', '__restrict', 'register', '__user', '__kernel', '__rcu']);

function baseType(words: readonly string[], lookup: NamedTypeLookup): Type | undefined {
  const [first = '', second] = words;
  if (first === 'struct' || first === 'union' || first === 'enum') {
    if (second === undefined || words.length > 2) return undefined;
    return lookup(first, second) ?? (first === 'enum' ? uint32 : undefined);
  }
  if (words.every((word) => integerWords.has(word))) return integerType(words);
  if (words.length > 1) return undefined;
  if (first === 'void') return noneType;
  if (first === 'bool' || first === '_Bool') return boolType;
  return lookup('typedef', first) ?? kernelTypedefs.get(first);
}

const integerWords = new Set(['char', 'short', 'int', 'long', 'signed', 'unsigned', '__signed__', '__signed']);

/** C allows the words in any order (`long unsigned int`). `char` is signed in the language, whatever the machine says. */
function integerType(words: readonly string[]): Type {
  const unsigned = words.includes('unsigned');
  if (words.includes('char')) return unsigned ? uint8 : int8;
  if (words.includes('short')) return unsigned ? uint16 : int16;
  if (words.includes('long')) return unsigned ? uint64 : int64;
  return unsigned ? uint32 : int32;
}

/** What a typedef of the kernel's own headers means, without asking BTF; undefined for those not known here. */
export function kernelTypedef(name: string): Type | undefined {
  return kernelTypedefs.get(name);
}

/** Typedefs of the kernel's headers on LP64 machines (include/linux/types.h, include/uapi/asm-generic/posix_types.h). */
const kernelTypedefs: ReadonlyMap<string, Type> = new Map(
  (
    [
      [int8, 's8 __s8 int8_t'],
      [uint8, 'u8 __u8 uint8_t u_char'],
      [int16, 's16 __s16 int16_t'],
      [uint16, 'u16 __u16 uint16_t u_short umode_t sa_family_t __le16 __be16 __sum16'],
      [int32, 's32 __s32 int32_t pid_t clockid_t key_t mqd_t timer_t rwf_t key_serial_t __kernel_pid_t'],
      [
        uint32,
        'u32 __u32 uint32_t u_int uid_t gid_t qid_t dev_t mode_t gfp_t fmode_t blk_opf_t __le32 __be32 __wsum ' +
          'isolate_mode_t compat_size_t',
      ],
      [int64, 's64 __s64 int64_t off_t loff_t ssize_t time64_t ktime_t clock_t ptrdiff_t'],
      [
        uint64,
        'u64 __u64 uint64_t u_long size_t ino_t sector_t blkcnt_t dma_addr_t phys_addr_t resource_size_t ' +
          'uintptr_t pgoff_t aio_context_t vm_flags_t __le64 __be64',
      ],
    ] as const
  ).flatMap(([type, names]) => names.split(' ').map((name): [string, Type] => [name, type])),
);
