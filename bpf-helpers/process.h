/*
 * Ids of the current task. In a PID namespace other than the first the numbers of the kernel mean nothing to the
 * user, so the *_in_namespace versions ask for those of our own namespace; 0 when the task is not visible in it.
 */
#ifndef EBTRACE_PROCESS_H
#define EBTRACE_PROCESS_H

#include "ebtrace.h"

INLINE u32 eb_pid_in_namespace(void)
{
	struct bpf_pidns_info info = {};

	bpf_get_ns_current_pid_tgid(eb_params.pidns_dev, eb_params.pidns_inode, &info, sizeof(info));
	return info.tgid;
}

INLINE u32 eb_tid_in_namespace(void)
{
	struct bpf_pidns_info info = {};

	bpf_get_ns_current_pid_tgid(eb_params.pidns_dev, eb_params.pidns_inode, &info, sizeof(info));
	return info.pid;
}

INLINE u32 eb_pid(void)
{
	return bpf_get_current_pid_tgid() >> 32;
}

#endif
