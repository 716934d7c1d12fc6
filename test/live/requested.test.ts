/** --test, --bench and watchpoints on the running kernel. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canBpf, requireBpfInCi } from '../support/bpf-available.ts';
import { buildBundle, ebtrace } from '../support/ebtrace.ts';

requireBpfInCi();

/** Without colours and times. */
function plain(text: string): readonly string[] {
  const colourless = text.replaceAll(/\u001b\[\d+m/g, '').replaceAll(/\(\d+(\.\d)? (ns|μs|ms|s)\)/g, '(T)');
  return colourless.split('\n').filter((line) => line !== '');
}

describe.runIf(canBpf)('--test', () => {
  beforeAll(buildBundle, 60_000);

  test('what is returned, from loops and through functions too; errorf() and exit()', async () => {
    const script = `
      fn third($n: int64): int64 { for ($i : 0..5) { if ($i == $n) { return $i; } } return 0; }
      begin { printf("begin\\n"); } end { printf("end\\n"); }
      interval:s:1 { printf("never\\n"); }
      test:sum { $x = 260; if ((uint8)$x != 4) { return 1; } }
      test:bare { return; }
      test:large { return 1 << 40; }
      test:loop { for ($i : 0..5) { if ($i == 3) { printf("at %d\\n", $i); return $i; } } }
      test:left_loop { for ($i : 0..5) { if ($i == 3) { return; } } return 1; }
      test:called { return third(3) - 3; }
      test:reports { errorf("wrong %d", 7); }
      test:exits { exit(3); }
      test:leaves { exit(0); }
      test:map { @m["a"] = 1; printf("%d\\n", @m["a"]); return @m["a"] != 1; }
      bench:idle { return 1; }`;
    const { status, stdout } = await ebtrace(['--test', '-e', script]);
    const line = script.split('\n').findIndex((text) => text.includes('errorf')) + 1;
    expect(plain(stdout)).toEqual([
      'begin',
      '[==========] Running 10 tests.',
      ...['sum', 'bare'].flatMap((name) => [`[ RUN      ] ${name}`, `[       OK ] ${name} (T)`]),
      '[ RUN      ] large',
      '[  FAILED  ] large (T)',
      '[ RUN      ] loop',
      'at 3',
      '[  FAILED  ] loop (T)',
      ...['left_loop', 'called'].flatMap((name) => [`[ RUN      ] ${name}`, `[       OK ] ${name} (T)`]),
      '[ RUN      ] reports',
      `stdin:${line}:22-43: ERROR: wrong 7`,
      '[  FAILED  ] reports (T)',
      '[ RUN      ] exits',
      '[  FAILED  ] exits (T)',
      ...['leaves', 'map'].flatMap((name) => [`[ RUN      ] ${name}`, `[       OK ] ${name} (T)`]),
      '[==========] 10 tests ran.',
      '[  PASSED  ] 6 tests.',
      '[  FAILED  ] 4 tests, listed below:',
      ...['large', 'loop', 'reports', 'exits'].map((name) => `[  FAILED  ] ${name}`),
      'end',
    ]);
    expect(status).toBe(1);
  });

  test('all pass: status 0; as JSON', async () => {
    const { status, stdout } = await ebtrace(['--mode', 'test', '-f', 'json', '-e', 'test:one { print("kept"); }']);
    const result: unknown = JSON.parse(stdout);
    expect([status, result]).toMatchObject([
      0,
      { type: 'test_result', data: { one: { passed: true, output: 'kept\n' } } },
    ]);
  });

  test('tests lie idle in a run that traces, and a script of nothing else says so', async () => {
    const idle = await ebtrace(['-e', 'test:one { printf("never"); } begin { printf("begin\\n"); }']);
    expect(idle).toEqual({ status: 0, stdout: 'begin\n\n\n', stderr: 'Attached 1 probe\n' });
    const alone = await ebtrace(['-e', 'test:one { }']);
    expect(alone).toMatchObject({ status: 255, stdout: '' });
    expect(alone.stderr).toContain('No probes attached; use --test to run test probes.');
  });
});

describe.runIf(canBpf)('--bench', () => {
  beforeAll(buildBundle, 60_000);

  test('a row each, but for those that return something; a failure is told and status 1', async () => {
    const script =
      'bench:add { @n++; } bench:skipped { return 1; } bench:wrong { errorf("x"); } bench:last { $x = nsecs; }';
    const { status, stdout, stderr } = await ebtrace(['--bench', '-e', script]);
    const [header, line, ...rows] = stdout.trimEnd().split('\n');
    expect(header).toBe('Benchmark                                Time(ns)       Iterations');
    expect(line).toBe('-'.repeat(66));
    const cells = rows.map((row) => [row.slice(0, 41).trimEnd(), Number(row.slice(41, 56)), Number(row.slice(56))]);
    expect(cells.map(([name]) => name)).toEqual(['add', 'last']);
    for (const [, time, iterations] of cells) {
      expect(Number(time) * Number(iterations)).toBeGreaterThanOrEqual(1_000_000);
    }
    expect(stderr).toContain("Benchmark 'wrong' failed");
    expect(status).toBe(1);
  });
});

/** Some virtual machines have no debug registers; perf_event_open(2) says so. */
describe.runIf(canBpf)('watchpoint', () => {
  beforeAll(buildBundle, 60_000);
  const folder = mkdtempSync(join(tmpdir(), 'ebtrace-watch-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('every write of a variable is seen, in the process of -c only', async () => {
    const program = join(folder, 'watched');
    const source = join(import.meta.dirname, '../vm/workloads/watched.c');
    execFileSync('cc', ['-O0', '-o', program, source]);
    const script = 'watchpoint:$1:8:w { @[comm, pid == cpid] = count(); }';
    const { stdout, stderr } = await ebtrace(['-q', '-c', `${program} 10`, '-e', script, '0x10000000']);
    expect(stderr).toBe('');
    const [, count] = /^@\[watched, true\]: (\d+)$/m.exec(stdout) ?? [];
    expect(Number(count)).toBeGreaterThanOrEqual(10);
    expect(stdout.match(/@/g)).toHaveLength(1);
  });

  test('what the processor cannot do', async () => {
    writeFileSync(join(folder, 'many.bt'), [0, 1, 2, 3, 4].map((i) => `watchpoint:0x1000000${i}:1:w { }`).join('\n'));
    const many = await ebtrace(['-c', 'true', join(folder, 'many.bt')]);
    expect(many).toMatchObject({ status: 255, stdout: '' });
    expect(many.stderr).toContain('all debug registers of the processor are in use');
    const crooked = await ebtrace(['-c', 'true', '-e', 'watchpoint:0x10000001:8:w { }']);
    expect(crooked.stderr).toContain('the address has to be a multiple of the length');
  });
});
