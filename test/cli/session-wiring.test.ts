import { expect, test } from 'vitest';
import { RuntimeFailure } from '../../runtime/bpf.ts';
import type { RunEnvironment, RunRequest } from '../../src/cli/building.ts';
import { parseCommandLine } from '../../src/cli/command-line.ts';
import type { Screen } from '../../src/cli/screen.ts';
import { attachText, sessionDeps, sessionOptions } from '../../src/cli/session-wiring.ts';
import type { Settings } from '../../src/cli/settings.ts';
import { currentKernelFeatures } from '../../src/world/features.ts';
import { FakeBpf } from '../support/fake-bpf.ts';
import { fixtureFiles, fixtureWorld } from '../support/fixture-world.ts';
import { probe, smallProgram } from '../support/small-program.ts';

async function settingsOf(...argv: string[]): Promise<Settings> {
  const parsed = await parseCommandLine([...argv, '-e', ''], { version: '0', columns: 80, isFile: () => false });
  if (!parsed.ok || parsed.value.kind !== 'run') throw new Error('not a run');
  return parsed.value.settings;
}

function fakeScreen() {
  const shown = { out: '', err: '' };
  const sink = (name: 'out' | 'err') => ({
    write: (text: string) => {
      shown[name] += text;
    },
    flush: () => undefined,
  });
  const screen: Screen = {
    out: sink('out'),
    err: sink('err'),
    heldErr: () => ({ ...sink('err'), blocked: false, heldBytes: 0, discard: () => undefined }),
    style: { colour: false },
    say: (text) => sink('out').write(`${text}\n`),
    remark: (text) => sink('err').write(`${text}\n`),
    render: (diagnostic) => `${diagnostic.severity} ${diagnostic.code}\n`,
    report: () => undefined,
  };
  return { screen, shown };
}

async function wired(variables: Readonly<Record<string, string>>, ...argv: string[]) {
  const settings = await settingsOf(...argv);
  const { screen, shown } = fakeScreen();
  const program = smallProgram();
  const world = fixtureWorld();
  const rejection = new RuntimeFailure('rejected', { log: 'R1 is bad\n', program: 'p0' });
  const runtime = {
    bpf: new FakeBpf({ rejection }),
    kernel: {
      bootClock: () => 5_000_000_000_000n,
      newestProgram: () => 0,
      hasBpf: () => true,
      errorText: () => '',
      watchProcess: () => ({ ended: new Promise<void>(() => undefined), close: () => undefined }),
      allowOpenFiles: () => undefined,
      waitWritable: () => true,
      waitForPrograms: () => undefined,
    },
    features: currentKernelFeatures,
    pageSize: 4096,
  };
  const files = fixtureFiles();
  const machine = {
    files,
    world,
    guessedRight: () => true,
    worldWith: () => world,
    kernelBtf: () => [],
    knowingPrograms: async <T>(work: () => Promise<T> | T) => work(),
    tracefsProblem: () => undefined,
  };
  const render: RunRequest['render'] = (diagnostic) => screen.render(diagnostic, undefined);
  const source = { source: new (await import('../../grammar/source.ts')).SourceText('stdin', ''), positionals: [] };
  const script = { ...source, folder: '/', named: new Map() };
  const env: RunEnvironment = { machine, screen, variables };
  const deps = await sessionDeps(program, runtime, world, 1, { ...script, settings, render }, env);
  return { shown, deps, options: sessionOptions(settings, deps, 1, env), program };
}

const loadOptions = { params: new Uint8Array(), logSize: 0, verifierLog: true, ringBytes: 4096 };

test('-d verifier shows the log of a program that was rejected, too', async () => {
  const { deps, shown, program } = await wired({}, '-d', 'verifier');
  expect(() => deps.bpf.load(program, loadOptions)).toThrow('rejected');
  expect(shown.err).toBe('# verifier log of p0\nR1 is bad\n\n');
});

test('without it nobody is bothered', async () => {
  const { deps, shown, program, options } = await wired({});
  expect(() => deps.bpf.load(program, loadOptions)).toThrow('rejected');
  expect(shown.err).toBe('');
  expect(options.onVerifierLog).toBeUndefined();
  expect(options.onLibbpfMessage).toBeUndefined();
});

test('options of the session', async () => {
  const { options } = await wired({}, '-p', '7', '-q', '-B', 'full', '--dry-run', '--no-warnings', '-d', 'libbpf');
  expect(options).toMatchObject({ pid: 7, quiet: true, dryRun: true, flushBatches: false, warnings: 'none' });
  expect(options.onLibbpfMessage).toBeDefined();
});

test('harnesses are told when everything is attached', async () => {
  const names = ['__EBTRACE_NOTIFY_PROBES_ATTACHED', '__BPFTRACE_NOTIFY_PROBES_ATTACHED'];
  const { options, shown } = await wired(Object.fromEntries(names.map((name) => [name, '1'])));
  options.onAttached?.();
  expect(shown.out).toBe(names.map((name) => `${name}\n`).join(''));
  const quiet = await wired({});
  quiet.options.onAttached?.();
  expect(quiet.shown.out).toBe('');
});

test('warnings about attaching are dropped with --no-warnings, errors are not', async () => {
  const { deps, shown } = await wired({}, '--no-warnings');
  deps.report({ severity: 'warning', code: 'w', message: '' });
  deps.report({ severity: 'error', code: 'e', message: '' });
  expect(shown.err).toBe('error e\n');
});

test('how a probe is attached, in words', () => {
  expect(attachText(probe('p0', { kind: 'run-once', when: 'begin' }))).toBe('p0: p0 is run once');
  const raw = { kind: 'raw-tracepoint', targets: [{ name: 'sys_enter' }] } as const;
  expect(attachText({ ...probe('p1', raw), name: 'tracepoint:syscalls:*', count: 300 })).toBe(
    'tracepoint:syscalls:* (300 probes, one program): p1 on raw tracepoint sys_enter',
  );
});
