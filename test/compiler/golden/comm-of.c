#define EB_SITES 5
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "process.h"
#include "ring.h"
#include "strings.h"
#include "syscall.h"
#include "tasks.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_HASH);
	MAP_UINT(key_size, 64);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_ SEC(".maps");
static const u8 eb_constant_1[3] SEC(".rodata.tables") __attribute__((aligned(8))) = "sh\000";
static const u8 eb_constant_2[8] SEC(".rodata.tables") __attribute__((aligned(8))) = "\000\000\000\000\000\000\000\000";

#define SCRATCH_INDEX_p0 0
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 64);
	MAP_UINT(max_entries, 1);
} scratch_p0 SEC(".maps");
#line 2 "script.bt"
SEC("tp") int p0(u64 *ctx) {
	u64 number = ctx[1];
	if (number != 257)
		return 0;
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
	u32 scratch_index = SCRATCH_INDEX_p0;
	u8 *scratch = bpf_map_lookup_elem(&scratch_p0, &scratch_index);
	if (!scratch)
		return 0;
	void *task = bpf_get_current_task_btf();
	u32 tgid = *(u32 *)((u8 *)task + 72);
#line 4 "script.bt"
	{
		s32 t1 = tgid;
		__builtin_memset(__builtin_assume_aligned((scratch + 0), 8), 0, 64);
		if (!eb_comm_of(t1, 120, (scratch + 0), 16)) {
			__builtin_memcpy((scratch + 0), "N/A", 4);
			eb_fail(0, t1);
		}
		u8 *t2 = bpf_ringbuf_reserve(&eb_ring, 88, 0);
		if (t2) {
			*(u64 *)t2 = 0;
			bpf_get_current_comm((t2 + 8), 16);
			*(u64 *)((t2 + 24) + 0) = *(u64 *)((scratch + 0) + 0);
			*(u64 *)((t2 + 24) + 8) = *(u64 *)((scratch + 0) + 8);
			*(u64 *)((t2 + 24) + 16) = *(u64 *)((scratch + 0) + 16);
			*(u64 *)((t2 + 24) + 24) = *(u64 *)((scratch + 0) + 24);
			*(u64 *)((t2 + 24) + 32) = *(u64 *)((scratch + 0) + 32);
			*(u64 *)((t2 + 24) + 40) = *(u64 *)((scratch + 0) + 40);
			*(u64 *)((t2 + 24) + 48) = *(u64 *)((scratch + 0) + 48);
			*(u64 *)((t2 + 24) + 56) = *(u64 *)((scratch + 0) + 56);
			bpf_ringbuf_submit(t2, EB_WAKEUP);
		} else {
			eb_fail(1, -28);
		}
	}
	return 0;
}

#define SCRATCH_INDEX_p1 0
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 64);
	MAP_UINT(max_entries, 1);
} scratch_p1 SEC(".maps");
#line 6 "script.bt"
SEC("tp") int p1(u64 *ctx) {
	u64 number = ctx[1];
	if (number != 257)
		return 0;
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
	u32 scratch_index = SCRATCH_INDEX_p1;
	u8 *scratch = bpf_map_lookup_elem(&scratch_p1, &scratch_index);
	if (!scratch)
		return 0;
#line 7 "script.bt"
	{
		u64 t1 = *(volatile u64 *)((u8 *)ctx + 16);
		s32 t2 = t1;
		__builtin_memset(__builtin_assume_aligned((scratch + 0), 8), 0, 64);
		if (!eb_comm_of(t2, 120, (scratch + 0), 16)) {
			__builtin_memcpy((scratch + 0), "N/A", 4);
			eb_fail(2, t2);
		}
		u8 t3 = eb_string_equal((scratch + 0), (u8 *)eb_constant_1, 3);
		if (!(t3))
			return 0;
	}
	void *task = bpf_get_current_task_btf();
	u32 tid = *(u32 *)((u8 *)task + 68);
#line 9 "script.bt"
	{
		HIDE(scratch);
		s32 t4 = (s32)(tid);
		__builtin_memset(__builtin_assume_aligned((scratch + 0), 8), 0, 64);
		if (!eb_comm_of(t4, 120, (scratch + 0), 16)) {
			__builtin_memcpy((scratch + 0), "N/A", 4);
			eb_fail(3, t4);
		}
		u8 *t5 = bpf_map_lookup_elem(&map_, (scratch + 0));
		if (UNLIKELY(!t5)) {
			long t6 = bpf_map_update_elem(&map_, (scratch + 0), eb_constant_2, BPF_NOEXIST);
			t5 = bpf_map_lookup_elem(&map_, (scratch + 0));
			if (!t5)
				eb_fail(4, t6);
		}
		if (t5) {
			(*(u64 *)(t5))++;
		}
	}
	return 0;
}
