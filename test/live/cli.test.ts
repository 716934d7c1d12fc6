/**
 * bin/ebtrace against the running kernel: how runs begin, end and fail. What scripts compute has tests of its own. Probes
 * here see timers and the processes that the tests start.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canBpf, requireBpfInCi } from '../support/bpf-available.ts';
import { buildBundle, ebtrace, ebtracePath, startEbtrace } from '../support/ebtrace.ts';

requireBpfInCi();

const folder = mkdtempSync(join(tmpdir(), 'ebtrace-live-'));
const file = (name: string): string => join(folder, name);

afterAll(() => rmSync(folder, { recursive: true }));

/** Runs until `Attached N probes` was printed, then sends the signal. Times are from the signal on. */
async function interrupted(args: readonly string[], signal: NodeJS.Signals = 'SIGINT', delayMs = 150) {
  let sent: number | undefined;
  let printedMs = Number.POSITIVE_INFINITY;
  const result = await ebtrace(args, {
    onStderr: (text, child) => {
      if (sent !== undefined || !/Attached \d+ probes?\n/.test(text)) return;
      sent = Number.POSITIVE_INFINITY;
      setTimeout(() => {
        sent = performance.now();
        child.kill(signal);
      }, delayMs);
    },
    onStdout: (text) => {
      if (sent !== undefined && /^@/m.test(text)) printedMs = Math.min(printedMs, performance.now() - sent);
    },
  });
  return { ...result, printedMs };
}

describe.runIf(canBpf)('a run', () => {
  beforeAll(buildBundle, 60_000);

  test('begin and end', async () => {
    expect(await ebtrace(['-e', 'BEGIN { printf("hello\\n"); @x = 5; exit(); } END { printf("bye\\n"); }'])).toEqual({
      status: 0,
      stdout: 'hello\nbye\n\n\n@x: 5\n',
      stderr: 'Attached 2 probes\n',
    });
  });

  test('only begin: it ends by itself', async () => {
    expect(await ebtrace(['-q', '-e', 'begin { printf("once\\n"); }'])).toEqual({
      status: 0,
      stdout: 'once\n\n\n',
      stderr: '',
    });
  });

  test('exit(n) is the status', async () => {
    expect((await ebtrace(['-q', '-e', 'begin { exit(37); }'])).status).toBe(37);
    expect((await ebtrace(['-q', '-e', 'interval:ms:10 { exit(3); }'])).status).toBe(3);
  });

  test('-f json', async () => {
    expect(await ebtrace(['-f', 'json', '-e', 'begin { printf("a\\n"); @x = 5; exit(); }'])).toEqual({
      status: 0,
      stdout:
        '{"type": "attached_probes", "count": 1, "data": {"probes": 1}}\n' +
        '{"type": "printf", "data": "a\\n"}\n' +
        '{"type": "map", "data": {"@x": 5}}\n' +
        '{"type": "trust_report", "complete": true, "data": {"probes": [{"probe": "begin", "attach_points": 1, "missed": 0}], ' +
        '"refused_updates": {}, "lost_events": [], "cut_loops": [], "failures": []}}\n',
      stderr: '',
    });
  });

  test('-o: results to a file, which is emptied first', async () => {
    writeFileSync(file('out'), 'old content that is longer than the new one');
    expect(await ebtrace(['-o', file('out'), '-e', 'begin { printf("new\\n"); exit(); }'])).toEqual({
      status: 0,
      stdout: '',
      stderr: 'Attached 1 probe\n',
    });
    expect(readFileSync(file('out'), 'utf8')).toBe('new\n\n\n');
  });

  test('-o: a script with errors leaves the file alone', async () => {
    writeFileSync(file('kept'), 'precious');
    expect((await ebtrace(['-o', file('kept'), '-e', 'begin { nosuch(); }'])).status).toBe(1);
    expect(readFileSync(file('kept'), 'utf8')).toBe('precious');
  });

  test.each(['line', 'full', 'none'])('-B %s prints the same', async (mode) => {
    const script = 'interval:ms:5 { printf("%d\\n", 7); @n++; if (@n >= 5) { exit(); } }';
    expect((await ebtrace(['-q', '-B', mode, '-e', script])).stdout).toBe(`${'7\n'.repeat(5)}\n\n@n: 5\n`);
  });

  test('--dry-run attaches, runs nothing and prints nothing', async () => {
    const args = ['--dry-run', '-c', `touch ${file('never')}`, '-e', 'begin { printf("x"); @ = 1; } interval:s:1 { }'];
    expect(await ebtrace(args)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(() => readFileSync(file('never'))).toThrow('ENOENT');
  });

  test.each(['__BPFTRACE_NOTIFY_PROBES_ATTACHED', '__EBTRACE_NOTIFY_PROBES_ATTACHED'])('%s', async (name) => {
    const { stdout } = await ebtrace(['-q', '-e', 'begin { printf("first\\n"); } interval:ms:20 { exit(); }'], {
      env: { [name]: '1' },
    });
    // What begin bodies printed is read from the ring once everything is attached.
    expect(stdout).toBe(`${name}\nfirst\n\n\n`);
  });

  test('parameters', async () => {
    const script = 'begin { printf("%d %s %d %s\\n", $1, str($2), $#, str($3)); exit(); }';
    const { stdout } = await ebtrace(['-q', '-e', script, '--', '-7', 'zwölf']);
    expect(stdout).toBe('-7 zwölf 2 \n\n\n');
  });

  test('strftime() shows the time of an event', async () => {
    const { stdout } = await ebtrace(['-q', '-e', 'begin { printf("%s\\n", strftime("%s", nsecs)); exit(); }']);
    expect(Math.abs(Number(stdout.trim()) - Date.now() / 1000)).toBeLessThan(30);
  });

  test('-v says how probes are attached', async () => {
    const script = 'tracepoint:raw_syscalls:sys_enter /pid == cpid/ { @ = count(); } interval:ms:10 { exit(); }';
    const { stderr } = await ebtrace(['-v', '-c', 'true', '-e', script]);
    expect(stderr).toMatch(/^ebtrace: tracepoint:raw_syscalls:sys_enter: p0 on raw tracepoint sys_enter$/m);
    expect(stderr).toMatch(/^ebtrace: interval:ms:10: p1 on perf event 1:0, one CPU$/m);
  });

  test('-d verifier and -d libbpf go to stderr', async () => {
    const { status, stdout, stderr } = await ebtrace(['-q', '-d', 'verifier,libbpf', '-e', 'begin { exit(); }']);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '\n\n' });
    expect(stderr).toMatch(/^# verifier log of p0\n[\s\S]*processed \d+ insns/m);
    expect(stderr).toMatch(/libbpf: /);
  });

  test('--info', async () => {
    const { status, stdout, stderr } = await ebtrace(['--info']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const title of ['System', 'Build', 'Kernel helpers', 'Kernel features', 'Probe types']) {
      expect(stdout).toMatch(new RegExp(`^${title}$`, 'm'));
    }
    expect(stdout).toMatch(/^ {2}libbpf: \/.*libbpf\.so/m);
    expect(stdout).toMatch(/^ {2}clang: .*\d+\.\d+/m);
    expect(stdout).toMatch(/^ {2}interval: yes$/m);
  });

  test('-l lists the running kernel', async () => {
    expect(await ebtrace(['-l', 'tracepoint:sched:sched_switch,software:cpu'])).toEqual({
      status: 0,
      stdout: 'tracepoint:sched:sched_switch\nsoftware:cpu:\n',
      stderr: '',
    });
  });
});

describe.runIf(canBpf)('an end', () => {
  beforeAll(buildBundle, 60_000);

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s: end bodies and maps, status 0', async (signal) => {
    const script = 'begin { @x = 1; } interval:s:100 { } end { printf("end\\n"); }';
    const { status, stdout, printedMs } = await interrupted(['-e', script], signal);
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'end\n\n\n@x: 1\n' });
    expect(printedMs).toBeLessThan(100);
  });

  test('of hundreds of probes: results are there within 100 ms', async () => {
    const script = 'begin { @x = 1; } tracepoint:syscalls:sys_enter_* /pid == 4194304/ { @ = count(); }';
    const { status, stdout, stderr, printedMs } = await interrupted(['-e', script]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '\n\n@x: 1\n' });
    expect(Number(/Attached (\d+) probes/.exec(stderr)?.[1])).toBeGreaterThan(300);
    expect(printedMs).toBeLessThan(100);
  });

  test('of the command of -c', async () => {
    const script = 'tracepoint:syscalls:sys_enter_write /pid == cpid/ { @[args.count] = count(); }';
    const { status, stdout } = await ebtrace(['-q', '-c', 'echo four', '-e', script]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'four\n\n\n@[5]: 1\n' });
  });

  test('of the process of -p', async () => {
    const traced = startEbtrace(['-q', '-e', 'interval:ms:400 { exit(); }'], {}, 'ignore');
    const started = performance.now();
    const { status, stdout } = await ebtrace([
      '-q',
      '-p',
      `${traced.pid}`,
      '-e',
      'begin { @x = 1; } interval:s:100 { }',
    ]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '\n\n@x: 1\n' });
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('a reader that goes away, as `| head -1`', () => {
    const script = 'interval:ms:5 { printf("line\\n"); }';
    const command = `"$0" -q -e "$1" 2>&1 | head -1; echo "status \${PIPESTATUS[0]}"`;
    const output = execFileSync('bash', ['-c', command, ebtracePath, script], { encoding: 'utf8', timeout: 20_000 });
    expect(output).toBe('line\nstatus 0\n');
  });

  test('by a signal before anything is attached: 255, nothing printed', async () => {
    const marker = file('compiling');
    const child = startEbtrace(
      ['-e', 'begin { printf("begun\\n"); } interval:s:100 { }'],
      { env: { EBTRACE_CLANG: slowClang(marker), EBTRACE_CACHE: '0' } },
      ['ignore', 'pipe', 'pipe'],
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text) => {
        output += text;
      });
    }
    const timer = setInterval(() => existsSync(marker) && child.kill('SIGINT'), 20);
    const status = await new Promise((resolve) => child.on('close', resolve));
    clearInterval(timer);
    expect({ status, output }).toEqual({ status: 255, output: '' });
  });
});

/** A compiler that says that it has begun and takes longer than anybody waits. */
function slowClang(marker: string): string {
  const path = file('clang');
  writeFileSync(path, `#!/bin/sh\n: >${marker}\nexec sleep 5 >/dev/null 2>&1\n`, { mode: 0o755 });
  return path;
}

describe.runIf(canBpf)('bad input', () => {
  beforeAll(buildBundle, 60_000);

  test.each<[string, readonly string[], RegExp]>([
    [
      '-p of a dead process',
      ['-p', '4194304', '-e', 'begin { }'],
      /^ERROR: There is no process 4194304 to trace\nHINT: /,
    ],
    ['-c of a missing program', ['-c', 'no-such-program', '-e', 'begin { }'], /^ERROR: Cannot start 'no-such-program'/],
    ['-c of a missing path', ['-c', '/no/such', '-e', 'begin { }'], /^ERROR: Cannot start '\/no\/such'/],
    ['-c of nothing', ['-c', ' ', '-e', 'begin { }'], /^ERROR: The command of -c is empty/],
    [
      '-o into a missing folder',
      ['-o', '/no/dir/out', '-e', 'begin { }'],
      /^ERROR: Cannot write results to '\/no\/dir\/out'/,
    ],
    [
      'a filter that leaves nothing',
      ['--probe-filter', 'x', '-e', 'interval:s:1 { }'],
      /^ERROR: The script has no probe to attach\nHINT: /,
    ],
    ['an unknown tracepoint', ['-e', 'tracepoint:sched:nosuch { }'], /^stdin:1:1-24: ERROR: /],
  ])('%s', async (_name, args, expected) => {
    const { status, stdout, stderr } = await ebtrace(args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(expected);
  });

  test('a full map is reported at its place', async () => {
    const script = 'config = { max_map_keys = 2 } begin { for ($i : 0..5) { @[$i] = 1; } exit(); }';
    const { status, stdout, stderr } = await ebtrace(['-q', '-e', script]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '\n\n@[0]: 1\n@[1]: 1\n' });
    expect(stderr).toMatch(/^stdin:1:\d+-\d+: WARNING: Map full; .*\(3 times\)\n/);
  });

  test('a division by zero while running', async () => {
    const { status, stdout, stderr } = await ebtrace(['-q', '-e', 'begin { @d = 0; @q = 7 / @d; exit(); }']);
    expect(status).toBe(0);
    expect(stdout).toContain('@q: 1\n');
    expect(stderr).toMatch(/^stdin:1:\d+-\d+: WARNING: Division or modulo by 0/);
  });

  test('--no-warnings: not a word of it', async () => {
    const { stderr } = await ebtrace(['-q', '--no-warnings', '-e', 'begin { @d = 0; @q = 7 / @d; exit(); }']);
    expect(stderr).toBe('');
  });

  test('a full disk: one message, status 1', async () => {
    const { status, stderr } = await ebtrace(['-q', '-o', '/dev/full', '-e', 'begin { printf("x\\n"); exit(); }']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^ERROR: Cannot write the output: no space left on device$/m);
  });
});
