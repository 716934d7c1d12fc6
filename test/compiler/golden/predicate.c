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
		s32 t1 = *(volatile s32 *)((u8 *)ctx + 24);
		u8 t2 = (((s64)((s64)(t1)) == (s64)(100LL))) != 0;
		if (t2) {
			u64 t3 = bpf_get_current_uid_gid() & 0xffffffff;
			u64 t4 = (u64)(t3) / (u64)(2ULL);
			t2 = (((u64)(t4) > (u64)(4ULL))) != 0;
		}
		if (!(t2))
			return 0;
	}
	{
		u8 *t5 = bpf_ringbuf_reserve(&eb_ring, 8, 0);
		if (t5) {
			*(u64 *)t5 = 0;
			bpf_ringbuf_submit(t5, EB_WAKEUP);
		} else {
			eb_fail(0, -28);
		}
		eb_exit(0);
		return 0;
	}
	return 0;
}
