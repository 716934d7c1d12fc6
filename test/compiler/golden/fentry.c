#define EB_SITES 3
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "process.h"
#include "read.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_HASH);
	MAP_UINT(key_size, 16);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_ SEC(".maps");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_HASH);
	MAP_UINT(key_size, 8);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_r SEC(".maps");
static const u8 eb_constant_1[8] SEC(".rodata.tables") __attribute__((aligned(8))) = "\000\000\000\000\000\000\000\000";

#line 1 "script.bt"
SEC("fentry/vfs_read") int p0(u64 *ctx) {
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
#line 1 "script.bt"
	{
		u64 t1 = (u64)*(volatile u64 *)((u8 *)ctx + 16);
		if (!(((u64)(t1) > (u64)(4096ULL))))
			return 0;
	}
	u32 typed_reads = eb_params.typed_reads;
	{
		u64 t2 = (u64)*(volatile u64 *)((u8 *)ctx + 16);
		u64 t3 = t2;
		u64 m4[2] = {};
		u64 t5 = *(volatile u64 *)((u8 *)ctx + 0);
		u64 t6 = 0;
		if (typed_reads)
			t6 = *(volatile u64 *)(t5 + 8 /* file.f_path.dentry */);
		else
			bpf_probe_read_kernel(&t6, sizeof(t6), (void *)(t5 + 8 /* file.f_path.dentry */));
		u64 t7 = 0;
		bpf_probe_read_kernel(&t7, sizeof(t7), (void *)(t6 + 24 /* dentry.d_name.name */));
		*(u64 *)(((u8 *)m4 + 0)) = t7;
		u64 t8 = 0;
		bpf_probe_read_kernel(&t8, sizeof(t8), (u8 *)ctx + 8);
		*(u64 *)(((u8 *)m4 + 8)) = t8;
		u8 *t9 = bpf_map_lookup_elem(&map_, (u8 *)m4);
		if (UNLIKELY(!t9)) {
			long t10 = bpf_map_update_elem(&map_, (u8 *)m4, eb_constant_1, BPF_NOEXIST);
			t9 = bpf_map_lookup_elem(&map_, (u8 *)m4);
			if (!t9)
				eb_fail(0, t10);
		}
		if (t9) {
			*(u64 *)(t9) += (u64)(t3);
		}
	}
	return 0;
}

#line 2 "script.bt"
SEC("fexit/vfs_read") int p1(u64 *ctx) {
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
#line 2 "script.bt"
	{
		s64 t1 = (s64)*(volatile u64 *)((u8 *)ctx + 32);
		s64 t2 = t1;
		u8 *t3 = bpf_map_lookup_elem(&map_r, &t2);
		if (UNLIKELY(!t3)) {
			long t4 = bpf_map_update_elem(&map_r, &t2, eb_constant_1, BPF_NOEXIST);
			t3 = bpf_map_lookup_elem(&map_r, &t2);
			if (!t3)
				eb_fail(1, t4);
		}
		if (t3) {
			(*(u64 *)(t3))++;
		}
	}
	{
		u64 m5[4] = {};
		u64 t6 = 0;
		bpf_probe_read_kernel(&t6, sizeof(t6), (u8 *)ctx + 0);
		*(u64 *)(((u8 *)m5 + 0)) = t6;
		u64 t7 = 0;
		bpf_probe_read_kernel(&t7, sizeof(t7), (u8 *)ctx + 8);
		*(u64 *)(((u8 *)m5 + 8)) = t7;
		u64 t8 = (u64)*(volatile u64 *)((u8 *)ctx + 16);
		*(u64 *)(((u8 *)m5 + 16)) = t8;
		u64 t9 = 0;
		bpf_probe_read_kernel(&t9, sizeof(t9), (u8 *)ctx + 24);
		*(u64 *)(((u8 *)m5 + 24)) = t9;
		u8 *t10 = bpf_ringbuf_reserve(&eb_ring, 40, 0);
		if (t10) {
			*(u64 *)t10 = 0;
			*(u64 *)((t10 + 8) + 0) = *(u64 *)((u8 *)m5 + 0);
			*(u64 *)((t10 + 8) + 8) = *(u64 *)((u8 *)m5 + 8);
			*(u64 *)((t10 + 8) + 16) = *(u64 *)((u8 *)m5 + 16);
			*(u64 *)((t10 + 8) + 24) = *(u64 *)((u8 *)m5 + 24);
			bpf_ringbuf_submit(t10, EB_WAKEUP);
		} else {
			eb_fail(2, -28);
		}
	}
	return 0;
}
