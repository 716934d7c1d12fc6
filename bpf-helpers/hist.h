/*
 * Bucket index of hist() and lhist(); the rules are those of src/types/histogram.ts.
 */
#ifndef EBTRACE_HIST_H
#define EBTRACE_HIST_H

#include "ebtrace.h"
#include "math.h"

/*
 * Position of the highest set bit, 0 for 0: BPF has no instruction for it. Only the first step is a branch, which is
 * nearly always predicted; the others follow the values that are measured and would be mispredicted (10 ns). Below 2^63
 * `limit - v` is negative, which its top bit says, just when v is larger.
 */
#define EB_LOG2_STEP(v, r, limit, shift)              \
	do {                                          \
		u64 step = ((limit) - (v)) >> 63 << (shift); \
		HIDE(step); /* or it becomes a branch again */ \
		(v) >>= step;                         \
		(r) += step;                          \
	} while (0)

INLINE u32 eb_log2(u64 v)
{
	u64 r = 0;

	if (v > 0xffffffff) {
		v >>= 32;
		r = 32;
	}
	EB_LOG2_STEP(v, r, 0xffffULL, 4);
	EB_LOG2_STEP(v, r, 0xffULL, 3);
	EB_LOG2_STEP(v, r, 0xfULL, 2);
	EB_LOG2_STEP(v, r, 0x3ULL, 1);
	return r + (v >> 1);
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
