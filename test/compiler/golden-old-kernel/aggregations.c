#define EB_SITES 3
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "maps.h"
#include "math.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	MAP_UINT(type, BPF_MAP_TYPE_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 32);
	MAP_UINT(max_entries, 1);
} map_calls SEC(".maps");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_HASH);
	MAP_UINT(key_size, 16);
	MAP_UINT(value_size, 16);
	MAP_UINT(max_entries, 4096);
} map_bytes SEC(".maps");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_HASH);
	MAP_UINT(key_size, 2);
	MAP_UINT(value_size, 16);
	MAP_UINT(max_entries, 4096);
} map_apart SEC(".maps");
static const u8 eb_constant_1[16] SEC(".rodata.tables") __attribute__((aligned(8))) = "\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000";
static const u8 eb_constant_2[2] SEC(".rodata.tables") __attribute__((aligned(8))) = "a\000";
static const u8 eb_constant_3[16] SEC(".rodata.tables") __attribute__((aligned(8))) = "sh\000\000\000\000\000\000\000\000\000\000\000\000\000\000";

#line 2 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
#line 3 "script.bt"
	{
		u32 t1 = 0;
		u8 *t2 = bpf_map_lookup_elem(&map_calls, &t1);
		u8 *t3 = EB_OWN_COPY(t2, 16, 2);
		if (t3) {
			*(u64 *)t3 = 1;
			(*(u64 *)(t3 + 8))++;
		}
	}
#line 4 "script.bt"
	{
		s64 t4 = (-5LL);
		u64 m5[2] = {};
		bpf_get_current_comm((u8 *)m5, 16);
		u8 *t6 = bpf_map_lookup_elem(&map_bytes, (u8 *)m5);
		if (UNLIKELY(!t6)) {
			long t7 = bpf_map_update_elem(&map_bytes, (u8 *)m5, eb_constant_1, BPF_NOEXIST);
			t6 = bpf_map_lookup_elem(&map_bytes, (u8 *)m5);
			if (!t6)
				eb_fail(0, t7);
		}
		u8 *t8 = EB_OWN_COPY(t6, 8, 2);
		if (t8) {
			*(u64 *)(t8) += (u64)(t4);
		}
	}
#line 5 "script.bt"
	{
		s64 t9 = 3LL;
		u8 *t10 = bpf_map_lookup_elem(&map_apart, (u8 *)eb_constant_2);
		if (UNLIKELY(!t10)) {
			long t11 = bpf_map_update_elem(&map_apart, (u8 *)eb_constant_2, eb_constant_1, BPF_NOEXIST);
			t10 = bpf_map_lookup_elem(&map_apart, (u8 *)eb_constant_2);
			if (!t10)
				eb_fail(1, t11);
		}
		if (t10) {
			*(u64 *)(t10) += (u64)(t9);
			((u64 *)(t10))[1]++;
		}
	}
#line 6 "script.bt"
	{
		u32 t12 = 0;
		u64 t13 = 0;
		u8 *t15 = bpf_map_lookup_elem(&map_calls, &t12);
		#pragma clang loop unroll(disable)
		for (u64 i14 = 0; t15 && i14 < 2; i14++) {
			HIDE(i14);
			t13 += *(u64 *)((t15 + i14 * 16 + 8));
		}
		u64 t16 = t13;
		u8 t17 = (((u64)(t16) > (u64)(5ULL))) != 0;
		if (!t17) {
			u64 t18 = 0;
			u8 *t20 = bpf_map_lookup_elem(&map_bytes, (u8 *)eb_constant_3);
			#pragma clang loop unroll(disable)
			for (u64 i19 = 0; t20 && i19 < 2; i19++) {
				HIDE(i19);
				t18 += *(u64 *)((t20 + i19 * 8));
			}
			s64 t21 = t18;
			t17 = (((s64)(t21) < (s64)(0LL))) != 0;
		}
		if (t17) {
			{
				u8 *t22 = bpf_ringbuf_reserve(&eb_ring, 8, 0);
				if (t22) {
					*(u64 *)t22 = 0;
					bpf_ringbuf_submit(t22, EB_WAKEUP);
				} else {
					eb_fail(2, -28);
				}
				eb_exit(0);
				return 0;
			}
		}
	}
	return 0;
}
