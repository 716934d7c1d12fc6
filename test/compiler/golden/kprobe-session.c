#define EB_SITES 2
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "hist.h"
#include "process.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	MAP_UINT(type, BPF_MAP_TYPE_HASH);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_start SEC(".maps");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 536);
	MAP_UINT(max_entries, 1);
} map_ns SEC(".maps");

#line 2 "script.bt"
NOINLINE int p0(u64 *ctx) {
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
	u64 pid_tgid = bpf_get_current_pid_tgid();
#line 2 "script.bt"
	{
		u64 t1 = bpf_ktime_get_boot_ns();
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
NOINLINE int p1(u64 *ctx) {
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
	u64 pid_tgid = bpf_get_current_pid_tgid();
#line 3 "script.bt"
	{
		u32 t1 = (u32)pid_tgid;
		u8 t2 = bpf_map_lookup_elem(&map_start, &t1) != 0;
		if (!(t2))
			return 0;
	}
	{
		u64 t3 = bpf_ktime_get_boot_ns();
		u64 t4 = t3;
		u32 t5 = (u32)pid_tgid;
		u8 *t6 = bpf_map_lookup_elem(&map_start, &t5);
		u64 t7 = 0;
		if (t6)
			t7 = *(u64 *)t6;
		s64 t8 = (s64)((u64)(t4) - (u64)(t7));
		u32 t9 = 0;
		u8 *t10 = bpf_map_lookup_elem(&map_ns, &t9);
		if (t10) {
			*(u64 *)t10 = 1;
			u64 t11 = eb_hist_index((u64)(t8), 1, 0);
			LIMIT(t11, 65);
			((u64 *)(t10 + 8))[t11]++;
		}
	}
	{
		u8 t12 = 0;
		u32 t13 = (u32)pid_tgid;
		t12 = bpf_map_delete_elem(&map_start, &t13) == 0;
		if (!t12)
			eb_fail(1, -2);
		(void)(t12);
	}
	return 0;
}

extern _Bool bpf_session_is_return(void) SEC(".ksyms");

#line 2 "script.bt"
SEC("kprobe.multi") int s0(u64 *ctx) {
	if (bpf_session_is_return())
		p1(ctx);
	else
		p0(ctx);
	return 0;
}
