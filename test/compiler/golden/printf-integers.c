#define EB_SITES 1
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};

#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
#line 1 "script.bt"
	{
		s8 t1 = 1LL;
		u64 t2 = bpf_get_smp_processor_id();
		u64 t3 = t2;
		u64 t4 = bpf_ktime_get_boot_ns();
		u8 *t5 = bpf_ringbuf_reserve(&eb_ring, 40, 0);
		if (t5) {
			*(u64 *)t5 = 0;
			*(s8 *)((t5 + 8)) = t1;
			*(u64 *)((t5 + 16)) = t3;
			*(u64 *)((t5 + 24)) = t4;
			*(s8 *)((t5 + 32)) = (-5LL);
			*(s8 *)((t5 + 33)) = 65LL;
			bpf_ringbuf_submit(t5, EB_WAKEUP);
		} else {
			eb_fail(0, -28);
		}
	}
	return 0;
}
