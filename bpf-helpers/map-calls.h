/*
 * Uses of keyed maps as functions of their own, for scripts with hundreds of them: written out in place each is five
 * basic blocks and as many variables on the stack, in which clang takes more than linear time. Keys that are numbers
 * come by value, all others as the address of their bytes.
 */
#ifndef EBTRACE_MAP_CALLS_H
#define EBTRACE_MAP_CALLS_H

#include "ebtrace.h"

/* The entry, NULL when there is none. */
#define EB_FIND(name, key_type, key_address)                                       \
	NOINLINE u8 *eb_find_##name(void *map, key_type key)                       \
	{                                                                          \
		return bpf_map_lookup_elem(map, key_address);                      \
	}

/* The entry, made of `zeroes` when there is none; another CPU may be first. NULL when the map is full. */
#define EB_ENTRY(name, key_type, key_address)                                      \
	NOINLINE u8 *eb_entry_##name(void *map, key_type key, const void *zeroes, u32 site) \
	{                                                                          \
		u8 *slot = bpf_map_lookup_elem(map, key_address);                  \
		if (UNLIKELY(!slot)) {                                             \
			long result = bpf_map_update_elem(map, key_address, zeroes, BPF_NOEXIST); \
			slot = bpf_map_lookup_elem(map, key_address);              \
			if (!slot)                                                 \
				eb_fail(site, result);                             \
		}                                                                  \
		return slot;                                                       \
	}

#define EB_STORE(name, key_type, key_address, value_type)                          \
	NOINLINE long eb_store_##name##_##value_type(void *map, key_type key, value_type value, u32 site) \
	{                                                                          \
		u8 *slot = bpf_map_lookup_elem(map, key_address);                  \
		if (slot) {                                                        \
			*(value_type *)slot = value;                               \
			return 0;                                                  \
		}                                                                  \
		long result = bpf_map_update_elem(map, key_address, &value, BPF_ANY); \
		if (result)                                                        \
			eb_fail(site, result);                                     \
		return 0;                                                          \
	}

#define EB_MAP_CALLS(name, key_type, key_address)      \
	EB_FIND(name, key_type, key_address)           \
	EB_ENTRY(name, key_type, key_address)          \
	EB_STORE(name, key_type, key_address, u8)      \
	EB_STORE(name, key_type, key_address, u16)     \
	EB_STORE(name, key_type, key_address, u32)     \
	EB_STORE(name, key_type, key_address, u64)

EB_MAP_CALLS(u8, u8, &key)
EB_MAP_CALLS(u16, u16, &key)
EB_MAP_CALLS(u32, u32, &key)
EB_MAP_CALLS(u64, u64, &key)
EB_MAP_CALLS(bytes, const void *, key)

#endif
