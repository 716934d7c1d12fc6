#define EB_SITES 8
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "process.h"
#include "stacks.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_HASH);
	MAP_UINT(key_size, 8);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_ SEC(".maps");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_HASH);
	MAP_UINT(key_size, 8);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_last SEC(".maps");
EB_STACK_TABLE(3, 4096)
EB_STACK_TABLE(127, 4096)
static const u8 eb_constant_1[8] SEC(".rodata.tables") __attribute__((aligned(8))) = "\000\000\000\000\000\000\000\000";

#define SCRATCH_INDEX_p0 0
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 1016);
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
#line 2 "script.bt"
	{
		long t1 = bpf_get_stack(ctx, (scratch + 0), 1016, 0);
		u64 t2 = eb_keep_stack_127((u64 *)((scratch + 0)), t1, 0, 1);
		u64 t3 = t2;
		u8 *t4 = bpf_map_lookup_elem(&map_, &t3);
		if (UNLIKELY(!t4)) {
			long t5 = bpf_map_update_elem(&map_, &t3, eb_constant_1, BPF_NOEXIST);
			t4 = bpf_map_lookup_elem(&map_, &t3);
			if (!t4)
				eb_fail(2, t5);
		}
		if (t4) {
			(*(u64 *)(t4))++;
		}
	}
#line 3 "script.bt"
	{
		HIDE(scratch);
		u64 m6[3] = {};
		long t7 = bpf_get_stack(ctx, (u8 *)m6, 24, 0);
		u64 t8 = eb_keep_stack_3((u64 *)((u8 *)m6), t7, 3, 4);
		s64 t9 = (s64)(t8 & EB_COUNT_BITS);
		u64 m10[3] = {};
		long t11 = bpf_get_stack(ctx, (u8 *)m10, 24, 0);
		u64 t12 = eb_keep_stack_3((u64 *)((u8 *)m10), t11, 5, 6);
		u64 t13 = t12;
		u8 *t14 = bpf_map_lookup_elem(&map_last, &t13);
		if (t14) {
			*(s64 *)t14 = t9;
		} else {
			long t15 = bpf_map_update_elem(&map_last, &t13, &t9, BPF_ANY);
			if (t15)
				eb_fail(7, t15);
		}
	}
	return 0;
}
