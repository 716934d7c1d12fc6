/*
 * The event ring; user space sets its size before loading.
 */
#ifndef EBTRACE_RING_H
#define EBTRACE_RING_H

#include "ebtrace.h"

struct {
	MAP_UINT(type, BPF_MAP_TYPE_RINGBUF);
	MAP_UINT(max_entries, 262144);
} eb_ring SEC(".maps");

/* Set in the length word of a string that was longer than its capacity. */
#define EB_CUT 0x80000000u

#endif
