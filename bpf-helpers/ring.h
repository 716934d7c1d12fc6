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

/* Set in the length word of a string that was longer than its capacity. */
#define EB_CUT 0x80000000u

#endif
