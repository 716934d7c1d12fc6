#define EB_SITES 1
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "process.h"
#include "syscall.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_HASH);
	MAP_UINT(key_size, 16);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_bytes SEC(".maps");
static const u8 eb_constant_1[8] SEC(".rodata.tables") __attribute__((aligned(8))) = "\000\000\000\000\000\000\000\000";

#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
	void *task = bpf_get_current_task_btf();
	void *registers = bpf_task_pt_regs(task);
	u64 number = (s64)(s32)EB_REGISTER32(registers, 120);
	if (number != 0)
		return 0;
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
#line 1 "script.bt"
	{
		if (!(((s64)((s64)ctx[1]) > (s64)(0LL))))
			return 0;
	}
	{
		s64 t1 = (s64)ctx[1];
		u64 m2[2] = {};
		bpf_get_current_comm((u8 *)m2, 16);
		u8 *t3 = bpf_map_lookup_elem(&map_bytes, (u8 *)m2);
		if (UNLIKELY(!t3)) {
			long t4 = bpf_map_update_elem(&map_bytes, (u8 *)m2, eb_constant_1, BPF_NOEXIST);
			t3 = bpf_map_lookup_elem(&map_bytes, (u8 *)m2);
			if (!t3)
				eb_fail(0, t4);
		}
		if (t3) {
			*(u64 *)(t3) += (u64)(t1);
		}
	}
	return 0;
}
