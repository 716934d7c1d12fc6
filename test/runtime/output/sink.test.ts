import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SinkClosed } from '../../../runtime/output/output.ts';
import { type Buffering, FdSink, SinkFailed, type WriteBytes } from '../../../runtime/output/sink.ts';

/** A sink over a pretended descriptor; `behave` may refuse or shorten a write. */
function sink(mode: Buffering, behave: (length: number, call: number) => number = (length) => length) {
  const writes: string[] = [];
  let calls = 0;
  const writeBytes: WriteBytes = (_fd, bytes, offset, length) => {
    const taken = behave(length, calls++);
    writes.push(Buffer.from(bytes.buffer, bytes.byteOffset + offset, taken).toString('latin1'));
    return taken;
  };
  return { sink: new FdSink(1, mode, false, writeBytes), writes, calls: () => calls };
}

function refuse(code: string): never {
  throw Object.assign(new Error(code), { code });
}

test('lines wait for the flush, a flush without text writes nothing', () => {
  const { sink: out, writes } = sink('line');
  out.write('a\n');
  out.write('b\n');
  expect(writes).toEqual([]);
  out.flush();
  out.flush();
  expect(writes).toEqual(['a\nb\n']);
});

test.each<Buffering>(['line', 'full'])('64 KiB leave at once in mode %s', (mode) => {
  const { sink: out, writes } = sink(mode);
  const line = `${'x'.repeat(99)}\n`;
  for (let i = 0; i < 1000; i++) out.write(line);
  expect(writes.map((text) => text.length)).toEqual([65600]);
  out.flush();
  expect(writes.join('')).toBe(line.repeat(1000));
});

test('without buffering every write leaves', () => {
  const { sink: out, writes } = sink('none');
  out.write('a');
  out.write('b');
  expect(writes).toEqual(['a', 'b']);
});

test('short writes are continued', () => {
  const { sink: out, writes } = sink('line', (length) => Math.min(length, 3));
  out.write('12345678');
  out.flush();
  expect(writes).toEqual(['123', '456', '78']);
});

test('a slow reader is waited for', () => {
  const { sink: out, writes, calls } = sink('line', (length, call) => (call < 3 ? refuse('EAGAIN') : length));
  out.write('late');
  out.flush();
  expect([writes, calls()]).toEqual([['late'], 4]);
});

test('a reader that has gone away', () => {
  const { sink: out } = sink('line', () => refuse('EPIPE'));
  out.write('a');
  expect(() => out.flush()).toThrow(SinkClosed);
  expect(() => out.write('b')).toThrow(SinkClosed);
  expect(() => out.flush()).not.toThrow();
});

test('other failures carry their code', () => {
  const { sink: out } = sink('none', () => refuse('ENOSPC'));
  expect(() => out.write('a')).toThrow(SinkFailed);
});

test('bytes arrive in a real file as they are', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ebtrace-sink-'));
  const path = join(folder, 'out');
  const fd = openSync(path, 'w');
  const all = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
  const out = new FdSink(fd, 'full', true);
  for (let i = 0; i < 1000; i++) out.write(all);
  out.flush();
  closeSync(fd);
  expect(readFileSync(path).toString('latin1')).toBe(all.repeat(1000));
  expect([out.isTerminal, out.mode]).toEqual([true, 'full']);
  rmSync(folder, { recursive: true });
});
