import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { backlogOf } from '../../../runtime/output/backlog.ts';
import { SinkClosed } from '../../../runtime/output/output.ts';
import { type Buffering, FdSink, SinkFailed, type SinkOptions, type WriteBytes } from '../../../runtime/output/sink.ts';

/** A sink over a pretended descriptor; `behave` may refuse or shorten a write. */
function sink(
  mode: Buffering,
  behave: (length: number, call: number) => number = (length) => length,
  options: SinkOptions = {},
) {
  const writes: string[] = [];
  let calls = 0;
  const writeBytes: WriteBytes = (_fd, bytes, offset, length) => {
    const taken = behave(length, calls++);
    writes.push(Buffer.from(bytes.buffer, bytes.byteOffset + offset, taken).toString('latin1'));
    return taken;
  };
  return { sink: new FdSink(1, mode, { ...options, writeBytes }), writes, calls: () => calls };
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

test('other failures are told in words', () => {
  const { sink: out } = sink('none', () => {
    throw Object.assign(new Error('write'), { code: 'ENOSPC', errno: -28 });
  });
  expect(() => out.write('a')).toThrow(SinkFailed);
  const { sink: again } = sink('none', () => {
    throw Object.assign(new Error('write'), { code: 'ENOSPC', errno: -28 });
  });
  expect(() => again.write('a')).toThrow('Cannot write the output: no space left on device');
});

describe('a reader that may not read', () => {
  test('no more is written at once than finds room, and the rest is held', () => {
    let room = 2;
    const reader = { fd: 1, pieceBytes: 3, waitWritable: () => room-- > 0 };
    const { sink: out, writes } = sink('line', undefined, { reader });
    out.write('12345678');
    out.flush();
    expect([writes, out.blocked, out.heldBytes]).toEqual([['123', '456'], true, 2]);
    out.write('x'.repeat(100_000));
    expect(writes.length, 'a write does not try again').toBe(2);
    room = 1;
    out.flush();
    expect([writes.at(-1), out.blocked]).toEqual(['78', true]);
    room = 100_000;
    out.flush();
    expect([writes.join('').length, out.blocked, out.heldBytes]).toEqual([100_008, false, 0]);
  });

  test('a flush ends after a moment also when the reader is merely slow', () => {
    const wait = new Int32Array(new SharedArrayBuffer(4));
    const waitWritable = (): boolean => Atomics.wait(wait, 0, 0, 5) === 'timed-out';
    const { sink: out, writes } = sink('line', undefined, { reader: { fd: 1, pieceBytes: 1, waitWritable } });
    out.write('x'.repeat(1000));
    out.flush();
    expect(out.blocked).toBe(true);
    expect(writes.length).toBeGreaterThan(1);
  });

  test('remarks stay behind results; what is discarded is gone, and all that follows', () => {
    const reader = { fd: 1, pieceBytes: 10, waitWritable: () => false };
    const { sink: results, writes } = sink('line', undefined, { reader });
    const { sink: remarks, writes: said } = sink('none', undefined, { behind: results });
    const backlog = backlogOf(results, remarks);
    results.write('result');
    results.flush();
    remarks.write('remark');
    expect([backlog.blocked, backlog.bytes, said]).toEqual([true, 12, []]);
    backlog.retry();
    expect(said).toEqual([]);
    backlog.discard();
    results.write('more');
    results.flush();
    expect([backlog.blocked, writes, said]).toEqual([false, [], ['remark']]);
  });
});

test('bytes arrive in a real file as they are', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ebtrace-sink-'));
  const path = join(folder, 'out');
  const fd = openSync(path, 'w');
  const all = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
  const out = new FdSink(fd, 'full', { isTerminal: true });
  for (let i = 0; i < 1000; i++) out.write(all);
  out.flush();
  closeSync(fd);
  expect(readFileSync(path).toString('latin1')).toBe(all.repeat(1000));
  expect([out.isTerminal, out.mode]).toEqual([true, 'full']);
  rmSync(folder, { recursive: true });
});
