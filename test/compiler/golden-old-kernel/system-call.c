#define EB_SITES 3
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "process.h"
#include "ring.h"
#include "syscall.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	MAP_UINT(type, BPF_MAP_TYPE_HASH);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_start SEC(".maps");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_HASH);
	MAP_UINT(key_size, 30);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_ SEC(".maps");
static const u8 eb_constant_1[30] SEC(".rodata.tables") __attribute__((aligned(8))) = "tracepoint:sched:sched_wakeup\000";
static const u8 eb_constant_2[30] SEC(".rodata.tables") __attribute__((aligned(8))) = "tracepoint:sched:sched_switch\000";

#line 2 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
	u64 number = ctx[1];
	if (number != 0)
		return 0;
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
	u64 pid_tgid = bpf_get_current_pid_tgid();
#line 2 "script.bt"
	{
		u64 t1 = bpf_ktime_get_ns();
		u64 t2 = t1;
		u32 t3 = (u32)pid_tgid;
		u8 *t4 = bpf_map_lookup_elem(&map_start, &t3);
		if (t4) {
			*(u64 *)t4 = t2;
		} else {
			long t5 = bpf_map_update_elem(&map_start, &t3, &t2, BPF_ANY);
			if (t5)
				eb_fail(0, t5);
		}
	}
	return 0;
}

#line 3 "script.bt"
SEC("raw_tp") int p1(u64 *ctx) {
	u64 number = (s64)(s32)eb_register(ctx[0], 120);
	if (number != 0)
		return 0;
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
#line 3 "script.bt"
	{
		u8 *t1 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t1) {
			*(u64 *)t1 = 0;
			*(s64 *)((t1 + 8)) = (s64)ctx[1];
			bpf_ringbuf_submit(t1, EB_WAKEUP);
		} else {
			eb_fail(1, -28);
		}
	}
	return 0;
}

#line 4 "script.bt"
SEC("raw_tp") int p2(u64 *ctx) {
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
#line 4 "script.bt"
	{
		u8 *t1 = bpf_map_lookup_elem(&map_, (u8 *)eb_constant_1);
		s64 t2 = 0;
		if (t1)
			t2 = *(s64 *)t1;
		s64 t3 = t2;
		s64 t4 = (s64)((u64)t3 + 1);
		s64 t5 = t4;
		u8 *t6 = bpf_map_lookup_elem(&map_, (u8 *)eb_constant_1);
		if (t6) {
			*(s64 *)t6 = t5;
		} else {
			long t7 = bpf_map_update_elem(&map_, (u8 *)eb_constant_1, &t5, BPF_ANY);
			if (t7)
				eb_fail(2, t7);
		}
		(void)(t3);
	}
	return 0;
}

#line 4 "script.bt"
SEC("raw_tp") int p3(u64 *ctx) {
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
#line 4 "script.bt"
	{
		u8 *t1 = bpf_map_lookup_elem(&map_, (u8 *)eb_constant_2);
		s64 t2 = 0;
		if (t1)
			t2 = *(s64 *)t1;
		s64 t3 = t2;
		s64 t4 = (s64)((u64)t3 + 1);
		s64 t5 = t4;
		u8 *t6 = bpf_map_lookup_elem(&map_, (u8 *)eb_constant_2);
		if (t6) {
			*(s64 *)t6 = t5;
		} else {
			long t7 = bpf_map_update_elem(&map_, (u8 *)eb_constant_2, &t5, BPF_ANY);
			if (t7)
				eb_fail(2, t7);
		}
		(void)(t3);
	}
	return 0;
}
