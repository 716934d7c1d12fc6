/** fentry, fexit and rawtracepoint: places, programs, listings, and why there is no such probe. */
import { describe, expect, it } from 'vitest';
import { Report } from '../../grammar/diagnostic.ts';
import { SourceText } from '../../grammar/source.ts';
import { fentry, fexit } from '../../src/probes/fentry.ts';
import type { Pattern, ProbeKind, ProgramShape } from '../../src/probes/probe-kind.ts';
import { rawTracepoint } from '../../src/probes/raw-tracepoint.ts';
import { typeName } from '../../src/types/type.ts';
import type { World } from '../../src/world/world.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const noUsage = { args: false, probe: false, fields: undefined };
const world = fixtureWorld();
const withoutBtf: World = { ...world, kernelTypes: () => undefined, functionTypes: () => undefined };

function patternOf(kind: ProbeKind, text: string): Pattern {
  const span = { start: 0, end: text.length };
  const parts = text.split(':').map((part) => ({ text: part, span }));
  const args = { provider: kind.name, parts, text, span, unsafe: false };
  const pattern = kind.parse(args, new Report(new SourceText('test', text)));
  if (pattern === undefined) throw new Error(`${text} has no pattern`);
  return pattern;
}

function names(kind: ProbeKind, text: string, from = world): readonly string[] {
  return kind.match(patternOf(kind, text), from).map((target) => target.name);
}

function missing(kind: ProbeKind, text: string, from = world): string {
  const pattern = patternOf(kind, text);
  expect(kind.match(pattern, from)).toEqual([]);
  const { message, hint } = kind.explainMissing(pattern, from);
  return hint === undefined ? message : `${message} | ${hint}`;
}

function shape(kind: ProbeKind, text: string, usage = { ...noUsage, args: true }): ProgramShape {
  const [only, ...more] = kind.shape(kind.match(patternOf(kind, text), world), usage, world);
  if (only === undefined || more.length > 0) throw new Error(`${text} is not one program`);
  return only;
}

describe('fentry and fexit', () => {
  it('are where BTF and ftrace both have the function', () => {
    expect(names(fentry, 'vfs_read')).toEqual(['fentry:vmlinux:vfs_read']);
    expect(names(fexit, 'vmlinux:vfs_read')).toEqual(['fexit:vmlinux:vfs_read']);
    expect(names(fentry, 'vfs_*')).toEqual(['fentry:vmlinux:vfs_read']);
    expect(names(fentry, 'vfs_*', withoutBtf)).toEqual([]);
  });

  it('say why they cannot be', () => {
    expect(missing(fentry, 'vfs_raed')).toBe("There is no function 'vfs_raed' | Did you mean 'vfs_read'?");
    expect(missing(fentry, 'firts:vfs_read')).toMatch(/^There is no module 'firts' loaded/);
    expect(missing(fentry, 'vfs_open')).toBe(
      "The type information (BTF) of vmlinux does not have the function 'vfs_open' | Its arguments are unknown: use kprobe:vfs_open.",
    );
    expect(missing(fentry, 'vfs_readv')).toBe(
      'The kernel cannot attach to vfs_readv: it takes a floating-point number | Use kprobe:vfs_readv.',
    );
    expect(missing(fentry, 'not_traceable')).toMatch(/^The function 'not_traceable' cannot be traced: /);
    expect(missing(fentry, 'vmlinux:first_module_function')).toBe(
      "The module 'vmlinux' has no function 'first_module_function' | It is in first.",
    );
    expect(missing(fentry, 'vfs_read', withoutBtf)).toMatch(
      /^This kernel has no type information .* \| A kprobe needs none: kprobe:vfs_read\./,
    );
  });

  it('are for one function: of several with its name the kernel would take any', () => {
    const functions = world.traceableFunctions();
    const countIn = (module: string, name: string): number =>
      name === 'vfs_read' ? 2 : functions.countIn(module, name);
    const twice: World = { ...world, traceableFunctions: () => ({ ...functions, countIn }) };
    expect(missing(fentry, 'vfs_read', twice)).toBe(
      "There are 2 functions 'vfs_read' in the kernel itself, and the kernel would take the first it finds | 'kprobe:vfs_rea*' traces all of them; --unsafe attaches to that one.",
    );
    expect(names(fentry, 'vfs_rea*', twice)).toEqual([]);
    const unsafe = { ...patternOf(fentry, 'vfs_read'), unsafe: true };
    expect(fentry.match(unsafe, twice).map(({ name }) => name)).toEqual(['fentry:vmlinux:vfs_read']);
  });

  it('that never return have no fexit that fires', () => {
    const never = {
      message: 'do_exit never returns, so this probe never fires',
      hint: 'fentry:do_exit runs when it is called.',
    };
    expect(fexit.caution?.({ parts: ['vmlinux', 'do_exit'], hasWildcard: false })).toEqual(never);
    expect(fexit.caution?.({ parts: ['bpf', 'do_exit'], hasWildcard: false })).toBeUndefined();
    expect(fentry.caution?.({ parts: ['do_exit'], hasWildcard: false })).toBeUndefined();
  });

  it('are not, by wildcards, where the kernel refuses them', () => {
    const listing = (...functions: readonly string[]): World => {
      const matching = () => functions.map((name) => ({ name, module: 'vmlinux' }));
      const types = world.functionTypes();
      if (types === undefined) throw new Error('the fixture has BTF');
      // Each with the type of a function that is there.
      const prototype = () => types.prototype('vmlinux', 'vfs_read');
      const functionTypes = () => ({ ...types, names: () => new Set(functions), prototype });
      return {
        ...world,
        functionTypes,
        traceableFunctions: () => ({ ...world.traceableFunctions(), countIn: () => 1, matching }),
      };
    };
    const refused = listing('migrate_disable', 'do_exit', '__x64_sys_exit_group', 'do_exit_not');
    expect(names(fexit, '*', refused)).toEqual(['fexit:vmlinux:do_exit_not']);
    expect(names(fentry, '*', refused)).toEqual([
      'fentry:vmlinux:do_exit',
      'fentry:vmlinux:__x64_sys_exit_group',
      'fentry:vmlinux:do_exit_not',
    ]);
    const old: World = { ...world, features: { ...world.features, structArguments: false } };
    expect(names(fentry, 'takes_*')).toEqual(['fentry:vmlinux:takes_pair', 'fentry:vmlinux:takes_void']);
    expect(names(fentry, 'takes_*', old)).toEqual(['fentry:vmlinux:takes_void']);
    expect(names(fentry, 'takes_pair', old)).toEqual(['fentry:vmlinux:takes_pair']);
  });

  it('have arguments in words, and the result behind them', () => {
    const { args, context, attach, section, type } = shape(fexit, 'takes_pair');
    expect([type, section]).toEqual(['tracing', 'fexit/takes_pair']);
    expect(attach).toMatchObject({ kind: 'tracing', target: { module: 'vmlinux', name: 'takes_pair' } });
    expect(args?.fields.map(({ name, offset, type: of }) => [name, offset, typeName(of)])).toEqual([
      ['pair', 0, 'struct wide_pair'],
      ['narrow', 16, 'int8'],
      ['flag', 24, 'bool'],
      ['files', 32, 'struct file * *'],
    ]);
    expect(context).toEqual({
      by: 'words',
      count: 5,
      returns: { word: 5, type: { kind: 'int', bytes: 4, signed: true } },
    });
    expect(shape(fentry, 'takes_pair').context).toEqual({ by: 'words', count: 5 });
    expect(shape(fexit, 'takes_void').context).toEqual({ by: 'words', count: 0 });
  });

  it('list module, name and declarations', () => {
    const [listed] = fexit.list(['vfs_read'], world).filter(({ line }) => line === 'fexit:vmlinux:vfs_read');
    expect(listed?.details()).toEqual([
      'struct file * file',
      'char * buf',
      'size_t count',
      'loff_t * pos',
      'long retval',
    ]);
    expect(fentry.list(['*', 'vfs_*'], world).map(({ line }) => line)).toEqual(['fentry:vmlinux:vfs_read']);
  });
});

describe('rawtracepoint', () => {
  it('is every tracepoint that BTF names', () => {
    expect(names(rawTracepoint, 'sched_switch')).toEqual(['rawtracepoint:vmlinux:sched_switch']);
    expect(names(rawTracepoint, 'vmlinux:sched_process_e*')).toEqual([
      'rawtracepoint:vmlinux:sched_process_exec',
      'rawtracepoint:vmlinux:sched_process_exit',
    ]);
    expect(names(rawTracepoint, 'nomodule:sched_switch')).toEqual([]);
  });

  it('says why there is none', () => {
    expect(missing(rawTracepoint, 'sched_swich')).toBe(
      "There is no raw tracepoint sched_swich | Did you mean 'rawtracepoint:sched_switch'?",
    );
    expect(missing(rawTracepoint, 'nomodule:sched_switch')).toBe(
      "There is no raw tracepoint nomodule:sched_switch | Did you mean 'rawtracepoint:vmlinux:sched_switch'?",
    );
    expect(missing(rawTracepoint, 'sys_enter_read')).toMatch(
      /is made of another tracepoint \| Use tracepoint:syscalls:/,
    );
  });

  it('has arguments with the names of the stub function, without its first', () => {
    const { args, context, attach, type } = shape(rawTracepoint, 'sched_switch');
    expect(type).toBe('raw_tracepoint');
    expect(attach).toEqual({ kind: 'raw-tracepoint', targets: [{ name: 'sched_switch' }] });
    expect(args?.fields.map(({ name, offset, type: of }) => [name, offset, typeName(of)])).toEqual([
      ['preempt', 0, 'bool'],
      ['prev', 8, 'struct task_struct *'],
      ['next', 16, 'struct task_struct *'],
      ['prev_state', 24, 'uint32'],
    ]);
    expect(context).toEqual({ by: 'words', count: 4 });
  });

  it('numbers the arguments that have no names', () => {
    const { args } = shape(rawTracepoint, 'sys_exit');
    expect(args?.fields.map(({ name }) => name)).toEqual(['arg0', 'arg1']);
  });

  it('shares a program between targets whose arguments nobody reads', () => {
    const targets = rawTracepoint.match(patternOf(rawTracepoint, 'sched_*'), world);
    expect(rawTracepoint.shape(targets, { ...noUsage, probe: true }, world)).toHaveLength(1);
    expect(rawTracepoint.shape(targets, { ...noUsage, numberedArguments: true }, world)).toHaveLength(targets.length);
  });
});
