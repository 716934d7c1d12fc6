/*
 * Scripts with probes on functions that BPF programs themselves run through (locks of maps and of the ring): a program
 * that was entered from within another one of the script could wait for a lock that the outer one holds. So on each CPU
 * one of them runs at a time, and those that come meanwhile are counted and left out.
 */
#ifndef EBTRACE_NESTING_H
#define EBTRACE_NESTING_H

#include "sites.h"

struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 1);
} eb_inside SEC(".maps");

/* NULL when another body runs on this CPU. */
static inline __attribute__((always_inline)) volatile u64 *eb_enter(u32 site)
{
	u32 key = 0;
	volatile u64 *inside = bpf_map_lookup_elem(&eb_inside, &key);

	if (!inside)
		return 0;
	if (*inside) {
		eb_fail(site, 0);
		return 0;
	}
	*inside = 1;
	return inside;
}

static inline __attribute__((always_inline)) void eb_leave(volatile u64 **inside)
{
	if (*inside)
		**inside = 0;
}

/* Of a variable that has the result of eb_enter: however the body ends, it is left. */
#define EB_LEAVES __attribute__((cleanup(eb_leave)))

#endif
