/*
 * The event ring; user space sets its size before loading.
 */
#ifndef EBTRACE_RING_H
#define EBTRACE_RING_H

#include "control.h"

struct {
	MAP_UINT(type, BPF_MAP_TYPE_RINGBUF);
	MAP_UINT(max_entries, 262144);
} eb_ring SEC(".maps");

/*
 * Flags for a record that is finished. Waking the reader costs more than the rest of an event, and in a flood it would
 * be woken for nearly every one.
 */
#define EB_WAKEUP (eb_control.busy)

/*
 * The length word of a string in the tail of a record: bit 31 says that it was longer than its capacity. Both functions
 * come without a branch: the verifier would have to follow every combination of the branches of all strings of an event.
 */

/* Bytes that a string read stored, at most `mask`; 0 for a failed read, whose result is negative. */
INLINE u64 eb_stored(s64 result, u64 mask)
{
	s64 failed = result;
	u64 stored = result;

	HIDE(failed);
	HIDE(stored);
	failed >>= 63;
	return stored & ~failed & mask;
}

/* 1 when count is above most, else 0. */
INLINE u64 eb_exceeds(u64 count, u64 most)
{
	u64 difference = most - count;

	HIDE(difference);
	return difference >> 63;
}

#endif
