#define EB_SITES 1
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "iterator.h"
#include "read.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
static const u8 eb_constant_1[8] SEC(".rodata.tables") __attribute__((aligned(8))) = "%5d %s\012\000";

#line 1 "script.bt"
SEC("iter/task") int p0(u64 *ctx) {
	if (!ctx[1])
		return 0;
#line 3 "script.bt"
	{
		u64 t1 = 0;
		bpf_probe_read_kernel(&t1, sizeof(t1), (void *)((u64)ctx + 8 /* bpf_iter__task.task */));
		s32 t2 = 0;
		bpf_probe_read_kernel(&t2, sizeof(t2), (void *)(t1 + 68 /* task_struct.pid */));
		u64 t3 = 0;
		bpf_probe_read_kernel(&t3, sizeof(t3), (void *)((u64)ctx + 8 /* bpf_iter__task.task */));
		u64 m4[3] = {};
		eb_read_text_kernel((u8 *)m4, 16, (void *)(t3 + 120 /* task_struct.comm */));
		u64 m5[2] = {};
		*(u64 *)((u8 *)m5 + 0) = (u64)(t2);
		*(u64 *)((u8 *)m5 + 8) = (u64)((u8 *)m4);
		bpf_seq_printf(eb_iterator_file(ctx), eb_constant_1, 8, (u8 *)m5, 16);
	}
	return 0;
}
