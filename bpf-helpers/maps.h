/*
 * Walks over maps, and over the values of all CPUs.
 */
#ifndef EBTRACE_MAPS_H
#define EBTRACE_MAPS_H

#include "ebtrace.h"
#include "loop.h"

/*
 * For kernels without bpf_map_lookup_percpu_elem(): the value of this CPU in an entry that holds those of all `cpus`; NULL
 * when the entry is.
 */
#define EB_OWN_COPY(entry, size, cpus)                   \
	({                                               \
		u64 cpu_ = bpf_get_smp_processor_id();   \
		LIMIT(cpu_, (cpus) - 1);                 \
		(entry) ? (entry) + cpu_ * (size) : (u8 *)0; \
	})

NOINLINE long eb_count_element(void *map, const void *key, void *value, u64 *count)
{
	(*count)++;
	return 0;
}

#endif
