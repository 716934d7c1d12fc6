/**
 * Every script of examples/ on a workload whose numbers are known. The examples watch the whole machine, so only lines
 * about the workload's own pid or name are looked at, and the rest of the output never gets into a message.
 *
 * Workloads are shell scripts: the kernel calls a process that runs a script by the script's file name.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canBpf, requireBpfInCi } from '../support/bpf-available.ts';
import { buildBundle, ebtrace } from '../support/ebtrace.ts';

requireBpfInCi();

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'ebtrace-examples-'));
const file = (name: string): string => join(folder, name);
const example = (name: string): string => join(root, 'examples', name);

/** An executable script; `name` is its comm and has at most 15 bytes. */
function workload(name: string, script: string): string {
  writeFileSync(file(name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file(name);
}

/** Runs an example while the command runs. */
async function whileRunning(command: string, name: string, args: readonly string[] = []): Promise<string> {
  const { status, stdout } = await ebtrace([...args, '-c', command, example(name)]);
  expect(status).toBe(0);
  return stdout;
}

/** Runs an example on one process, which waits for a line on its stdin until everything is attached. */
async function onProcess(path: string, name: string): Promise<string> {
  const waiting = spawn(path, { stdio: ['pipe', 'ignore', 'ignore'] });
  try {
    const { status, stdout } = await ebtrace(['-p', `${waiting.pid}`, example(name)], {
      onStderr: (text) => {
        if (text.includes('Attached ')) waiting.stdin.end('go\n');
      },
    });
    expect(status).toBe(0);
    return stdout;
  } finally {
    waiting.kill('SIGKILL');
  }
}

/** What the pattern's groups are in the lines that it matches. */
function matches(text: string, pattern: RegExp): readonly (readonly string[])[] {
  return [...text.matchAll(new RegExp(pattern, 'gm'))].map((match) => match.slice(1));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

const fieldsOf = (name: string): readonly string[] => readFileSync(file(name), 'utf8').trim().split(' ');

/** Writes a file with /proc/PID/stat of the shell, without the name in it, as numbers: pid, state, ppid ... */
const saveStat = (name: string): string => `sed 's/(.*) //' /proc/$$/stat >${file(name)}`;
/** Positions in it (proc(5), less the name). */
const stat = { pid: 0, minorFaults: 8, majorFaults: 10, userTicks: 12, systemTicks: 13 } as const;
const numberAt = (name: string, field: keyof typeof stat): number => Number(fieldsOf(name)[stat[field]]);
/** USER_HZ is 100 on every Linux. */
const secondsOnCpu = (name: string): number => (numberAt(name, 'userTicks') + numberAt(name, 'systemTicks')) / 100;

const spin = (name: string, rounds: number): string =>
  workload(name, `i=0\nwhile [ $i -lt ${rounds} ]; do i=$((i+1)); done\n${saveStat(`${name}.stat`)}`);

/** O_DIRECT reaches a block device where the file system has one of its own; its device number has a major part then. */
const disk = [tmpdir(), root].find((path) => statSync(path).dev >> 8 !== 0);
const dd = ['/bin/dd', '/usr/bin/dd'].find((path) => statSync(path, { throwIfNoEntry: false }) !== undefined);

describe.runIf(canBpf)('examples', () => {
  beforeAll(buildBundle, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  test('cpu-time.bt: milliseconds as the kernel counts them itself', async () => {
    const output = await whileRunning(spin('eb-spin', 1_500_000), 'cpu-time.bt');
    const pid = numberAt('eb-spin.stat', 'pid');
    const rows = matches(output, new RegExp(`^@cpu_time\\[${pid}, eb-spin\\]: (\\d+)$`));
    expect(rows.length).toBe(1);
    const expected = secondsOnCpu('eb-spin.stat') * 1000;
    expect(expected).toBeGreaterThan(200);
    expect(Math.abs(Number(rows[0]?.[0]) - expected)).toBeLessThan(expected * 0.1 + 40);
    expect(output).not.toContain('@since');
  });

  test('profile-cpus.bt: 99 samples for a second on a CPU', async () => {
    const output = await whileRunning(spin('eb-busy', 1_500_000), 'profile-cpus.bt');
    const pid = numberAt('eb-busy.stat', 'pid');
    const rows = matches(output, new RegExp(`^@samples\\[\\d+, ${pid}, eb-busy\\]: (\\d+)$`));
    const expected = secondsOnCpu('eb-busy.stat') * 99;
    expect(expected).toBeGreaterThan(20);
    expect(Math.abs(sum(rows.map(([count]) => Number(count))) - expected)).toBeLessThan(expected * 0.15 + 5);
  });

  test('hello-execve.bt: one greeting for each program', async () => {
    const output = await whileRunning(
      workload('eb-exec', 'for i in 1 2 3; do /bin/true; done; exit 0'),
      'hello-execve.bt',
    );
    expect(matches(output, /^hello (\S+), started by eb-exec \(pid \d+\)$/)).toEqual(Array(3).fill(['/bin/true']));
  });

  test('opens.bt: names, descriptors and errors', async () => {
    const [there, missing] = [file('there'), file('missing')];
    writeFileSync(there, '');
    const script = `echo $$ >${file('eb-open.pid')}\ntrue <${there}\ntrue <${missing}\ntrue <${there}`;
    const output = await whileRunning(workload('eb-open', script), 'opens.bt');
    const pid = readFileSync(file('eb-open.pid'), 'utf8').trim();
    const rows = matches(output, /^(\d\d:\d\d:\d\d\.\d{6}) (\d+) +eb-open +(-?\d+) (.*?) +(\S+)$/);
    const ours = rows.filter(([, , , , name]) => name === there || name === missing);
    expect(ours.map(([, ...row]) => row)).toEqual([
      [pid, '3', '', there],
      [pid, '-1', 'No such file or directory', missing],
      [pid, '3', '', there],
    ]);
    expect(ours.map(([time]) => time)).toEqual(ours.map(([time]) => time).sort());
    expect(output).toMatch(/^TIME +PID +COMM +FD ERROR +FILE\n/);
  });

  test('syscall-top.bt: 500 calls are 500, and both lists are short and sorted', async () => {
    const script = 'read go\ni=0\nwhile [ $i -lt 500 ]; do kill -0 $$; i=$((i+1)); done';
    const output = await onProcess(workload('eb-calls', script), 'syscall-top.bt');
    const calls = matches(output, /^@calls\[(\w+)\]: (\d+)$/);
    expect(calls.filter(([name]) => name === 'kill')).toEqual([['kill', '500']]);
    const times = matches(output, /^@time\[(\w+)\]: (\d+)$/);
    expect(times.map(([name]) => name)).toContain('kill');
    for (const list of [calls, times]) {
      const numbers = list.map(([, count]) => Number(count));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      expect(numbers.length).toBeLessThanOrEqual(10);
    }
    expect(output).not.toContain('@start');
  });

  test('run-queue-latency.bt: every thread that is created waits once at least', async () => {
    const script = 'i=0; while [ $i -lt 60 ]; do /bin/true; i=$((i+1)); done';
    const output = await whileRunning(workload('eb-queue', script), 'run-queue-latency.bt', ['-f', 'json']);
    const lines = output
      .trim()
      .split('\n')
      .map((line): Record<string, unknown> => JSON.parse(line));
    const histograms = lines.flatMap(({ type, data }) =>
      type === 'hist' ? [data as { '@microseconds': Bucket[] }] : [],
    );
    expect(histograms.length).toBe(1);
    expect(sum((histograms[0]?.['@microseconds'] ?? []).map(({ count }) => count))).toBeGreaterThanOrEqual(60);
    expect(lines.filter(({ type }) => type === 'map')).toEqual([]);
  });

  test('forks-per-second.bt: lines of one second each, and a sum that has all of them', async () => {
    const script = 'i=0; while [ $i -lt 40 ]; do /bin/true; i=$((i+1)); done; exec sleep 1.2';
    const output = await whileRunning(workload('eb-fork', script), 'forks-per-second.bt');
    const seconds = matches(output, /^\d\d:\d\d:\d\d +(\d+)$/).map(([count]) => Number(count));
    const [total] = matches(output, /^(\d+) forks in all$/).map(([count]) => Number(count));
    expect(seconds.length).toBeGreaterThanOrEqual(1);
    expect(sum(seconds)).toBeGreaterThanOrEqual(40);
    expect(total).toBeGreaterThanOrEqual(sum(seconds));
    expect(output).toMatch(/^TIME +FORKS\/S\n/);
    expect(output).not.toContain('@');
  });

  const whyNoDisk = disk === undefined || dd === undefined ? ' (skipped: no block device or no dd here)' : '';
  test.skipIf(whyNoDisk !== '')(`block-io-size.bt: 32 direct reads of 16 KiB${whyNoDisk}`, async () => {
    const place = mkdtempSync(join(disk ?? '', 'ebtrace-disk-'));
    try {
      copyFileSync(dd ?? '', file('eb-dd'));
      const data = join(place, 'data');
      writeFileSync(data, Buffer.alloc(32 * 16384, 1), { flush: true });
      const command = `${file('eb-dd')} if=${data} of=/dev/null bs=16k count=32 iflag=direct status=none`;
      const output = await whileRunning(command, 'block-io-size.bt');
      const [rows = ''] = output.split('\n\n').filter((part) => part.includes('@bytes[eb-dd]:\n'));
      const [[count] = []] = matches(rows, /^\[16K, 32K\) +(\d+) \|@+/);
      // Where the file lies in pieces a read is split; nothing joins reads that wait for each other.
      expect(Number(count)).toBeGreaterThanOrEqual(28);
      expect(Number(count)).toBeLessThanOrEqual(32);
    } finally {
      rmSync(place, { recursive: true });
    }
  });

  test.skipIf(dd === undefined)('read-size.bt: 7 reads of 5000 bytes, 5 of 20000', async () => {
    const read = (size: number, count: number): string => `dd if=/dev/zero of=/dev/null bs=${size} count=${count}`;
    // The program that is executed keeps the process id of the shell.
    const small = await onProcess(workload('eb-small', `read go\nexec ${read(5000, 7)}`), 'read-size.bt');
    expect(matches(small, /^\[4608, 5120\) +(\d+) \|/)).toEqual([['7']]);
    const large = await onProcess(workload('eb-large', `read go\nexec ${read(20000, 5)}`), 'read-size.bt');
    expect(matches(large, /^\[8192, \.\.\.\) +(\d+) \|/)).toEqual([['5']]);
  });

  test('page-faults.bt: as many as the kernel counts for the process', async () => {
    const script = `${saveStat('before')}\ni=0; while [ $i -lt 150 ]; do ( : ); i=$((i+1)); done\n${saveStat('after')}`;
    const output = await whileRunning(workload('eb-faults', script), 'page-faults.bt');
    const pid = numberAt('after', 'pid');
    const rows = matches(output, new RegExp(`^@faults\\[${pid}, eb-faults\\]: (\\d+)$`));
    const faults = (name: string): number => numberAt(name, 'minorFaults') + numberAt(name, 'majorFaults');
    expect(rows.length).toBe(1);
    expect(faults('after') - faults('before')).toBeGreaterThan(150);
    expect(Number(rows[0]?.[0])).toBeGreaterThanOrEqual(faults('after') - faults('before'));
    // The last faults, of the process's exit, come after its numbers were saved.
    expect(Number(rows[0]?.[0])).toBeLessThanOrEqual(faults('after') + 50);
  });
});

interface Bucket {
  readonly count: number;
}
