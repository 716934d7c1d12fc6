/** fentry and fexit at functions of BPF programs: what there is, programs, listings, and why there is no such probe. */
import { expect, it } from 'vitest';
import { Report } from '../../grammar/diagnostic.ts';
import { SourceText } from '../../grammar/source.ts';
import { fentry, fexit } from '../../src/probes/fentry.ts';
import type { Pattern, ProbeKind } from '../../src/probes/probe-kind.ts';
import { typeName } from '../../src/types/type.ts';
import type { LoadedProgram } from '../../src/world/bpf-programs.ts';
import { openBtf } from '../../src/world/btf.ts';
import { currentKernelFeatures } from '../../src/world/features.ts';
import { hostWorld } from '../../src/world/host-world.ts';
import type { World } from '../../src/world/world.ts';
import { annotate } from '../support/annotate.ts';
import { fixtureFiles } from '../support/fixture-world.ts';
import { makeBtf } from '../support/make-btf.ts';

/** The BTF of the fixture's kernel stands for that of a program with these functions. */
const kernelBtf = fixtureFiles().read('/sys/kernel/btf/vmlinux') ?? new Uint8Array();

function numbers(...names: readonly string[]): readonly number[] {
  const btf = openBtf(kernelBtf);
  return names.map((name) => btf?.findFunction(name) ?? 0);
}

/**
 * int filter(struct __sk_buff *skb, struct own *own, struct list_head *list): the first is another struct in memory, the
 * second is the program's own, the third is declared with one of the kernel's two members, at a wrong place.
 */
const strings = ['', 'int', '__sk_buff', 'own', 'list_head', 'prev', 'skb', 'list', 'filter', 'x'];
const nameAt = (text: string): number =>
  strings.slice(0, strings.indexOf(text)).reduce((sum, each) => sum + each.length + 1, 0);
const info = (kind: number, length = 0): number => (kind << 24) | length;
const filterBtf = makeBtf(`${strings.join('\0')}\0`, [
  [nameAt('int'), info(1), 4, (1 << 24) | 32],
  [nameAt('__sk_buff'), info(4, 1), 4, nameAt('x'), 1, 0],
  [0, info(2), 2],
  [nameAt('own'), info(4, 1), 4, nameAt('x'), 1, 0],
  [0, info(2), 4],
  [nameAt('list_head'), info(4, 1), 8, nameAt('prev'), 7, 0],
  [0, info(2), 6],
  [0, info(13, 3), 1, nameAt('skb'), 3, nameAt('own'), 5, nameAt('list'), 7],
  [nameAt('filter'), info(12, 1), 8],
]);

const programs: readonly LoadedProgram[] = [
  { id: 4, name: 'sd_devices', btf: undefined, functions: [] },
  { id: 9, name: 'main', btf: kernelBtf, functions: numbers('vfs_read', 'takes_pair') },
  { id: 12, name: 'main', btf: kernelBtf, functions: numbers('vfs_read') },
  { id: 13, name: 'traces', btf: kernelBtf, functions: numbers('vfs_readv'), obstacle: 'it traces' },
  { id: 20, name: 'filter', btf: filterBtf, functions: [9] },
];

function worldWith(loaded: readonly LoadedProgram[] | undefined): World {
  return hostWorld(fixtureFiles(), {
    arch: 'x86_64',
    features: currentKernelFeatures,
    loadedPrograms: () => loaded,
  });
}

const world = worldWith(programs);

function patternOf(kind: ProbeKind, text: string): Pattern {
  const span = { start: 0, end: text.length };
  const parts = text.split(':').map((part) => ({ text: part, span }));
  const args = { provider: kind.name, parts, text, span, unsafe: false };
  const pattern = kind.parse(args, new Report(new SourceText('test', text)));
  if (pattern === undefined) throw new Error(`${text} has no pattern`);
  return pattern;
}

const names = (kind: ProbeKind, text: string): readonly string[] =>
  kind.match(patternOf(kind, text), world).map((target) => target.name);

function missing(text: string, on = world): string {
  const pattern = patternOf(fentry, text);
  expect(fentry.match(pattern, on)).toEqual([]);
  const { message, hint } = fentry.explainMissing(pattern, on);
  return hint === undefined ? message : `${message} | ${hint}`;
}

it('means every program that has the function, unless a number says which', () => {
  expect(names(fentry, 'bpf:vfs_read')).toEqual(['fentry:bpf:9:vfs_read', 'fentry:bpf:12:vfs_read']);
  expect(names(fexit, 'bpf:12:vfs_read')).toEqual(['fexit:bpf:12:vfs_read']);
  expect(names(fentry, 'bpf:*:*_pair')).toEqual(['fentry:bpf:9:takes_pair']);
  expect(names(fentry, 'bpf:*2:*')).toEqual(['fentry:bpf:12:vfs_read']);
});

it('leaves out of wildcards what the kernel does not trace', () => {
  expect(names(fentry, 'bpf:vfs_read*')).toEqual(['fentry:bpf:9:vfs_read', 'fentry:bpf:12:vfs_read']);
});

it('says why there is none', () => {
  expect(missing('bpf:vfs_raed')).toBe(
    "No BPF program that is loaded has a function 'vfs_raed' | Did you mean 'vfs_read'?",
  );
  expect(missing('bpf:5:vfs_read')).toBe(
    "There is no BPF program with the number 5 | Did you mean 'fentry:bpf:9:vfs_read'?",
  );
  expect(missing('bpf:5:nothing')).toBe(
    "There is no BPF program with the number 5 | ebtrace -l 'fentry:bpf:*' lists those there are.",
  );
  expect(missing('bpf:9:filter')).toBe("BPF program 9 has no function 'filter' | It has vfs_read, takes_pair.");
  expect(missing('bpf:sd_devices')).toMatch(/^BPF program 4 \(sd_devices\) was loaded without type information/);
  expect(missing('bpf:4:x')).toMatch(/^BPF program 4 \(sd_devices\) was loaded without type information/);
  expect(missing('bpf:13:vfs_readv')).toBe('The kernel attaches nothing to vfs_readv of BPF program 13: it traces');
  expect(missing('bpf:vfs_read', worldWith(undefined))).toMatch(/^The kernel does not show which BPF programs/);
});

it('is loaded for the function of the program, and asks the kernel for the result', () => {
  const [target] = fexit.match(patternOf(fexit, 'bpf:9:takes_pair'), world);
  if (target === undefined) throw new Error('no target');
  const [shape] = fexit.shape([target], { args: true, probe: false, fields: undefined }, world);
  expect(shape?.attach).toMatchObject({ kind: 'tracing', target: { module: 'bpf', name: 'takes_pair', program: 9 } });
  expect(shape?.section).toBe('fexit/takes_pair');
  expect(shape?.args?.fields.map(({ name, offset }) => [name, offset])).toEqual([
    ['pair', 0],
    ['narrow', 16],
    ['flag', 24],
    ['files', 32],
  ]);
});

it('sees memory as the kernel has it, and types of the program as that has them', () => {
  const [skb, own, list] = world.bpfPrograms()?.find(20, 'filter')?.prototype.parameters ?? [];
  expect([skb, own, list].map((field) => field && typeName(field.type))).toEqual([
    'struct sk_buff *',
    'struct own *',
    'struct list_head *',
  ]);
  const tables = [skb, own, list].map((field) =>
    field?.type.kind === 'pointer' && field.type.to.kind === 'struct' ? field.type.to.table : undefined,
  );
  expect(tables).toEqual(['vmlinux', 'bpf:20', 'vmlinux']);
  const text = '  fentry:bpf:filter { print((args.own.x, args.list.next)); }\n';
  expect(annotate(text, { world, environment: {}, positionals: [], unsafe: false })).toBe(text);
});

it('is listed for patterns that begin with bpf', () => {
  const lines = (kind: ProbeKind, ...parts: readonly string[]): readonly string[] =>
    kind.list(parts, world).map(({ line }) => line);
  expect(lines(fentry, 'bpf', '*')).toEqual([
    'fentry:bpf:12:vfs_read',
    'fentry:bpf:13:vfs_readv',
    'fentry:bpf:20:filter',
    'fentry:bpf:9:takes_pair',
    'fentry:bpf:9:vfs_read',
  ]);
  expect(lines(fexit, 'bpf', '20', '*')).toEqual(['fexit:bpf:20:filter']);
  expect(lines(fentry, '*', 'filter')).toEqual([]);
  const [filter] = fexit.list(['bpf', 'filter'], world);
  expect(filter?.details()).toEqual([
    'struct sk_buff * skb',
    'struct own * own',
    'struct list_head * list',
    'int retval',
  ]);
});
