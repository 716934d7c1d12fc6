#define EB_SITES 1
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "process.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	struct { u64 set; u64 value[2]; } map_p __attribute__((aligned(64)));
	struct { u64 set; u64 value[1]; } map_f __attribute__((aligned(64)));
} eb_scalars SEC(".data.eb_scalars");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_HASH);
	MAP_UINT(key_size, 16);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_ SEC(".maps");
static const u8 eb_constant_1[8] SEC(".rodata.tables") __attribute__((aligned(8))) = "\000\000\000\000\000\000\000\000";

#line 1 "script.bt"
SEC("fentry/takes_pair") int p0(u64 *ctx) {
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
#line 1 "script.bt"
	{
		u64 m1[2] = {};
		u64 t2 = (u64)*(volatile u64 *)((u8 *)ctx + 0);
		*(u64 *)(((u8 *)m1 + 0)) = t2;
		s16 t3 = (s16)*(volatile u64 *)((u8 *)ctx + 8);
		*(s16 *)(((u8 *)m1 + 8)) = t3;
		u8 t4 = (u8)(*(volatile u64 *)((u8 *)ctx + 8) >> 16);
		*(u8 *)(((u8 *)m1 + 10)) = ((u64)(t4) >> 3 & 31ULL);
		s8 t5 = (s8)*(volatile u64 *)((u8 *)ctx + 16);
		*(s8 *)(((u8 *)m1 + 11)) = t5;
		u8 t6 = (u8)*(volatile u64 *)((u8 *)ctx + 24);
		*(u8 *)(((u8 *)m1 + 12)) = ((u8)t6 != 0);
		u8 *t7 = bpf_map_lookup_elem(&map_, (u8 *)m1);
		if (UNLIKELY(!t7)) {
			long t8 = bpf_map_update_elem(&map_, (u8 *)m1, eb_constant_1, BPF_NOEXIST);
			t7 = bpf_map_lookup_elem(&map_, (u8 *)m1);
			if (!t7)
				eb_fail(0, t8);
		}
		if (t7) {
			(*(u64 *)(t7))++;
		}
	}
	{
		u64 m9[2] = {};
		*(u64 *)((u8 *)m9 + 0) = *(volatile u64 *)((u8 *)ctx + 0);
		*(u64 *)((u8 *)m9 + 8) = *(volatile u64 *)((u8 *)ctx + 8);
		*(u64 *)((((u8 *)&eb_scalars.map_p) + 8) + 0) = *(u64 *)(((u8 *)m9 + 0) + 0);
		*(u64 *)((((u8 *)&eb_scalars.map_p) + 8) + 8) = *(u64 *)(((u8 *)m9 + 0) + 8);
		*(u64 *)((u8 *)&eb_scalars.map_p) = 1;
	}
	{
		u64 t10 = 0;
		bpf_probe_read_kernel(&t10, sizeof(t10), (u8 *)ctx + 32);
		*(u64 *)((((u8 *)&eb_scalars.map_f) + 8)) = t10;
		*(u64 *)((u8 *)&eb_scalars.map_f) = 1;
	}
	return 0;
}
