#define EB_SITES 2
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
static const u8 eb_constant_1[5] SEC(".rodata.tables") __attribute__((aligned(8))) = "more\000";

#line 1 "script.bt"
SEC("perf_event") int p0(u64 *ctx) {
	if (eb_stopped())
		return 0;
#line 1 "script.bt"
	{
		u64 t1 = bpf_ktime_get_boot_ns() - eb_control.start_ns;
		if (((u64)(t1) > (u64)(3000000000ULL))) {
			{
				u8 *t2 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
				if (t2) {
					*(u64 *)t2 = 0;
					*(s8 *)((t2 + 8)) = 3LL;
					bpf_ringbuf_submit(t2, EB_WAKEUP);
				} else {
					eb_fail(0, -28);
				}
				eb_exit((u32)(3LL));
				return 0;
			}
		}
	}
	{
		u8 *t3 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t3) {
			*(u64 *)t3 = 1;
			*(u32 *)((t3 + 8) + 0) = *(u32 *)((u8 *)eb_constant_1 + 0);
			*(u8 *)((t3 + 8) + 4) = *(u8 *)((u8 *)eb_constant_1 + 4);
			bpf_ringbuf_submit(t3, EB_WAKEUP);
		} else {
			eb_fail(1, -28);
		}
	}
	return 0;
}
