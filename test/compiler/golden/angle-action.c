#define EB_SITES 1
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "process.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_HASH);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_ SEC(".maps");
static const u8 eb_constant_1[8] SEC(".rodata.tables") __attribute__((aligned(8))) = "\000\000\000\000\000\000\000\000";

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
		u8 *t3 = bpf_map_lookup_elem(&map_, &t2);
		if (UNLIKELY(!t3)) {
			long t4 = bpf_map_update_elem(&map_, &t2, eb_constant_1, BPF_NOEXIST);
			t3 = bpf_map_lookup_elem(&map_, &t2);
			if (!t3)
				eb_fail(0, t4);
		}
		if (t3) {
			(*(u64 *)(t3))++;
		}
	}
	return 0;
}
