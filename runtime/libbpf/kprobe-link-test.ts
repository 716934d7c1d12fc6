/**
 * Can one link attach a kprobe program to many functions? Asked by trying it with a list that cannot be read: kernels
 * that can say so (EFAULT), others refuse what they do not know before they look (EINVAL), or say that it was left out when they were
 * built (EOPNOTSUPP).
 */
import { kprobeAttachType } from './bpf-attr.ts';
import { openKprobeMulti } from './bpf-syscalls.ts';
import { native } from './native.ts';
import { loadTestProgram, returnZero } from './test-program.ts';

const EFAULT = 14;
/** In the page that is never mapped. */
const UNREADABLE = 8n;

export function canLinkKprobes(kind: keyof typeof kprobeAttachType): boolean {
  const attachType = kprobeAttachType[kind];
  const { result: program } = loadTestProgram('kprobe', returnZero, { expectedAttachType: attachType });
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
}
