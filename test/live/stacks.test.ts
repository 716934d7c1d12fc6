/**
 * Stacks of the kernel: frames that are known, equal stacks as one key, counts equal to what the workload did. The
 * workload is perl, which calls getppid(2) as often as it is told.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { canBpf, requireBpfInCi } from '../support/bpf-available.ts';
import { buildBundle, ebtrace } from '../support/ebtrace.ts';

requireBpfInCi();

const calls = 1000;
const getppid = { x64: 110, arm64: 173 }[process.arch === 'arm64' ? 'arm64' : 'x64'];
/** Without blanks: the command is split at them. */
const workload = ['-c', `perl -e syscall(${getppid})for(1..${calls})`];

/** One run of a script whose child makes the calls; nothing on stderr. */
async function traced(script: string, args: readonly string[] = []): Promise<string> {
  const result = await ebtrace(['-q', ...args, '-e', script, ...workload], { timeoutMs: 30_000 });
  expect(result.stderr).toBe('');
  expect(result.status).toBe(0);
  return result.stdout;
}

const event = 'tracepoint:raw_syscalls:sys_enter';
const mine = `/pid == cpid && args.id == ${getppid}/`;

describe.runIf(canBpf)('kstack', () => {
  beforeAll(buildBundle, 60_000);

  test('equal stacks are one key, and the frames lead from the event to the entry of the kernel', async () => {
    const out = await traced(`${event} ${mine} { @[kstack] = count(); }`);
    const keys = out.split('@[').slice(1);
    expect(keys).toHaveLength(1);
    const lines = (keys[0] ?? '').trimEnd().split('\n');
    expect(lines[0]).toBe('');
    expect(lines.at(-1)).toBe(`]: ${calls}`);
    const frames = lines.slice(1, -1);
    for (const frame of frames) expect(frame).toMatch(/^ {8}[A-Za-z_][\w.]*\+\d+$/);
    expect(frames.length).toBeGreaterThanOrEqual(2);
    expect(frames.at(-1)).toMatch(/entry|el0t?_/);
    expect(frames.join()).toMatch(/do_syscall_64|do_el0_svc/);
  });

  test('modes show the same frames', async () => {
    const out = await traced(
      `${event} ${mine} { @a[kstack(2)] = count(); @b[kstack(perf, 2)] = count(); @c[kstack(raw, 2)] = count(); }`,
    );
    const frames = (map: string): readonly string[] =>
      out
        .slice(out.indexOf(`@${map}[`))
        .split('\n')
        .slice(1, 3);
    const [names, perf, raw] = [frames('a'), frames('b'), frames('c')];
    expect(raw).toHaveLength(2);
    expect(perf).toEqual(raw.map((address, i) => `\t${address} ${names[i]?.trim()}`));
    const symbols = readFileSync('/proc/kallsyms', 'latin1');
    for (const [i, address] of raw.entries()) {
      const [name = '', offset = '0'] = (names[i] ?? '').trim().split('+');
      const start = (BigInt(`0x${address}`) - BigInt(offset)).toString(16).padStart(16, '0');
      expect(symbols).toMatch(new RegExp(`^${start} . ${name}$`, 'm'));
    }
  });

  test('values: printed, compared, counted, kept in variables, maps and tuples', async () => {
    const out = await traced(`
      ${event} ${mine} {
        $s = kstack(2);
        @same += $s == kstack(2);
        @other += $s != kstack(2);
        @frames = len($s);
        @top = kstack(1);
        @pair = (kstack(1), 7);
        @of[pid == cpid] = kstack(raw, 1);
        @none[kstack(0)] = len(kstack(0));
        if (@once == 0) { @once = 1; printf("[%s]\\n", kstack(1)); print(kstack(1)); }
      }`);
    const top = /^\[\n( {8}\S+\n)\]\n\n\1\n/.exec(out)?.[1];
    expect(top).toMatch(/^ {8}\w+\+\d+\n$/);
    const address = /^@of\[true\]: \n([0-9a-f]{16})\n$/m.exec(out)?.[1];
    expect(address).toBeDefined();
    const maps = out.slice(out.indexOf('@frames'));
    expect(maps).toBe(
      `@frames: 2\n@none[\n]: 0\n@of[true]: \n${address}\n\n@once: 1\n@other: 0\n@pair: (\n${top}, 7)\n@same: ${calls}\n@top: \n${top}\n`,
    );
  });

  test('in bodies of loops, with everything else that the context of the probe tells', async () => {
    const out = await traced(`
      ${event} ${mine} {
        $outer = kstack(raw, 20);
        for ($i : 0..3) {
          for ($j : 0..2) { @in[kstack, probe, args.id] = count(); @round[$i * 2 + $j] = count(); }
          @frames[len(kstack(raw, 20)) >= len($outer)] = count();
        }
        @m[1] = 1;
        for ($kv : @m) { @entry[kstack(perf, 1), $kv.0] = count(); }
      }
      tracepoint:syscalls:sys_enter_getppid, tracepoint:syscalls:sys_enter_geteuid /pid == cpid/ {
        for ($i : 0..2) { @call[probe, args.__syscall_nr] = count(); }
      }
      rawtracepoint:sys_enter /pid == cpid && arg1 == ${getppid}/ { for ($i : 0..4) { @raw[arg1] = count(); } }`);
    const inner = /^@in\[\n((?: {8}\S+\n)+), tracepoint:raw_syscalls:sys_enter, (\d+)\]: (\d+)$/m.exec(out);
    expect(inner?.[1]?.trim().split('\n').at(-1)).toMatch(/entry|el0t?_/);
    expect(inner?.slice(2)).toEqual([`${getppid}`, `${6 * calls}`]);
    for (let round = 0; round < 6; round++) expect(out).toContain(`@round[${round}]: ${calls}\n`);
    expect(out).toContain(`@frames[true]: ${3 * calls}\n`);
    expect(out).toMatch(new RegExp(`^@entry\\[\\n\\t[0-9a-f]{16} \\S+\\n, 1\\]: ${calls}$`, 'm'));
    expect(out).toContain(`@call[tracepoint:syscalls:sys_enter_getppid, ${getppid}]: ${2 * calls}\n`);
    expect(out).toContain(`@raw[${getppid}]: ${4 * calls}\n`);
  });

  test('JSON', async () => {
    const out = await traced(`${event} ${mine} { @k[kstack(1)] = count(); @v = kstack(perf, 1); }`, ['-f', 'json']);
    const [keyed, value] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const [[key, count] = []] = Object.entries(keyed.data['@k']);
    expect(key).toMatch(/^\n\w+\+\d+\n$/);
    expect(count).toBe(calls);
    expect(value.data['@v']).toMatch(/^\n\t[0-9a-f]{16} \w+\+\d+\n$/);
  });

  test('the event of a system call has its own stack, and its bodies run in the order of the script', async () => {
    const out = await traced(`
      tracepoint:syscalls:sys_enter_getppid /pid == cpid/ { @in = count(); @[kstack] = count(); @order = 1; }
      tracepoint:syscalls:sys_enter_getppid /pid == cpid/ { @right += @order; @order = 0; }`);
    expect(out).toContain(`\n]: ${calls}\n`);
    expect(out).not.toContain('bpf_prog_');
    expect(out).toContain(`@in: ${calls}\n`);
    expect(out).toContain(`@right: ${calls}\n`);
  });

  test('samples of a busy process', async () => {
    const busy = ['-c', `perl -e syscall(${getppid})for(1..300000)`];
    const result = await ebtrace(
      ['-q', '-e', 'profile:hz:999 /pid == cpid/ { @samples = count(); @[kstack] = count(); }', ...busy],
      { timeoutMs: 30_000 },
    );
    expect(result.stderr).toBe('');
    const samples = Number(/^@samples: (\d+)$/m.exec(result.stdout)?.[1]);
    expect(samples).toBeGreaterThan(10);
    const counts = [...result.stdout.matchAll(/^\]: (\d+)$/gm)].map((match) => Number(match[1]));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(samples);
    expect(result.stdout).toMatch(/do_syscall_64|do_el0_svc/);
  });

  test('begin and end: the stack of our own call', async () => {
    const result = await ebtrace([
      '-q',
      '-e',
      'begin { @a = len(kstack); print(kstack); } end { print(kstack(raw)); }',
    ]);
    expect(result.stderr).toBe('');
    expect(result.stdout).toMatch(/^\n {8}bpf_prog_[0-9a-f]{16}_p0\+\d+\n/);
    expect(result.stdout).toMatch(/^ {8}__sys_bpf\+\d+$/m);
    expect(Number(/^@a: (\d+)$/m.exec(result.stdout)?.[1])).toBeGreaterThan(4);
  });
});

describe.runIf(canBpf)('ksym', () => {
  test('prints the name without offset, as value and as key', async () => {
    const out = await traced(
      'begin { $a = kaddr("schedule"); print(ksym($a + 4)); @[ksym($a), 1] = 2; print(ksym(5)); }',
    );
    expect(out).toBe('schedule\n0x5\n\n\n@[schedule, 1]: 2\n');
  });
});
