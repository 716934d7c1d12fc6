/** Guest cases as data: unique, complete, and judged as case.ts says. Needs no guest. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type KernelName, kinds, titleOf, type VmCase } from './case.ts';
import { allCases } from './cases/index.ts';
import { judge, type Outcome } from './expectation.ts';

const folder = (name: string): readonly string[] => readdirSync(join(import.meta.dirname, name));

describe('guest cases', () => {
  it('have unique names', () => {
    const names = allCases.map(titleOf);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('are all named in the index', async () => {
    for (const file of folder('cases').filter((name) => name !== 'index.ts')) {
      const { cases }: { cases: readonly VmCase[] } = await import(join(import.meta.dirname, 'cases', file));
      expect(cases.filter((entry) => !allCases.includes(entry)).map(({ name }) => name)).toEqual([]);
    }
  });

  it('use programs that exist, and all of them', () => {
    const used = allCases.flatMap(({ workload }) =>
      workload !== undefined && 'program' in workload ? [`${workload.program}.c`] : [],
    );
    expect(used.filter((name) => !existsSync(join(import.meta.dirname, 'workloads', name)))).toEqual([]);
    expect(folder('workloads').filter((name) => !used.includes(name))).toEqual([]);
  });

  it('are in the smoke set for every kind that has cases', () => {
    const untested = kinds.filter((kind) => {
      const ofKind = allCases.filter((entry) => entry.kind === kind);
      return ofKind.length > 0 && !ofKind.some((entry) => entry.smoke);
    });
    expect(untested).toEqual([]);
  });

  it('expect something of what comes out', () => {
    const careless = allCases.filter(({ expect: wanted }) => {
      const { stdout, matches, numbers, json, stderr } = wanted;
      return [stdout, matches, numbers, json, stderr].every((part) => part === undefined || part.length === 0);
    });
    expect(careless.map(({ name }) => name)).toEqual([]);
  });
});

describe('a verdict', () => {
  const base: VmCase = { name: 'x', kind: 'begin', script: 'begin { }', expect: { matches: ['^@x: 5$'] } };
  const ran: Outcome = { title: 'begin: x', status: 0, stdout: '\n@x: 5\n', stderr: '', seconds: 1, complaints: [] };
  const verdict = (entry: Partial<VmCase>, outcome: Partial<Outcome>, kernel: KernelName = '6.12'): unknown =>
    judge({ ...base, ...entry }, kernel, { ...ran, ...outcome });
  const problems = (...list: string[]): unknown => ({ kind: 'fail', problems: list });

  it('is pass when all is met', () => {
    expect(verdict({}, {})).toEqual({ kind: 'pass' });
    expect(verdict({ expect: { stdout: '@x: 5' } }, {})).toEqual({ kind: 'pass' });
    expect(verdict({ expect: { numbers: [{ pattern: '^@x: (\\d+)', min: 5, max: 5 }] } }, {})).toEqual({
      kind: 'pass',
    });
  });

  it('tells each thing that is not met', () => {
    expect(verdict({}, { status: 1, stdout: '', stderr: 'oh' })).toEqual(
      problems('status 1, expected 0', 'stdout does not match /^@x: 5$/', 'stderr is not empty'),
    );
    expect(verdict({ expect: { stdout: '@x: 6' } }, {})).toEqual(problems('stdout is not "@x: 6"'));
    expect(verdict({ expect: { absent: ['x: \\d'] } }, {})).toEqual(problems('the output matches /x: \\d/'));
    expect(verdict({ expect: { stderr: ['WARN'] } }, {})).toEqual(problems('stderr does not match /WARN/'));
    expect(verdict({ expect: { numbers: [{ pattern: 'x: (\\d+)', min: 6 }] } }, {})).toEqual(
      problems('5 is not within 6 and Infinity'),
    );
  });

  it('is made by what this kernel does where it does it in another way', () => {
    const variations = [{ on: ['5.10'] as const, expect: { stdout: '@x: 9' } }];
    expect(verdict({ variations }, { stdout: '@x: 9' }, '5.10')).toEqual({ kind: 'pass' });
    expect(verdict({ variations }, {}, '5.10')).toEqual(problems('stdout is not "@x: 9"'));
    expect(verdict({ variations }, {})).toEqual({ kind: 'pass' });
    expect(verdict({ variations }, {}, 'running')).toEqual({ kind: 'pass' });
  });

  it('finds parts of JSON lines', () => {
    const stdout = '{"type":"map","data":{"@x":[1,2],"@y":3}}\n';
    expect(verdict({ expect: { json: [{ data: { '@x': [1, 2] } }] } }, { stdout })).toEqual({ kind: 'pass' });
    expect(verdict({ expect: { json: [{ data: { '@x': [1] } }] } }, { stdout })).toMatchObject({ kind: 'fail' });
  });

  it('is failure when the guest had trouble, whatever came out', () => {
    expect(verdict({}, { complaints: ['BUG: x'] })).toEqual(problems('the kernel complained: BUG: x'));
    expect(verdict({}, { timedOut: true })).toEqual(problems('ended by force after 1 s'));
    expect(verdict({}, { broken: 'no' })).toEqual(problems('no'));
  });

  it('where the kernel lacks something is its refusal, which has to come', () => {
    const refusals = [{ on: ['5.10'] as const, message: 'has no bpf_loop' }];
    const refused = {
      status: 255,
      stdout: '',
      stderr: 'stdin:1:1-2: ERROR: this kernel has no bpf_loop, 5.17 has\nbegin\n',
    };
    const words = { kind: 'refused', words: 'this kernel has no bpf_loop, 5.17 has' };
    expect(verdict({ refusals }, refused, '5.10')).toEqual(words);
    expect(verdict({ refusals }, refused, 'running')).toEqual(words);
    expect(verdict({ refusals }, refused, '6.12')).toMatchObject({ kind: 'fail' });
    expect(verdict({ refusals }, {}, '5.10')).toEqual(problems('this kernel must refuse with /has no bpf_loop/'));
    expect(verdict({ refusals }, {}, 'running')).toEqual({ kind: 'pass' });
    const noKprobes = { status: 1, stderr: 'ERROR: This kernel has no kprobes' };
    expect(verdict({}, noKprobes, 'running')).toEqual({ kind: 'refused', words: 'This kernel has no kprobes' });
    expect(verdict({}, noKprobes)).toMatchObject({ kind: 'fail' });
    const nothingListed = { status: 0, stderr: 'WARNING: This kernel has no kprobes\n' };
    const { script: _, ...listing } = base;
    expect(judge(listing, 'running', { ...ran, ...nothingListed })).toEqual({
      kind: 'refused',
      words: 'This kernel has no kprobes',
    });
  });
});
