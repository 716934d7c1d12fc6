#define EB_SITES 4
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "process.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	struct { u64 set; u64 value[1]; } map_start __attribute__((aligned(64)));
} eb_scalars SEC(".data.eb_scalars");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_HASH);
	MAP_UINT(key_size, 20);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_ SEC(".maps");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_HASH);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_faults SEC(".maps");
static const u8 eb_constant_1[8] SEC(".rodata.tables") __attribute__((aligned(8))) = "\000\000\000\000\000\000\000\000";

#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
#line 1 "script.bt"
	{
		u64 t1 = bpf_ktime_get_boot_ns();
		*(u64 *)((((u8 *)&eb_scalars.map_start) + 8)) = t1;
		*(u64 *)((u8 *)&eb_scalars.map_start) = 1;
	}
	return 0;
}

#line 2 "script.bt"
SEC("perf_event") int p1(u64 *ctx) {
	if (eb_stopped())
		return 0;
	u64 pid_tgid = bpf_get_current_pid_tgid();
#line 2 "script.bt"
	{
		if (!(((u64)((u64)((u32)(pid_tgid >> 32))) != (u64)(0ULL))))
			return 0;
	}
	{
		u64 m1[3] = {};
		*(u32 *)(((u8 *)m1 + 0)) = (u32)(pid_tgid >> 32);
		bpf_get_current_comm(((u8 *)m1 + 4), 16);
		u8 *t2 = bpf_map_lookup_elem(&map_, (u8 *)m1);
		if (UNLIKELY(!t2)) {
			long t3 = bpf_map_update_elem(&map_, (u8 *)m1, eb_constant_1, BPF_NOEXIST);
			t2 = bpf_map_lookup_elem(&map_, (u8 *)m1);
			if (!t2)
				eb_fail(0, t3);
		}
		if (t2) {
			(*(u64 *)(t2))++;
		}
	}
	return 0;
}

#line 3 "script.bt"
SEC("perf_event") int p2(u64 *ctx) {
	if (eb_stopped())
		return 0;
	u64 pid_tgid = bpf_get_current_pid_tgid();
#line 3 "script.bt"
	{
		u32 t1 = (u32)pid_tgid;
		u8 *t2 = bpf_map_lookup_elem(&map_faults, &t1);
		if (UNLIKELY(!t2)) {
			long t3 = bpf_map_update_elem(&map_faults, &t1, eb_constant_1, BPF_NOEXIST);
			t2 = bpf_map_lookup_elem(&map_faults, &t1);
			if (!t2)
				eb_fail(1, t3);
		}
		if (t2) {
			(*(u64 *)(t2))++;
		}
	}
	return 0;
}

#line 4 "script.bt"
SEC("raw_tp") int p3(u64 *ctx) {
#line 4 "script.bt"
	{
		u8 *t1 = bpf_ringbuf_reserve(&eb_ring, 8, 0);
		if (t1) {
			*(u64 *)t1 = 0;
			bpf_ringbuf_submit(t1, EB_WAKEUP);
		} else {
			eb_fail(2, -28);
		}
	}
	return 0;
}

#line 5 "script.bt"
SEC("raw_tp") int p4(u64 *ctx) {
#line 5 "script.bt"
	{
		u8 *t1 = bpf_ringbuf_reserve(&eb_ring, 8, 0);
		if (t1) {
			*(u64 *)t1 = 1;
			bpf_ringbuf_submit(t1, EB_WAKEUP);
		} else {
			eb_fail(3, -28);
		}
	}
	return 0;
}
