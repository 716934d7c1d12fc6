/*
 * Programs of BPF iterators. The first word of their context leads to the seq_file that is being read
 * (struct bpf_iter_meta, whose first member it is).
 */
#ifndef EBTRACE_ITERATOR_H
#define EBTRACE_ITERATOR_H

#include "ebtrace.h"

static long (*const bpf_seq_printf)(void *file, const void *format, u32 size, const void *data, u32 length) = (void *)126;
static long (*const bpf_seq_write)(void *file, const void *data, u32 size) = (void *)127;

INLINE void *eb_iterator_file(u64 *ctx)
{
	return *(void **)ctx[0];
}

/*
 * A byte for each object: a read(2) for few bytes returns after few objects then, and user space can empty the event
 * ring before it goes on. Without output the kernel would go through a million objects in one read.
 */
INLINE void eb_iterator_step(u64 *ctx)
{
	u8 mark = '.';

	bpf_seq_write(eb_iterator_file(ctx), &mark, 1);
}

#endif
