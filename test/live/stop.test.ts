/** Runs that have to end although something keeps them: a reader who does not read, commands that take their time. */
import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canBpf, requireBpfInCi } from '../support/bpf-available.ts';
import { buildBundle, ebtrace, ebtracePath, startEbtrace } from '../support/ebtrace.ts';

requireBpfInCi();

const folder = mkdtempSync(join(tmpdir(), 'ebtrace-stop-'));
afterAll(() => rmSync(folder, { recursive: true }));

const talkative = 'interval:ms:1 { for ($i : 0..200) { printf("%d aaaa\\n", $i); } } end { printf("ended\\n"); }';

/** Sends the signals after two seconds, 100 ms apart; the status, stderr and how long it ran after the first one. */
async function stopped(child: ChildProcess, ...signals: readonly NodeJS.Signals[]) {
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // Nobody may read stdout, so 'close' of the child may never come.
  const saidAll = new Promise((resolve) => {
    if (child.stderr === null) resolve(undefined);
    else child.stderr.once('end', resolve);
  });
  const forced = setTimeout(() => child.kill('SIGKILL'), 15_000);
  let sentAt = Number.POSITIVE_INFINITY;
  setTimeout(() => {
    sentAt = performance.now();
    signals.forEach((signal, i) => {
      setTimeout(() => child.kill(signal), i * 100);
    });
  }, 2000);
  const status = await new Promise<number | undefined>((resolve) => {
    child.once('exit', (code) => resolve(code ?? undefined));
  });
  const took = performance.now() - sentAt;
  clearTimeout(forced);
  await saidAll;
  return { status, stderr, took };
}

describe.runIf(canBpf)('a reader who does not read', () => {
  beforeAll(buildBundle, 60_000);

  function fifo(name: string): { readonly reader: number; readonly writer: number; close(): void } {
    const path = join(folder, name);
    execFileSync('mkfifo', [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(path, constants.O_WRONLY);
    return {
      reader,
      writer,
      close: () => {
        closeSync(reader);
        closeSync(writer);
      },
    };
  }

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'of a pipe: %s ends the run and says what is lost',
    async (signal) => {
      const pipe = fifo(signal);
      const child = startEbtrace(['-e', talkative], {}, ['ignore', pipe.writer, 'pipe']);
      const { status, stderr, took } = await stopped(child, signal);
      pipe.close();
      expect(status).toBe(0);
      expect(stderr).toContain('The reader of the output does not read');
      expect(took).toBeLessThan(3000);
    },
    20_000,
  );

  test('of both streams', async () => {
    const pipe = fifo('both');
    const child = startEbtrace(['-e', talkative], {}, ['ignore', pipe.writer, pipe.writer]);
    const { status, took } = await stopped(child, 'SIGINT');
    pipe.close();
    expect(status).toBe(0);
    expect(took).toBeLessThan(3000);
  }, 20_000);

  test('of a socket', async () => {
    const child = startEbtrace(['-e', talkative], {}, ['ignore', 'pipe', 'pipe']);
    const { status, stderr, took } = await stopped(child, 'SIGINT');
    child.stdout?.destroy();
    expect(status).toBe(0);
    expect(stderr).toContain('The reader of the output does not read');
    expect(took).toBeLessThan(3000);
  }, 20_000);

  test('of a terminal', async () => {
    // script(1) makes the terminal; stopped, it does not read what is printed there.
    const command = `${ebtracePath} -e '${talkative}'; echo $? >'${join(folder, 'status')}'`;
    const child = spawn('script', ['-qc', command, '/dev/null'], { stdio: ['ignore', 'ignore', 'ignore'] });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    child.kill('SIGSTOP');
    const shell = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'latin1').trim().split(' ')[0];
    const tool = readFileSync(`/proc/${shell}/task/${shell}/children`, 'latin1').trim().split(' ')[0];
    await new Promise((resolve) => setTimeout(resolve, 1000));
    process.kill(Number(tool), 'SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const status = existsSync(join(folder, 'status')) ? readFileSync(join(folder, 'status'), 'latin1') : 'runs on';
    child.kill('SIGKILL');
    expect(status).toBe('0\n');
  }, 20_000);

  test('one who is merely late gets everything', async () => {
    const script = 'begin { for ($i : 0..20000) { printf("%d aaaa\\n", $i); } }';
    const child = startEbtrace(['-q', '-e', script], {}, ['ignore', 'pipe', 'inherit']);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    let text = '';
    for await (const piece of child.stdout ?? []) text += String(piece);
    expect(text).toBe(`${Array.from({ length: 20_000 }, (_, i) => `${i} aaaa\n`).join('')}\n\n`);
  }, 20_000);
});

describe.runIf(canBpf)('commands of system()', () => {
  test('those that wait when a signal comes are not run; those of end bodies are', async () => {
    const script = 'interval:ms:100 { system("sleep 0.5; echo x"); } end { system("echo last"); }';
    const child = startEbtrace(['--unsafe', '-e', script], {}, ['ignore', 'pipe', 'pipe']);
    let stdout = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    const { status, stderr, took } = await stopped(child, 'SIGINT');
    expect(status).toBe(0);
    expect(stderr).toMatch(/The run was stopped: \d+ calls of system\(\) were waiting and not run/);
    expect(stdout).toMatch(/^(x\n\n)+last\n\n\n\n$/);
    expect(took).toBeLessThan(3000);
  }, 20_000);

  test('one that never ends: a second signal ends it at once', async () => {
    const script = 'begin { system("sleep 60"); }';
    const child = startEbtrace(['--unsafe', '-e', script], {}, ['ignore', 'ignore', 'pipe']);
    const { status, took } = await stopped(child, 'SIGINT', 'SIGINT');
    expect(status).toBe(0);
    expect(took).toBeLessThan(900);
  }, 20_000);

  test('output keeps its order', async () => {
    const script = 'begin { printf("a\\n"); system("echo b"); printf("c\\n"); system("echo d >&2"); }';
    expect((await ebtrace(['-q', '--unsafe', '-e', script])).stdout).toBe('a\nb\n\nc\nd\n\n\n\n');
  });
});

describe.runIf(canBpf)('failures in words', () => {
  test('files of cat() and -o', async () => {
    const cat = await ebtrace(['-q', '-e', 'begin { cat("/nosuch"); }']);
    expect(cat.stderr).toContain("cat() cannot read '/nosuch': no such file or directory");
    const full = await ebtrace(['-q', '-o', '/dev/full', '-e', 'begin { printf("a"); }']);
    expect(full).toMatchObject({ status: 1, stderr: 'ERROR: Cannot write the output: no space left on device\n' });
  });

  test('a map that is too large: which, how large, and what to do', async () => {
    const script = 'config = { max_map_keys = 4000000000 } begin { @a["x"] = 2; }';
    const { status, stderr } = await ebtrace(['-q', '-e', script]);
    expect(status).toBe(255);
    expect(stderr).toMatch(
      /^ERROR: The kernel cannot create the map @a, 4000000000 entries with keys of \d+ and values of \d+ bytes: too large\nHINT: lower max_map_keys/,
    );
  });

  test('a histogram that was cleared prints nothing', async () => {
    const script = 'begin { @h = hist(5); clear(@h); print(@h); printf("x\\n"); }';
    expect((await ebtrace(['-q', '-e', script])).stdout).toBe('x\n\n\n');
  });
});
