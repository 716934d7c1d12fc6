/*
 * The switch that stops all bodies at once, by user space (`stop`) or by the script's own exit(). exit() also stores the
 * status here, so that it arrives even when the event ring is full.
 */
#ifndef EBTRACE_CONTROL_H
#define EBTRACE_CONTROL_H

#include "ebtrace.h"

struct {
	MAP_UINT(type, BPF_MAP_TYPE_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, sizeof(struct eb_control));
	MAP_UINT(max_entries, 1);
} eb_control SEC(".maps");

INLINE int eb_stopped(void)
{
	u32 zero = 0;
	struct eb_control *control = bpf_map_lookup_elem(&eb_control, &zero);

	return !control || *(volatile u64 *)control;
}

INLINE void eb_exit(u32 status)
{
	u32 zero = 0;
	struct eb_control *control = bpf_map_lookup_elem(&eb_control, &zero);

	if (!control || control->exit_requested)
		return;
	control->exit_code = status & 0xff;
	control->exit_requested = 1;
}

#endif
