/*
 * Bucket index of hist() and lhist(); the rules are those of src/types/histogram.ts.
 */
#ifndef EBTRACE_HIST_H
#define EBTRACE_HIST_H

#include "ebtrace.h"
#include "math.h"

/* Position of the highest set bit, 0 for 0: BPF has no instruction for it. */
INLINE u32 eb_log2(u64 v)
{
	u32 r, s;

	r = (v > 0xffffffff) << 5;
	v >>= r;
	s = (v > 0xffff) << 4;
	v >>= s;
	r |= s;
	s = (v > 0xff) << 3;
	v >>= s;
	r |= s;
	s = (v > 0xf) << 2;
	v >>= s;
	r |= s;
	s = (v > 0x3) << 1;
	v >>= s;
	r |= s;
	return r | (u32)(v >> 1);
}

/* Bucket 0 holds the negative values; each power of two is cut into 2^k buckets. */
INLINE u32 eb_hist_index(u64 n, int is_signed, u32 k)
{
	u32 l;

	if (is_signed && (s64)n < 0)
		return 0;
	if (n < (1ULL << k))
		return (u32)n + 1;
	l = eb_log2(n);
	if (l > 63)
		return 0;
	return ((l - k + 1) << k) + (u32)((n >> (l - k)) & ((1ULL << k) - 1)) + 1;
}

/* Bucket 0 lies below `min`, the last one from `max` up. */
INLINE u32 eb_lhist_index(u64 n, int is_signed, s64 min, s64 max, s64 step)
{
	if (is_signed) {
		if ((s64)n < min)
			return 0;
		if ((s64)n > max)
			return 1 + (u32)((u64)(max - min) / (u64)step);
	} else {
		if (min > 0 && n < (u64)min)
			return 0;
		if (max < 0 || n > (u64)max)
			return 1 + (u32)((u64)(max - min) / (u64)step);
	}
	return 1 + (u32)((u64)((s64)n - min) / (u64)step);
}

#endif
