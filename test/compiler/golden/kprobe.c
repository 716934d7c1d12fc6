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
	struct { u64 set; u64 value[1]; } map_sp __attribute__((aligned(64)));
	struct { u64 set; u64 value[1]; } map_u __attribute__((aligned(64)));
	struct { u64 set; u64 value[1]; } map_cx __attribute__((aligned(64)));
} eb_scalars SEC(".data.eb_scalars");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_HASH);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_size SEC(".maps");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_HASH);
	MAP_UINT(key_size, 32);
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
static const u8 eb_constant_2[34] SEC(".rodata.tables") __attribute__((aligned(8))) = "kprobe:vfs_read\000\000kprobe:vfs_readv\000";

#line 2 "script.bt"
SEC("kprobe.multi") int p0(u64 *ctx) {
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
#line 2 "script.bt"
	{
		u64 t1 = ctx[12];
		if (!(((u64)(t1) > (u64)(4096ULL))))
			return 0;
	}
#line 3 "script.bt"
	{
		u64 t2 = ctx[14];
		u64 t3 = 0;
		bpf_probe_read_kernel(&t3, sizeof(t3), (void *)((u64)(t2) + 8 /* file.f_path.dentry */));
		u32 t4 = 0;
		bpf_probe_read_kernel(&t4, sizeof(t4), (void *)(t3 + 20 /* dentry.d_name.len */));
		u32 t5 = t4;
		u8 *t6 = bpf_map_lookup_elem(&map_size, &t5);
		if (UNLIKELY(!t6)) {
			long t7 = bpf_map_update_elem(&map_size, &t5, eb_constant_1, BPF_NOEXIST);
			t6 = bpf_map_lookup_elem(&map_size, &t5);
			if (!t6)
				eb_fail(0, t7);
		}
		if (t6) {
			(*(u64 *)(t6))++;
		}
	}
#line 4 "script.bt"
	{
		u64 t8 = ctx[19];
		*(u64 *)((((u8 *)&eb_scalars.map_sp) + 8)) = t8;
		*(u64 *)((u8 *)&eb_scalars.map_sp) = 1;
	}
	return 0;
}

#line 6 "script.bt"
SEC("kprobe.multi") int p1(u64 *ctx) {
	u32 target = bpf_get_attach_cookie(ctx);
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
#line 6 "script.bt"
	{
		u64 m1[4] = {};
		u64 t2 = ctx[16];
		*(u64 *)(((u8 *)m1 + 0)) = t2;
		u64 t3 = target;
		LIMIT(t3, 1);
		*(u8 *)(((u8 *)m1 + 8) + 0) = *(u8 *)(((u8 *)eb_constant_2 + t3 * 17) + 0);
		*(u8 *)(((u8 *)m1 + 8) + 1) = *(u8 *)(((u8 *)eb_constant_2 + t3 * 17) + 1);
		*(u8 *)(((u8 *)m1 + 8) + 2) = *(u8 *)(((u8 *)eb_constant_2 + t3 * 17) + 2);
		*(u8 *)(((u8 *)m1 + 8) + 3) = *(u8 *)(((u8 *)eb_constant_2 + t3 * 17) + 3);
		*(u8 *)(((u8 *)m1 + 8) + 4) = *(u8 *)(((u8 *)eb_constant_2 + t3 * 17) + 4);
		*(u8 *)(((u8 *)m1 + 8) + 5) = *(u8 *)(((u8 *)eb_constant_2 + t3 * 17) + 5);
		*(u8 *)(((u8 *)m1 + 8) + 6) = *(u8 *)(((u8 *)eb_constant_2 + t3 * 17) + 6);
		*(u8 *)(((u8 *)m1 + 8) + 7) = *(u8 *)(((u8 *)eb_constant_2 + t3 * 17) + 7);
		*(u8 *)(((u8 *)m1 + 8) + 8) = *(u8 *)(((u8 *)eb_constant_2 + t3 * 17) + 8);
		*(u8 *)(((u8 *)m1 + 8) + 9) = *(u8 *)(((u8 *)eb_constant_2 + t3 * 17) + 9);
		*(u8 *)(((u8 *)m1 + 8) + 10) = *(u8 *)(((u8 *)eb_constant_2 + t3 * 17) + 10);
		*(u8 *)(((u8 *)m1 + 8) + 11) = *(u8 *)(((u8 *)eb_constant_2 + t3 * 17) + 11);
		*(u8 *)(((u8 *)m1 + 8) + 12) = *(u8 *)(((u8 *)eb_constant_2 + t3 * 17) + 12);
		*(u8 *)(((u8 *)m1 + 8) + 13) = *(u8 *)(((u8 *)eb_constant_2 + t3 * 17) + 13);
		*(u8 *)(((u8 *)m1 + 8) + 14) = *(u8 *)(((u8 *)eb_constant_2 + t3 * 17) + 14);
		*(u8 *)(((u8 *)m1 + 8) + 15) = *(u8 *)(((u8 *)eb_constant_2 + t3 * 17) + 15);
		*(u8 *)(((u8 *)m1 + 8) + 16) = *(u8 *)(((u8 *)eb_constant_2 + t3 * 17) + 16);
		u8 *t4 = bpf_map_lookup_elem(&map_, (u8 *)m1);
		if (UNLIKELY(!t4)) {
			long t5 = bpf_map_update_elem(&map_, (u8 *)m1, eb_constant_1, BPF_NOEXIST);
			t4 = bpf_map_lookup_elem(&map_, (u8 *)m1);
			if (!t4)
				eb_fail(1, t5);
		}
		if (t4) {
			(*(u64 *)(t4))++;
		}
	}
	return 0;
}

#line 7 "script.bt"
SEC("kretprobe") int p2(u64 *ctx) {
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
#line 7 "script.bt"
	{
		u64 t1 = ctx[10];
		u64 t2 = t1;
		u64 t3 = bpf_get_func_ip(ctx);
		u64 t4 = t3;
		u8 *t5 = bpf_map_lookup_elem(&map_r, &t4);
		if (UNLIKELY(!t5)) {
			long t6 = bpf_map_update_elem(&map_r, &t4, eb_constant_1, BPF_NOEXIST);
			t5 = bpf_map_lookup_elem(&map_r, &t4);
			if (!t5)
				eb_fail(2, t6);
		}
		if (t5) {
			*(u64 *)(t5) += (u64)(t2);
		}
	}
	return 0;
}

#line 8 "script.bt"
SEC("kprobe") int p3(u64 *ctx) {
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
#line 8 "script.bt"
	{
		u64 t1 = (ctx[17] & 3) == 3;
		*(u8 *)((((u8 *)&eb_scalars.map_u) + 8)) = t1;
		*(u64 *)((u8 *)&eb_scalars.map_u) = 1;
	}
	{
		u64 t2 = 0;
		bpf_probe_read_kernel(&t2, sizeof(t2), (void *)((u64)ctx + 88 /* pt_regs.cx */));
		*(u64 *)((((u8 *)&eb_scalars.map_cx) + 8)) = t2;
		*(u64 *)((u8 *)&eb_scalars.map_cx) = 1;
	}
	return 0;
}
