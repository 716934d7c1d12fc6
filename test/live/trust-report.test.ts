/** The trust report and leaving with many links, on the kernel. */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { canBpf, requireBpfInCi } from '../support/bpf-available.ts';
import { buildBundle, ebtrace } from '../support/ebtrace.ts';

requireBpfInCi();

interface Line {
  readonly type: string;
  readonly complete: boolean;
  readonly data: {
    readonly probes: readonly {
      readonly probe: string;
      readonly runs?: number;
      readonly run_time_ns?: number;
      readonly missed: number | null;
    }[];
    readonly refused_updates: Readonly<Record<string, number>>;
    readonly lost_events: readonly { readonly call: string; readonly count: number; readonly line: number }[];
  };
}

/** The last line of a run in JSON without -q, which asks for nothing. */
async function lastLine(script: string): Promise<Line> {
  const { stdout } = await ebtrace(['-f', 'json', '-e', script], { timeoutMs: 60_000 });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}

async function report(script: string, ...options: readonly string[]): Promise<Line> {
  const { stdout } = await ebtrace(['-q', '-f', 'json', ...options, '-e', script], { timeoutMs: 60_000 });
  const line: Line = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  expect(line.type).toBe('trust_report');
  return line;
}

const loop = (times: number, body: string): string => `begin { for ($i : 0..${times}) { ${body} } }`;

describe.runIf(canBpf)('the trust report', () => {
  beforeAll(buildBundle, 60_000);

  test('--stats: each program ran as often as its map counted', async () => {
    const script =
      'begin { @ = 0; } tracepoint:sched:sched_process_exec /pid == cpid/ { @ = args.pid; } end { @ = 1; }';
    const { complete, data } = await report(script, '--stats', '-c', 'true');
    expect(complete).toBe(true);
    const [begin, exec, end] = data.probes;
    expect(begin).toMatchObject({ probe: 'begin', runs: 1, missed: 0 });
    expect(exec?.runs).toBeGreaterThanOrEqual(1);
    expect(exec?.run_time_ns).toBeGreaterThan(0);
    expect(end).toMatchObject({ probe: 'end', runs: 1 });
  });

  test('JSON says so when nothing is missing, and what the kernel does not count', async () => {
    const { type, complete, data } = await lastLine('begin { @ = 1; } profile:hz:1 { } interval:ms:1 { exit(); }');
    expect({ type, complete }).toEqual({ type: 'trust_report', complete: true });
    expect(data.probes).toEqual([
      { probe: 'begin', attach_points: 1, missed: 0 },
      { probe: 'profile:hz:1', attach_points: 1, missed: null },
      { probe: 'interval:ms:1', attach_points: 1, missed: null },
    ]);
  });

  test('refused updates: exactly those that do not fit, by map', async () => {
    const script = `let @a = hash(10); let @b = percpuhash(100); ${loop(50, '@a[$i] = 1; @b[$i] = count();')}`;
    const { complete, data } = await report(script);
    expect(complete).toBe(false);
    expect(data.refused_updates).toEqual({ '@a': 40 });
    expect(data.probes[0]).not.toHaveProperty('runs');
  });

  test('lost events and those that arrived are all there are', async () => {
    const script = `config = { perf_rb_pages = 1 } ${loop(3000, 'printf("%d %s\\n", $i, "some text to fill the ring with");')}`;
    const { stdout } = await ebtrace(['-q', '-f', 'json', '-e', script], { timeoutMs: 60_000 });
    const lines = stdout.trimEnd().split('\n');
    const { data }: Line = JSON.parse(lines.at(-1) ?? '');
    const printed = lines.filter((line) => line.startsWith('{"type": "printf"')).length;
    expect(data.lost_events).toMatchObject([{ call: 'printf', line: 1 }]);
    expect(printed + (data.lost_events[0]?.count ?? 0)).toBe(3000);
  });

  test('text: the map is named, and nothing is said when nothing is missing', async () => {
    const full = await ebtrace(['-q', '-e', `let @a = hash(10); ${loop(12, '@a[$i] = 1;')}`]);
    expect(full.stderr).toContain('WARNING: @a is at least this: 2 updates found no room\n');
    const fine = await ebtrace(['-q', '-e', `let @a = hash(12); ${loop(12, '@a[$i] = 1;')}`]);
    expect(fine).toMatchObject({ status: 0, stderr: '' });
  });
});

/** Perf tracepoint links take the kernel 70 ms each. */
const manyLinks = `
  tracepoint:sched:sched_wakeup*,tracepoint:sched:sched_waking { @a[args.pid] = count(); }
  tracepoint:workqueue:* { @b[args.work] = count(); }
  tracepoint:irq:softirq_* { @c[args.vec] = count(); }
  tracepoint:timer:hrtimer_* { @d[args.hrtimer] = count(); }
  tracepoint:kmem:kmalloc,tracepoint:kmem:kfree { @e[args.call_site] = count(); }
  interval:ms:300 { printf("leaving\\n"); exit(); }`;

describe.runIf(canBpf)('leaving', () => {
  beforeAll(buildBundle, 60_000);

  /** Processes that still close the links of somebody else. */
  const closing = (): readonly string[] =>
    readdirSync('/proc').filter((name) => {
      try {
        return /^\d+$/.test(name) && readFileSync(`/proc/${name}/stat`, 'latin1').includes('(sh) D');
      } catch {
        // Gone meanwhile.
        return false;
      }
    });

  test('nobody waits for many links to be closed, and they are closed soon after', async () => {
    let left = Number.POSITIVE_INFINITY;
    const result = await ebtrace(['-q', '--no-warnings', '-e', manyLinks], {
      timeoutMs: 60_000,
      onStdout: () => {
        left = Math.min(left, performance.now());
      },
    });
    const took = performance.now() - left;
    expect(result).toMatchObject({ status: 0, stderr: '' });
    // Fifteen links and more are more than a second when they are waited for.
    expect(took).toBeLessThan(1000);
    await expect.poll(() => closing().length, { timeout: 20_000, interval: 200 }).toBe(0);
  });
});
