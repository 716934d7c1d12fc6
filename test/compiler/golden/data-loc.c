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
	MAP_UINT(key_size, 1024);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_ SEC(".maps");
static const u8 eb_constant_1[8] SEC(".rodata.tables") __attribute__((aligned(8))) = "\000\000\000\000\000\000\000\000";

#define SCRATCH_INDEX_p0 0
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 1024);
	MAP_UINT(max_entries, 1);
} scratch_p0 SEC(".maps");
#line 1 "script.bt"
SEC("tp") int p0(u64 *ctx) {
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
	u32 scratch_index = SCRATCH_INDEX_p0;
	u8 *scratch = bpf_map_lookup_elem(&scratch_p0, &scratch_index);
	if (!scratch)
		return 0;
#line 1 "script.bt"
	{
		u32 t1 = *(volatile u32 *)((u8 *)ctx + 8);
		u64 t2 = (u64)ctx + (t1 & 0xffff);
		bpf_probe_read_kernel((scratch + 0), 1024, (void *)0);
		bpf_probe_read_kernel_str((scratch + 0), 1024, (void *)(u64)(t2));
		u8 *t3 = bpf_map_lookup_elem(&map_, (scratch + 0));
		if (UNLIKELY(!t3)) {
			long t4 = bpf_map_update_elem(&map_, (scratch + 0), eb_constant_1, BPF_NOEXIST);
			t3 = bpf_map_lookup_elem(&map_, (scratch + 0));
			if (!t3)
				eb_fail(0, t4);
		}
		if (t3) {
			(*(u64 *)(t3))++;
		}
	}
	return 0;
}
