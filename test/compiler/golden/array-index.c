#define EB_SITES 4
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "process.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	struct { u64 set; u64 value[1]; } map_ __attribute__((aligned(64)));
} eb_scalars SEC(".data.eb_scalars");

#define SCRATCH_INDEX_p0 0
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 48);
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
		bpf_probe_read_kernel((scratch + 0), 48, ((u8 *)ctx + 16));
		u64 t1 = bpf_get_smp_processor_id();
		u64 t2 = t1;
		u8 t3 = t2 >= 6;
		if (t3)
			eb_fail(0, 0);
		LIMIT(t2, 5);
		u64 t4 = t3 ? 0 : *(u64 *)(((scratch + 0) + t2 * 8));
		*(u64 *)((((u8 *)&eb_scalars.map_) + 8)) = t4;
		*(u64 *)((u8 *)&eb_scalars.map_) = 1;
	}
	u64 v0_s[2] = {};
	{
		HIDE(scratch);
		bpf_get_current_comm((u8 *)v0_s, 16);
	}
	{
		HIDE(scratch);
		u64 t5 = bpf_get_smp_processor_id();
		u64 t6 = t5;
		u8 t7 = t6 >= 16;
		if (t7)
			eb_fail(1, 0);
		LIMIT(t6, 15);
		s8 t8 = t7 ? 0 : *(s8 *)(((u8 *)v0_s + t6 * 1));
		u8 *t9 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t9) {
			*(u64 *)t9 = 0;
			*(s8 *)((t9 + 8)) = t8;
			bpf_ringbuf_submit(t9, EB_WAKEUP);
		} else {
			eb_fail(2, -28);
		}
	}
	{
		HIDE(scratch);
		u8 *t10 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t10) {
			*(u64 *)t10 = 1;
			*(s8 *)((t10 + 8)) = *(s8 *)(((u8 *)v0_s + 2));
			bpf_ringbuf_submit(t10, EB_WAKEUP);
		} else {
			eb_fail(3, -28);
		}
	}
	return 0;
}
