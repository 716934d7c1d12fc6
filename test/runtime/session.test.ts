/** The life of a session against a kernel made of arrays: order of steps, every way to end, nothing left attached. */
import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { RuntimeFailure } from '../../runtime/bpf.ts';
import type { EventHandler } from '../../runtime/events.ts';
import { type Output, SinkClosed } from '../../runtime/output/output.ts';
import { runSession, type SessionDeps, type SessionOptions } from '../../runtime/session.ts';
import type { TrustReport } from '../../runtime/trust-report.ts';
import { defaultConfig } from '../../src/config/options.ts';
import type { AttachSpec } from '../../src/program/attach-spec.ts';
import type { EventPlan, Program } from '../../src/program/program.ts';
import { hostFilesUnder } from '../../src/world/host-files.ts';
import { attachFailure, type FakeBehaviour, FakeBpf, FakeMap, type FakeObject } from '../support/fake-bpf.ts';
import { countMap, probe, smallProgram } from '../support/small-program.ts';

const begin: AttachSpec = { kind: 'run-once', when: 'begin' };
const end: AttachSpec = { kind: 'run-once', when: 'end' };
const onSignal: AttachSpec = { kind: 'run-once', when: 'signal' };
const raw = (...names: readonly string[]): AttachSpec => ({
  kind: 'raw-tracepoint',
  targets: names.map((name) => ({ name })),
});

/** Event 0 prints the byte behind the header as a digit, event 1 is exit(that byte). */
const handlers: readonly EventHandler[] = [
  (view, offset) => `${view.getUint8(offset + 8)}`,
  (view, offset) => ({ kind: 'exit', code: view.getUint8(offset + 8) }),
];
const events: readonly EventPlan[] = ['printf', 'exit'].map((builtin, id) => ({
  id,
  builtin,
  fields: [],
  fixedSize: 16,
  literals: [],
  span: { start: 0, end: 5 },
}));

function record(id: number, value: number): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes[0] = id;
  bytes[8] = value;
  return bytes;
}

class Journal implements Output {
  readonly alwaysTellsTrust: boolean = false;
  readonly lines: string[];
  constructor(lines: string[]) {
    this.lines = lines;
  }
  attached = (count: number): void => void this.lines.push(`attached ${count}`);
  text = (type: string, text: string): void => void this.lines.push(`${type} ${text}`);
  value = (): void => void this.lines.push('value');
  map = (dump: Parameters<Output['map']>[0]): void =>
    void this.lines.push(`map ${dump.name} ${[...dump.entries].length}`);
  endOfRun = (): void => void this.lines.push('end of run');
  lostEvents = (count: bigint, total: bigint): void => void this.lines.push(`lost ${count} of ${total}`);
  totalLostEvents = (total: bigint): void => void this.lines.push(`total lost ${total}`);
  warning = (remark: Parameters<Output['warning']>[0]): void => void this.lines.push(`warning ${remark.message}`);
  message = (severity: string, text: string): void => void this.lines.push(`${severity} ${text}`);
  trust = ({ complete, losses }: TrustReport): void =>
    void this.lines.push(`trust ${complete} ${losses.map((loss) => loss.count).join()}`);
  tests = (report: Parameters<Output['tests']>[0]): void => void this.lines.push(`tests ${JSON.stringify(report)}`);
  pinned = (path: string): void => void this.lines.push(`pinned ${path}`);
  flush = (): void => undefined;
}

interface Run {
  readonly status: number;
  readonly journal: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  readonly object: FakeObject | undefined;
  readonly childSignals: readonly string[];
}

async function run(
  parts: Partial<Program>,
  behaviour: FakeBehaviour = {},
  options: Partial<SessionOptions> = {},
  more: {
    readonly output?: Partial<Output>;
    readonly backlog?: SessionDeps['backlog'];
    readonly signals?: EventEmitter;
    readonly closeLater?: (descriptors: readonly number[], journal: string[]) => { release(): void } | undefined;
    readonly meanwhile?: (world: World) => void;
  } = {},
): Promise<Run> {
  const bpf = new FakeBpf(behaviour);
  const signals = more.signals ?? new EventEmitter();
  const diagnostics: Diagnostic[] = [];
  const childSignals: string[] = [];
  let endProcess: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    endProcess = resolve;
  });
  const deps: SessionDeps = {
    bpf,
    kernel: {
      bootClock: () => 5n,
      newestProgram: () => 0,
      hasBpf: () => true,
      errorText: (errno) => `errno ${errno}`,
      allowOpenFiles: () => undefined,
      waitWritable: () => true,
      waitForPrograms: () => void bpf.journal.push('wait for programs'),
      watchProcess: () => ({ ended, close: () => undefined }),
    },
    files: hostFilesUnder('/nonexistent'),
    output: Object.assign(new Journal(bpf.journal), more.output),
    backlog: more.backlog ?? { blocked: false, bytes: 0, retry: () => undefined, discard: () => undefined },
    report: (diagnostic) => diagnostics.push(diagnostic),
    handlers,
    values: {
      kernelSymbol: () => undefined,
      userSymbol: () => undefined,
      userName: () => undefined,
      kernelStack: () => '',
      timestamp: () => '',
      cgroupPath: () => '',
      fieldsOf: () => undefined,
    },
    stacks: { connect: () => undefined, framesOf: () => undefined, makeRoom: () => undefined },
    aggregation: () => {
      throw new Error('no aggregations here');
    },
    startChild: () => ({
      pid: 4711,
      ended,
      resume: () => void bpf.journal.push('resume child'),
      terminate: () => void childSignals.push('terminate'),
    }),
    signals,
    closeLater: (descriptors) => more.closeLater?.(descriptors, bpf.journal),
    onlineCpus: [0, 1],
    possibleCpus: 2,
    pageSize: 4096,
    tracefs: undefined,
  };
  const finished = runSession(
    smallProgram({ events, ...parts }),
    {
      pid: undefined,
      command: undefined,
      quiet: false,
      dryRun: false,
      statistics: false,
      warnings: 'default',
      flushBatches: true,
      onAttached: () => setTimeout(() => more.meanwhile?.({ bpf, signals, endProcess }), 5),
      ...options,
    },
    deps,
  );
  const status = await finished;
  expect(signals.eventNames(), 'listeners are removed').toEqual([]);
  expect(bpf.object?.attached ?? 0, 'nothing is left attached').toBe(0);
  return { status, journal: bpf.journal, diagnostics, object: bpf.object, childSignals };
}

interface World {
  readonly bpf: FakeBpf;
  readonly signals: EventEmitter;
  readonly endProcess: () => void;
}

const push =
  (...records: readonly Uint8Array[]) =>
  (world: World) => {
    for (const bytes of records) world.bpf.object?.events.push(bytes);
  };

describe('order of a run', () => {
  test('begin and end bodies only: ends by itself, maps in name order', async () => {
    const maps = [countMap('@b', 'm_b'), countMap('@a', 'm_a'), countMap('@empty', 'm_empty')];
    const a = new FakeMap(8, 8);
    a.update(new Uint8Array(8), new Uint8Array(8));
    const result = await run(
      { probes: [probe('first', begin), probe('last', end)], maps },
      {
        maps: { m_a: a, m_b: a, m_empty: new FakeMap(8, 8) },
        run: (name, object) => object.events.push(record(0, name === 'first' ? 1 : 2)),
      },
    );
    expect(result.status).toBe(0);
    expect(result.journal).toEqual([
      'load',
      'run first',
      'attached 2',
      'printf 1',
      'run last',
      'printf 2',
      'end of run',
      'map @a 1',
      'map @b 1',
      'close',
    ]);
  });

  test('results are printed before anything is detached, links close in reverse', async () => {
    const result = await run(
      { probes: [probe('p', raw('x', 'y')), probe('e', end)] },
      {},
      {},
      { meanwhile: ({ signals }) => signals.emit('SIGINT') },
    );
    expect(result.status).toBe(0);
    expect(result.journal).toEqual([
      'load',
      'attach p x',
      'attach p y',
      'attached 3',
      'wait for programs',
      'run e',
      'end of run',
      'detach p y',
      'detach p x',
      'close',
    ]);
  });

  test('the stop flag is set before end bodies run, and keeps what exit() wrote', async () => {
    let seen: readonly number[] = [];
    await run(
      { probes: [probe('p', raw('x')), probe('e', end)] },
      {
        run: (_name, object) => {
          seen = [...object.control];
        },
      },
      {},
      {
        meanwhile: ({ bpf }) => {
          bpf.object?.requestExit(7);
          bpf.object?.events.wake();
        },
      },
    );
    expect(seen).toEqual([1, 1, 7, 0, 5, 0]);
  });

  test('--dry-run attaches and detaches, and runs nothing', async () => {
    const result = await run(
      { probes: [probe('b', begin), probe('p', raw('x')), probe('e', end)] },
      {},
      { dryRun: true, command: 'true' },
    );
    expect(result.status).toBe(0);
    expect(result.journal).toEqual(['load', 'attach p x', 'detach p x', 'close']);
  });

  test('-q prints no number of probes; maps stay silent when the config says so', async () => {
    const config = { ...defaultConfig(), print_maps_on_exit: false };
    const result = await run({ probes: [probe('b', begin)], config }, {}, { quiet: true });
    expect(result.journal).toEqual(['load', 'run b', 'end of run', 'close']);
  });
});

describe('ways to end', () => {
  const probes = [probe('p', raw('x')), probe('e', end)];

  test('exit(): events before are printed, events behind are dropped, end bodies still print', async () => {
    const result = await run(
      { probes },
      { run: (_name, object) => object.events.push(record(0, 9)) },
      {},
      { meanwhile: push(record(0, 1), record(1, 3), record(0, 2)) },
    );
    expect(result.status).toBe(3);
    expect(result.journal.filter((line) => line.startsWith('printf'))).toEqual(['printf 1', 'printf 9']);
  });

  test('exit() in an end body sets the status and drops what follows it', async () => {
    const result = await run(
      { probes: [probe('e', end)] },
      {
        run: (_name, object) => {
          for (const entry of [record(0, 1), record(1, 4), record(0, 2)]) object.events.push(entry);
        },
      },
    );
    expect(result.status).toBe(4);
    expect(result.journal.filter((line) => line.startsWith('printf'))).toEqual(['printf 1']);
  });

  test('exit() whose event found no room in the ring', async () => {
    const result = await run(
      { probes },
      {},
      {},
      {
        meanwhile: (world) => {
          world.bpf.object?.requestExit(5);
          push(record(0, 1))(world);
        },
      },
    );
    expect(result.status).toBe(5);
    expect(result.journal).toContain('printf 1');
  });

  test('SIGTERM ends with status 0 and prints all that is queued', async () => {
    const result = await run(
      { probes },
      {},
      {},
      {
        meanwhile: (world) => {
          push(record(0, 1), record(0, 2))(world);
          world.signals.emit('SIGTERM');
        },
      },
    );
    expect(result.status).toBe(0);
    expect(result.journal.filter((line) => line.startsWith('printf'))).toEqual(['printf 1', 'printf 2']);
  });

  test('the child of -c ends', async () => {
    const result = await run({ probes }, {}, { command: 'true' }, { meanwhile: ({ endProcess }) => endProcess() });
    expect(result.status).toBe(0);
    expect(result.journal.indexOf('resume child')).toBe(result.journal.indexOf('attached 2') - 1);
    expect(result.childSignals).toContain('terminate');
  });

  test('the process of -p ends', async () => {
    const result = await run({ probes }, {}, { pid: 1 }, { meanwhile: ({ endProcess }) => endProcess() });
    expect(result.status).toBe(0);
  });

  test('the reader of the output has gone: quiet end, everything detached', async () => {
    const text = (): void => {
      throw new SinkClosed();
    };
    const result = await run({ probes }, {}, {}, { output: { text }, meanwhile: push(record(0, 1)) });
    expect(result).toMatchObject({ status: 0, diagnostics: [] });
    expect(result.journal).not.toContain('run e');
  });

  test('a reader that does not read: no further event is looked at, a signal gives the output up', async () => {
    let blocked = false;
    let attempts = 0;
    const backlog = {
      get blocked() {
        return blocked;
      },
      bytes: 7,
      retry: () => void attempts++,
      discard: () => {
        blocked = false;
      },
    };
    let printed = 0;
    const text = (): void => {
      blocked = ++printed === 1;
    };
    let printedWhenStopped = 0;
    const started = performance.now();
    const result = await run(
      { probes },
      {},
      {},
      {
        output: { text },
        backlog,
        meanwhile: (world) => {
          push(record(0, 1), record(0, 2), record(0, 3))(world);
          setTimeout(() => {
            printedWhenStopped = printed;
            world.signals.emit('SIGINT');
          }, 50);
        },
      },
    );
    expect(result).toMatchObject({ status: 0, diagnostics: [{ severity: 'warning', code: 'output-dropped' }] });
    expect([printedWhenStopped, printed]).toEqual([1, 3]);
    expect(attempts).toBeGreaterThan(1);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('SIGINT while attaching: status 255, nothing stays attached, no output', async () => {
    const signals = new EventEmitter();
    const many = raw(...Array.from({ length: 40 }, (_, i) => `t${i}`));
    let count = 0;
    const result = await run(
      { probes: [probe('p', many)] },
      {
        attach: () => {
          const until = performance.now() + 2;
          while (performance.now() < until);
          // The signal arrives between two turns of the event loop, as real ones do.
          if (++count === 3) setImmediate(() => signals.emit('SIGINT'));
        },
      },
      {},
      { signals },
    );
    expect(result.status).toBe(255);
    expect(count).toBeLessThan(40);
    expect(result.journal.filter((line) => line.startsWith('attached') || line === 'end of run')).toEqual([]);
  });

  test('what takes too long to close is left to another process, which is released when all is closed here', async () => {
    const slow = raw(...Array.from({ length: 5 }, (_, i) => `t${i}`));
    const signals = new EventEmitter();
    const result = await run(
      { probes: [probe('p', slow)] },
      {},
      {},
      {
        signals,
        closeLater: (descriptors, journal) => {
          journal.push(`later ${descriptors.length}`);
          return { release: () => void journal.push('release') };
        },
        // Twice: the user does not want to wait.
        meanwhile: () => {
          signals.emit('SIGINT');
          signals.emit('SIGINT');
        },
      },
    );
    expect(result.status).toBe(0);
    expect(result.journal.slice(-8)).toEqual([
      'detach p t4',
      'later 4',
      'detach p t3',
      'detach p t2',
      'detach p t1',
      'detach p t0',
      'release',
      'close',
    ]);
  });

  test('--stats counts runs from before the first attach to the end; losses are told without it', async () => {
    const counted = await run(
      { probes: [probe('p', raw('x'))] },
      { counts: () => ({ runs: 3n, runTime: 5n, recursionMisses: 0n }) },
      { statistics: true },
      { meanwhile: ({ signals }) => signals.emit('SIGINT') },
    );
    expect(counted.journal).toEqual([
      'load',
      'count runs',
      'attach p x',
      'attached 1',
      'wait for programs',
      'end of run',
      'trust true ',
      'detach p x',
      'count no more',
      'close',
    ]);
    const behaviour = { missed: () => 2n };
    const missing = await run(
      { probes: [probe('p', raw('x'))] },
      behaviour,
      {},
      { meanwhile: ({ signals }) => signals.emit('SIGINT') },
    );
    expect(missing.journal).toContain('trust false ');
    const silent = await run(
      { probes: [probe('p', raw('x'))] },
      behaviour,
      { warnings: 'none' },
      { meanwhile: ({ signals }) => signals.emit('SIGINT') },
    );
    expect(silent.journal).not.toContain('trust false ');
    const always = { output: { alwaysTellsTrust: true } };
    const told = await run({}, {}, {}, always);
    expect(told.journal).toContain('trust true ');
    const quiet = await run({}, {}, { quiet: true }, always);
    expect(quiet.journal).not.toContain('trust true ');
  });

  test('SIGUSR1 runs the signal bodies and goes on', async () => {
    const result = await run(
      { probes: [probe('s', onSignal)] },
      {},
      {},
      {
        meanwhile: ({ signals }) => {
          signals.emit('SIGUSR1');
          setTimeout(() => signals.emit('SIGINT'), 20);
        },
      },
    );
    expect(result.journal).toEqual(['load', 'attached 1', 'run s', 'end of run', 'close']);
  });
});

describe('failures', () => {
  test('a rejected program is explained at its probe, status 255', async () => {
    const rejection = new RuntimeFailure('rejected', {
      errno: 13,
      program: 'p',
      log: "R1 invalid mem access 'scalar'\n",
    });
    const result = await run({ probes: [probe('p', raw('x'))] }, { rejection });
    expect(result.status).toBe(255);
    expect(result.diagnostics).toMatchObject([{ code: 'verifier-rejected', span: { start: 0, end: 5 } }]);
  });

  const failing = (name: string): FakeBehaviour => ({
    attach: (plan) => {
      if (plan.attach.kind === 'raw-tracepoint' && plan.attach.targets[0]?.name === name) {
        throw attachFailure(`cannot attach ${name}`, 2);
      }
    },
  });
  const policy = (missing_probes: string) => ({
    probes: [probe('p', raw('x', 'y', 'z'))],
    config: { ...defaultConfig(), missing_probes },
  });
  const interrupt = { meanwhile: ({ signals }: World) => void signals.emit('SIGINT') };

  test('missing_probes = error: nothing runs, what was attached is detached', async () => {
    const result = await run(policy('error'), failing('y'));
    expect(result.status).toBe(255);
    expect(result.journal).toEqual(['load', 'attach p x', 'detach p x', 'close']);
    expect(result.diagnostics).toMatchObject([
      { severity: 'error', code: 'cannot-attach', message: 'Cannot attach y' },
    ]);
  });

  test('missing_probes = warn: the others are attached and counted', async () => {
    const result = await run(policy('warn'), failing('y'), {}, interrupt);
    expect(result.status).toBe(0);
    expect(result.journal).toContain('attached 2');
    expect(result.diagnostics).toMatchObject([{ severity: 'warning', code: 'probe-skipped' }]);
  });

  test('missing_probes = ignore is silent, unless nothing is left', async () => {
    const some = await run(policy('ignore'), failing('y'), {}, interrupt);
    expect(some.diagnostics).toEqual([]);
    const none = await run({ ...policy('ignore'), probes: [probe('p', raw('y'))] }, failing('y'));
    expect(none).toMatchObject({ status: 255, diagnostics: [{ code: 'nothing-attached' }] });
  });

  test('a body that cannot be run', async () => {
    const result = await run(
      { probes: [probe('b', begin), probe('p', raw('x'))] },
      {
        run: () => {
          throw new RuntimeFailure('cannot run program b', { errno: 22, program: 'b', hint: 'because' });
        },
      },
    );
    expect(result).toMatchObject({ status: 255, diagnostics: [{ message: 'Cannot run program b', hint: 'because' }] });
  });

  test('the child is ended when loading fails', async () => {
    const result = await run({}, { rejection: new RuntimeFailure('no') }, { command: 'true' });
    expect(result).toMatchObject({ status: 255, childSignals: ['terminate'] });
  });
});

describe('nothing is lost silently', () => {
  test('lost events and failures are reported once each, and in sum', async () => {
    const sites = new FakeMap(4, 16, 2);
    const slot = (index: number, counts: readonly [number, number], code: number): void => {
      const bytes = new Uint8Array(32);
      const view = new DataView(bytes.buffer);
      counts.forEach((count, i) => {
        view.setBigUint64(i * 16, BigInt(count), true);
        view.setBigInt64(i * 16 + 8, BigInt(code), true);
      });
      sites.update(Uint8Array.of(index, 0, 0, 0), bytes);
    };
    slot(0, [3, 4], 0);
    slot(1, [0, 2], -14);
    slot(2, [1, 0], -14);
    const span = { start: 0, end: 5 };
    const result = await run(
      {
        probes: [probe('e', end)],
        sites: [
          { kind: 'lost-event', onlyWithK: false, span },
          { kind: 'helper', helper: 'bpf_probe_read_user', onlyWithK: false, span },
          { kind: 'probe-read', helper: 'bpf_probe_read_kernel', onlyWithK: true, span },
        ],
      },
      { maps: { eb_sites: sites } },
    );
    expect(result.journal).toEqual([
      'load',
      'attached 1',
      'run e',
      'warning errno 14',
      'lost 7 of 7',
      'total lost 7',
      'end of run',
      'trust false 7',
      'close',
    ]);
  });
});

describe('iterators', () => {
  const iterator = probe('p0', { kind: 'iterator', over: 'tasks' });

  test('the objects are gone through between looks at the ring, and the run ends with the last one', async () => {
    let count = 0;
    const { status, journal } = await run(
      { probes: [iterator] },
      { objects: 3, run: (_name, object) => object.events.push(record(0, ++count)) },
    );
    expect(status).toBe(0);
    expect(count).toBe(3);
    expect(journal.filter((line) => line.startsWith('printf'))).toHaveLength(3);
  });

  test('exit() ends the iteration', async () => {
    let count = 0;
    const { status } = await run(
      { probes: [iterator] },
      { objects: 1000, run: (_name, object) => (++count === 5 ? object.requestExit(7) : undefined) },
    );
    expect(status).toBe(7);
    expect(count).toBe(5);
  });

  test('a pinned one is told about, and nothing is waited for', async () => {
    const pinned = probe('p0', { kind: 'iterator', over: 'tasks', pin: '/sys/fs/bpf/mine' });
    const { status, journal } = await run({ probes: [pinned] }, { objects: 3 });
    expect(status).toBe(0);
    expect(journal).toContain('pinned /sys/fs/bpf/mine');
    expect(journal).not.toContain('run p0');
  });
});
