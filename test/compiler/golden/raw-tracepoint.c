#define EB_SITES 2
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "process.h"
#include "read.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_HASH);
	MAP_UINT(key_size, 32);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_ SEC(".maps");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_HASH);
	MAP_UINT(key_size, 41);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_n SEC(".maps");
static const u8 eb_constant_1[8] SEC(".rodata.tables") __attribute__((aligned(8))) = "\000\000\000\000\000\000\000\000";
static const u8 eb_constant_2[205] SEC(".rodata.tables") __attribute__((aligned(8))) = "rawtracepoint:vmlinux:sched_process_exec\000rawtracepoint:vmlinux:sched_process_exit\000rawtracepoint:vmlinux:sched_process_fork\000rawtracepoint:vmlinux:sched_switch\000\000\000\000\000\000\000rawtracepoint:vmlinux:sched_wakeup\000\000\000\000\000\000\000";

#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
#line 1 "script.bt"
	{
		u64 m1[4] = {};
		u64 t2 = *(volatile u64 *)((u8 *)ctx + 8);
		u64 m3[3] = {};
		eb_read_text_kernel((u8 *)m3, 16, (void *)(t2 + 120 /* task_struct.comm */));
		*(u64 *)(((u8 *)m1 + 0) + 0) = *(u64 *)((u8 *)m3 + 0);
		*(u64 *)(((u8 *)m1 + 0) + 8) = *(u64 *)((u8 *)m3 + 8);
		u8 t4 = (u8)*(volatile u64 *)((u8 *)ctx + 0);
		*(u8 *)(((u8 *)m1 + 16)) = ((u8)t4 != 0);
		u64 t5 = ctx[3];
		*(u64 *)(((u8 *)m1 + 24)) = t5;
		u8 *t6 = bpf_map_lookup_elem(&map_, (u8 *)m1);
		if (UNLIKELY(!t6)) {
			long t7 = bpf_map_update_elem(&map_, (u8 *)m1, eb_constant_1, BPF_NOEXIST);
			t6 = bpf_map_lookup_elem(&map_, (u8 *)m1);
			if (!t6)
				eb_fail(0, t7);
		}
		if (t6) {
			(*(u64 *)(t6))++;
		}
	}
	return 0;
}

#line 2 "script.bt"
SEC("raw_tp") int p1(u64 *ctx) {
	u32 target = bpf_get_attach_cookie(ctx);
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
#line 2 "script.bt"
	{
		u64 t1 = target;
		LIMIT(t1, 4);
		u8 *t2 = bpf_map_lookup_elem(&map_n, ((u8 *)eb_constant_2 + t1 * 41));
		if (UNLIKELY(!t2)) {
			long t3 = bpf_map_update_elem(&map_n, ((u8 *)eb_constant_2 + t1 * 41), eb_constant_1, BPF_NOEXIST);
			t2 = bpf_map_lookup_elem(&map_n, ((u8 *)eb_constant_2 + t1 * 41));
			if (!t2)
				eb_fail(1, t3);
		}
		if (t2) {
			(*(u64 *)(t2))++;
		}
	}
	return 0;
}
