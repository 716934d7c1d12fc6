#define EB_SITES 4
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	MAP_UINT(type, BPF_MAP_TYPE_HASH);
	MAP_UINT(key_size, 2);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_m SEC(".maps");

#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
#line 1 "script.bt"
	{
		s64 t1 = 70000LL;
		s16 t2 = 1LL;
		u8 *t3 = bpf_map_lookup_elem(&map_m, &t2);
		if (t3) {
			*(s64 *)t3 = t1;
		} else {
			long t4 = bpf_map_update_elem(&map_m, &t2, &t1, BPF_ANY);
			if (t4)
				eb_fail(0, t4);
		}
	}
	{
		s16 t5 = 1LL;
		u8 *t6 = bpf_map_lookup_elem(&map_m, &t5);
		s64 t7 = 0;
		if (t6)
			t7 = *(s64 *)t6;
		s64 t8 = t7;
		s16 t9 = 300LL;
		u8 *t10 = bpf_map_lookup_elem(&map_m, &t9);
		if (t10) {
			*(s64 *)t10 = t8;
		} else {
			long t11 = bpf_map_update_elem(&map_m, &t9, &t8, BPF_ANY);
			if (t11)
				eb_fail(1, t11);
		}
	}
	{
		s16 t12 = 1LL;
		u8 *t13 = bpf_map_lookup_elem(&map_m, &t12);
		s64 t14 = 0;
		if (t13)
			t14 = *(s64 *)t13;
		s64 t15 = t14;
		s64 t16 = (s64)((u64)t15 + 1);
		s64 t17 = t16;
		u8 *t18 = bpf_map_lookup_elem(&map_m, &t12);
		if (t18) {
			*(s64 *)t18 = t17;
		} else {
			long t19 = bpf_map_update_elem(&map_m, &t12, &t17, BPF_ANY);
			if (t19)
				eb_fail(2, t19);
		}
		(void)(t15);
	}
	{
		s16 t20 = 2LL;
		u8 *t21 = bpf_map_lookup_elem(&map_m, &t20);
		s64 t22 = 0;
		if (t21)
			t22 = *(s64 *)t21;
		s64 t23 = (s64)((u64)(t22) ^ (u64)(3LL));
		u8 *t24 = bpf_map_lookup_elem(&map_m, &t20);
		if (t24) {
			*(s64 *)t24 = t23;
		} else {
			long t25 = bpf_map_update_elem(&map_m, &t20, &t23, BPF_ANY);
			if (t25)
				eb_fail(3, t25);
		}
	}
	return 0;
}
