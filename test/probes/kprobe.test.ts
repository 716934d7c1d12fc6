/** kprobe and kretprobe on the recorded machine: what matches, why the rest does not, and which programs they become. */
import { expect, test } from 'vitest';
import { Report } from '../../grammar/diagnostic.ts';
import { parse } from '../../grammar/index.ts';
import { SourceText } from '../../grammar/source.ts';
import { listProbes } from '../../src/cli/list.ts';
import { matchProbes } from '../../src/compiler/match-probes.ts';
import { defaultConfig } from '../../src/config/options.ts';
import { fentry } from '../../src/probes/fentry.ts';
import { kprobe } from '../../src/probes/kprobe.ts';
import { currentKernelFeatures, type KernelFeatures } from '../../src/world/features.ts';
import type { HostFiles } from '../../src/world/host-files.ts';
import { hostWorld } from '../../src/world/host-world.ts';
import type { World } from '../../src/world/world.ts';
import { diagnosticLines } from '../support/diagnostic-lines.ts';
import { fixtureFiles, fixtureWorld } from '../support/fixture-world.ts';

const world = fixtureWorld();

function without(...names: readonly (keyof KernelFeatures)[]): World {
  const features = { ...currentKernelFeatures, ...Object.fromEntries(names.map((name) => [name, false])) };
  return hostWorld(fixtureFiles(), { arch: 'x86_64', features });
}

function withFiles(change: (files: HostFiles) => HostFiles): World {
  return hostWorld(change(fixtureFiles()), { arch: 'x86_64', features: currentKernelFeatures });
}

interface Setting {
  readonly on?: World;
  readonly unsafe?: boolean;
}

/** One line a program: label, how it is attached, its targets with their cookies; then the diagnostics. */
function check(script: string, expected: readonly string[], { on = world, unsafe = false }: Setting = {}): void {
  const report = new Report(SourceText.fromUnicode('stdin', script));
  const env = { world: on, positionals: [], config: defaultConfig(), unsafe };
  const lines = matchProbes(parse(report.source, report), env, report).map(({ label, shape, session }) => {
    const { attach } = shape;
    if (attach.kind !== 'kprobe' && attach.kind !== 'kprobe-multi') return `${label} ${attach.kind}`;
    const targets = attach.targets.map((target) => {
      const offset = 'offset' in target && target.offset !== 0n ? `+${target.offset}` : '';
      const module = 'module' in target ? `${target.module}:` : '';
      return `${module}${target.name}${offset}${'byAddress' in target ? '@' : ''}${target.cookie === undefined ? '' : `#${target.cookie}`}`;
    });
    return `${label} ${attach.kind} ${attach.at} ${targets.join(' ')}${session ? ` ${session.name} ${session.half}` : ''}`;
  });
  expect([...lines, ...diagnosticLines(report)]).toEqual(expected);
}

test.each<[string, string]>([
  ['kprobe:vfs_read', 'kprobe:vfs_read kprobe entry vfs_read'],
  ['k:vfs_read', 'kprobe:vfs_read kprobe entry vfs_read'],
  ['kr:vfs_read', 'kretprobe:vfs_read kprobe return vfs_read'],
  ['kprobe:vmlinux:vfs_read', 'kprobe:vmlinux:vfs_read kprobe entry vfs_read'],
  ['kprobe:first:in_both', 'kprobe:first:in_both kprobe entry first:in_both'],
  ['kprobe:first_module_function', 'kprobe:first_module_function kprobe entry first_module_function'],
  ['kprobe:vfs_read+0x10', 'kprobe:vfs_read+16 kprobe entry vfs_read+16'],
  ['kprobe:vfs_read+0', 'kprobe:vfs_read kprobe entry vfs_read'],
  ['kprobe:helper_inline.isra.0', 'kprobe:helper_inline.isra.0 kprobe entry helper_inline.isra.0'],
  ['kprobe:vfs_wri*', 'kprobe:vfs_write kprobe entry vfs_write'],
])('%s', (attachPoint, program) => check(`${attachPoint} { }`, [program]));

test('a wildcard is one link for all functions; each is there once, and those that no wildcard should reach are not', () => {
  check('kprobe:vfs_re* { }', ['kprobe:vfs_re* kprobe-multi entry vfs_read@ vfs_readv']);
  check('kretprobe:*n* { }', [
    'kretprobe:*n* kprobe-multi return bpf_get_current_comm do_nanosleep first_module_function helper_inline.isra.0 in_both@ second_module_function tcp_connect tcp_sendmsg vfs_fsync vfs_open',
  ]);
  check('kprobe:*_idle, kprobe:rcu_*, kprobe:notify_*, kprobe:cut_*, kprobe:__ftrace* { }', [
    "error 0-76 no-attach-point-left: Nothing on this machine matches any of these, so the probe would never run [Set the config option 'missing_probes' to 'warn' or 'ignore' when this is expected.]",
  ]);
});

test('a wildcard with a module is one link by addresses, or one perf event each where those are hidden', () => {
  check('kprobe:first:* { }', [
    'kprobe:first:* kprobe-multi entry first:first_module_function@ first:in_both@ first:vfs_read@',
  ]);
  check('kprobe:*:in_both { }', ['kprobe:*:in_both kprobe-multi entry first:in_both@ second:in_both@']);
  check('kprobe:vmlinux:vfs_re* { }', ['kprobe:vmlinux:vfs_re* kprobe-multi entry vmlinux:vfs_read vmlinux:vfs_readv']);
  const hidden = withFiles((files) => ({
    ...files,
    read: (path) =>
      path === '/proc/kallsyms' ? Buffer.from('0000000000000000 T vfs_read\n', 'latin1') : files.read(path),
  }));
  check(
    'kprobe:first:* { }',
    ['kprobe:first:* kprobe entry first:first_module_function first:in_both first:vfs_read'],
    {
      on: hidden,
    },
  );
});

test('one name of several functions is not enough, a wildcard takes all of them', () => {
  check('kprobe:first:vfs_read { }', [
    "error 0-21 missing-probe: There are 2 functions 'vfs_read' in the module 'first', and the kernel cannot tell which is meant ['kprobe:first:vfs_rea*' traces all of them; --unsafe allows the address of one.]",
  ]);
  check('kprobe:first:vfs_rea*, kprobe:first:f* { }', [
    'kprobe:first:vfs_read kprobe entry first:vfs_read',
    'kprobe:first:first_module_function kprobe entry first:first_module_function',
  ]);
});

test('a body that asks which function it is in gets cookies, or programs of its own where there are none', () => {
  check('kprobe:vfs_re* { print(probe); }', ['kprobe:vfs_re* kprobe-multi entry vfs_read@#0 vfs_readv#1']);
  const perf = { on: without('kprobeMulti') };
  check('kprobe:vfs_re* { }', ['kprobe:vfs_re* kprobe entry vfs_read vfs_readv'], perf);
  check('kprobe:vfs_re* { print(probe); }', ['kprobe:vfs_re* kprobe entry vfs_read#0 vfs_readv#1'], perf);
  const old = { on: without('kprobeMulti', 'kprobeCookie') };
  check('kprobe:vfs_re* { }', ['kprobe:vfs_re* kprobe entry vfs_read vfs_readv'], old);
  check(
    'kprobe:vfs_re* { print(probe); }',
    ['kprobe:vfs_read kprobe entry vfs_read', 'kprobe:vfs_readv kprobe entry vfs_readv'],
    old,
  );
});

test('entry and return of the same functions become a session', () => {
  check('kprobe:vfs_read { } kretprobe:vfs_read { }', [
    'kprobe:vfs_read kprobe-multi both vfs_read s0 entry',
    'kretprobe:vfs_read kprobe-multi both vfs_read s0 return',
  ]);
  check('kretprobe:vfs_re* { print(probe); } kprobe:tcp_connect { } kprobe:vfs_re* { }', [
    'kretprobe:vfs_re* kprobe-multi both vfs_read@#0 vfs_readv#1 s0 return',
    'kprobe:tcp_connect kprobe entry tcp_connect',
    'kprobe:vfs_re* kprobe-multi both vfs_read@#0 vfs_readv#1 s0 entry',
  ]);
});

test('a function that a wildcard reaches too is attached in the same way, and not fused, so that order is that of the script', () => {
  check('kprobe:vfs_readv { } kprobe:vfs_re* { } kprobe:vfs_open { }', [
    'kprobe:vfs_readv kprobe-multi entry vfs_readv',
    'kprobe:vfs_re* kprobe-multi entry vfs_read@ vfs_readv',
    'kprobe:vfs_open kprobe entry vfs_open',
  ]);
  check('kprobe:vfs_re* { } kretprobe:vfs_re* { } kretprobe:vfs_readv { }', [
    'kprobe:vfs_re* kprobe-multi entry vfs_read@ vfs_readv',
    'kretprobe:vfs_re* kprobe-multi return vfs_read@ vfs_readv',
    'kretprobe:vfs_readv kprobe-multi return vfs_readv',
  ]);
});

test('nothing is fused when it is not clear what belongs together, or cannot be one link', () => {
  const entry = 'kprobe:vfs_read kprobe entry vfs_read';
  const back = 'kretprobe:vfs_read kprobe return vfs_read';
  check('kprobe:vfs_read { } kretprobe:vfs_read { } kprobe:vfs_read { }', [entry, back, entry]);
  check('kprobe:vfs_read, kprobe:vfs_open { } kretprobe:vfs_read { }', [
    entry,
    'kprobe:vfs_open kprobe entry vfs_open',
    back,
  ]);
  check('kprobe:vfs_read+4 { } kretprobe:vfs_read { }', ['kprobe:vfs_read+4 kprobe entry vfs_read+4', back]);
  check('kprobe:vfs_read { } kretprobe:vfs_read { }', [entry, back], { on: without('kprobeSession') });
  check('kprobe:first:in_both { } kretprobe:first:in_both { }', [
    'kprobe:first:in_both kprobe entry first:in_both',
    'kretprobe:first:in_both kprobe return first:in_both',
  ]);
});

const policy = "Set the config option 'missing_probes' to 'warn' or 'ignore' when this is expected.";

test.each<[string, string, string]>([
  [
    'vfs_raed',
    "There is no function 'vfs_raed' in this kernel and its loaded modules, or the compiler built it into its callers",
    "Did you mean 'kprobe:vfs_read'?",
  ],
  ['third:vfs_read', "The module 'third' is not loaded", 'Load it with: modprobe third'],
  ['frist:vfs_read', "The module 'frist' is not loaded", "Did you mean 'first'?"],
  [
    'in_both',
    "The function 'in_both' is in several modules: first, second",
    'Name the module, as in kprobe:first:in_both.',
  ],
  ['second:vfs_read', "The function 'vfs_read' is not in the module 'second'", "Did you mean 'kprobe:vfs_read'?"],
  [
    'vmlinux:second_module_function',
    "The function 'second_module_function' is not in the kernel itself",
    "Did you mean 'kprobe:second:second_module_function'?",
  ],
  [
    'notify_die',
    'notify_die cannot have a probe: handling the probe would run through it again (it is on the blacklist of kprobes)',
    policy,
  ],
  [
    'rcu_core',
    'A probe at rcu_core may stop the machine: BPF programs run through it themselves',
    '--unsafe attaches it all the same.',
  ],
  [
    'helper_inline',
    "There is no function 'helper_inline': the compiler made helper_inline.isra.0 of it, which may take other arguments",
    "Did you mean 'kprobe:helper_inline.isra.0'?",
  ],
  [
    'cut_function',
    "There is no function 'cut_function' any more: the compiler built it into its callers and left cut_function.cold",
    policy,
  ],
  [
    'schedule',
    "The kernel keeps probes away from 'schedule' (it is marked notrace, or runs where tracing cannot)",
    'Trace one of its callers. --unsafe asks the kernel to attach it all the same.',
  ],
  ['jiffies', "'jiffies' is data of the kernel, not a function", policy],
  [
    'vfs_read+1024',
    'The offset 1024 is outside of vfs_read, which has 1024 bytes',
    'An offset counts bytes from the start of the function. --unsafe leaves it to the kernel.',
  ],
  [
    'first_module_function+0x2000',
    'The offset 8192 is outside of first_module_function, which has 4096 bytes',
    'An offset counts bytes from the start of the function. --unsafe leaves it to the kernel.',
  ],
])('why there is no kprobe:%s', (parts, message, hint) => {
  check(`kprobe:${parts} { }`, [`error 0-${parts.length + 7} missing-probe: ${message} [${hint}]`]);
});

test('an offset is within the function and, where instructions have one length, at the start of one', () => {
  check('kprobe:vfs_read+1023 { }', ['kprobe:vfs_read+1023 kprobe entry vfs_read+1023']);
  check('kprobe:vfs_read+1024 { }', ['kprobe:vfs_read+1024 kprobe entry vfs_read+1024'], { unsafe: true });
  const on = hostWorld(fixtureFiles(), { arch: 'arm64', features: currentKernelFeatures });
  check('kprobe:vfs_read+8 { }', ['kprobe:vfs_read+8 kprobe entry vfs_read+8'], { on });
  check(
    'kprobe:vfs_read+6 { }',
    ['error 0-17 missing-probe: The offset 6 is in the middle of an instruction [On this machine each has 4 bytes.]'],
    { on },
  );
});

test('a kernel without kprobes', () => {
  const on = withFiles((files) => ({
    ...files,
    read: (path) => (path.includes('/kprobe/type') ? undefined : files.read(path)),
  }));
  check(
    'kprobe:vfs_read { }',
    [
      "error 0-15 missing-probe: This kernel has no kprobes (CONFIG_KPROBE_EVENTS) [Tracepoints may tell the same: ebtrace -l 'tracepoint:*' lists them.]",
    ],
    { on },
  );
});

test('--unsafe leaves to the kernel what the lists forbid, and allows addresses', () => {
  check('kprobe:schedule { }', ['kprobe:schedule kprobe entry schedule'], { unsafe: true });
  check('kprobe:0xffffffff81002000 { }', ['kprobe:18446744071578853376 kprobe entry +18446744071578853376'], {
    unsafe: true,
  });
});

test('without a list of functions it is for the kernel to say what exists', () => {
  const on = withFiles((files) => ({
    ...files,
    read: (path) => (path.endsWith('available_filter_functions') ? undefined : files.read(path)),
  }));
  check('kprobe:vfs_raed { }', ['kprobe:vfs_raed kprobe entry vfs_raed'], { on });
});

test('--traceable-functions takes the place of the list', () => {
  const on = hostWorld(
    {
      ...fixtureFiles(),
      read: (path) => (path === '/my/list' ? Buffer.from('one\ntwo [first]\n') : fixtureFiles().read(path)),
    },
    { arch: 'x86_64', features: currentKernelFeatures, traceableFunctions: '/my/list' },
  );
  check('kprobe:*o* { }', ['kprobe:*o* kprobe-multi entry one two'], { on });
  expect(listProbes('kprobe:*:t*', { verbose: false }, on, () => []).lines).toEqual(['kprobe:first:two']);
  const reason = {
    message: "/my/list does not list the function 'vfs_read'",
    hint: 'The file was named with --traceable-functions; without that option the list of the kernel counts.',
  };
  expect(kprobe.explainMissing({ parts: ['vfs_read'], hasWildcard: false }, on)).toEqual(reason);
  expect(fentry.explainMissing({ parts: ['vfs_read'], hasWildcard: false }, on)).toEqual(reason);
});

test('listing', () => {
  const list = (pattern: string, verbose = false): readonly string[] =>
    listProbes(pattern, { verbose }, world, () => []).lines;
  expect(list('kprobe:vfs_re*')).toEqual(['kprobe:vfs_read', 'kprobe:vfs_readv']);
  expect(list('kretprobe:vfs_re*')).toEqual(['kretprobe:vfs_read', 'kretprobe:vfs_readv']);
  expect(list('kprobe:first:*')).toEqual([
    'kprobe:first:first_module_function',
    'kprobe:first:in_both',
    'kprobe:first:vfs_read',
  ]);
  expect(list('kprobe:vfs_re*', true)).toEqual([
    'kprobe:vfs_read',
    '    struct file * arg0',
    '    char * arg1',
    '    size_t arg2',
    '    loff_t * arg3',
    'kprobe:vfs_readv',
    '    struct file * arg0',
    '    int arg1',
  ]);
  expect(list('kretprobe:vfs_re*', true)).toEqual([
    'kretprobe:vfs_read',
    '    long retval',
    'kretprobe:vfs_readv',
    '    void',
  ]);
});
