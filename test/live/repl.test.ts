/** The prompt on a pseudo terminal, which script(1) provides: what is typed, what is shown, what Ctrl-C does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { canBpf, requireBpfInCi } from '../support/bpf-available.ts';
import { buildBundle, ebtracePath } from '../support/ebtrace.ts';

requireBpfInCi();

const state = mkdtempSync(join(tmpdir(), 'ebtrace-repl-'));
const ctrlC = '\x03';
const ctrlD = '\x04';

class Terminal {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #unread = '';
  #changed: () => void = () => undefined;

  constructor() {
    this.#child = spawn('script', ['-qfec', ebtracePath, '/dev/null'], {
      env: { ...process.env, XDG_STATE_HOME: state, EBTRACE_COLOR: 'never', TERM: 'xterm' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      // Escape sequences move the cursor and are nothing that is read.
      this.#unread += text.replaceAll(/\x1b\[[0-9;?]*[A-Za-z]/g, '').replaceAll('\r', '');
      this.#changed();
    });
    this.#ended = new Promise((resolve) => this.#child.on('close', resolve));
  }

  type(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** Waits for the pattern; returns what was shown up to it and forgets that. */
  async shows(pattern: RegExp): Promise<string> {
    const deadline = performance.now() + 15_000;
    for (;;) {
      const match = pattern.exec(this.#unread);
      if (match !== null) {
        const end = match.index + match[0].length;
        const shown = this.#unread.slice(0, end);
        this.#unread = this.#unread.slice(end);
        return shown;
      }
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`the terminal does not show ${pattern} but ${JSON.stringify(this.#unread)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Types a line and returns what is shown until the next prompt. */
  async enter(line: string): Promise<string> {
    this.type(`${line}\r`);
    await this.shows(/\n/);
    return (await this.shows(/ebtrace> $/)).replace(/ebtrace> $/, '');
  }

  end(): Promise<number | null> {
    return this.#ended;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

describe.runIf(canBpf)('the prompt', () => {
  let terminal: Terminal | undefined;
  const open = async (): Promise<Terminal> => {
    terminal = new Terminal();
    await terminal.shows(/ebtrace v\S+; :help .*\nebtrace> $/);
    return terminal;
  };
  beforeAll(buildBundle, 60_000);
  afterEach(() => terminal?.kill());
  afterAll(() => rmSync(state, { recursive: true, force: true }));

  test('values, statements and scripts run at once', async () => {
    const screen = await open();
    expect(await screen.enter('1 + 2')).toBe('3\n');
    expect(await screen.enter('print(1+2)')).toBe('3\n');
    expect(await screen.enter('@x = 5; printf("%d\\n", 6);')).toBe('6\n@x: 5\n');
    expect(await screen.enter('begin { printf("whole\\n"); exit(3); }')).toBe('Attached 1 probe\nwhole\n');
    screen.type(ctrlD);
    expect(await screen.end()).toBe(0);
  });

  test('an entry of several lines', async () => {
    const screen = await open();
    screen.type('begin {\r');
    await screen.shows(/\.\.\.> $/);
    screen.type('  @x = 7;\r');
    await screen.shows(/\.\.\.> $/);
    expect(await screen.enter('}')).toBe('Attached 1 probe\n@x: 7\n');
  });

  test('C definitions and macros wait for their probe', async () => {
    const screen = await open();
    screen.type('#define N 5\r');
    await screen.shows(/\.\.\.> $/);
    screen.type('struct pair { int a; int b; };\r');
    await screen.shows(/\.\.\.> $/);
    expect(await screen.enter('begin { print(N + sizeof(struct pair)); }')).toBe('Attached 1 probe\n13\n');
    expect(await screen.enter('sizeof(struct task_struct) > 100')).toBe('true\n');
  });

  test('several lines at once, as pasted', async () => {
    const screen = await open();
    screen.type('begin {\r  @x = 7;\r}\r@y = 8\r');
    await screen.shows(/@x: 7\n/);
    await screen.shows(/@y: 8\n/);
    await screen.shows(/ebtrace> $/);
  });

  test('errors are shown at what was typed, and the prompt comes back', async () => {
    const screen = await open();
    expect(await screen.enter('nosuch(1)')).toMatch(/^input:1:1-7: ERROR: .*\nnosuch\(1\)\n~~~~~~\n/);
    expect(await screen.enter('begin { @ = ; }')).toMatch(/^input:1:13-14: ERROR: /);
    expect(await screen.enter('nosuch:x { }')).toMatch(/^input:1:1-7: ERROR: /);
    expect(await screen.enter('40 + 2')).toBe('42\n');
  });

  test('Ctrl-C ends the run, prints its maps and returns to the prompt', async () => {
    const screen = await open();
    for (let round = 0; round < 2; round++) {
      screen.type('begin { @x = 7; } interval:s:100 { }\r');
      await screen.shows(/Attached 2 probes\n/);
      screen.type(ctrlC);
      expect(await screen.shows(/ebtrace> $/)).toMatch(/\n@x: 7\nebtrace> $/);
    }
  });

  test('Ctrl-C at the prompt drops what was typed', async () => {
    const screen = await open();
    screen.type(`begin { @gone = 1;\r`);
    await screen.shows(/\.\.\.> $/);
    screen.type(`garbage${ctrlC}`);
    await screen.shows(/ebtrace> $/);
    expect(await screen.enter('1')).toBe('1\n');
  });

  test('commands', async () => {
    const screen = await open();
    expect(await screen.enter(':help')).toMatch(/:list \[PATTERN\]/);
    expect(await screen.enter(':list software:cpu*')).toBe(
      'software:cpu-clock:\nsoftware:cpu-migrations:\nsoftware:cpu:\n',
    );
    expect(await screen.enter(':lits')).toBe("there is no command ':lits'; did you mean ':list'?\n");
    screen.type(':quit\r');
    expect(await screen.end()).toBe(0);
  });

  test('history: across sessions, readable by its user only', async () => {
    const first = await open();
    await first.enter('1 + 2');
    first.type(ctrlD);
    await first.end();
    const path = join(state, 'ebtrace/history');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toMatch(/^1 \+ 2\n$/m);
    const second = await open();
    const arrowUp = '\x1b[A';
    expect(await second.enter(arrowUp)).toBe('3\n');
  });
});
