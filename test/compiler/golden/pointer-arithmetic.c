#define EB_SITES 2
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "process.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	struct { u64 set; u64 value[1]; } map_p __attribute__((aligned(64)));
} eb_scalars SEC(".data.eb_scalars");

#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
	u64 pid_tgid = bpf_get_current_pid_tgid();
#line 2 "script.bt"
	{
		*(u64 *)((((u8 *)&eb_scalars.map_p) + 8)) = (u64)(16LL);
		*(u64 *)((u8 *)&eb_scalars.map_p) = 1;
	}
#line 3 "script.bt"
	{
		u64 t1 = *(u64 *)(((u8 *)&eb_scalars.map_p) + 8);
		*(u64 *)((((u8 *)&eb_scalars.map_p) + 8)) = (u64)((u64)((u64)((u64)(t1)) + (u64)(8ULL)));
		*(u64 *)((u8 *)&eb_scalars.map_p) = 1;
	}
#line 4 "script.bt"
	{
		u64 t2 = *(u64 *)(((u8 *)&eb_scalars.map_p) + 8);
		u64 t3 = t2;
		u64 t4 = (u64)((u64)t3 + 4);
		*(u64 *)((((u8 *)&eb_scalars.map_p) + 8)) = t4;
		*(u64 *)((u8 *)&eb_scalars.map_p) = 1;
		(void)(t3);
	}
#line 5 "script.bt"
	u64 v0_q = 0;
	{
		u64 t5 = *(u64 *)(((u8 *)&eb_scalars.map_p) + 8);
		u64 t6 = (u64)(t5);
		v0_q = (u64)((u64)((u64)(t6) + (u64)((u64)((u64)((u64)((u32)pid_tgid)) * (u64)(4ULL)))));
	}
#line 6 "script.bt"
	{
		u64 t7 = v0_q;
		u64 t8 = (u64)((u64)t7 - 4);
		v0_q = t8;
		(void)(t7);
	}
#line 7 "script.bt"
	{
		u64 t9 = (u64)((u64)((u64)((u64)((u64)(v0_q)) - (u64)(4ULL))));
		u64 t10 = *(u64 *)(((u8 *)&eb_scalars.map_p) + 8);
		u8 *t11 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t11) {
			*(u64 *)t11 = 0;
			*(u8 *)((t11 + 8)) = ((u64)(t9) == (u64)((u64)(t10)));
			bpf_ringbuf_submit(t11, EB_WAKEUP);
		} else {
			eb_fail(0, -28);
		}
	}
#line 8 "script.bt"
	{
		if (((v0_q) != 0)) {
			{
				u8 *t12 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
				if (t12) {
					*(u64 *)t12 = 1;
					*(s8 *)((t12 + 8)) = 1LL;
					bpf_ringbuf_submit(t12, EB_WAKEUP);
				} else {
					eb_fail(1, -28);
				}
			}
		}
	}
	return 0;
}
