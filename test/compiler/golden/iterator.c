#define EB_SITES 1
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "iterator.h"
#include "read.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};

#line 1 "script.bt"
SEC("iter/task_file") int p0(u64 *ctx) {
	eb_iterator_step(ctx);
	if (eb_stopped())
		return 0;
	if (!ctx[1] || !ctx[3])
		return 0;
#line 3 "script.bt"
	{
		u32 t1 = 0;
		bpf_probe_read_kernel(&t1, sizeof(t1), (void *)((u64)ctx + 16 /* bpf_iter__task_file.fd */));
		u32 t2 = t1;
		u64 t3 = 0;
		bpf_probe_read_kernel(&t3, sizeof(t3), (void *)((u64)ctx + 8 /* bpf_iter__task_file.task */));
		u64 m4[3] = {};
		eb_read_text_kernel((u8 *)m4, 16, (void *)(t3 + 120 /* task_struct.comm */));
		u8 *t5 = bpf_ringbuf_reserve(&eb_ring, 32, 0);
		if (t5) {
			*(u64 *)t5 = 0;
			*(u32 *)((t5 + 8)) = t2;
			*(u64 *)((t5 + 16) + 0) = *(u64 *)((u8 *)m4 + 0);
			*(u64 *)((t5 + 16) + 8) = *(u64 *)((u8 *)m4 + 8);
			bpf_ringbuf_submit(t5, EB_WAKEUP);
		} else {
			eb_fail(0, -28);
		}
	}
	return 0;
}
