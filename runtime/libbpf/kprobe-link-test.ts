/**
 * Can one link attach a kprobe program to many functions? Asked by trying it with a list that cannot be read: kernels
 * that can say so (EFAULT), others refuse what they do not know before they look (EINVAL), or say that it was left out when they were
 * built (EOPNOTSUPP).
 */
import { kprobeAttachType, programType } from './bpf-attr.ts';
import { loadProgram, openKprobeMulti } from './bpf-syscalls.ts';
import { native } from './native.ts';

const EFAULT = 14;
/** In the page that is never mapped. */
const UNREADABLE = 8n;

export function canLinkKprobes(kind: keyof typeof kprobeAttachType): boolean {
  const attachType = kprobeAttachType[kind];
  const memory = native().allocate(64);
  try {
    // r0 = 0; exit
    memory.view.setUint8(0, 0xb7);
    memory.view.setUint8(8, 0x95);
    memory.bytes.set(Buffer.from('GPL\0', 'latin1'), 32);
    const program = loadProgram({
      type: programType.kprobe,
      instructions: memory.address,
      instructionCount: 2,
      license: memory.address + 32n,
      expectedAttachType: attachType,
      log: 0n,
      logSize: 0,
    });
    if (program < 0) return false;
    const link = openKprobeMulti(program, {
      attachType,
      atReturn: false,
      count: 1,
      symbols: 0n,
      addresses: UNREADABLE,
      cookies: 0n,
    });
    if (link >= 0) native().close(link);
    native().close(program);
    return link === -EFAULT;
  } finally {
    memory.free();
  }
}
