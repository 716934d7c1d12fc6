import { describe, expect, test } from 'vitest';
import type { BodyUsage, ProgramShape } from '../../src/probes/probe-kind.ts';
import { tracepoint } from '../../src/probes/tracepoint.ts';
import { currentKernelFeatures, type KernelFeatures } from '../../src/world/features.ts';
import { emptyHostFiles, type HostFiles } from '../../src/world/host-files.ts';
import { hostWorld } from '../../src/world/host-world.ts';
import type { World } from '../../src/world/world.ts';
import { fixtureFiles, fixtureWorld } from '../support/fixture-world.ts';

const world = fixtureWorld();

interface Setting {
  readonly features?: Partial<KernelFeatures>;
  readonly files?: HostFiles;
}

/** `body`: words `probe`, `args`, or names of fields of args. */
function usageOf(body: string): BodyUsage {
  const words = body.split(' ').filter((word) => word !== '');
  const fields = words.filter((word) => word !== 'probe' && word !== 'args');
  const whole = words.includes('args');
  return {
    probe: words.includes('probe'),
    args: whole || fields.length > 0,
    fields: whole ? undefined : new Set(fields),
  };
}

/** `category:event` and what the body uses -> one line per program: mechanism < targets, selection, place of args. */
function check(pattern: string, body: string, expected: readonly string[], setting: Setting = {}): void {
  const machine = hostWorld(setting.files ?? fixtureFiles(), {
    arch: 'x86_64',
    features: { ...currentKernelFeatures, ...setting.features },
  });
  const parts = pattern.split(':');
  const targets = tracepoint.match({ parts, hasWildcard: pattern.includes('*') }, machine);
  expect(tracepoint.shape(targets, usageOf(body), machine).map(shapeLine)).toEqual(expected);
}

function shapeLine(shape: ProgramShape): string {
  const { attach, select } = shape;
  if (attach.kind !== 'raw-tracepoint' && attach.kind !== 'tracepoint') throw new Error(`attached as ${attach.kind}`);
  expect(shape.type).toBe(attach.kind === 'tracepoint' ? 'tracepoint' : 'raw_tracepoint');
  expect(shape.filtersPid).toBe(true);
  const links = attach.targets.map((target) => {
    const category = 'category' in target ? `${target.category}:` : '';
    return `${category}${target.name}${target.cookie === undefined ? '' : `=${target.cookie}`}`;
  });
  const events = shape.targets.map((target) => target.parts[1]);
  const how = select.by === 'syscall' ? `${select.event} ${select.numbers.join()}` : select.by;
  return `${attach.kind} ${links.join()} < ${events.join()} | ${how} | ${shape.args?.from ?? 'no args'}`;
}

const withoutBtf: HostFiles = {
  ...fixtureFiles(),
  read: (path) => (path.startsWith('/sys/kernel/btf/') ? undefined : fixtureFiles().read(path)),
};

/** A machine where somebody made a kprobe event that bears the name of a tracepoint. */
const withUserEvent: HostFiles = {
  ...fixtureFiles(),
  read(path) {
    const root = '/sys/kernel/tracing';
    if (path === `${root}/available_events`) {
      return Buffer.concat([fixtureFiles().read(path) ?? Buffer.of(), Buffer.from('mine:softirq_entry\n')]);
    }
    return fixtureFiles().read(path.replace(`${root}/events/mine/`, `${root}/events/irq/`));
  },
};

describe('bodies that do not read args', () => {
  test('one event is a raw tracepoint', () => {
    check('sched:sched_switch', '', ['raw-tracepoint sched_switch < sched_switch | none | no args']);
  });

  test('one event needs no cookie for probe', () => {
    check('sched:sched_switch', 'probe', ['raw-tracepoint sched_switch < sched_switch | none | no args']);
  });

  test('a wildcard is one program with many links', () => {
    const events = 'block_io_start,block_rq_complete,block_rq_issue';
    check('block:*', '', [`raw-tracepoint ${events} < ${events} | none | no args`]);
  });

  test('probe is told by the cookie', () => {
    check('block:*', 'probe', [
      'raw-tracepoint block_io_start=0,block_rq_complete=1,block_rq_issue=2 < ' +
        'block_io_start,block_rq_complete,block_rq_issue | cookie | no args',
    ]);
  });

  test('probe without cookies takes a program per event', () => {
    check(
      'block:*',
      'probe',
      [
        'raw-tracepoint block_io_start < block_io_start | none | no args',
        'raw-tracepoint block_rq_complete < block_rq_complete | none | no args',
        'raw-tracepoint block_rq_issue < block_rq_issue | none | no args',
      ],
      { features: { rawTracepointCookie: false } },
    );
  });

  test('the raw system call events are ordinary events', () => {
    check('raw_syscalls:*', '', ['raw-tracepoint sys_enter,sys_exit < sys_enter,sys_exit | none | no args']);
  });

  test('without kernel types nothing is known to be a raw tracepoint', () => {
    check(
      'sched:sched_p*',
      'probe',
      [
        'tracepoint sched:sched_process_exec=0,sched:sched_process_exit=1,sched:sched_process_fork=2 < ' +
          'sched_process_exec,sched_process_exit,sched_process_fork | cookie | no args',
      ],
      { files: withoutBtf },
    );
    check('syscalls:sys_enter_read', '', ['tracepoint syscalls:sys_enter_read < sys_enter_read | none | no args'], {
      files: withoutBtf,
    });
  });

  test('an event that a user named like a tracepoint is not mistaken for it', () => {
    check('mine:softirq_entry', '', ['tracepoint mine:softirq_entry < softirq_entry | none | no args'], {
      files: withUserEvent,
    });
  });
});

describe('bodies that read args', () => {
  test('the record is the context', () => {
    check('sched:sched_switch', 'prev_pid', ['tracepoint sched:sched_switch < sched_switch | none | context']);
  });

  test('events share a program when the fields that are read lie alike', () => {
    check('sched:sched_w*', 'pid', ['tracepoint sched:sched_wakeup < sched_wakeup | none | context']);
    check('block:*', 'bytes', [
      'tracepoint block:block_io_start,block:block_rq_issue < block_io_start,block_rq_issue | none | context',
      'tracepoint block:block_rq_complete < block_rq_complete | none | context',
    ]);
    check('block:*', 'sector rwbs', [
      'tracepoint block:block_io_start,block:block_rq_complete,block:block_rq_issue < ' +
        'block_io_start,block_rq_complete,block_rq_issue | none | context',
    ]);
  });

  test('args as a whole needs the same whole record', () => {
    check('block:*', 'args', [
      'tracepoint block:block_io_start,block:block_rq_issue < block_io_start,block_rq_issue | none | context',
      'tracepoint block:block_rq_complete < block_rq_complete | none | context',
    ]);
  });

  test('probe is told by the cookie, or by a program of its own', () => {
    check('block:block_*i*', 'bytes probe', [
      'tracepoint block:block_io_start=0,block:block_rq_issue=1 < block_io_start,block_rq_issue | cookie | context',
    ]);
    check(
      'block:block_*i*',
      'bytes probe',
      [
        'tracepoint block:block_io_start < block_io_start | none | context',
        'tracepoint block:block_rq_issue < block_rq_issue | none | context',
      ],
      { features: { tracepointCookie: false } },
    );
  });

  test('raw system call events have their record', () => {
    check('raw_syscalls:sys_enter', 'id', ['tracepoint raw_syscalls:sys_enter < sys_enter | none | context']);
  });

  test('fields are those of the format file, without the common ones', () => {
    const [target] = tracepoint.match({ parts: ['sched', 'sched_wakeup'], hasWildcard: false }, world);
    const [shape] = tracepoint.shape(target ? [target] : [], usageOf('pid'), world);
    expect(shape?.args?.fields.map((field) => `${field.name}@${field.offset}`)).toEqual([
      'comm@8',
      'pid@24',
      'prio@28',
      'target_cpu@32',
    ]);
  });
});

describe('system calls', () => {
  test('one event is a number of sys_enter or sys_exit', () => {
    check('syscalls:sys_enter_openat', '', ['raw-tracepoint sys_enter < sys_enter_openat | enter 257 | no args']);
    check('syscalls:sys_exit_read', 'ret', ['raw-tracepoint sys_exit < sys_exit_read | exit 0 | syscall-exit']);
  });

  test('a wildcard is one program that looks the number up, also for probe', () => {
    const events = 'sys_enter_close,sys_enter_execve,sys_enter_getpid,sys_enter_openat,sys_enter_read,sys_enter_write';
    const line = `raw-tracepoint sys_enter < ${events} | enter 3,59,39,257,0,1 | no args`;
    check('syscalls:sys_enter_*', '', [line]);
    check('syscalls:sys_enter_*', 'probe', [line], { features: { rawTracepointCookie: false } });
  });

  test('enter and exit are two programs', () => {
    check('syscalls:*_read', '', [
      'raw-tracepoint sys_enter < sys_enter_read | enter 0 | no args',
      'raw-tracepoint sys_exit < sys_exit_read | exit 0 | no args',
    ]);
  });

  test('arguments of the same place and type share a program', () => {
    check('syscalls:sys_enter_*e', 'count fd', [
      'raw-tracepoint sys_enter < sys_enter_close | enter 3 | syscall-enter',
      'raw-tracepoint sys_enter < sys_enter_execve | enter 59 | syscall-enter',
      'raw-tracepoint sys_enter < sys_enter_write | enter 1 | syscall-enter',
    ]);
    check('syscalls:sys_exit_*', 'args', [
      'raw-tracepoint sys_exit < sys_exit_execve,sys_exit_getpid,sys_exit_openat,sys_exit_read,sys_exit_write | ' +
        'exit 59,39,257,0,1 | syscall-exit',
    ]);
  });

  test('a copy of user memory in the record needs the record', () => {
    const files: HostFiles = {
      ...fixtureFiles(),
      read(path) {
        const bytes = fixtureFiles().read(path);
        if (bytes === undefined || !path.endsWith('/sys_enter_openat/format')) return bytes;
        const copy = '\tfield:__data_loc char[] __filename_val;\toffset:48;\tsize:4;\tsigned:0;\n\nprint fmt';
        return Buffer.from(Buffer.from(bytes).toString('latin1').replace('\nprint fmt', copy), 'latin1');
      },
    };
    check(
      'syscalls:sys_enter_openat',
      'flags',
      ['raw-tracepoint sys_enter < sys_enter_openat | enter 257 | syscall-enter'],
      { files },
    );
    check(
      'syscalls:sys_enter_openat',
      '__filename_val',
      ['tracepoint syscalls:sys_enter_openat < sys_enter_openat | none | context'],
      { files },
    );
  });
});

describe('what there is', () => {
  const explain = (category: string, event: string, machine: World = world): string => {
    const { message, hint } = tracepoint.explainMissing({ parts: [category, event], hasWildcard: false }, machine);
    return hint === undefined ? message : `${message} [${hint}]`;
  };

  test.each([
    ['sched', 'sched_swtich', "[Did you mean 'tracepoint:sched:sched_switch'?]"],
    ['syscall', 'sys_enter_read', "[Did you mean 'tracepoint:syscalls:sys_enter_read'?]"],
    ['shced', 'sched_swich', "[Did you mean 'tracepoint:sched:sched_switch'?]"],
    ['sched', 'softirq_entry', "[Did you mean 'tracepoint:irq:softirq_entry'?]"],
  ])('a hint for %s:%s', (category, event, hint) => {
    expect(explain(category, event)).toBe(`There is no tracepoint ${category}:${event} ${hint}`);
  });

  test('nothing near, nothing said', () => {
    expect(explain('frobnicate', 'xyzzy')).toBe(
      'There is no tracepoint frobnicate:xyzzy, nor any other event of frobnicate: it may be a module that is not loaded',
    );
  });

  test('without tracefs that is the reason', () => {
    const bare = hostWorld(emptyHostFiles, { arch: 'x86_64', features: currentKernelFeatures });
    expect(explain('sched', 'sched_switch', bare)).toBe(
      'There is no tracepoint sched:sched_switch: tracefs is not mounted or cannot be read ' +
        '[Mount it with: mount -t tracefs tracefs /sys/kernel/tracing]',
    );
  });
});
