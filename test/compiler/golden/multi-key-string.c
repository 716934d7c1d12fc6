#define EB_SITES 1
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "process.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	MAP_UINT(type, BPF_MAP_TYPE_HASH);
	MAP_UINT(key_size, 32);
	MAP_UINT(value_size, 4);
	MAP_UINT(max_entries, 4096);
} map_ SEC(".maps");
static const u8 eb_constant_1[3] SEC(".rodata.tables") __attribute__((aligned(8))) = "on\000";

#line 1 "script.bt"
SEC("tp") int p0(u64 *ctx) {
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
#line 1 "script.bt"
	{
		s32 t1 = *(volatile s32 *)((u8 *)ctx + 24);
		s32 t2 = t1;
		u64 m3[4] = {};
		u64 m4[3] = {};
		bpf_probe_read_kernel_str((u8 *)m4, 17, ((u8 *)ctx + 8));
		*(u64 *)(((u8 *)m3 + 0) + 0) = *(u64 *)((u8 *)m4 + 0);
		*(u64 *)(((u8 *)m3 + 0) + 8) = *(u64 *)((u8 *)m4 + 8);
		u64 t5 = bpf_get_smp_processor_id();
		*(u64 *)(((u8 *)m3 + 16)) = t5;
		*(u16 *)(((u8 *)m3 + 24) + 0) = *(u16 *)((u8 *)eb_constant_1 + 0);
		*(u8 *)(((u8 *)m3 + 24) + 2) = *(u8 *)((u8 *)eb_constant_1 + 2);
		u8 *t6 = bpf_map_lookup_elem(&map_, (u8 *)m3);
		if (t6) {
			*(s32 *)t6 = t2;
		} else {
			long t7 = bpf_map_update_elem(&map_, (u8 *)m3, &t2, BPF_ANY);
			if (t7)
				eb_fail(0, t7);
		}
	}
	return 0;
}
