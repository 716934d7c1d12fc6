/*
 * Other tasks than the current one, by kfuncs: functions of the kernel that are no helpers, which libbpf looks up by name in
 * its BTF. Linux 6.2; not every type of program may call them.
 */
#ifndef EBTRACE_TASKS_H
#define EBTRACE_TASKS_H

#include "ebtrace.h"

#define KFUNC __attribute__((section(".ksyms")))

/* libbpf compares declarations with those of the kernel: a struct has to be one here too, whatever is in it. */
struct task_struct {
	u8 opaque;
};

extern struct task_struct *bpf_task_from_pid(s32 pid) KFUNC;
extern void bpf_task_release(struct task_struct *task) KFUNC;

/* `pid`: number in the first PID namespace; `comm`: offset of the name, `size`: its bytes. False when there is no such task. */
INLINE int eb_comm_of(s32 pid, u32 comm, u8 *to, u32 size)
{
	struct task_struct *task = bpf_task_from_pid(pid);

	if (!task)
		return 0;
	bpf_probe_read_kernel_str(to, size, (u8 *)task + comm);
	bpf_task_release(task);
	return 1;
}

#endif
