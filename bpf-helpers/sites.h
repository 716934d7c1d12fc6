/*
 * Failures are counted where they happen, per place in the script and per CPU; user space reads the counters and
 * reports what grew. Nothing is sent through the ring, so a flood of failures costs no events.
 */
#ifndef EBTRACE_SITES_H
#define EBTRACE_SITES_H

#include "ebtrace.h"

struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, sizeof(struct eb_site));
	MAP_UINT(max_entries, EB_SITES);
} eb_sites SEC(".maps");

NOINLINE int eb_fail(u32 site, s64 code)
{
	struct eb_site *entry = bpf_map_lookup_elem(&eb_sites, &site);

	if (entry) {
		entry->count++;
		entry->code = code;
	}
	return 0;
}

#endif
