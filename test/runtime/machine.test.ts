/** What the runtime reads of the machine before it starts: parameters, ring size, privileges, users, cgroups, installers. */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { RuntimeFailure } from '../../runtime/bpf.ts';
import { installHint } from '../../runtime/libbpf/library.ts';
import { writePerfEventAttr } from '../../runtime/libbpf/perf-event-attr.ts';
import { controlOf, kernelDevice, paramsBytes } from '../../runtime/params.ts';
import { preflight } from '../../runtime/preflight.ts';
import { ringBytes } from '../../runtime/ring-size.ts';
import { cgroupPaths } from '../../runtime/symbols/cgroups.ts';
import { userNames } from '../../runtime/symbols/users.ts';
import { options } from '../../src/config/options.ts';
import { type HostFiles, hostFilesUnder } from '../../src/world/host-files.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function machine(files: Readonly<Record<string, string>>): HostFiles & { readonly root: string } {
  const root = mkdtempSync(join(tmpdir(), 'ebtrace-machine-'));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, 'latin1');
  }
  return { ...hostFilesUnder(root), root };
}

test('params lie as in struct eb_params', () => {
  const bytes = paramsBytes({
    pidNamespace: { device: 4n, inode: 0xeffffffcn },
    childPid: 7,
    filterPid: 9,
    possibleCpus: 2,
  });
  expect(Buffer.from(bytes).toString('hex')).toBe(
    '0400000000000000' + 'fcffffef00000000' + '07000000' + '09000000' + '02000000' + '00000000' + '0000000000000000',
  );
});

test('the control section: each word for itself', () => {
  const words = new Uint32Array(6);
  const control = controlOf(words);
  expect(control.exitStatus()).toBeUndefined();
  control.setBusy(true);
  expect([...words]).toEqual([0, 0, 0, 1, 0, 0]);
  words.set([1, 200], 1);
  control.stop();
  control.setBusy(false);
  expect([...words]).toEqual([1, 1, 200, 0, 0, 0]);
  control.start(0x0102030405060708n);
  expect([...words].slice(4)).toEqual([0x05060708, 0x01020304]);
  expect(control.exitStatus()).toBe(200);
  expect(() => controlOf(new Uint32Array(3))).toThrow('3 words');
});

test('device numbers in the form of the kernel', () => {
  expect(kernelDevice(4n)).toBe(4n);
  // glibc's makedev(8, 300) is 0x10082c; inside the kernel it is 8 << 20 | 300.
  expect(kernelDevice(0x10082cn)).toBe((8n << 20n) | 300n);
});

describe('ring size', () => {
  const memory = (kib: number): HostFiles => machine({ 'proc/meminfo': `MemTotal: 1 kB\nMemAvailable:   ${kib} kB\n` });
  test.each([
    [100 * 1024 * 1024, 16 * 1024],
    [3 * 1024 * 1024, 8 * 1024],
    [512 * 1024, 2 * 1024],
    [20 * 1024, 256],
  ])('%d KiB available: %d KiB', (kib, expected) => {
    expect(ringBytes(0, memory(kib), 4096, true)).toBe(expected * 1024);
  });
  test('pages of the config are rounded up to a power of two', () => {
    expect(ringBytes(5, memory(1024), 4096, true)).toBe(8 * 4096);
    expect(ringBytes(1, memory(1024), 16384, false)).toBe(16384);
  });
  test('the largest number the option takes is used as it is, and is no more with larger pages', () => {
    const { value } = options.perf_rb_pages;
    const largest = value.kind === 'number' ? Number(value.maximum) : 0;
    expect(ringBytes(largest, memory(1024), 4096, true)).toBe(largest * 4096);
    expect(ringBytes(largest, memory(1024), 65536, true)).toBe(2 ** 30);
  });
  test('one page without events, whatever the memory', () => {
    expect(ringBytes(0, memory(100 * 1024 * 1024), 4096, false)).toBe(4096);
    expect(ringBytes(64, memory(1024), 4096, false)).toBe(64 * 4096);
  });
  test('without /proc the smallest', () => {
    expect(ringBytes(0, machine({}), 4096, true)).toBe(256 * 1024);
  });
});

describe('preflight', () => {
  const status = (effective: bigint): Readonly<Record<string, string>> => ({
    'proc/self/status': `Name:\tnode\nCapEff:\t${effective.toString(16).padStart(16, '0')}\n`,
  });
  const bits = (...numbers: readonly bigint[]): bigint => numbers.reduce((sum, bit) => sum | (1n << bit), 0n);
  const check = (files: Readonly<Record<string, string>>, bpf = true): string => {
    try {
      preflight(machine(files), { hasBpf: () => bpf });
      return 'fine';
    } catch (failure) {
      if (!(failure instanceof RuntimeFailure)) throw failure;
      expect(failure.hint, 'every refusal names a remedy').toBeDefined();
      return failure.what;
    }
  };
  test.each([
    ['root', bits(1n, 2n, 21n, 38n, 39n), 'fine'],
    ['CAP_SYS_ADMIN stands for the BPF ones', bits(2n, 21n), 'fine'],
    ['CAP_BPF and CAP_PERFMON', bits(1n, 38n, 39n), 'fine'],
    ['nobody', 0n, 'this process may not trace: CAP_BPF is missing'],
    ['no CAP_PERFMON', bits(2n, 39n), 'this process may not trace: CAP_PERFMON is missing'],
    ['cannot read tracefs', bits(38n, 39n), 'this process may not trace: CAP_DAC_READ_SEARCH is missing'],
  ])('%s', (_name, effective, expected) => {
    expect(check(status(effective))).toBe(expected);
  });
  test('lockdown', () => {
    const lockdown = 'sys/kernel/security/lockdown';
    expect(check({ ...status(bits(2n, 21n)), [lockdown]: 'none integrity [confidentiality]\n' })).toContain(
      'locked down',
    );
    expect(check({ ...status(bits(2n, 21n)), [lockdown]: 'none [integrity] confidentiality\n' })).toBe('fine');
  });
  test('a kernel without bpf(2)', () => {
    expect(check(status(bits(2n, 21n)), false)).toContain('has no BPF');
  });
});

test.each([
  ['ID=debian\n', 'apt-get install libbpf1'],
  ['NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\n', 'apt-get install libbpf1'],
  ['ID=fedora\n', 'dnf install libbpf'],
  ['ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'dnf install libbpf'],
  ['ID=arch\n', 'pacman -S libbpf'],
  ['ID=plan9\n', 'package manager'],
])('how libbpf is installed: %s', (osRelease, command) => {
  expect(installHint(Buffer.from(osRelease))).toContain(command);
});

test('user names: the first line of a uid counts', () => {
  const name = userNames(
    machine({ 'etc/passwd': 'root:x:0:0::/:/bin/sh\ntoor:x:0:0::/:\nm\xfcller:x:1000:1::/:\nbroken\n' }),
  );
  expect([name(0n), name(1000n), name(7n)]).toEqual(['root', 'm\xfcller', undefined]);
});

test('cgroup paths by inode, new groups found later', () => {
  const host = machine({
    'sys/fs/cgroup/cgroup.controllers': '',
    'sys/fs/cgroup/a.slice/b.service/cpu.max': '',
  });
  const inode = (path: string): bigint => statSync(join(host.root, 'sys/fs/cgroup', path), { bigint: true }).ino;
  const path = cgroupPaths(host);
  expect(path(inode('a.slice/b.service'))).toBe('/a.slice/b.service');
  expect(path(inode(''))).toBe('/');
  expect(path(1n)).toBeUndefined();
  mkdirSync(join(host.root, 'sys/fs/cgroup/c'));
  expect(path(inode('c'))).toBe('/c');
});

test('perf_event_attr: period or frequency, inherited or not', () => {
  const view = new DataView(new ArrayBuffer(72));
  writePerfEventAttr(view, { type: 1, config: 0n, every: { by: 'frequency', hertz: 99n }, inherit: true });
  const flags = view.getBigUint64(40, true);
  expect([view.getUint32(4, true), view.getBigUint64(16, true), flags]).toEqual([72, 99n, 1n | 2n | 1024n]);
  writePerfEventAttr(view, { type: 2, config: 300n, every: { by: 'period', period: 1n }, inherit: false });
  expect([view.getUint32(0, true), view.getBigUint64(8, true), view.getBigUint64(40, true)]).toEqual([2, 300n, 1n]);
  const breakpoint = { breakpointType: 3, config1: 0x1000n, config2: 4n };
  writePerfEventAttr(view, {
    type: 5,
    config: 0n,
    every: { by: 'period', period: 1n },
    inherit: true,
    ...breakpoint,
  });
  const [at, length] = [view.getBigUint64(56, true), view.getBigUint64(64, true)];
  expect([view.getUint32(0, true), view.getUint32(52, true), at, length]).toEqual([5, 3, 0x1000n, 4n]);
});
