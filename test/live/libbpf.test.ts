/**
 * runtime/libbpf against the running kernel, with a small program written by hand: everything the interface Bpf
 * promises. The programs look at this process only.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Report } from '../../grammar/diagnostic.ts';
import { SourceText } from '../../grammar/source.ts';
import { type BpfLink, type LoadedObject, RuntimeFailure } from '../../runtime/bpf.ts';
import { native } from '../../runtime/libbpf/native.ts';
import { openBpf } from '../../runtime/libbpf/object.ts';
import { systemKernel } from '../../runtime/libbpf/system.ts';
import { mountTracefs } from '../../runtime/libbpf/tracefs-mount.ts';
import { paramsBytes } from '../../runtime/params.ts';
import { explainRejection } from '../../runtime/verifier-log.ts';
import { createClang } from '../../src/clang/clang.ts';
import type { AttachSpec } from '../../src/program/attach-spec.ts';
import { parseCpuList } from '../../src/world/cpu-list.ts';
import { nodeHostFiles } from '../../src/world/host-files.ts';
import { canBpf, requireBpfInCi } from '../support/bpf-available.ts';
import { probe, smallProgram } from '../support/small-program.ts';

requireBpfInCi();

const script = new SourceText('script.bt', 'begin {\n  $x = @a[0];\n  print(*$x);\n}\n');
const killNumber = process.arch === 'x64' ? 62n : 129n;
const RING_BYTES = 4 * 1024 * 1024;

async function compile(name: string): Promise<Uint8Array> {
  const report = new Report(script);
  const c = readFileSync(join(import.meta.dirname, 'fixtures', name), 'latin1');
  const object = await createClang({ env: { ...process.env, EBTRACE_CACHE: '0' } }).compile(c, report);
  if (object === undefined) throw new Error(report.diagnostics.map((entry) => entry.message).join('\n'));
  return object;
}

function load(object: Uint8Array, more: { readonly verifierLog?: boolean; readonly messages?: string[] } = {}) {
  return openBpf(nodeHostFiles).load(smallProgram({ object }), {
    params: paramsBytes({
      // The fixture takes the number of the system call from here.
      pidNamespace: { device: killNumber, inode: 0n },
      childPid: 42,
      filterPid: process.pid,
      possibleCpus: 1,
    }),
    logSize: 1_000_000,
    verifierLog: more.verifierLog ?? false,
    ringBytes: RING_BYTES,
    onLibbpfMessage: (_level, text) => more.messages?.push(text),
  });
}

/** One kill(2) that does nothing. */
function callKill(times: number): void {
  const c = native();
  for (let i = 0; i < times; i++) c.call('kill', process.pid, 0);
}

describe.runIf(canBpf)('libbpf', () => {
  let object: LoadedObject;
  let tracefs = '';
  const cpus = canBpf ? parseCpuList(readFileSync('/sys/devices/system/cpu/online', 'latin1')) : [];

  beforeAll(async () => {
    object = load(await compile('libbpf.c'));
    tracefs = nodeHostFiles.list('/sys/kernel/tracing/events') === undefined ? mountTracefs() : '/sys/kernel/tracing';
  });
  afterAll(() => {
    object.close();
    object.close();
  });

  const attach = (program: string, spec: AttachSpec, pid?: number): BpfLink =>
    object.program(program).attach(probe(program, spec), { pid, onlineCpus: cpus, tracefs });
  const counted = (key: bigint): bigint => {
    const bytes = object.map('m_hash').lookup(new Uint8Array(new BigUint64Array([key]).buffer));
    return bytes === undefined ? 0n : new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  };
  const takeAll = (): readonly number[] => {
    const numbers: number[] = [];
    const keep = (view: DataView, offset: number, length: number): boolean => {
      expect(length).toBe(16);
      numbers.push(Number(view.getBigUint64(offset + 8, true)));
      return true;
    };
    while (object.ring().drain(keep) > 0);
    return numbers;
  };

  test('a program runs once, and sees the parameters', () => {
    expect(object.program('answer').run()).toBe(42);
  });

  test('100,000 events in order, none lost, the ring used several times over', async () => {
    const link = attach('on_syscall', { kind: 'raw-tracepoint', targets: [{ name: 'sys_enter' }] });
    expect(link.count).toBe(1);
    const numbers: number[] = [];
    try {
      for (let round = 0; round < 4; round++) {
        const waiting = object.ring().wait(5000);
        callKill(25_000);
        await waiting;
        numbers.push(...takeAll());
      }
    } finally {
      link.close();
      link.close();
    }
    expect(numbers.length).toBe(100_000);
    expect(numbers.every((number, i) => number === i)).toBe(true);
    callKill(10);
    expect(takeAll()).toEqual([]);
  });

  test('what finds no room is counted, and the ring works on afterwards', () => {
    const link = attach('on_syscall', { kind: 'raw-tracepoint', targets: [{ name: 'sys_enter' }] });
    const total = 200_000;
    callKill(total);
    const taken = takeAll().length;
    const sites = object.map('eb_sites');
    const { count, values } = sites.entries();
    const view = new DataView(values.buffer, values.byteOffset);
    let lost = 0n;
    for (let cpu = 0; cpu < sites.copies; cpu++) lost += view.getBigUint64(cpu * sites.valueSize, true);
    expect(count).toBe(2);
    expect(taken).toBeGreaterThan(RING_BYTES / 24 - 100);
    expect(taken + Number(lost)).toBe(total);
    callKill(5);
    link.close();
    expect(takeAll().length).toBe(5);
  });

  test('drain stops when the handler wants no more, and goes on there', () => {
    const link = attach('on_syscall', { kind: 'raw-tracepoint', targets: [{ name: 'sys_enter' }] });
    callKill(10);
    link.close();
    let seen = 0;
    expect(object.ring().drain(() => ++seen < 4)).toBe(4);
    expect(takeAll().length).toBe(6);
  });

  test('a wait ends by time, by wake, and by an event', async () => {
    const ring = object.ring();
    const took = async (wait: Promise<void>): Promise<number> => {
      const start = performance.now();
      await wait;
      return performance.now() - start;
    };
    expect(await took(ring.wait(30))).toBeGreaterThan(25);
    setTimeout(() => ring.wake(), 20);
    expect(await took(ring.wait(5000))).toBeLessThan(1000);
    const link = attach('on_syscall', { kind: 'raw-tracepoint', targets: [{ name: 'sys_enter' }] });
    setTimeout(() => callKill(1), 20);
    expect(await took(ring.wait(5000))).toBeLessThan(1000);
    link.close();
    expect(takeAll().length).toBe(1);
  });

  test('raw tracepoint with a cookie', () => {
    const link = attach('on_cookie', { kind: 'raw-tracepoint', targets: [{ name: 'sys_enter', cookie: 7n }] });
    callKill(13);
    link.close();
    expect(counted(7n)).toBe(13n);
  });

  test('perf tracepoints, several with one program', () => {
    const link = attach('on_tracepoint', {
      kind: 'tracepoint',
      targets: [
        { category: 'syscalls', name: 'sys_enter_kill', cookie: 20n },
        { category: 'syscalls', name: 'sys_exit_kill', cookie: 21n },
      ],
    });
    expect(link.count).toBe(2);
    callKill(11);
    link.close();
    callKill(3);
    expect([counted(20n), counted(21n)]).toEqual([11n, 11n]);
  });

  test('a clock on every CPU, following a process', () => {
    const every = { by: 'period', period: 1_000_000n } as const;
    const link = attach(
      'on_clock',
      { kind: 'perf-event', type: 1, config: 0n, every, cpus: 'all', followsPid: true },
      process.pid,
    );
    expect(link.count).toBe(cpus.length);
    const until = performance.now() + 100;
    while (performance.now() < until);
    link.close();
    expect(Number(counted(100n))).toBeGreaterThan(10);
  });

  test('100,000 keys with a copy per CPU, each once', () => {
    object.program('fill').run();
    const map = object.map('m_percpu');
    expect([map.keySize, map.valueSize]).toEqual([8, 8]);
    const { count, keys, values } = map.entries();
    expect(count).toBe(100_000);
    expect(values.length).toBe(count * map.copies * 8);
    const keyView = new DataView(keys.buffer, keys.byteOffset);
    const valueView = new DataView(values.buffer, values.byteOffset);
    const seen = new Set<number>();
    for (let i = 0; i < count; i++) {
      const key = keyView.getUint32(i * 8, true);
      let sum = 0;
      for (let cpu = 0; cpu < map.copies; cpu++) sum += valueView.getUint32((i * map.copies + cpu) * 8, true);
      if (sum === key * 2) seen.add(key);
    }
    expect(seen.size).toBe(count);
  });

  test('lookup, update, delete', () => {
    const map = object.map('m_hash');
    const key = new Uint8Array(new BigUint64Array([99n]).buffer);
    expect(map.lookup(key)).toBeUndefined();
    map.update(key, new Uint8Array(new BigUint64Array([5n]).buffer));
    expect(counted(99n)).toBe(5n);
    expect([map.delete(key), map.delete(key)]).toEqual([true, false]);
  });

  describe('refusals say what is wrong and leave nothing behind', () => {
    const descriptors = (): number => readdirSync('/proc/self/fd').length;
    const refused = (work: () => unknown): RuntimeFailure => {
      const before = descriptors();
      try {
        work();
      } catch (failure) {
        expect(descriptors()).toBe(before);
        if (failure instanceof RuntimeFailure) return failure;
        throw failure;
      }
      throw new Error('it worked');
    };

    test('an unknown raw tracepoint', () => {
      const spec: AttachSpec = { kind: 'raw-tracepoint', targets: [{ name: 'sys_enter' }, { name: 'no_such' }] };
      const failure = refused(() => attach('on_syscall', spec));
      expect(failure).toMatchObject({
        errno: 2,
        what: "cannot attach on_syscall: there is no raw tracepoint 'no_such'",
      });
    });

    test('an unknown tracepoint', () => {
      const spec: AttachSpec = { kind: 'tracepoint', targets: [{ category: 'sched', name: 'no_such' }] };
      expect(refused(() => attach('on_tracepoint', spec)).what).toContain("there is no tracepoint 'sched:no_such'");
    });

    test('a process that is not there', () => {
      expect(refused(() => systemKernel().watchProcess(4_194_303))).toMatchObject({ errno: 3 });
    });

    test('a program the verifier rejects: its name, its log, the line of the script', async () => {
      const bytes = await compile('rejected.c');
      const messages: string[] = [];
      const failure = refused(() => load(bytes, { messages }));
      expect(failure).toMatchObject({ errno: 13, program: 'wrong' });
      expect(failure.log).toContain("invalid mem access 'map_value_or_null'");
      const diagnostic = explainRejection(failure, script, []);
      expect(diagnostic.span).toEqual({ start: 24, end: 35 });
      expect(script.slice(diagnostic.span ?? { start: 0, end: 0 })).toBe('print(*$x);');
      expect(messages.some((text) => text.includes('wrong'))).toBe(true);
    });

    test('an object that is none', () => {
      expect(refused(() => load(new Uint8Array(100))).what).toContain('cannot read the compiled program');
    });
  });

  test('the verifier log of accepted programs when it is asked for', async () => {
    const verbose = load(await compile('libbpf.c'), { verifierLog: true });
    expect([...verbose.verifierLogs.keys()].sort()).toContain('on_clock');
    expect(verbose.verifierLogs.get('answer')).toContain('processed ');
    verbose.close();
  });

  test('closing ends a pending wait', async () => {
    const other = load(await compile('libbpf.c'));
    const start = performance.now();
    const waiting = other.ring().wait(10_000);
    setTimeout(() => other.close(), 20);
    await waiting;
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test('the end of a process is noticed', async () => {
    const { startStopped } = await import('../../runtime/child.ts');
    const child = startStopped('sleep 0.05');
    const watch = systemKernel().watchProcess(child.pid);
    child.resume();
    const start = performance.now();
    await watch.ended;
    expect(performance.now() - start).toBeLessThan(1000);
    watch.close();
  });
});
