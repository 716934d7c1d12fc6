#define EB_SITES 1
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
static const u8 eb_constant_1[6] SEC(".rodata.tables") __attribute__((aligned(8))) = "short\000";
static const u8 eb_constant_2[4] SEC(".rodata.tables") __attribute__((aligned(8))) = "100\000";

#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
#line 1 "script.bt"
	u64 v0_s[1] = {};
	{
		*(u32 *)((u8 *)v0_s + 0) = *(u32 *)((u8 *)eb_constant_1 + 0);
		*(u16 *)((u8 *)v0_s + 4) = *(u16 *)((u8 *)eb_constant_1 + 4);
	}
	{
		u8 *t1 = bpf_ringbuf_reserve(&eb_ring, 40, 0);
		if (t1) {
			*(u64 *)t1 = 0;
			*(u32 *)((t1 + 8) + 0) = *(u32 *)((u8 *)v0_s + 0);
			*(u16 *)((t1 + 8) + 4) = *(u16 *)((u8 *)v0_s + 4);
			bpf_get_current_comm((t1 + 16), 16);
			*(u32 *)((t1 + 32) + 0) = *(u32 *)((u8 *)eb_constant_2 + 0);
			bpf_ringbuf_submit(t1, EB_WAKEUP);
		} else {
			eb_fail(0, -28);
		}
	}
	return 0;
}
