#define EB_SITES 1
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 24);
	MAP_UINT(max_entries, 1);
} map_s SEC(".maps");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 24);
	MAP_UINT(max_entries, 1);
} map_lo SEC(".maps");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 24);
	MAP_UINT(max_entries, 1);
} map_hi SEC(".maps");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 24);
	MAP_UINT(max_entries, 1);
} map_a SEC(".maps");

#line 1 "script.bt"
SEC("perf_event") int p0(u64 *ctx) {
	if (eb_stopped())
		return 0;
#line 1 "script.bt"
	u64 v0_n = 0;
	{
		u64 t1 = bpf_ktime_get_boot_ns();
		u64 t2 = (u64)(t1) % (u64)(100ULL);
		v0_n = t2;
	}
	{
		u64 t3 = v0_n;
		u32 t4 = 0;
		u8 *t5 = bpf_map_lookup_elem(&map_s, &t4);
		if (t5) {
			*(u64 *)t5 = 1;
			*(u64 *)(t5 + 8) += (u64)(t3);
			((u64 *)(t5 + 8))[1]++;
		}
	}
	{
		u64 t6 = v0_n;
		u32 t7 = 0;
		u8 *t8 = bpf_map_lookup_elem(&map_lo, &t7);
		if (t8) {
			*(u64 *)t8 = 1;
			u64 t9 = (u64)(t6);
			if (!((u64 *)(t8 + 8))[1] || t9 < *(u64 *)(t8 + 8)) {
				*(u64 *)(t8 + 8) = t9;
				((u64 *)(t8 + 8))[1] = 1;
			}
		}
	}
	{
		u64 t10 = v0_n;
		u32 t11 = 0;
		u8 *t12 = bpf_map_lookup_elem(&map_hi, &t11);
		if (t12) {
			*(u64 *)t12 = 1;
			u64 t13 = (u64)(t10);
			if (!((u64 *)(t12 + 8))[1] || t13 > *(u64 *)(t12 + 8)) {
				*(u64 *)(t12 + 8) = t13;
				((u64 *)(t12 + 8))[1] = 1;
			}
		}
	}
	{
		u64 t14 = v0_n;
		u32 t15 = 0;
		u8 *t16 = bpf_map_lookup_elem(&map_a, &t15);
		if (t16) {
			*(u64 *)t16 = 1;
			*(u64 *)(t16 + 8) += (u64)(t14);
			((u64 *)(t16 + 8))[1]++;
		}
	}
	return 0;
}
