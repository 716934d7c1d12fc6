/** Names of kernel addresses: when /proc/kallsyms is read, when again, and how fast. */
import { expect, test } from 'vitest';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import { kernelSymbols } from '../../runtime/symbols/kernel.ts';
import { emptyHostFiles } from '../../src/world/host-files.ts';

/** A machine whose files can change; `reads` counts how often the symbols were read. */
function machine(symbols: string | undefined) {
  const state = { symbols, modules: 'ext4 4096 1 - Live 0xffffffffc0000000\n', program: 7, reads: 0 };
  const told: Diagnostic[] = [];
  const files = {
    ...emptyHostFiles,
    read: (path: string) => {
      if (path === '/proc/modules') return Buffer.from(state.modules);
      if (path !== '/proc/kallsyms' || state.symbols === undefined) return undefined;
      state.reads++;
      return Buffer.from(state.symbols, 'latin1');
    },
  };
  const kernel = { newestProgram: () => state.program };
  return { state, told, names: kernelSymbols({ files, kernel, report: (diagnostic) => told.push(diagnostic) }) };
}

const core = 'ffffffff81000000 T _stext\nffffffff81002000 T vfs_read\nffffffff81003000 T schedule\n';
const module = 'ffffffffc0200000 t first_module_function\t[first]\n';
const program = 'ffffffffc0300000 t bpf_prog_6deef7357e7b4530_dump\t[bpf]\n';

test('nothing is read before somebody asks', () => {
  const { state, names } = machine(core);
  expect(state.reads).toBe(0);
  expect(names.nameOf(0xffffffff81002010n)).toBe('vfs_read');
  expect(names.placeOf(0xffffffff81002010n)).toBe('vfs_read+16');
  expect(names.placeOf(0xffffffff80000000n)).toBeUndefined();
  expect(state.reads).toBe(1);
});

test('symbols are read again for addresses that may belong to what was loaded since', () => {
  const { state, names } = machine(core + module);
  expect(names.placeOf(0xffffffffc0200001n)).toBe('first_module_function+1');
  state.symbols = core + module + program;
  expect(names.placeOf(0xffffffffc0300004n), 'nothing was loaded').toBe('first_module_function+1048580');
  state.program = 8;
  expect(names.placeOf(0xffffffffc0300008n)).toBe('bpf_prog_6deef7357e7b4530_dump+8');
  expect(state.reads).toBe(2);
  expect(names.placeOf(0xffffffff81003001n), 'the kernel itself stays where it is').toBe('schedule+1');
  state.modules = `second 4096 1 - Live 0xffffffffc0400000\n${state.modules}`;
  expect(names.placeOf(0xffffffffc0300009n)).toBe('bpf_prog_6deef7357e7b4530_dump+9');
  expect(state.reads).toBe(3);
  state.modules = state.modules.replace(' 1 - Live', ' 2 - Live');
  expect(names.placeOf(0xffffffffc030000an), 'somebody uses a module').toBe('bpf_prog_6deef7357e7b4530_dump+10');
  expect(state.reads).toBe(3);
});

test('hidden addresses are explained once', () => {
  const { state, told, names } = machine('0000000000000000 T _stext\n0000000000000000 T vfs_read\n');
  expect([names.placeOf(0xffffffff81002010n), names.placeOf(0xffffffff81003010n)]).toEqual([undefined, undefined]);
  state.program = 9;
  expect(names.nameOf(0xffffffff81004010n)).toBeUndefined();
  expect(told.map(({ code, severity }) => `${severity} ${code}`)).toEqual(['warning symbols-hidden']);
  expect(told[0]?.hint).toContain('kernel.kptr_restrict');
});

test('a kernel without symbols is explained too', () => {
  const { told, names } = machine(undefined);
  expect(names.placeOf(0xffffffff81002010n)).toBeUndefined();
  expect(told[0]?.message).toContain('no /proc/kallsyms');
});

test('100,000 different addresses among 200,000 symbols take less than a second', () => {
  const lines = Array.from(
    { length: 200_000 },
    (_, i) => `${(0xffffffff81000000n + BigInt(i) * 64n).toString(16)} t function_number_${i}\n`,
  );
  const { names } = machine(lines.join(''));
  // Time of the processor: others use it as well.
  const before = process.cpuUsage();
  let right = 0;
  for (let i = 0; i < 100_000; i++) {
    const number = (i * 7919) % 200_000;
    const offset = i % 64;
    const place = names.placeOf(0xffffffff81000000n + BigInt(number * 64 + offset));
    if (place === `function_number_${number}+${offset}`) right++;
  }
  expect(right).toBe(100_000);
  const used = process.cpuUsage(before);
  expect((used.user + used.system) / 1000).toBeLessThan(1000);
});
