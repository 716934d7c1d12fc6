#define EB_SITES 1
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "process.h"
#include "read.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	struct { u64 set; u64 value[1]; } map_mode __attribute__((aligned(64)));
	struct { u64 set; u64 value[1]; } map_parent __attribute__((aligned(64)));
} eb_scalars SEC(".data.eb_scalars");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 16);
	MAP_UINT(max_entries, 1);
} map_len SEC(".maps");

#line 2 "script.bt"
SEC("fentry/vfs_read") int p0(u64 *ctx) {
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
	u32 typed_reads = eb_params.typed_reads;
#line 3 "script.bt"
	{
		u64 t1 = *(volatile u64 *)((u8 *)ctx + 0);
		u64 t2 = 0;
		if (typed_reads)
			t2 = *(volatile u64 *)(t1 + 8 /* file.f_path.dentry */);
		else
			bpf_probe_read_kernel(&t2, sizeof(t2), (void *)(t1 + 8 /* file.f_path.dentry */));
		u64 t3 = 0;
		if (typed_reads)
			t3 = *(volatile u64 *)(t2 + 32 /* dentry.d_inode */);
		else
			bpf_probe_read_kernel(&t3, sizeof(t3), (void *)(t2 + 32 /* dentry.d_inode */));
		u64 t4 = 0;
		if (typed_reads)
			t4 = *(volatile u64 *)(t3 + 8 /* inode.i_ino */);
		else
			bpf_probe_read_kernel(&t4, sizeof(t4), (void *)(t3 + 8 /* inode.i_ino */));
		u64 t5 = t4;
		u32 t6 = 0;
		u8 *t7 = bpf_map_lookup_elem(&map_len, &t6);
		if (t7) {
			*(u64 *)t7 = 1;
			*(u64 *)(t7 + 8) += (u64)(t5);
		}
	}
#line 4 "script.bt"
	{
		u64 t8 = *(volatile u64 *)((u8 *)ctx + 0);
		u64 t9 = 0;
		if (typed_reads)
			t9 = *(volatile u64 *)(t8 + 16 /* file.f_inode */);
		else
			bpf_probe_read_kernel(&t9, sizeof(t9), (void *)(t8 + 16 /* file.f_inode */));
		u16 t10 = 0;
		if (typed_reads)
			t10 = *(volatile u16 *)(t9 /* inode.i_mode */);
		else
			bpf_probe_read_kernel(&t10, sizeof(t10), (void *)(t9 /* inode.i_mode */));
		*(u16 *)((((u8 *)&eb_scalars.map_mode) + 8)) = t10;
		*(u64 *)((u8 *)&eb_scalars.map_mode) = 1;
	}
#line 5 "script.bt"
	{
		u64 t11 = *(volatile u64 *)((u8 *)ctx + 0);
		u64 t12 = 0;
		if (typed_reads)
			t12 = *(volatile u64 *)(t11 + 8 /* file.f_path.dentry */);
		else
			bpf_probe_read_kernel(&t12, sizeof(t12), (void *)(t11 + 8 /* file.f_path.dentry */));
		u64 t13 = 0;
		bpf_probe_read_kernel(&t13, sizeof(t13), (void *)(t12 + 8 /* dentry.d_parent */));
		*(u64 *)((((u8 *)&eb_scalars.map_parent) + 8)) = t13;
		*(u64 *)((u8 *)&eb_scalars.map_parent) = 1;
	}
	return 0;
}
