#define EB_SITES 6
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "math.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};

#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
#line 1 "script.bt"
	u64 v0_x = 0;
	{
		u64 t1 = bpf_ktime_get_boot_ns();
		v0_x = t1;
	}
	s32 v1_y = 0;
	{
		v1_y = (-7LL);
	}
	{
		u64 t2 = (u64)(v0_x) / (u64)(10ULL);
		u8 *t3 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t3) {
			*(u64 *)t3 = 0;
			*(u64 *)((t3 + 8)) = t2;
			bpf_ringbuf_submit(t3, EB_WAKEUP);
		} else {
			eb_fail(0, -28);
		}
	}
	{
		s64 t4 = eb_divide_signed((s64)((s64)(v1_y)), (s64)(2LL));
		u8 *t5 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t5) {
			*(u64 *)t5 = 1;
			*(s64 *)((t5 + 8)) = t4;
			bpf_ringbuf_submit(t5, EB_WAKEUP);
		} else {
			eb_fail(1, -28);
		}
	}
	{
		s64 t6 = (s64)(v1_y);
		u64 t7 = bpf_get_smp_processor_id();
		s64 t8 = (s64)((s32)(t7));
		s64 t9 = 1;
		if (t8) {
			t9 = eb_modulo_signed((s64)(t6), (s64)(t8));
		} else {
			eb_fail(2, 0);
		}
		u8 *t10 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t10) {
			*(u64 *)t10 = 2;
			*(s64 *)((t10 + 8)) = t9;
			bpf_ringbuf_submit(t10, EB_WAKEUP);
		} else {
			eb_fail(3, -28);
		}
	}
	{
		u64 t11 = v0_x;
		u64 t12 = bpf_get_smp_processor_id();
		u64 t13 = t12;
		u64 t14 = 1;
		if (t13) {
			t14 = (u64)(t11) % (u64)(t13);
		} else {
			eb_fail(4, 0);
		}
		u8 *t15 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t15) {
			*(u64 *)t15 = 3;
			*(u64 *)((t15 + 8)) = t14;
			bpf_ringbuf_submit(t15, EB_WAKEUP);
		} else {
			eb_fail(5, -28);
		}
	}
	return 0;
}
