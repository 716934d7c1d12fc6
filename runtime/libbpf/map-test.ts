/** Does the kernel make hash maps with keys of a size? Asked by making one. */
import { createHash } from './bpf-syscalls.ts';
import { native } from './native.ts';

/** What the kernel says of keys that are too long for it. */
const E2BIG = 7;

export function canCreateHash(keySize: number): boolean {
  const map = createHash(keySize);
  if (map >= 0) native().close(map);
  return map !== -E2BIG;
}
