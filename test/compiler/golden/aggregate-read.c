#define EB_SITES 2
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "math.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 16);
	MAP_UINT(max_entries, 1);
} map_c SEC(".maps");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_HASH);
	MAP_UINT(key_size, 8);
	MAP_UINT(value_size, 16);
	MAP_UINT(max_entries, 4096);
} map_a SEC(".maps");
static const u8 eb_constant_1[16] SEC(".rodata.tables") __attribute__((aligned(8))) = "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000";

#line 1 "script.bt"
SEC("perf_event") int p0(u64 *ctx) {
	if (eb_stopped())
		return 0;
#line 1 "script.bt"
	{
		u32 t1 = 0;
		u8 *t2 = bpf_map_lookup_elem(&map_c, &t1);
		if (t2) {
			*(u64 *)t2 = 1;
			(*(u64 *)(t2 + 8))++;
		}
	}
	{
		s64 t3 = 5LL;
		u64 t4 = bpf_get_smp_processor_id();
		u64 t5 = t4;
		u8 *t6 = bpf_map_lookup_elem(&map_a, &t5);
		if (UNLIKELY(!t6)) {
			long t7 = bpf_map_update_elem(&map_a, &t5, eb_constant_1, BPF_NOEXIST);
			t6 = bpf_map_lookup_elem(&map_a, &t5);
			if (!t6)
				eb_fail(0, t7);
		}
		if (t6) {
			*(u64 *)(t6) += (u64)(t3);
			((u64 *)(t6))[1]++;
		}
	}
	{
		u32 t8 = 0;
		u64 t9 = 0;
		#pragma clang loop unroll(disable)
		for (u32 i10 = 0; i10 < eb_params.ncpus; i10++) {
			u8 *t11 = bpf_map_lookup_percpu_elem(&map_c, &t8, i10);
			if (!t11)
				break;
			t9 += *(u64 *)((t11 + 8));
		}
		u64 t12 = t9;
		if (((u64)(t12) > (u64)(3ULL))) {
			s64 v0_x = 0;
			{
				u64 t13 = bpf_get_smp_processor_id();
				u64 t14 = t13;
				u64 t15 = 0;
				u64 t16 = 0;
				#pragma clang loop unroll(disable)
				for (u32 i17 = 0; i17 < eb_params.ncpus; i17++) {
					u8 *t18 = bpf_map_lookup_percpu_elem(&map_a, &t14, i17);
					if (!t18)
						break;
					t15 += *(u64 *)(t18);
					t16 += ((u64 *)(t18))[1];
				}
				s64 t19 = (t16 ? (u64)eb_divide_signed((s64)t15, (s64)t16) : 0);
				v0_x = t19;
			}
			{
				s64 t20 = v0_x;
				u32 t21 = 0;
				u64 t22 = 0;
				#pragma clang loop unroll(disable)
				for (u32 i23 = 0; i23 < eb_params.ncpus; i23++) {
					u8 *t24 = bpf_map_lookup_percpu_elem(&map_c, &t21, i23);
					if (!t24)
						break;
					t22 += *(u64 *)((t24 + 8));
				}
				u64 t25 = t22;
				u8 *t26 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
				if (t26) {
					*(u64 *)t26 = 0;
					*(s64 *)((t26 + 8)) = (s64)((u64)(t20) + (u64)((s64)(t25)));
					bpf_ringbuf_submit(t26, EB_WAKEUP);
				} else {
					eb_fail(1, -28);
				}
			}
		}
	}
	return 0;
}
