#define EB_SITES 3
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "read.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	struct { u64 set; u64 value[25]; } map_task __attribute__((aligned(64)));
} eb_scalars SEC(".data.eb_scalars");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_HASH);
	MAP_UINT(key_size, 16);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_paths SEC(".maps");

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
	u64 v0_path[2] = {};
	{
		u64 t1 = 0;
		bpf_probe_read_kernel(&t1, sizeof(t1), (void *)(bpf_get_current_task() + 136 /* task_struct.fs */));
		bpf_probe_read_kernel((u8 *)v0_path, 16, (void *)(t1 + 24 /* fs_struct.pwd */));
	}
#line 3 "script.bt"
	{
		u64 t2 = *(u64 *)(((u8 *)v0_path + 8));
		u8 *t3 = bpf_map_lookup_elem(&map_paths, (u8 *)v0_path);
		if (t3) {
			*(u64 *)t3 = t2;
		} else {
			long t4 = bpf_map_update_elem(&map_paths, (u8 *)v0_path, &t2, BPF_ANY);
			if (t4)
				eb_fail(0, t4);
		}
	}
#line 4 "script.bt"
	{
		bpf_probe_read_kernel((scratch + 0), 200, (void *)(bpf_get_current_task() /* task_struct */));
		bpf_probe_read_kernel((((u8 *)&eb_scalars.map_task) + 8), 200, (scratch + 0));
		*(u64 *)((u8 *)&eb_scalars.map_task) = 1;
	}
#line 5 "script.bt"
	{
		HIDE(scratch);
		u64 t5 = *(u64 *)((((u8 *)&eb_scalars.map_task + 8) + 136));
		s32 t6 = 0;
		bpf_probe_read_kernel(&t6, sizeof(t6), (void *)(t5 /* fs_struct.users */));
		u8 *t7 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t7) {
			*(u64 *)t7 = 0;
			*(s32 *)((t7 + 8)) = t6;
			bpf_ringbuf_submit(t7, EB_WAKEUP);
		} else {
			eb_fail(1, -28);
		}
	}
#line 6 "script.bt"
	{
		HIDE(scratch);
		u64 m8[3] = {};
		*(s8 *)(((u8 *)m8 + 0)) = 1LL;
		bpf_probe_read_kernel(((u8 *)m8 + 8), 12, (void *)(bpf_get_current_task() + 160 /* task_struct.inner */));
		u8 *t9 = bpf_ringbuf_reserve(&eb_ring, 32, 0);
		if (t9) {
			*(u64 *)t9 = 1;
			*(u64 *)((t9 + 8) + 0) = *(u64 *)((u8 *)m8 + 0);
			*(u64 *)((t9 + 8) + 8) = *(u64 *)((u8 *)m8 + 8);
			*(u64 *)((t9 + 8) + 16) = *(u64 *)((u8 *)m8 + 16);
			bpf_ringbuf_submit(t9, EB_WAKEUP);
		} else {
			eb_fail(2, -28);
		}
	}
	return 0;
}
