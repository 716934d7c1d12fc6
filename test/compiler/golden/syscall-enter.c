#define EB_SITES 1
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "process.h"
#include "ring.h"
#include "syscall.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};

#define SCRATCH_INDEX_p0 0
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 2072);
	MAP_UINT(max_entries, 1);
} scratch_p0 SEC(".maps");
#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
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
	void *registers = bpf_task_pt_regs(task);
#line 1 "script.bt"
	{
		*(u64 *)(scratch + 0) = 0;
		u64 t1 = 0;
		u64 t2 = (u64)EB_REGISTER(registers, 112);
		*(u64 *)(((scratch + 0) + 8)) = t2;
		u64 t3 = (u64)EB_REGISTER(registers, 104);
		u64 t4 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 24 + t1), 1024, (void *)(u64)(t3)), 2047);
		*(u32 *)((scratch + 0) + 16) = t4;
		t1 += t4;
		long t5 = bpf_ringbuf_output(&eb_ring, (scratch + 0), 24 + t1, EB_WAKEUP);
		if (t5)
			eb_fail(0, t5);
	}
	return 0;
}
