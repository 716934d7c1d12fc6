/*
 * Comparison of strings in BPF memory.
 */
#ifndef EBTRACE_STRINGS_H
#define EBTRACE_STRINGS_H

#include "ebtrace.h"

/* Longer values are compared by a callback: the verifier follows no more than 8192 branches of one path. */
#define EB_LONGEST_INLINE 1024

struct eb_comparison {
	const u8 *a, *b;
	u64 last;
	u64 stops_at_nul;
	u64 differ;
};

NOINLINE long eb_compare_byte(u64 index, struct eb_comparison *c)
{
	LIMIT(index, c->last);
	u8 byte = c->a[index];
	if (byte != c->b[index]) {
		c->differ = 1;
		return 1;
	}
	return c->stops_at_nul && !byte;
}

INLINE int eb_long_equal(const u8 *a, const u8 *b, u32 size, u32 stops_at_nul)
{
	struct eb_comparison c = { .a = a, .b = b, .last = size - 1, .stops_at_nul = stops_at_nul };

	bpf_loop(size, eb_compare_byte, &c, 0);
	return !c.differ;
}

/* Equal up to a NUL or over `size` bytes; `size` is a constant within both capacities. */
INLINE int eb_string_equal(const u8 *a, const u8 *b, u32 size)
{
	u32 i;

	if (size > EB_LONGEST_INLINE)
		return eb_long_equal(a, b, size, 1);
#pragma clang loop unroll(disable)
	for (i = 0; i < size; i++) {
		if (a[i] != b[i])
			return 0;
		if (!a[i])
			return 1;
	}
	return 1;
}

/* The same bytes over the whole size. */
INLINE int eb_bytes_equal(const u8 *a, const u8 *b, u32 size)
{
	u32 i;

	if (size > EB_LONGEST_INLINE)
		return eb_long_equal(a, b, size, 0);
#pragma clang loop unroll(disable)
	for (i = 0; i < size; i++)
		if (a[i] != b[i])
			return 0;
	return 1;
}

#endif
