#define EB_SITES 2
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "read.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};

#define SCRATCH_INDEX_p0 0
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 200);
	MAP_UINT(max_entries, 1);
} scratch_p0 SEC(".maps");
#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
	u32 scratch_index = SCRATCH_INDEX_p0;
	u8 *scratch = bpf_map_lookup_elem(&scratch_p0, &scratch_index);
	if (!scratch)
		return 0;
#line 2 "script.bt"
	u64 v0_task = 0;
	{
		v0_task = bpf_get_current_task();
	}
#line 3 "script.bt"
	{
		u64 m1[1] = {};
		u32 t2 = 0;
		bpf_probe_read_kernel(&t2, sizeof(t2), (void *)(v0_task + 64 /* task_struct.in_iowait */));
		*(u32 *)(((u8 *)m1 + 0)) = ((u64)(t2) >> 1 & 1ULL);
		s32 t3 = 0;
		bpf_probe_read_kernel(&t3, sizeof(t3), (void *)(v0_task + 64 /* task_struct.signed_bits */));
		*(s32 *)(((u8 *)m1 + 4)) = ((s64)((u64)(t3) << 57) >> 59);
		u8 *t4 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t4) {
			*(u64 *)t4 = 0;
			*(u64 *)((t4 + 8) + 0) = *(u64 *)((u8 *)m1 + 0);
			bpf_ringbuf_submit(t4, EB_WAKEUP);
		} else {
			eb_fail(0, -28);
		}
	}
#line 4 "script.bt"
	{
		HIDE(scratch);
		bpf_probe_read_kernel((scratch + 0), 200, (void *)(v0_task /* task_struct */));
	}
#line 5 "script.bt"
	{
		HIDE(scratch);
		u64 m5[1] = {};
		*(u32 *)(((u8 *)m5 + 0)) = ((u64)(*(u32 *)(((scratch + 0) + 64))) >> 1 & 1ULL);
		*(s32 *)(((u8 *)m5 + 4)) = ((s64)((u64)(*(s32 *)(((scratch + 0) + 64))) << 57) >> 59);
		u8 *t6 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t6) {
			*(u64 *)t6 = 1;
			*(u64 *)((t6 + 8) + 0) = *(u64 *)((u8 *)m5 + 0);
			bpf_ringbuf_submit(t6, EB_WAKEUP);
		} else {
			eb_fail(1, -28);
		}
	}
	return 0;
}
