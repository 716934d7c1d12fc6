/**
 * `%gr`: the flags of a kernel memory allocation as the kernel's own trace output names them. Bit values and the order
 * of the names are those of include/linux/gfp_types.h and include/trace/events/mmflags.h of Linux 6.10 and later.
 */

const directReclaim = 0x400n;
const kswapdReclaim = 0x800n;
const reclaim = directReclaim | kswapdReclaim;
const [highmem, movable, high, io, fs] = [0x2n, 0x8n, 0x20n, 0x40n, 0x80n];
const [noWarn, comp, noMemAlloc, hardwall, account, skipKasan] = [
  0x2000n,
  0x40000n,
  0x80000n,
  0x100000n,
  0x400000n,
  0x2000000n,
];
const kernel = reclaim | io | fs;
const user = kernel | hardwall;
const highUserMovable = user | highmem | movable | skipKasan;
const transHugeLight = (highUserMovable | comp | noMemAlloc | noWarn) & ~reclaim;

/** Compound masks first, so that `GFP_KERNEL` is found before its parts. */
const masks: readonly (readonly [name: string, bits: bigint])[] = [
  ['GFP_TRANSHUGE', transHugeLight | directReclaim],
  ['GFP_TRANSHUGE_LIGHT', transHugeLight],
  ['GFP_HIGHUSER_MOVABLE', highUserMovable],
  ['GFP_HIGHUSER', user | highmem],
  ['GFP_USER', user],
  ['GFP_KERNEL_ACCOUNT', kernel | account],
  ['GFP_KERNEL', kernel],
  ['GFP_NOFS', reclaim | io],
  ['GFP_ATOMIC', high | kswapdReclaim],
  ['GFP_NOIO', reclaim],
  ['GFP_NOWAIT', kswapdReclaim | noWarn],
  ['GFP_DMA', 0x1n],
  ['__GFP_HIGHMEM', highmem],
  ['GFP_DMA32', 0x4n],
  ['__GFP_MOVABLE', movable],
  ['__GFP_RECLAIMABLE', 0x10n],
  ['__GFP_HIGH', high],
  ['__GFP_IO', io],
  ['__GFP_FS', fs],
  ['__GFP_ZERO', 0x100n],
  ['__GFP_DIRECT_RECLAIM', directReclaim],
  ['__GFP_KSWAPD_RECLAIM', kswapdReclaim],
  ['__GFP_WRITE', 0x1000n],
  ['__GFP_NOWARN', noWarn],
  ['__GFP_RETRY_MAYFAIL', 0x4000n],
  ['__GFP_NOFAIL', 0x8000n],
  ['__GFP_NORETRY', 0x10000n],
  ['__GFP_MEMALLOC', 0x20000n],
  ['__GFP_COMP', comp],
  ['__GFP_NOMEMALLOC', noMemAlloc],
  ['__GFP_HARDWALL', hardwall],
  ['__GFP_THISNODE', 0x200000n],
  ['__GFP_ACCOUNT', account],
  ['__GFP_ZEROTAGS', 0x800000n],
  ['__GFP_SKIP_ZERO', 0x1000000n],
  ['__GFP_SKIP_KASAN', skipKasan],
  ['__GFP_NO_OBJ_EXT', 0x4000000n],
];

/** Names joined by `|`, unknown bits as one hex number at the end; `0` for no flags. */
export function gfpFlagsText(flags: bigint): string {
  if (flags === 0n) return '0';
  const names: string[] = [];
  let left = flags;
  for (const [name, bits] of masks) {
    if ((left & bits) !== bits) continue;
    names.push(name);
    left &= ~bits;
  }
  if (left !== 0n) names.push(`0x${left.toString(16)}`);
  return names.join('|');
}
