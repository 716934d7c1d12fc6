#define EB_SITES 1
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "hist.h"
#include "process.h"
#include "syscall.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 152);
	MAP_UINT(max_entries, 1);
} map_ SEC(".maps");

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
		s64 t1 = (s64)ctx[1];
		u32 t2 = 0;
		u8 *t3 = bpf_map_lookup_elem(&map_, &t2);
		if (t3) {
			*(u64 *)t3 = 1;
			u64 t4 = eb_lhist_index((u64)(t1), 1, 0LL, 4096LL, 256LL);
			LIMIT(t4, 17);
			((u64 *)(t3 + 8))[t4]++;
		}
	}
	return 0;
}
