#define EB_SITES 5
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "read.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};

#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
#line 2 "script.bt"
	u64 v0_task = 0;
	{
		v0_task = bpf_get_current_task();
	}
#line 3 "script.bt"
	s8 v1_i = 0;
	{
		v1_i = 1LL;
	}
#line 4 "script.bt"
	{
		u64 m1[2] = {};
		eb_read_text_kernel((u8 *)m1, 8, (void *)(v0_task + 180 /* task_struct.names[1] */));
		u8 *t2 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t2) {
			*(u64 *)t2 = 0;
			*(u64 *)((t2 + 8) + 0) = *(u64 *)((u8 *)m1 + 0);
			bpf_ringbuf_submit(t2, EB_WAKEUP);
		} else {
			eb_fail(0, -28);
		}
	}
#line 5 "script.bt"
	{
		u64 t3 = v0_task;
		u64 t4 = (u64)(v1_i);
		u8 t5 = t4 >= 2;
		if (t5)
			eb_fail(1, 0);
		s8 t6 = 0;
		if (!t5) {
			bpf_probe_read_kernel(&t6, sizeof(t6), (void *)(t3 + t4 * 8 + 174 /* task_struct.names[][2] */));
		}
		u8 *t7 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t7) {
			*(u64 *)t7 = 1;
			*(s8 *)((t7 + 8)) = t6;
			bpf_ringbuf_submit(t7, EB_WAKEUP);
		} else {
			eb_fail(2, -28);
		}
	}
#line 6 "script.bt"
	u64 v2_node = 0;
	{
		v2_node = (u64)(16LL);
	}
#line 7 "script.bt"
	{
		u64 t8 = v2_node;
		u64 t9 = (u64)(v1_i);
		u64 t10 = 0;
		eb_read(&t10, sizeof(t10), (void *)(t8 + t9 * 8 + 16 /* kernel_cgroup_node.ancestors[] */));
		u8 *t11 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t11) {
			*(u64 *)t11 = 2;
			*(u64 *)((t11 + 8)) = t10;
			bpf_ringbuf_submit(t11, EB_WAKEUP);
		} else {
			eb_fail(3, -28);
		}
	}
#line 8 "script.bt"
	{
		u64 t12 = v2_node;
		u64 t13 = (u64)(v1_i);
		s32 t14 = 0;
		eb_read(&t14, sizeof(t14), (void *)(t12 + t13 * 16 /* kernel_cgroup_node[].level */));
		u8 *t15 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t15) {
			*(u64 *)t15 = 3;
			*(s32 *)((t15 + 8)) = t14;
			bpf_ringbuf_submit(t15, EB_WAKEUP);
		} else {
			eb_fail(4, -28);
		}
	}
	return 0;
}
