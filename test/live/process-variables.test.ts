/** Builtin variables about processes against what /proc and the system say. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { canBpf, requireBpfInCi } from '../support/bpf-available.ts';
import { buildBundle, ebtrace } from '../support/ebtrace.ts';

requireBpfInCi();

/** Lines of a script that traces a child of `-c`. */
async function lines(script: string, ...options: readonly string[]): Promise<readonly string[]> {
  const result = await ebtrace(['-q', '--no-warnings', ...options, '-e', script]);
  expect(result).toMatchObject({ status: 0, stderr: '' });
  return result.stdout.trimEnd().split('\n');
}

const statusOf = (pid: number, name: string): string =>
  new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? '';

describe.runIf(canBpf)('variables about processes', () => {
  beforeAll(buildBundle, 60_000);

  test('parents: those of begin are ours, and of the parent theirs', async () => {
    const own = process.pid;
    const [first] = await lines(
      'begin { print((ppid, pcomm, ppid(curtask->real_parent), leader_tid == pid, leader_comm == comm)); }',
    );
    expect(first).toBe(
      `(${own}, ${readFileSync('/proc/self/comm', 'latin1').trim()}, ${statusOf(own, 'PPid')}, true, true)`,
    );
  });

  test('ppid of a child of -c is ebtrace, and has_cpid knows that there is one', async () => {
    const script = `
      begin { @tool = pid; print(has_cpid); }
      tracepoint:sched:sched_process_exec /pid == cpid/ { print((ppid == @tool, pcomm)); }
      end { clear(@tool); }`;
    expect(await lines(script, '-c', 'true')).toEqual(['true', '(true, ebtrace)']);
    expect(await lines('begin { print(has_cpid); if (!has_cpid) { print("none"); } }')).toEqual(['false', 'none']);
  });

  test('the name of another process, and of none', async () => {
    // Nothing has this number: it is above the most that pid_max can be.
    const script = `tracepoint:sched:sched_process_exec /pid == cpid/ {
        printf("%s %s %s\\n", comm(ppid), comm(pid(init)), comm(4194304)); @[comm((int64)4294967295)] = count(); }`;
    const result = await ebtrace(['-q', '-c', 'true', '-e', script]);
    expect(result).toMatchObject({ status: 0, stdout: 'ebtrace true N/A\n\n\n@[N/A]: 1\n' });
    expect(result.stderr).toMatch(/There is no process 4194304; its name is N\/A\.\n/);
    expect(result.stderr).toMatch(/There is no process -1; its name is N\/A\.\n/);
  });

  test('elapsed begins when the script is loaded', async () => {
    const [first = ''] = await lines('begin { print(elapsed / 1000); } interval:ms:100 { exit(); }');
    // Microseconds; a start of ebtrace takes ten times as long, and on an idle machine this is 400.
    expect(Number(first)).toBeLessThan(20_000);
  });

  test('of the shell that waits for the probes of -c they see little', async () => {
    const script = `tracepoint:raw_syscalls:sys_enter /pid == cpid && comm == "sh"/ { @ = count(); }
      tracepoint:sched:sched_process_exec /pid == cpid/ { print(comm); }`;
    const [program, , , count = ''] = await lines(script, '-c', 'true');
    expect(program).toBe('true');
    // Six in dash.
    expect(Number(count.replace('@: ', ''))).toBeLessThan(12);
  });

  test('ids by PID namespace: the same ones in the first', async () => {
    expect(await lines('begin { print((pid(init) == pid, tid(curr_ns) == tid(), pid(curr_ns) == pid)); }')).toEqual([
      '(true, true, true)',
    ]);
  });

  test('jiffies count up, the NUMA node is one of those there are', async () => {
    const script =
      'begin { @j = jiffies; } interval:ms:100 { print((jiffies > @j, jiffies - @j < 1000, numaid < 64)); exit(); } end { clear(@j); }';
    expect(await lines(script)).toEqual(['(true, true, true)']);
  });

  test('config: what the script and the environment say, known at compile time', async () => {
    const script = `config = { max_strlen = 80; missing_probes = warn }
      begin { print((config.max_strlen, config.missing_probes, config.print_maps_on_exit, config.str_trunc_trailer));
        if comptime (config.max_map_keys == 7) { print("seven"); } $c = config; print($c.max_map_keys); }`;
    const result = await ebtrace(['-q', '-e', script], { env: { EBTRACE_MAX_MAP_KEYS: '7' } });
    expect(result).toMatchObject({ status: 0, stderr: '' });
    expect(result.stdout.trimEnd()).toBe('(80, warn, true, ..)\nseven\n7');
  });
});
