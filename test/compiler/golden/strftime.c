#define EB_SITES 2
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	struct { u64 set; u64 value[2]; } map_t __attribute__((aligned(64)));
} eb_scalars SEC(".data.eb_scalars");

#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
#line 1 "script.bt"
	{
		u8 *t1 = bpf_ringbuf_reserve(&eb_ring, 8, 0);
		if (t1) {
			*(u64 *)t1 = 0;
			bpf_ringbuf_submit(t1, EB_WAKEUP);
		} else {
			eb_fail(0, -28);
		}
	}
	{
		u64 t2 = bpf_ktime_get_boot_ns();
		u64 m3[2] = {};
		*(u32 *)((u8 *)m3 + 0) = 0;
		*(u32 *)((u8 *)m3 + 4) = 1;
		*(u64 *)((u8 *)m3 + 8) = t2;
		u8 *t4 = bpf_ringbuf_reserve(&eb_ring, 24, 0);
		if (t4) {
			*(u64 *)t4 = 1;
			*(u64 *)((t4 + 8) + 0) = *(u64 *)((u8 *)m3 + 0);
			*(u64 *)((t4 + 8) + 8) = *(u64 *)((u8 *)m3 + 8);
			bpf_ringbuf_submit(t4, EB_WAKEUP);
		} else {
			eb_fail(1, -28);
		}
	}
	{
		u64 t5 = bpf_ktime_get_boot_ns();
		u64 m6[2] = {};
		*(u32 *)((u8 *)m6 + 0) = 1;
		*(u32 *)((u8 *)m6 + 4) = 1;
		*(u64 *)((u8 *)m6 + 8) = t5;
		*(u64 *)((((u8 *)&eb_scalars.map_t) + 8) + 0) = *(u64 *)((u8 *)m6 + 0);
		*(u64 *)((((u8 *)&eb_scalars.map_t) + 8) + 8) = *(u64 *)((u8 *)m6 + 8);
		*(u64 *)((u8 *)&eb_scalars.map_t) = 1;
	}
	return 0;
}
