import { expect, test } from 'vitest';
import { sessionValues } from '../../runtime/value-host.ts';
import type { StructPlan } from '../../src/program/program.ts';
import { int32 } from '../../src/types/type.ts';
import type { HostFiles } from '../../src/world/host-files.ts';
import { emptyHostFiles } from '../../src/world/host-files.ts';

const second = 1_000_000_000n;
const booted = 1_700_000_000n * second;

function values(files: HostFiles = emptyHostFiles, structs: readonly StructPlan[] = []) {
  return sessionValues({
    files,
    kernel: { bootClock: () => 100n * second, newestProgram: () => 0 },
    stacks: { framesOf: () => undefined },
    structs,
    strings: ['%s', '%s.%f %k', ''],
    wallClock: () => booted + 100n * second,
  });
}

test('timestamps count from the boot, in the format of their number', () => {
  expect(values().timestamp(0, 1, 5n * second)).toBe('1700000005');
  expect(values().timestamp(1, 1, 5n * second + 123_456_789n)).toBe('1700000005.123456 123456789');
  expect(values().timestamp(0, 1, 0n), 'the time of boot').toBe('1700000000');
  expect(values().timestamp(0, 1, -booted), 'no time').toBe('(?)');
  expect(values().timestamp(2, 1, second)).toBe('(?)');
  expect(() => values().timestamp(9, 1, 1n)).toThrow('unknown format 9');
  expect(() => values().timestamp(0, 7, 1n)).toThrow('unknown clock 7');
});

test("the system's clock is used when no other is given", () => {
  const host = sessionValues({
    files: emptyHostFiles,
    kernel: { bootClock: () => 0n, newestProgram: () => 0 },
    stacks: { framesOf: () => undefined },
    structs: [],
    strings: ['%s'],
  });
  const seconds = Number(host.timestamp(0, 1, 1n));
  expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(2);
});

test('names', () => {
  const passwd = Buffer.from('root:x:0:0::/root:/bin/sh\nd\xe9:x:7:7::/:/\n', 'latin1');
  const host = values({ ...emptyHostFiles, read: (path) => (path === '/etc/passwd' ? passwd : undefined) });
  expect(host.userName(0n)).toBe('root');
  expect(host.userName(7n)).toBe('d\xe9');
  expect(host.userName(8n)).toBeUndefined();
  expect(host.userSymbol(0x1234n, 1)).toBeUndefined();
  expect(host.kernelSymbol(0x1234n)).toBeUndefined();
  expect(host.cgroupPath(0, 1n)).toBe('');
});

test('members of structs come from the program', () => {
  const type = { kind: 'struct', table: 'script', name: 'pair', size: 8 } as const;
  const fields = [{ name: 'first', type: int32, offset: 0 }];
  const host = values(emptyHostFiles, [{ table: 'script', name: 'pair', fields }]);
  expect(host.fieldsOf(type)).toEqual(fields);
  expect(host.fieldsOf({ ...type, name: 'no_such_struct' })).toBeUndefined();
  expect(host.fieldsOf({ ...type, table: 'vmlinux' }), 'of the same name elsewhere').toBeUndefined();
});
