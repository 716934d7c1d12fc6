/*
 * Reads through addresses whose space is not known: on 64-bit kernels kernel addresses have the top bit set, user
 * addresses have not.
 */
#ifndef EBTRACE_READ_H
#define EBTRACE_READ_H

#include "ebtrace.h"

INLINE long eb_read(void *to, u32 size, const void *from)
{
	return (s64)from < 0 ? bpf_probe_read_kernel(to, size, from) : bpf_probe_read_user(to, size, from);
}

INLINE long eb_read_str(void *to, u32 size, const void *from)
{
	return (s64)from < 0 ? bpf_probe_read_kernel_str(to, size, from) : bpf_probe_read_user_str(to, size, from);
}

/*
 * A char array as text: `to` has room for size + 1 bytes and is zero. What lies behind a NUL is not copied. An array that
 * has no NUL and is the last thing before memory that is not there is read as bytes.
 */
INLINE long eb_read_text_kernel(void *to, u32 size, const void *from)
{
	long stored = bpf_probe_read_kernel_str(to, size + 1, from);

	return stored < 0 ? bpf_probe_read_kernel(to, size, from) : stored;
}

INLINE long eb_read_text_user(void *to, u32 size, const void *from)
{
	long stored = bpf_probe_read_user_str(to, size + 1, from);

	return stored < 0 ? bpf_probe_read_user(to, size, from) : stored;
}

INLINE long eb_read_text(void *to, u32 size, const void *from)
{
	return (s64)from < 0 ? eb_read_text_kernel(to, size, from) : eb_read_text_user(to, size, from);
}

/* The address of BPF memory as a plain number: the verifier knows it for a pointer, and refuses to compute with those. */
INLINE u64 eb_address(const void *pointer)
{
	u64 address = 0;

	bpf_probe_read_kernel(&address, sizeof(address), &pointer);
	return address;
}

#endif
