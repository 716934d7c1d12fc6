#define EB_SITES 3
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "read.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	struct { u64 set; u64 value[1]; } map_same __attribute__((aligned(64)));
	struct { u64 set; u64 value[1]; } map_pp __attribute__((aligned(64)));
} eb_scalars SEC(".data.eb_scalars");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_HASH);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_ SEC(".maps");
static const u8 eb_constant_1[8] SEC(".rodata.tables") __attribute__((aligned(8))) = "\000\000\000\000\000\000\000\000";

#line 1 "script.bt"
SEC("perf_event") int p0(u64 *ctx) {
	if (eb_stopped())
		return 0;
#line 2 "script.bt"
	u64 v0_task = 0;
	{
		v0_task = bpf_get_current_task();
	}
#line 3 "script.bt"
	{
		u64 t1 = 0;
		bpf_probe_read_kernel(&t1, sizeof(t1), (void *)(v0_task + 136 /* task_struct.fs */));
		u64 t2 = 0;
		bpf_probe_read_kernel(&t2, sizeof(t2), (void *)(t1 + 32 /* fs_struct.pwd.dentry */));
		u32 t3 = 0;
		bpf_probe_read_kernel(&t3, sizeof(t3), (void *)(t2 + 20 /* dentry.d_name.len */));
		u32 t4 = t3;
		u8 *t5 = bpf_map_lookup_elem(&map_, &t4);
		if (UNLIKELY(!t5)) {
			long t6 = bpf_map_update_elem(&map_, &t4, eb_constant_1, BPF_NOEXIST);
			t5 = bpf_map_lookup_elem(&map_, &t4);
			if (!t5)
				eb_fail(0, t6);
		}
		if (t5) {
			(*(u64 *)(t5))++;
		}
	}
#line 4 "script.bt"
	{
		u64 m7[3] = {};
		eb_read_text_kernel((u8 *)m7, 16, (void *)(v0_task + 120 /* task_struct.comm */));
		u64 t8 = 0;
		bpf_probe_read_kernel(&t8, sizeof(t8), (void *)(v0_task + 80 /* task_struct.real_parent */));
		u64 m9[3] = {};
		eb_read_text_kernel((u8 *)m9, 16, (void *)(t8 + 120 /* task_struct.comm */));
		u8 *t10 = bpf_ringbuf_reserve(&eb_ring, 40, 0);
		if (t10) {
			*(u64 *)t10 = 0;
			*(u64 *)((t10 + 8) + 0) = *(u64 *)((u8 *)m7 + 0);
			*(u64 *)((t10 + 8) + 8) = *(u64 *)((u8 *)m7 + 8);
			*(u64 *)((t10 + 24) + 0) = *(u64 *)((u8 *)m9 + 0);
			*(u64 *)((t10 + 24) + 8) = *(u64 *)((u8 *)m9 + 8);
			bpf_ringbuf_submit(t10, EB_WAKEUP);
		} else {
			eb_fail(1, -28);
		}
	}
#line 5 "script.bt"
	{
		u64 t11 = 0;
		bpf_probe_read_kernel(&t11, sizeof(t11), (void *)(v0_task + 136 /* task_struct.fs */));
		u64 t12 = 0;
		bpf_probe_read_kernel(&t12, sizeof(t12), (void *)(t11 + 24 /* fs_struct.pwd.mnt */));
		u64 t13 = 0;
		bpf_probe_read_kernel(&t13, sizeof(t13), (void *)(t12 /* vfsmount.mnt_root */));
		u64 t14 = 0;
		bpf_probe_read_kernel(&t14, sizeof(t14), (void *)(v0_task + 136 /* task_struct.fs */));
		u64 t15 = 0;
		bpf_probe_read_kernel(&t15, sizeof(t15), (void *)(t14 + 16 /* fs_struct.root.dentry */));
		*(u8 *)((((u8 *)&eb_scalars.map_same) + 8)) = ((u64)((u64)(t13)) == (u64)((u64)(t15)));
		*(u64 *)((u8 *)&eb_scalars.map_same) = 1;
	}
#line 6 "script.bt"
	{
		u64 t16 = eb_address(&v0_task);
		*(u64 *)((((u8 *)&eb_scalars.map_pp) + 8)) = t16;
		*(u64 *)((u8 *)&eb_scalars.map_pp) = 1;
	}
#line 7 "script.bt"
	{
		u64 t17 = *(u64 *)(((u8 *)&eb_scalars.map_pp) + 8);
		u64 t18 = 0;
		bpf_probe_read_kernel(&t18, sizeof(t18), (void *)(t17));
		s32 t19 = 0;
		bpf_probe_read_kernel(&t19, sizeof(t19), (void *)(t18 + 68 /* task_struct.pid */));
		u8 *t20 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t20) {
			*(u64 *)t20 = 1;
			*(s32 *)((t20 + 8)) = t19;
			bpf_ringbuf_submit(t20, EB_WAKEUP);
		} else {
			eb_fail(2, -28);
		}
	}
	return 0;
}
