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

#endif
