#define EB_SITES 6
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "maps.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	struct { u64 set; u64 value[1]; } map_s __attribute__((aligned(64)));
} eb_scalars SEC(".data.eb_scalars");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_HASH);
	MAP_UINT(key_size, 1);
	MAP_UINT(value_size, 1);
	MAP_UINT(max_entries, 4096);
} map_m SEC(".maps");

#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
#line 1 "script.bt"
	{
		s8 t1 = 1LL;
		s8 t2 = 1LL;
		u8 *t3 = bpf_map_lookup_elem(&map_m, &t2);
		if (t3) {
			*(s8 *)t3 = t1;
		} else {
			long t4 = bpf_map_update_elem(&map_m, &t2, &t1, BPF_ANY);
			if (t4)
				eb_fail(0, t4);
		}
	}
	{
		*(s8 *)((((u8 *)&eb_scalars.map_s) + 8)) = 5LL;
		*(u64 *)((u8 *)&eb_scalars.map_s) = 1;
	}
	{
		s8 t5 = 1LL;
		u8 t6 = bpf_map_lookup_elem(&map_m, &t5) != 0;
		if (t6) {
			{
				u8 t7 = 0;
				s8 t8 = 1LL;
				t7 = bpf_map_delete_elem(&map_m, &t8) == 0;
				if (!t7)
					eb_fail(1, -2);
				(void)(t7);
			}
		}
	}
	{
		u64 t9 = eb_unknown_zero;
		bpf_for_each_map_elem(&map_m, eb_count_element, &t9, 0);
		u8 *t10 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t10) {
			*(u64 *)t10 = 0;
			*(s64 *)((t10 + 8)) = (s64)t9;
			bpf_ringbuf_submit(t10, EB_WAKEUP);
		} else {
			eb_fail(2, -28);
		}
	}
	{
		u8 t11 = 0;
		u8 *t12 = (u8 *)&eb_scalars.map_s;
		if (t12) {
			t11 = *(u64 *)t12 != 0;
			__builtin_memset(__builtin_assume_aligned(t12, 8), 0, 16);
		}
		(void)(t11);
	}
	{
		u8 *t13 = bpf_ringbuf_reserve(&eb_ring, 8, 0);
		if (t13) {
			*(u64 *)t13 = 1;
			bpf_ringbuf_submit(t13, EB_WAKEUP);
		} else {
			eb_fail(3, -28);
		}
	}
	{
		u8 *t14 = bpf_ringbuf_reserve(&eb_ring, 8, 0);
		if (t14) {
			*(u64 *)t14 = 2;
			bpf_ringbuf_submit(t14, EB_WAKEUP);
		} else {
			eb_fail(4, -28);
		}
	}
	{
		u8 *t15 = bpf_ringbuf_reserve(&eb_ring, 8, 0);
		if (t15) {
			*(u64 *)t15 = 3;
			bpf_ringbuf_submit(t15, EB_WAKEUP);
		} else {
			eb_fail(5, -28);
		}
	}
	return 0;
}
