/** Bodies on one event run in the order of the script, and values of any size find room: cases that a review found. */
import { beforeAll, describe, expect, test } from 'vitest';
import { canBpf, requireBpfInCi } from '../support/bpf-available.ts';
import { buildBundle, ebtrace } from '../support/ebtrace.ts';

requireBpfInCi();

async function linesOf(script: string, args: readonly string[] = []): Promise<readonly string[]> {
  const result = await ebtrace(['-q', '--no-warnings', ...args, '-e', script], { timeoutMs: 30_000 });
  expect({ status: result.status, stderr: result.stderr }).toEqual({ status: 0, stderr: '' });
  return result.stdout.split('\n').filter((line) => line !== '');
}

describe.runIf(canBpf)('order and size', () => {
  beforeAll(buildBundle, 60_000);

  test('bodies with and without args on one event run in source order', async () => {
    const body = (text: string): string => `tracepoint:sched:sched_process_exit /pid == cpid/ { ${text} }`;
    const script = [
      body('printf("A %d\\n", args.pid == cpid);'),
      body('printf("B\\n");'),
      body('printf("C %d\\n", args.pid == cpid);'),
      body('printf("D\\n");'),
    ].join(' ');
    expect(await linesOf(script, ['-c', 'true'])).toEqual(['A 1', 'B', 'C 1', 'D']);
  });

  test('tuples of long strings are zeroed, stored and read', async () => {
    const script = 'begin { @[str("k"), str(pid)] = (str("a"), str(pid), str("b")); for ($kv : @) { print($kv); } }';
    expect(await linesOf(script)).toEqual(['((k, ), (a, , b))', '@[k, ]: (a, , b)']);
  });

  test('max_strlen of 9000 bytes', async () => {
    const script = `config = { max_strlen = 9000 } begin { $s = str("x"); @[$s, str(pid)] = 1; print(sizeof(str(pid))); print($s); }`;
    expect(await linesOf(script)).toEqual(['9000', 'x', '@[x, ]: 1']);
  });

  test('forty strings of 1024 bytes in variables and in one event', async () => {
    const assign = Array.from({ length: 40 }, (_, i) => `$v${i} = str(args.filename);`).join(' ');
    const values = Array.from({ length: 40 }, (_, i) => `$v${i}`).join(', ');
    const format = `${'%s '.repeat(40)}\\n`;
    const script = `tracepoint:syscalls:sys_enter_openat /pid == cpid/ { ${assign} if ($v3 == "/dev/null") { printf("${format}", ${values}); } }`;
    const [line] = await linesOf(script, ['-c', 'cat /dev/null']);
    expect(line).toBe('/dev/null '.repeat(40));
  });

  test('nothing is stored after the end bodies have run, when the run ends from outside', async () => {
    const script = 'interval:us:100 { @late = count(); @last = nsecs; } end { clear(@late); clear(@last); }';
    for (let round = 0; round < 5; round++) expect(await linesOf(script, ['-c', 'sleep 0.2'])).toEqual([]);
  });

  test('no body runs behind the end bodies', async () => {
    const script = 'interval:us:100 { @last = nsecs; } end { @end = nsecs; }';
    for (let round = 0; round < 5; round++) {
      const [end, last] = await linesOf(script, ['-c', 'sleep 0.2']);
      const time = (line: string | undefined): bigint => BigInt(/: (\d+)$/.exec(line ?? '')?.[1] ?? 'missing');
      expect(time(last)).toBeLessThan(time(end));
    }
  });
});
