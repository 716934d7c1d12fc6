#define EB_SITES 5
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "loop.h"
#include "math.h"
#include "process.h"
#include "stacks.h"
#include "syscall.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_HASH);
	MAP_UINT(key_size, 16);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_stacks SEC(".maps");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_HASH);
	MAP_UINT(key_size, 56);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_calls SEC(".maps");
EB_STACK_TABLE(3, 4096)
static const u8 eb_constant_1[8] SEC(".rodata.tables") __attribute__((aligned(8))) = "\000\000\000\000\000\000\000\000";
static const u8 eb_constant_2[36] SEC(".rodata.tables") __attribute__((aligned(8))) = "tracepoint:syscalls:sys_enter_read\000\000";
static const u8 eb_constant_3[36] SEC(".rodata.tables") __attribute__((aligned(8))) = "tracepoint:syscalls:sys_enter_write\000";

struct frame_p0 {
	u64 done;
	u64 start0;
	u64 *ctx;
};
#line 3 "script.bt"
static long p0_loop1(u64 index, struct frame_p0 *frame) {
	u64 *ctx = frame->ctx;
	s8 v0_i = 0;
	v0_i = (s8)(frame->start0 + index);
#line 3 "script.bt"
	{
		u64 m1[2] = {};
		u64 m2[3] = {};
		long t3 = bpf_get_stack(ctx, (u8 *)m2, 24, 0);
		u64 t4 = eb_keep_stack_3((u64 *)((u8 *)m2), t3, 0, 1);
		*(u64 *)(((u8 *)m1 + 0)) = t4;
		u64 t5 = ctx[13];
		*(u64 *)(((u8 *)m1 + 8)) = (u64)((u64)(t5) + (u64)((u64)(v0_i)));
		u8 *t6 = bpf_map_lookup_elem(&map_stacks, (u8 *)m1);
		if (UNLIKELY(!t6)) {
			long t7 = bpf_map_update_elem(&map_stacks, (u8 *)m1, eb_constant_1, BPF_NOEXIST);
			t6 = bpf_map_lookup_elem(&map_stacks, (u8 *)m1);
			if (!t6)
				eb_fail(2, t7);
		}
		if (t6) {
			(*(u64 *)(t6))++;
		}
	}
	return 0;
}
#line 2 "script.bt"
SEC("kprobe") int p0(u64 *ctx) {
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
	struct frame_p0 frame_value = {}, *frame = &frame_value;
	frame->ctx = ctx;
#line 3 "script.bt"
	{
		s8 t1 = 0LL;
		s8 t2 = 3LL;
		if (t1 < t2) {
			frame->start0 = t1;
			u64 rounds = (u64)t2 - (u64)t1;
			if (rounds > 8388608)
				eb_fail(3, 0);
			bpf_loop(rounds < 8388608 ? rounds : 8388608, p0_loop1, frame, 0);
		}
		if (frame->done)
			return 0;
	}
	return 0;
}

#define SCRATCH_INDEX_p1 0
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 56);
	MAP_UINT(max_entries, 1);
} scratch_p1 SEC(".maps");
struct frame_p1 {
	u64 done;
	u64 *ctx;
};
#line 7 "script.bt"
static long p1_loop1(void *map, const u8 *key, u8 *value, struct frame_p1 *frame) {
	u32 scratch_index = SCRATCH_INDEX_p1;
	u8 *scratch = bpf_map_lookup_elem(&scratch_p1, &scratch_index);
	if (!scratch)
		return 0;
	u64 *ctx = frame->ctx;
	void *task = bpf_get_current_task_btf();
	void *registers = bpf_task_pt_regs(task);
	u64 v0_kv[3] = {};
#line 7 "script.bt"
	{
		*(u64 *)(((u8 *)v0_kv + 0) + 0) = *(u64 *)(key + 0);
		*(u64 *)(((u8 *)v0_kv + 0) + 8) = *(u64 *)(key + 8);
		u64 t1 = 0;
		#pragma clang loop unroll(disable)
		for (u32 i2 = 0; i2 < eb_params.ncpus; i2++) {
			u8 *t3 = bpf_map_lookup_percpu_elem(&map_stacks, key, i2);
			if (!t3)
				break;
			t1 += *(u64 *)(t3);
		}
		u64 t4 = t1;
		*(u64 *)(((u8 *)v0_kv + 16)) = t4;
	}
	{
		__builtin_memset(__builtin_assume_aligned((scratch + 0), 8), 0, 56);
		*(u64 *)(((scratch + 0) + 0) + 0) = *(u64 *)((u8 *)eb_constant_2 + 0);
		*(u64 *)(((scratch + 0) + 0) + 8) = *(u64 *)((u8 *)eb_constant_2 + 8);
		*(u64 *)(((scratch + 0) + 0) + 16) = *(u64 *)((u8 *)eb_constant_2 + 16);
		*(u64 *)(((scratch + 0) + 0) + 24) = *(u64 *)((u8 *)eb_constant_2 + 24);
		*(u32 *)(((scratch + 0) + 0) + 32) = *(u32 *)((u8 *)eb_constant_2 + 32);
		u64 t5 = (u64)EB_REGISTER(registers, 112);
		*(u64 *)(((scratch + 0) + 40)) = t5;
		*(u64 *)(((scratch + 0) + 48)) = *(u64 *)(((u8 *)v0_kv + 16));
		u8 *t6 = bpf_map_lookup_elem(&map_calls, (scratch + 0));
		if (UNLIKELY(!t6)) {
			long t7 = bpf_map_update_elem(&map_calls, (scratch + 0), eb_constant_1, BPF_NOEXIST);
			t6 = bpf_map_lookup_elem(&map_calls, (scratch + 0));
			if (!t6)
				eb_fail(4, t7);
		}
		if (t6) {
			(*(u64 *)(t6))++;
		}
	}
	return 0;
}
#line 5 "script.bt"
SEC("raw_tp") int p1(u64 *ctx) {
	u64 number = ctx[1];
	if (number != 0)
		return 0;
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
	struct frame_p1 frame_value = {}, *frame = &frame_value;
	frame->ctx = ctx;
#line 7 "script.bt"
	{
		bpf_for_each_map_elem(&map_stacks, p1_loop1, frame, 0);
		if (frame->done)
			return 0;
	}
	return 0;
}

#define SCRATCH_INDEX_p2 0
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 56);
	MAP_UINT(max_entries, 1);
} scratch_p2 SEC(".maps");
struct frame_p2 {
	u64 done;
	u64 *ctx;
};
#line 7 "script.bt"
static long p2_loop1(void *map, const u8 *key, u8 *value, struct frame_p2 *frame) {
	u32 scratch_index = SCRATCH_INDEX_p2;
	u8 *scratch = bpf_map_lookup_elem(&scratch_p2, &scratch_index);
	if (!scratch)
		return 0;
	u64 *ctx = frame->ctx;
	void *task = bpf_get_current_task_btf();
	void *registers = bpf_task_pt_regs(task);
	u64 v0_kv[3] = {};
#line 7 "script.bt"
	{
		*(u64 *)(((u8 *)v0_kv + 0) + 0) = *(u64 *)(key + 0);
		*(u64 *)(((u8 *)v0_kv + 0) + 8) = *(u64 *)(key + 8);
		u64 t1 = 0;
		#pragma clang loop unroll(disable)
		for (u32 i2 = 0; i2 < eb_params.ncpus; i2++) {
			u8 *t3 = bpf_map_lookup_percpu_elem(&map_stacks, key, i2);
			if (!t3)
				break;
			t1 += *(u64 *)(t3);
		}
		u64 t4 = t1;
		*(u64 *)(((u8 *)v0_kv + 16)) = t4;
	}
	{
		__builtin_memset(__builtin_assume_aligned((scratch + 0), 8), 0, 56);
		*(u64 *)(((scratch + 0) + 0) + 0) = *(u64 *)((u8 *)eb_constant_3 + 0);
		*(u64 *)(((scratch + 0) + 0) + 8) = *(u64 *)((u8 *)eb_constant_3 + 8);
		*(u64 *)(((scratch + 0) + 0) + 16) = *(u64 *)((u8 *)eb_constant_3 + 16);
		*(u64 *)(((scratch + 0) + 0) + 24) = *(u64 *)((u8 *)eb_constant_3 + 24);
		*(u32 *)(((scratch + 0) + 0) + 32) = *(u32 *)((u8 *)eb_constant_3 + 32);
		u64 t5 = (u64)EB_REGISTER(registers, 112);
		*(u64 *)(((scratch + 0) + 40)) = t5;
		*(u64 *)(((scratch + 0) + 48)) = *(u64 *)(((u8 *)v0_kv + 16));
		u8 *t6 = bpf_map_lookup_elem(&map_calls, (scratch + 0));
		if (UNLIKELY(!t6)) {
			long t7 = bpf_map_update_elem(&map_calls, (scratch + 0), eb_constant_1, BPF_NOEXIST);
			t6 = bpf_map_lookup_elem(&map_calls, (scratch + 0));
			if (!t6)
				eb_fail(4, t7);
		}
		if (t6) {
			(*(u64 *)(t6))++;
		}
	}
	return 0;
}
#line 6 "script.bt"
SEC("raw_tp") int p2(u64 *ctx) {
	u64 number = ctx[1];
	if (number != 1)
		return 0;
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
	struct frame_p2 frame_value = {}, *frame = &frame_value;
	frame->ctx = ctx;
#line 7 "script.bt"
	{
		bpf_for_each_map_elem(&map_stacks, p2_loop1, frame, 0);
		if (frame->done)
			return 0;
	}
	return 0;
}
