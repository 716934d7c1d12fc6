/** What was asked of a machine can be asked again of its recording. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { currentKernelFeatures } from '../../src/world/features.ts';
import { glob } from '../../src/world/glob.ts';
import { type HostFiles, hostFilesUnder } from '../../src/world/host-files.ts';
import { hostWorld } from '../../src/world/host-world.ts';
import { type RecordSink, recordHostFiles } from '../../src/world/record.ts';
import { fixtureFiles } from '../support/fixture-world.ts';

const folder = mkdtempSync(join(tmpdir(), 'ebtrace-record-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const sink: RecordSink = {
  file: (path, bytes) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  },
  directory: (path) => {
    mkdirSync(join(folder, path), { recursive: true });
  },
};

/** Without `available_events`, so that folders are walked as well. */
function machine(): HostFiles {
  const files = fixtureFiles();
  return { ...files, read: (path) => (path.endsWith('/available_events') ? undefined : files.read(path)) };
}

function ask(files: HostFiles): unknown {
  const world = hostWorld(files, { arch: 'x86_64', features: currentKernelFeatures });
  const event = { category: 'skb', name: 'kfree_skb' };
  return {
    tracefs: world.tracefs(),
    list: world.tracepoints(glob('s*'), glob('*')),
    id: world.tracepointId(event),
    fields: world.tracepointFields(event),
    missing: world.tracepointFields({ category: 'no', name: 'such' }),
    task: world.kernelTypes()?.fields('task_struct'),
    symbol: world.kernelSymbol('schedule'),
    cpus: [world.onlineCpus(), world.possibleCpus()],
  };
}

it('answers the same questions in the same way', () => {
  const answers = ask(recordHostFiles(machine(), sink));
  expect(answers).toMatchObject({ id: 2310, symbol: 0xffffffff81003000n });
  expect(ask(hostFilesUnder(folder))).toEqual(answers);
});

it('records another BTF where it is told to, and reads the real one', () => {
  const saved = new Map<string, Uint8Array>();
  const memory: RecordSink = { file: (path, bytes) => saved.set(path, bytes), directory: () => undefined };
  const small = Buffer.from('small');
  const recorder = recordHostFiles(fixtureFiles(), memory, { kernelBtf: small });
  const path = '/sys/kernel/btf/vmlinux';
  expect(recorder.read(path)?.length).toBeGreaterThan(1000);
  recorder.read(path);
  recorder.read('/proc/kallsyms');
  recorder.read('/nosuch');
  expect([...saved.keys()]).toEqual([path, '/proc/kallsyms']);
  expect(saved.get(path)).toBe(small);
  expect(saved.get('/proc/kallsyms')).toEqual(
    readFileSync(join(import.meta.dirname, '../fixtures/hosts/x86-6.18/proc/kallsyms')),
  );
});
