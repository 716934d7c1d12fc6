#define EB_SITES 1
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
static const u8 eb_constant_1[5] SEC(".rodata.tables") __attribute__((aligned(8))) = "more\000";
static const u8 eb_constant_2[5] SEC(".rodata.tables") __attribute__((aligned(8))) = "less\000";

#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
#line 1 "script.bt"
	s16 v0_x = 0;
	{
		u64 t1 = bpf_get_smp_processor_id();
		s16 t2 = 0;
		if (((t1) != 0)) {
			t2 = 1LL;
		} else {
			t2 = 300LL;
		}
		v0_x = t2;
	}
	u64 v1_s[1] = {};
	{
		if (((s64)((s64)(v0_x)) > (s64)(5LL))) {
			*(u32 *)((u8 *)v1_s + 0) = *(u32 *)((u8 *)eb_constant_1 + 0);
			*(u8 *)((u8 *)v1_s + 4) = *(u8 *)((u8 *)eb_constant_1 + 4);
		} else {
			*(u32 *)((u8 *)v1_s + 0) = *(u32 *)((u8 *)eb_constant_2 + 0);
			*(u8 *)((u8 *)v1_s + 4) = *(u8 *)((u8 *)eb_constant_2 + 4);
		}
	}
	{
		u8 *t3 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t3) {
			*(u64 *)t3 = 0;
			*(u32 *)((t3 + 8) + 0) = *(u32 *)((u8 *)v1_s + 0);
			*(u8 *)((t3 + 8) + 4) = *(u8 *)((u8 *)v1_s + 4);
			bpf_ringbuf_submit(t3, EB_WAKEUP);
		} else {
			eb_fail(0, -28);
		}
	}
	return 0;
}
