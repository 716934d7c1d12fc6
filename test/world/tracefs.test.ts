/** Format files, real ones of the recorded machine and made-up lines for what it has none of. */
import { describe, expect, it } from 'vitest';
import type { Field } from '../../src/types/type.ts';
import { typeName } from '../../src/types/type.ts';
import { typeFromCAlone } from '../../src/world/c-declaration.ts';
import { emptyHostFiles, type HostFiles } from '../../src/world/host-files.ts';
import { findTracefs, listEvents, parseEventFields, readEventFields } from '../../src/world/tracefs.ts';
import { fixtureFiles, fixtureTypes, fixtureWorld } from '../support/fixture-world.ts';

const common = ['0 uint16 common_type', '2 uint8 common_flags', '3 uint8 common_preempt_count', '4 int32 common_pid'];

describe('format files of Linux 6.18', () => {
  it.each([
    [
      'sched',
      'sched_switch',
      [
        '8 string[16] prev_comm',
        '24 int32 prev_pid',
        '28 int32 prev_prio',
        '32 int64 prev_state',
        '40 string[16] next_comm',
        '56 int32 next_pid',
        '60 int32 next_prio',
      ],
    ],
    ['sched', 'sched_process_exec', ['8 int8 * kernel data-loc filename', '12 int32 pid', '16 int32 old_pid']],
    ['sched', 'sched_process_exit', ['8 string[16] comm', '24 int32 pid', '28 int32 prio', '32 bool group_dead']],
    [
      'syscalls',
      'sys_enter_openat',
      ['8 int32 __syscall_nr', '16 uint64 dfd', '24 int8 * user filename', '32 uint64 flags', '40 uint64 mode'],
    ],
    ['syscalls', 'sys_enter_read', ['8 int32 __syscall_nr', '16 uint64 fd', '24 int8 * user buf', '32 uint64 count']],
    ['syscalls', 'sys_exit_read', ['8 int32 __syscall_nr', '16 int64 ret']],
    [
      'syscalls',
      'sys_enter_execve',
      ['8 int32 __syscall_nr', '16 int8 * user filename', '24 int8 * * user argv', '32 int8 * * user envp'],
    ],
    ['raw_syscalls', 'sys_enter', ['8 int64 id', '16 uint64[6] args']],
    [
      'block',
      'block_rq_issue',
      [
        '8 uint32 dev',
        '16 uint64 sector',
        '24 uint32 nr_sector',
        '28 uint32 bytes',
        '32 uint16 ioprio',
        '34 string[10] rwbs',
        '44 string[16] comm',
        '60 int8 * kernel data-loc cmd',
      ],
    ],
    ['net', 'netif_rx', ['8 void * kernel skbaddr', '16 uint32 len', '20 int8 * kernel data-loc name']],
    [
      'timer',
      'hrtimer_start',
      [
        '8 void * kernel hrtimer',
        '16 void * kernel function',
        '24 int64 expires',
        '32 int64 softexpires',
        '40 enum hrtimer_mode mode',
        '44 bool was_armed',
      ],
    ],
  ])('%s:%s', (category, name, expected) => {
    const fields = fixtureWorld().tracepointFields({ category, name });
    expect(fields?.map(describeField)).toEqual([...common, ...expected]);
  });

  it('keeps declarations as the kernel wrote them', () => {
    const fields = fixtureWorld().tracepointFields({ category: 'sched', name: 'sched_process_exec' });
    expect(fields?.map((field) => field.declaration)).toEqual([
      'unsigned short common_type',
      'unsigned char common_flags',
      'unsigned char common_preempt_count',
      'int common_pid',
      '__data_loc char[] filename',
      'pid_t pid',
      'pid_t old_pid',
    ]);
  });

  it('takes the constants of enums from BTF, and does without BTF', () => {
    const event = { category: 'skb', name: 'kfree_skb' };
    const reason = fixtureWorld()
      .tracepointFields(event)
      ?.find((field) => field.name === 'reason');
    expect(reason?.type).toMatchObject({ kind: 'enum', bytes: 4, values: { length: 4 } });
    const alone = readEventFields(fixtureFiles(), '/sys/kernel/tracing', event);
    expect(alone?.find((field) => field.name === 'reason')?.type).toEqual({ kind: 'int', bytes: 4, signed: false });
  });

  it('every field of every recorded event is readable, with and without BTF', () => {
    const files = fixtureFiles();
    const types = fixtureTypes();
    const events = listEvents(files, '/sys/kernel/tracing');
    expect(events).toHaveLength(28);
    for (const event of events) {
      const fields = readEventFields(files, '/sys/kernel/tracing', event, (text) => types.fromDeclaration(text)) ?? [];
      const alone = readEventFields(files, '/sys/kernel/tracing', event) ?? [];
      expect(fields.length, event.name).toBeGreaterThan(4);
      expect([...fields, ...alone].filter((field) => field.type.kind === 'none')).toEqual([]);
      expect(alone.map((field) => field.name)).toEqual(fields.map((field) => field.name));
    }
  });
});

describe('format lines', () => {
  it.each([
    ['int fd', 16, 8, 0, 'syscalls', '16 uint64 fd'],
    ['int ret', 16, 8, 1, 'syscalls', '16 int64 ret'],
    ['char comm[16]', 8, 16, 0, 'x', '8 string[16] comm'],
    ['const char comm[16]', 8, 16, 0, 'x', '8 string[16] comm'],
    ['char comm[TASK_COMM_LEN]', 8, 16, 0, 'x', '8 string[16] comm'],
    ['char buf[]', 8, 0, 0, 'x', '8 uint8[0] buf'],
    ['u32 buf[]', 8, 0, 0, 'x', '8 uint32[0] buf'],
    ['u8 addr[6]', 8, 6, 0, 'x', '8 uint8[6] addr'],
    ['unsigned long args[MAX]', 16, 48, 0, 'x', '16 uint64[6] args'],
    ['int grid[2][3]', 8, 24, 1, 'x', '8 int32[3][2] grid'],
    ['long sysctl_mem[3]', 8, 24, 1, 'x', '8 int64[3] sysctl_mem'],
    ['__data_loc char[] name', 12, 4, 0, 'x', '12 int8 * kernel data-loc name'],
    ['__data_loc char[] name', 12, 4, 0, 'syscalls', '12 int8 * kernel data-loc name'],
    ['__data_loc u64[] addrs', 12, 4, 0, 'x', '12 uint64 * kernel data-loc addrs'],
    ['__rel_loc char[] msg', 8, 4, 0, 'x', '8 int8 * kernel rel-loc msg'],
    ['__data_loc cpumask_t cpumask', 8, 4, 0, 'x', '8 int8 * kernel data-loc cpumask'],
    ['const char * filename', 24, 8, 0, 'syscalls', '24 int8 * user filename'],
    ['const char *filename', 24, 8, 0, 'fs', '24 int8 * kernel filename'],
    ['struct page * page', 24, 8, 0, 'x', '24 void * kernel page'],
    ['void (*function)(struct x *)', 24, 8, 0, 'x', '24 void * kernel function'],
    ['bool flag', 24, 8, 0, 'syscalls', '24 uint64 flag'],
    ['bool flag', 24, 1, 0, 'x', '24 bool flag'],
    ['nosuch_t thing', 24, 4, 1, 'x', '24 int32 thing'],
    ['enum nosuch thing', 24, 4, 1, 'x', '24 int32 thing'],
    ['struct nosuch thing', 24, 24, 0, 'x', '24 none thing'],
    ['gfp_t gfp_flags', 8, 8, 0, 'x', '8 uint64 gfp_flags'],
  ])('%s @%i size %i signed %i in %s', (declaration, offset, size, signed, category, expected) => {
    const line = `\tfield:${declaration};\toffset:${offset};\tsize:${size};\tsigned:${signed};`;
    expect(parseEventFields(line, category, typeFromCAlone).map(describeField)).toEqual([expected]);
  });

  it('keeps the enum and takes the size of the field', () => {
    const line = 'field:enum hrtimer_mode mode; offset:8; size:8; signed:0;';
    const [field] = parseEventFields(line, 'x', (text) => fixtureTypes().fromDeclaration(text));
    expect(field?.type).toMatchObject({ kind: 'enum', name: 'hrtimer_mode', bytes: 8 });
  });

  it('skips what it does not understand', () => {
    expect(parseEventFields('field:;offset:1;size:2;\nfield:int x;\nprint fmt: "x"\n', 'x', typeFromCAlone)).toEqual(
      [],
    );
  });
});

describe('folders', () => {
  const files = (present: Readonly<Record<string, string | readonly string[]>>): HostFiles => ({
    read: (path) => (typeof present[path] === 'string' ? Buffer.from(present[path], 'latin1') : undefined),
    list: (path) => (Array.isArray(present[path]) ? present[path] : undefined),
    stat: (path) =>
      Array.isArray(present[path]) ? { kind: 'directory', inode: 1n, device: 1n, size: 0n, mode: 0o755 } : undefined,
  });

  it('finds tracefs in its own place before debugfs', () => {
    const [own, old] = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'];
    expect(findTracefs(files({ [`${own}/events`]: [], [`${old}/events`]: [] }))).toBe(own);
    expect(findTracefs(files({ [`${old}/events`]: [] }))).toBe(old);
    expect(findTracefs(files({ [own]: [] }))).toBeUndefined();
    expect(findTracefs(emptyHostFiles)).toBeUndefined();
  });

  it('walks the folders where available_events cannot be read', () => {
    const walked = listEvents(
      files({
        '/t/events': ['sched', 'enable', 'ftrace', 'header_page'],
        '/t/events/sched': ['enable', 'filter', 'sched_switch', 'sched_wakeup'],
        '/t/events/ftrace': ['function'],
      }),
      '/t',
    );
    expect(walked.map((event) => `${event.category}:${event.name}`)).toEqual([
      'sched:sched_switch',
      'sched:sched_wakeup',
    ]);
  });

  it('never leaves the events folder', () => {
    const outside = files({ '/t/events/../x/format': 'field:int a; offset:8; size:4; signed:1;' });
    expect(readEventFields(outside, '/t', { category: '..', name: 'x' })).toBeUndefined();
    expect(readEventFields(outside, '/t', { category: '../x', name: '.' })).toBeUndefined();
  });
});

function describeField(field: Field): string {
  const space = field.type.kind === 'pointer' ? ` ${field.type.space}` : '';
  return `${field.offset} ${typeName(field.type)}${space}${field.via ? ` ${field.via}` : ''} ${field.name}`;
}
