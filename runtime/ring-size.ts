/** How large the event ring is made: config `perf_rb_pages`, or by the memory that is free. */
import type { HostFiles } from '../src/world/host-files.ts';

const KIB = 1024;
const SMALLEST = 256 * KIB;
/** The kernel wants less than 2 GiB. The option's maximum is as many pages of 4 KiB. */
const LARGEST_RING = 1024 * 1024 * KIB;
const LARGEST = 16 * 1024 * KIB;
/** What is taken of the available memory at most: 1/256, so 16 MiB from 4 GiB on. */
const SHARE = 256;

/**
 * Bytes, a power of two and a multiple of `pageSize`. `pages` 0 chooses: 256 KiB to 16 MiB, or one page for a program
 * that sends no events (the kernel takes 3 to 8 ms to make and free 16 MiB).
 */
export function ringBytes(pages: number, files: HostFiles, pageSize: number, sendsEvents: boolean): number {
  if (pages > 0) return Math.min(LARGEST_RING, 2 ** Math.ceil(Math.log2(pages)) * pageSize);
  if (!sendsEvents) return pageSize;
  const wanted = Math.min(LARGEST, Math.max(SMALLEST, availableBytes(files) / SHARE));
  return 2 ** Math.floor(Math.log2(wanted));
}

/** MemAvailable of /proc/meminfo; zero, so the smallest ring, when it cannot be read. */
function availableBytes(files: HostFiles): number {
  const bytes = files.read('/proc/meminfo');
  const text = bytes === undefined ? '' : Buffer.from(bytes).toString('latin1');
  return Number(/^MemAvailable:\s*(\d+) kB$/m.exec(text)?.[1] ?? 0) * KIB;
}
