/**
 * May this process trace at all? Checked before anything is compiled for the kernel, so that the answer is one clear
 * message and not a failed system call later. tracefs and libbpf have their own messages where they are opened.
 */
import type { HostFiles } from '../src/world/host-files.ts';
import { RuntimeFailure } from './bpf.ts';
import type { Kernel } from './kernel.ts';

/** Bit numbers of include/uapi/linux/capability.h. */
const capability = {
  CAP_DAC_OVERRIDE: 1n,
  CAP_DAC_READ_SEARCH: 2n,
  CAP_SYS_ADMIN: 21n,
  CAP_PERFMON: 38n,
  CAP_BPF: 39n,
} as const;

type Capability = keyof typeof capability;

/** Throws RuntimeFailure with the remedy when tracing is not possible. */
export function preflight(files: HostFiles, kernel: Pick<Kernel, 'hasBpf'>): void {
  if (!kernel.hasBpf()) {
    throw new RuntimeFailure('this kernel has no BPF: it was built without bpf(2)', {
      errno: 38,
      hint: 'a kernel with CONFIG_BPF_SYSCALL=y is needed, version 5.8 or newer; all current distributions have one',
    });
  }
  const missing = missingCapability(effectiveCapabilities(files));
  if (missing !== undefined) {
    throw new RuntimeFailure(`this process may not trace: ${missing} is missing`, {
      errno: 1,
      hint: 'run ebtrace as root, for example with sudo',
    });
  }
  if (text(files, '/sys/kernel/security/lockdown').includes('[confidentiality]')) {
    throw new RuntimeFailure('the kernel is locked down (confidentiality), which forbids reading kernel memory', {
      errno: 1,
      hint: 'boot without lockdown=confidentiality; some systems turn it on together with secure boot',
    });
  }
}

/** Undefined when /proc cannot be read; then the kernel decides later. */
function effectiveCapabilities(files: HostFiles): bigint | undefined {
  const digits = /^CapEff:\s*([0-9a-f]+)$/m.exec(text(files, '/proc/self/status'))?.[1];
  return digits === undefined ? undefined : BigInt(`0x${digits}`);
}

/** CAP_SYS_ADMIN stands for CAP_BPF and CAP_PERFMON; either of the two file capabilities lets us read tracefs. */
function missingCapability(effective: bigint | undefined): string | undefined {
  if (effective === undefined) return undefined;
  const has = (name: Capability): boolean => ((effective >> capability[name]) & 1n) === 1n;
  for (const name of ['CAP_BPF', 'CAP_PERFMON'] as const) {
    if (!has(name) && !has('CAP_SYS_ADMIN')) return name;
  }
  return has('CAP_DAC_READ_SEARCH') || has('CAP_DAC_OVERRIDE') ? undefined : 'CAP_DAC_READ_SEARCH';
}

function text(files: HostFiles, path: string): string {
  const bytes = files.read(path);
  return bytes === undefined ? '' : Buffer.from(bytes).toString('latin1');
}
