#define EB_SITES 1
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "process.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};

#line 1 "script.bt"
SEC("tp") int p0(u64 *ctx) {
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
#line 1 "script.bt"
	{
		s32 t1 = *(volatile s32 *)((u8 *)ctx + 28);
		if (!(((s64)((s64)(t1)) < (s64)(120LL))))
			return 0;
	}
	{
		u8 *t2 = bpf_ringbuf_reserve(&eb_ring, 56, 0);
		if (t2) {
			*(u64 *)t2 = 0;
			u64 m3[3] = {};
			bpf_probe_read_kernel_str((u8 *)m3, 17, ((u8 *)ctx + 8));
			*(u64 *)((t2 + 8) + 0) = *(u64 *)((u8 *)m3 + 0);
			*(u64 *)((t2 + 8) + 8) = *(u64 *)((u8 *)m3 + 8);
			s32 t4 = *(volatile s32 *)((u8 *)ctx + 24);
			*(s32 *)((t2 + 24)) = t4;
			u64 m5[3] = {};
			bpf_probe_read_kernel_str((u8 *)m5, 17, ((u8 *)ctx + 40));
			*(u64 *)((t2 + 32) + 0) = *(u64 *)((u8 *)m5 + 0);
			*(u64 *)((t2 + 32) + 8) = *(u64 *)((u8 *)m5 + 8);
			s32 t6 = *(volatile s32 *)((u8 *)ctx + 56);
			*(s32 *)((t2 + 48)) = t6;
			bpf_ringbuf_submit(t2, EB_WAKEUP);
		} else {
			eb_fail(0, -28);
		}
	}
	return 0;
}
