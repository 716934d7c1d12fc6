/** Raw tracepoints on the running kernel: their arguments are what the tracepoint of the same name tells. */
import { beforeAll, describe, expect, it } from 'vitest';
import { canBpf, requireBpfInCi, whyNoBpf } from '../support/bpf-available.ts';
import { buildBundle, ebtrace } from '../support/ebtrace.ts';

requireBpfInCi();
beforeAll(buildBundle, 120_000);

const child = '/bin/cat /etc/hostname';

async function linesOf(script: string): Promise<readonly string[]> {
  const { status, stdout, stderr } = await ebtrace(['-q', '-e', script, '-c', child]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').filter((line) => line.startsWith('@'));
}

describe.runIf(canBpf)(`raw tracepoints${whyNoBpf === undefined ? '' : ` (skipped: ${whyNoBpf})`}`, () => {
  it('count every system call that the tracepoint counts, by number', async () => {
    const lines = await linesOf(`
      rawtracepoint:sys_enter /pid == cpid/ { @raw[args.id] = count(); }
      tracepoint:raw_syscalls:sys_enter /pid == cpid/ { @perf[args.id] = count(); }`);
    const of = (map: string): readonly string[] =>
      lines.filter((line) => line.startsWith(map)).map((line) => line.slice(map.length));
    expect(of('@raw').length).toBeGreaterThan(5);
    expect([...of('@raw')].sort()).toEqual([...of('@perf')].sort());
  }, 60_000);

  it('pass the task that leaves the processor', async () => {
    const lines = await linesOf(`
      rawtracepoint:sched_switch /args.prev.pid == cpid/ { @raw[args.prev.comm, args.prev.prio, arg1 == (uint64)curtask] = count(); }
      tracepoint:sched:sched_switch /args.prev_pid == cpid/ { @perf[args.prev_comm, args.prev_prio, true] = count(); }`);
    const of = (map: string): readonly string[] =>
      lines.filter((line) => line.startsWith(map)).map((line) => line.slice(map.length));
    expect(of('@raw').length).toBeGreaterThan(0);
    expect([...of('@raw')].sort()).toEqual([...of('@perf')].sort());
  }, 60_000);

  it('share a program when only the name of the probe is asked for', async () => {
    const lines = await linesOf('rawtracepoint:sched_process_e* /pid == cpid/ { @[probe] = count(); }');
    expect(lines).toContain('@[rawtracepoint:vmlinux:sched_process_exit]: 1');
  }, 60_000);

  it('are refused when the program reads more arguments than there are', async () => {
    const script = 'rawtracepoint:sys_enter { print(arg2); }';
    const { status, stderr } = await ebtrace(['-q', '-e', script]);
    expect(status).toBe(1);
    expect(stderr).toContain('arg2 does not exist: this probe has arg0 to arg1');
  }, 60_000);
});
