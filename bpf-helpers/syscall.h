/*
 * System calls through the raw tracepoints sys_enter(regs, id) and sys_exit(regs, ret).
 */
#ifndef EBTRACE_SYSCALL_H
#define EBTRACE_SYSCALL_H

#include "ebtrace.h"

/* One 64-bit word of the registers that bpf_task_pt_regs() gives. */
#define EB_REGISTER(regs, offset) (*(volatile u64 *)((u8 *)(regs) + (offset)))

/* The low half of one; a member of 32 bits, which the verifier wants to be read as such. */
#define EB_REGISTER32(regs, offset) (*(volatile u32 *)((u8 *)(regs) + (offset)))

/* The same by a read, for kernels without bpf_task_pt_regs(); 0 when it cannot be read. */
INLINE u64 eb_register(u64 regs, u32 offset)
{
	u64 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), (void *)(regs + offset));
	return value;
}

/*
 * x86: the task is in a 32-bit system call (TS_COMPAT in thread_info.status). The perf tracepoints do not report these,
 * and their numbers mean other calls.
 */
INLINE int eb_in_compat_call(void *task, u32 status_offset)
{
	return *(volatile u32 *)((u8 *)task + status_offset) & 2;
}

/* The same for kernels without bpf_get_current_task_btf(). */
INLINE int eb_in_compat_call_by_read(u32 status_offset)
{
	u32 status = 0;

	bpf_probe_read_kernel(&status, sizeof(status), (void *)(bpf_get_current_task() + status_offset));
	return status & 2;
}

#endif
