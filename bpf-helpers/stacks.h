/*
 * Stacks of the kernel. A stack is kept once, in a table from its number to its frames, and the script handles the
 * number only: 8 bytes as key, value or part of an event instead of 1024. The number is made of the frames, 53 bits of
 * hash and 11 bits of their count, so equal stacks have equal numbers. The frames are compared all the same: two stacks
 * with one hash are not taken for each other but counted as a failure. User space empties tables that fill up and
 * remembers what was in them (runtime/symbols/stacks.ts).
 */
#ifndef EBTRACE_STACKS_H
#define EBTRACE_STACKS_H

#include "ebtrace.h"
#include "sites.h"

static long (*const bpf_get_stack)(void *ctx, void *frames, u32 size, u64 flags) = (void *)67;

/* Stacks stored since the start, for user space to know when tables fill up. */
volatile u64 eb_stacks_kept SEC(".data.eb_stacks") __attribute__((aligned(8)));

/* Not __sync_fetch_and_add(): clang makes an instruction of it that gives the old value too, which is new in 5.12. */
INLINE void eb_count_stack(void)
{
	asm volatile("lock *(u64 *)(%0 + 0) += %1" : : "r"(&eb_stacks_kept), "r"(1ULL) : "memory");
}

#define EB_COUNT_BITS 0x7ffULL
#define EB_STACK_EEXIST 17

/*
 * `frames` are zero behind the last one, as bpf_get_stack() leaves them, and `bytes` is its result. The loops end at
 * that zero: there the verifier knows all there is to know, and does not follow every length on its own.
 */
#define EB_STACK_TABLE(limit, entries)                                                               \
	struct {                                                                                     \
		MAP_UINT(type, BPF_MAP_TYPE_HASH);                                                   \
		MAP_UINT(key_size, 8);                                                               \
		MAP_UINT(value_size, (limit) * 8);                                                   \
		MAP_UINT(max_entries, entries);                                                      \
	} eb_stacks_##limit SEC(".maps");                                                            \
	NOINLINE u64 eb_keep_stack_##limit(const u64 *frames, long bytes, u32 read_site, u32 keep_site) \
	{                                                                                            \
		u64 hash = 0x9e3779b97f4a7c15ULL;                                                    \
		if (bytes < 0)                                                                       \
			eb_fail(read_site, bytes);                                                   \
		if (bytes <= 0)                                                                      \
			return 0;                                                                    \
		_Pragma("clang loop unroll(disable)")                                                \
		for (u32 i = 0; i < (limit); i++) {                                                  \
			u64 frame = frames[i];                                                       \
			if (!frame)                                                                  \
				break;                                                               \
			hash = (hash ^ frame) * 0xff51afd7ed558ccdULL;                               \
			hash ^= hash >> 32;                                                          \
		}                                                                                    \
		u64 id = (hash & ~EB_COUNT_BITS) | ((u64)bytes / 8 & EB_COUNT_BITS);                  \
		const u64 *kept = bpf_map_lookup_elem(&eb_stacks_##limit, &id);                      \
		if (UNLIKELY(!kept)) {                                                               \
			long result = bpf_map_update_elem(&eb_stacks_##limit, &id, frames, BPF_NOEXIST); \
			if (!result) {                                                               \
				eb_count_stack();                                                    \
				return id;                                                           \
			}                                                                            \
			/* Another CPU may have been first. */                                       \
			kept = bpf_map_lookup_elem(&eb_stacks_##limit, &id);                         \
			if (!kept) {                                                                 \
				eb_fail(keep_site, result);                                          \
				return 0;                                                            \
			}                                                                            \
		}                                                                                    \
		_Pragma("clang loop unroll(disable)")                                                \
		for (u32 i = 0; i < (limit); i++) {                                                  \
			u64 frame = frames[i];                                                       \
			if (kept[i] != frame) {                                                      \
				eb_fail(keep_site, -EB_STACK_EEXIST);                                \
				return 0;                                                            \
			}                                                                            \
			if (!frame)                                                                  \
				break;                                                               \
		}                                                                                    \
		return id;                                                                           \
	}

#endif
