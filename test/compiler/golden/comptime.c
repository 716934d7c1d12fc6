#define EB_SITES 2
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	struct { u64 set; u64 value[1]; } map_a __attribute__((aligned(64)));
} eb_scalars SEC(".data.eb_scalars");
static const u8 eb_constant_1[7] SEC(".rodata.tables") __attribute__((aligned(8))) = "narrow\000";

#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
#line 2 "script.bt"
	{
		*(s8 *)((((u8 *)&eb_scalars.map_a) + 8)) = 1LL;
		*(u64 *)((u8 *)&eb_scalars.map_a) = 1;
	}
	{
#line 3 "script.bt"
		{
			u8 *t1 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
			if (t1) {
				*(u64 *)t1 = 0;
				*(u32 *)((t1 + 8) + 0) = *(u32 *)((u8 *)eb_constant_1 + 0);
				*(u16 *)((t1 + 8) + 4) = *(u16 *)((u8 *)eb_constant_1 + 4);
				*(u8 *)((t1 + 8) + 6) = *(u8 *)((u8 *)eb_constant_1 + 6);
				bpf_ringbuf_submit(t1, EB_WAKEUP);
			} else {
				eb_fail(0, -28);
			}
		}
	}
#line 4 "script.bt"
	s8 v0_x = 0;
	{
		s8 t2 = 0;
		{
			t2 = 5LL;
		}
		v0_x = t2;
	}
#line 5 "script.bt"
	{
		u64 m3[1] = {};
		*(s8 *)(((u8 *)m3 + 0)) = v0_x;
		*(s16 *)(((u8 *)m3 + 2)) = 164LL;
		*(s8 *)(((u8 *)m3 + 4)) = 16LL;
		u8 *t4 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t4) {
			*(u64 *)t4 = 1;
			*(u32 *)((t4 + 8) + 0) = *(u32 *)((u8 *)m3 + 0);
			*(u16 *)((t4 + 8) + 4) = *(u16 *)((u8 *)m3 + 4);
			bpf_ringbuf_submit(t4, EB_WAKEUP);
		} else {
			eb_fail(1, -28);
		}
	}
	return 0;
}
