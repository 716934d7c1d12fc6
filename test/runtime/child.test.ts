/** -c and system(): real processes, none of which outlives its test. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RuntimeFailure } from '../../runtime/bpf.ts';
import { findProgram, SYSTEM_OUTPUT_LIMIT, startStopped, startSystem } from '../../runtime/child.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ebtrace-child-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const commandOf = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();

describe('-c', () => {
  test('waits under its final pid, then becomes the program', async () => {
    const child = startStopped('sleep 5');
    await expect.poll(() => commandOf(child.pid)).toContain('/bin/sh');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(commandOf(child.pid)).toContain('/bin/sh');
    child.resume();
    await expect.poll(() => commandOf(child.pid)).toMatch(/sleep 5$/);
    child.terminate();
    await child.ended;
    expect(() => process.kill(child.pid, 0)).toThrow();
  });

  test('arguments are split at blanks, quotes mean nothing', async () => {
    const out = join(folder, 'arguments');
    const script = join(folder, 'print-arguments');
    writeFileSync(script, `#!/bin/sh\nfor a; do echo "<$a>"; done > ${out}\n`, { mode: 0o755 });
    const child = startStopped(`${script}  'a b'   $HOME`);
    child.resume();
    await child.ended;
    expect(readFileSync(out, 'latin1')).toBe("<'a>\n<b'>\n<$HOME>\n");
  });

  test('ended before it was resumed: the program never ran', async () => {
    const mark = join(folder, 'mark');
    const child = startStopped(`touch ${mark}`);
    child.terminate();
    await child.ended;
    expect(() => readFileSync(mark)).toThrow();
  });

  test.each([
    ['', 'empty'],
    ['no-such-program-here x', "cannot start 'no-such-program-here': there is no such program"],
    ['/no/such/program', 'no such program'],
    ['/', 'no such program'],
    ['/etc/passwd', 'is not executable'],
  ])("'%s' is refused", (command, words) => {
    expect(() => startStopped(command)).toThrow(RuntimeFailure);
    expect(() => startStopped(command)).toThrow(words);
  });

  test('PATH decides', () => {
    writeFileSync(join(folder, 'tool'), '#!/bin/sh\n', { mode: 0o755 });
    expect(findProgram('tool', `/nonexistent:${folder}`)).toBe(join(folder, 'tool'));
    expect(() => findProgram('tool', '/nonexistent')).toThrow('no such program');
  });
});

describe('system()', () => {
  const printed = (command: string): Promise<string> => startSystem(command).printed;
  test('both streams in the order they were written, bytes as they are', async () => {
    expect(await printed("echo a; echo b >&2; printf '\\377'; exit 3")).toBe('a\nb\n\xff');
  });
  test('UTF-8 in a command arrives as it was', async () => {
    expect(await printed(Buffer.from('printf ü', 'utf8').toString('latin1'))).toBe('\xc3\xbc');
  });
  test('a command that prints too much is cut, and says so', async () => {
    const text = await printed('yes');
    expect(text.length).toBeLessThan(SYSTEM_OUTPUT_LIMIT + 200_000);
    expect(text).toMatch(/\[ebtrace: output cut after 16777216 bytes\]\n$/);
  });
  test('end() does not wait for what the command started', async () => {
    const command = startSystem('echo a; sleep 30; echo b');
    setTimeout(() => command.end(), 200);
    const started = performance.now();
    expect(await command.printed).toBe('a\n');
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
