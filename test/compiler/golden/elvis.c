#define EB_SITES 2
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};

#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
#line 2 "script.bt"
	s64 v0_n = 0;
	{
		v0_n = 5LL;
	}
#line 3 "script.bt"
	{
		s64 t1 = 0;
		{
			s64 v1_0kept = 0;
			{
				s64 t2 = 0;
				{
					{
						v0_n = (s64)((u64)(v0_n) - (u64)(5LL));
					}
					t2 = v0_n;
				}
				v1_0kept = t2;
			}
			s64 t3 = 0;
			if (((v1_0kept) != 0)) {
				t3 = v1_0kept;
			} else {
				t3 = 7LL;
			}
			t1 = t3;
		}
		u8 *t4 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t4) {
			*(u64 *)t4 = 0;
			*(s64 *)((t4 + 8)) = t1;
			bpf_ringbuf_submit(t4, EB_WAKEUP);
		} else {
			eb_fail(0, -28);
		}
	}
#line 4 "script.bt"
	{
		s64 t5 = 0;
		if (((v0_n) != 0)) {
			t5 = v0_n;
		} else {
			u64 t6 = bpf_ktime_get_boot_ns();
			t5 = (s64)(t6);
		}
		u8 *t7 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t7) {
			*(u64 *)t7 = 1;
			*(s64 *)((t7 + 8)) = t5;
			bpf_ringbuf_submit(t7, EB_WAKEUP);
		} else {
			eb_fail(1, -28);
		}
	}
	return 0;
}
