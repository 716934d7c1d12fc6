/*
 * Comparison of strings in BPF memory.
 */
#ifndef EBTRACE_STRINGS_H
#define EBTRACE_STRINGS_H

#include "ebtrace.h"

/* Equal up to a NUL or over `size` bytes; `size` is a constant within both capacities. */
INLINE int eb_string_equal(const u8 *a, const u8 *b, u32 size)
{
	u32 i;

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

#pragma clang loop unroll(disable)
	for (i = 0; i < size; i++)
		if (a[i] != b[i])
			return 0;
	return 1;
}

#endif
