/** BTF of the recorded machine: records, types, fields; and what corrupt BTF does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { typeName } from '../../src/types/type.ts';
import { btfKind, openBtf } from '../../src/world/btf.ts';
import { BtfTypeTable } from '../../src/world/btf-types.ts';
import { fixtureRoot, fixtureTypes } from '../support/fixture-world.ts';
import { makeBtf } from '../support/make-btf.ts';

const bytes = new Uint8Array(readFileSync(join(fixtureRoot, 'sys/kernel/btf/vmlinux')));

describe('fields', () => {
  it.each([
    [
      'task_struct',
      [
        '0 __state uint32',
        '8 stack void * kernel',
        '16 usage struct atomic_t',
        '20 flags uint32',
        '24 prio int32',
        '32 tasks struct list_head',
        '48 mm struct mm_struct * kernel',
        '56 exit_code int32',
        '60 sched_reset_on_fork uint32 bits 0+1',
        '60 sched_contributes_to_load uint32 bits 1+1',
        '64 in_execve uint32 bits 0+1',
        '64 in_iowait uint32 bits 1+1',
        '64 signed_bits int32 bits 2+5',
        '68 pid int32',
        '72 tgid int32',
        '80 real_parent struct task_struct * kernel',
        '88 parent struct task_struct * kernel',
        '96 group_leader struct task_struct * kernel',
        '104 start_time uint64',
        '112 cred struct cred * kernel',
        '120 comm string[16]',
        '136 fs struct fs_struct * kernel',
        '144 set_child_tid int32 * user',
        '152 counters uint64 * kernel percpu',
        '160 inner struct (anonymous)',
        '172 names string[8][2]',
        '188 ready bool',
        '192 average none',
      ],
    ],
    ['qstr', ['0 hash uint32', '4 len uint32', '0 hash_len uint64', '8 name uint8 * kernel']],
    ['mm_struct', ['0 total_vm uint64', '8 start_code uint64', '16 end_code uint64', '24 cpu_bitmap uint64[0]']],
    ['packed_bits', ['0 first uint8', '0 crossing uint32 bits 8+20', '1 rest uint32 bits 20+12']],
    [
      'sk_buff',
      [
        '0 next struct sk_buff * kernel',
        '8 len uint32',
        '12 pkt_type uint8 bits 0+3',
        '12 ignore_df uint8 bits 3+1',
        '16 data uint8 * kernel',
      ],
    ],
    ['sigval_union', ['0 sival_int int32', '0 sival_ptr void * user']],
    ['kuid_t', ['0 val uint32']],
  ])('of %s', (name, expected) => {
    expect(describeFields(fixtureTypes(), name)).toEqual(expected);
  });

  it('finds unnamed structs again by the name in their type', () => {
    const types = fixtureTypes();
    const inner = types.fields('task_struct')?.find((field) => field.name === 'inner')?.type;
    expect(inner).toMatchObject({ kind: 'struct', table: 'vmlinux', size: 12 });
    expect(inner?.kind === 'struct' && describeFields(types, inner.name)).toEqual([
      '0 depth uint32',
      '4 tag string[6]',
    ]);
    const node = types.fields('kernel_cgroup_node');
    expect(node?.map((field) => field.name)).toEqual(['level', 'ids', 'halves', 'ancestors']);
  });

  it('says undefined to what is no struct', () => {
    const types = fixtureTypes();
    for (const name of ['nosuch', 'pid_t', 'hrtimer_mode', '', '\0', '__anonymous_1', '__anonymous_x', 'task_struc']) {
      expect(types.fields(name), name).toBeUndefined();
    }
  });
});

describe('find', () => {
  const types = fixtureTypes();

  it('resolves typedefs to what they stand for', () => {
    expect(types.find('typedef', 'pid_t')).toEqual({ kind: 'int', bytes: 4, signed: true });
    expect(types.find('typedef', 'u8')).toEqual({ kind: 'int', bytes: 1, signed: false });
    expect(types.find('typedef', 'bool')).toEqual({ kind: 'bool' });
    expect(types.find('typedef', 'atomic_t')).toEqual({ kind: 'struct', table: 'vmlinux', name: 'atomic_t', size: 4 });
    expect(types.find('typedef', 'unnamed_enum_t')).toMatchObject({ kind: 'enum', name: 'unnamed_enum_t', bytes: 4 });
    expect(types.find('typedef', 'btf_trace_sched_switch')).toMatchObject({ kind: 'pointer', to: { kind: 'none' } });
  });

  it('keeps kinds apart', () => {
    expect(types.find('struct', 'task_struct')).toMatchObject({ name: 'task_struct', size: 200 });
    expect(types.find('union', 'task_struct')).toBeUndefined();
    expect(types.find('union', 'sigval_union')).toMatchObject({ kind: 'struct', size: 8 });
    expect(types.find('struct', 'pid_t')).toBeUndefined();
    expect(types.find('enum', 'nosuch')).toBeUndefined();
  });

  it('reads enums with their sign and width', () => {
    expect(types.find('enum', 'signed_enum')).toEqual({
      kind: 'enum',
      name: 'signed_enum',
      bytes: 4,
      values: [
        { name: 'BELOW_ZERO', value: -1n },
        { name: 'ABOVE_ZERO', value: 1n },
      ],
    });
    expect(types.find('enum', 'wide_enum')).toMatchObject({ bytes: 8, values: [{ value: 1n }, { value: 1n << 32n }] });
  });

  it('finds constants without knowing their enum', () => {
    expect(types.enumConstant('SKB_DROP_REASON_NO_SOCKET')).toMatchObject({ value: 3n, enumName: 'skb_drop_reason' });
    expect(types.enumConstant('WIDE_HIGH')).toMatchObject({ value: 1n << 32n, enumName: 'wide_enum' });
    expect(types.enumConstant('BELOW_ZERO')?.value).toBe(-1n);
    expect(types.enumConstant('skb_drop_reason')).toBeUndefined();
    expect(types.enumConstant('NO_SOCKET')).toBeUndefined();
  });
});

describe('fromDeclaration', () => {
  const types = fixtureTypes();
  it.each([
    ['pid_t', 'int32'],
    ['unsigned long', 'uint64'],
    ['const char *', 'int8 *'],
    ['enum hrtimer_mode', 'enum hrtimer_mode'],
    ['const enum skb_drop_reason', 'enum skb_drop_reason'],
    ['struct task_struct *', 'struct task_struct *'],
    ['const struct path', 'struct path'],
    ['struct nosuch *', 'void *'],
    ['kuid_t', 'struct kuid_t'],
    ['struct nosuch', undefined],
  ])('%s', (text, expected) => {
    const type = types.fromDeclaration(text);
    expect(type && typeName(type)).toBe(expected);
  });
});

describe('the format itself', () => {
  it('reads types and strings wherever the bytes lie', () => {
    const shifted = Buffer.alloc(bytes.length + 1);
    shifted.set(bytes, 1);
    const table = new BtfTypeTable('shifted', openBtf(shifted.subarray(1)) ?? fail());
    expect(describeFields(table, 'qstr')).toEqual(describeFields(fixtureTypes(), 'qstr'));
  });

  it('gives the offset of a member of a member', () => {
    const table = fixtureTypes();
    const offset = (name: string): number =>
      table.fields('task_struct')?.find((each) => each.name === name)?.offset ?? fail();
    expect(table.offsetOf('task_struct', ['pid'])).toBe(offset('pid'));
    expect(table.offsetOf('task_struct', ['tasks', 'prev'])).toBe(offset('tasks') + 8);
    expect(table.offsetOf('task_struct', ['inner', 'tag'])).toBe(offset('inner') + 4);
    expect(table.offsetOf('task_struct', ['in_iowait'])).toBeUndefined();
    expect(table.offsetOf('task_struct', [])).toBe(0);
    expect(table.offsetOf('task_struct', ['nosuch'])).toBeUndefined();
    expect(table.offsetOf('task_struct', ['pid', 'nosuch'])).toBeUndefined();
    expect(table.offsetOf('nosuch', ['pid'])).toBeUndefined();
  });

  it('finds names by prefix in one pass', () => {
    const names = openBtf(bytes)?.namesStartingWith('btf_trace_sched_') ?? new Set();
    expect([...names].sort()).toEqual([
      'btf_trace_sched_process_exec',
      'btf_trace_sched_process_exit',
      'btf_trace_sched_process_fork',
      'btf_trace_sched_switch',
      'btf_trace_sched_wakeup',
    ]);
  });

  it('refuses what is no BTF', () => {
    for (const text of ['', 'BTF', '\x9f\xeb', `\x9f\xeb\x01${'\0'.repeat(40)}`, `\x9f\xeb\x02${'\0'.repeat(40)}`]) {
      expect(openBtf(Buffer.from(text, 'latin1')), JSON.stringify(text)).toBeUndefined();
    }
  });

  it('reads old bit-fields, whose integer type says the width', () => {
    // struct s { int a:3 at bit 5 } with kind_flag 0 and an integer of 3 bits.
    const btf = makeBtf('\0s\0a\0int\0', [
      [5, (btfKind.int << 24) | 0, 4, (1 << 24) | 3],
      [1, (btfKind.struct << 24) | 1, 4, 3, 1, 5],
    ]);
    expect(describeFields(new BtfTypeTable('old', openBtf(btf) ?? fail()), 's')).toEqual(['0 a int32 bits 5+3']);
  });

  it('prefers ids of a kind over names of others', () => {
    // A function-like name shared by a typedef and a struct behind it.
    const btf = makeBtf('\0x\0y\0', [
      [1, btfKind.typedef << 24, 2],
      [1, btfKind.struct << 24, 8],
      [3, btfKind.forward << 24, 0],
    ]);
    const table = new BtfTypeTable('t', openBtf(btf) ?? fail());
    expect(table.find('typedef', 'x')).toMatchObject({ kind: 'struct', name: 'x', size: 8 });
    expect(table.find('struct', 'x')).toMatchObject({ size: 8 });
    expect(table.find('struct', 'y')).toBeUndefined();
  });
});

describe('corrupt BTF', () => {
  it('of circles ends', () => {
    const struct = btfKind.struct << 24;
    const circles = makeBtf('\0loop\0p\0nest\0tag\0m\0', [
      [1, btfKind.typedef << 24, 1],
      [6, btfKind.typedef << 24, 3],
      [0, btfKind.pointer << 24, 3],
      [8, struct | 2, 8, 0, 4, 0, 0, 4, 0], // A struct with itself inside, twice, both times without a name.
      [13, btfKind.typeTag << 24, 5],
      [0, btfKind.pointer << 24, 5],
      [17, struct | 1, 8, 13, 6, 0],
      [0, btfKind.array << 24, 0, 8, 8, 0xffffffff],
    ]);
    const table = new BtfTypeTable('circles', openBtf(circles) ?? fail());
    expect(table.find('typedef', 'loop')).toEqual({ kind: 'none' });
    expect(table.find('typedef', 'p')?.kind).toBe('pointer');
    expect(table.fields('loop')).toBeUndefined();
    expect(table.fields('nest')).toBeUndefined();
    expect(table.fields('m')).toEqual([{ name: 'tag', type: { kind: 'none' }, offset: 0 }]);
  });

  it('ends at an unknown kind', () => {
    const btf =
      openBtf(
        makeBtf('\0a\0b\0', [
          [1, btfKind.struct << 24, 4],
          [0, 31 << 24, 0],
          [3, btfKind.struct << 24, 4],
        ]),
      ) ?? fail();
    expect(btf.find('b', [btfKind.struct])).toBeUndefined();
    expect(btf.find('a', [btfKind.struct])).toBe(1);
    expect(btf.record(2)).toBeUndefined();
    expect(btf.typeCount()).toBe(1);
  });

  it('may have a name twice: the first counts, whatever was asked before', () => {
    const twice = makeBtf('\0a\0b\0', [
      [1, btfKind.struct << 24, 4],
      [1, btfKind.struct << 24, 8],
      [3, btfKind.struct << 24, 4],
    ]);
    const fresh = openBtf(twice) ?? fail();
    expect(fresh.find('a', [btfKind.struct])).toBe(1);
    expect(fresh.typeCount()).toBe(3);
    expect(fresh.find('a', [btfKind.struct])).toBe(1);
    expect(fresh.find('b', [btfKind.struct])).toBe(3);
  });

  it('cut off anywhere gives answers or undefined, never an exception', () => {
    const names = new Set<string>();
    for (let length = 0; length < bytes.length; length += 5) names.add(explore(bytes.slice(0, length)));
    expect(names).toEqual(new Set(['no header'])); // The header knows the length.
    for (let cut = 4; cut < 3000; cut += 4) explore(withTypeLength(bytes, cut));
  });

  it('with changed bytes gives answers or undefined, never an exception', () => {
    const outcomes = new Set<string>();
    let state = 12345;
    const random = (below: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 8) % below;
    };
    for (let round = 0; round < 400; round++) {
      const damaged = bytes.slice();
      for (let i = 0; i < 6; i++) damaged[24 + random(damaged.length - 24)] = random(256);
      outcomes.add(explore(damaged));
    }
    expect(outcomes.size).toBeGreaterThan(1);
  });
});

/** Asks everything there is to ask and sums up what came out. */
function explore(btfBytes: Uint8Array): string {
  const btf = openBtf(btfBytes);
  if (btf === undefined) return 'no header';
  const table = new BtfTypeTable('damaged', btf);
  const composites = ['task_struct', 'qstr', 'path', 'kernel_cgroup_node', 'packed_bits', 'sigval_union', 'atomic_t'];
  const found = composites.map((name) => table.fields(name)?.length ?? '-');
  table.find('enum', 'skb_drop_reason');
  table.enumConstant('WIDE_HIGH');
  table.fromDeclaration('struct task_struct *');
  table.namesStartingWith('btf_trace_');
  for (let id = 0; id <= btf.typeCount() + 1; id++) table.fields(`__anonymous_${id}`);
  return `${btf.typeCount()} ${found.join()}`;
}

/** The same file with a shorter type section, as if records had been cut. */
function withTypeLength(whole: Uint8Array, length: number): Uint8Array {
  const copy = whole.slice();
  new DataView(copy.buffer).setUint32(12, length, true);
  return copy;
}

function describeFields(table: { fields: BtfTypeTable['fields'] }, name: string): readonly string[] | undefined {
  return table.fields(name)?.map(({ name: field, type, offset, bits }) => {
    const space = type.kind === 'pointer' ? ` ${type.space}${type.tag === undefined ? '' : ` ${type.tag}`}` : '';
    return `${offset} ${field} ${typeName(type)}${space}${bits ? ` bits ${bits.shift}+${bits.width}` : ''}`;
  });
}

function fail(): never {
  throw new Error('the BTF made for this test was refused');
}
