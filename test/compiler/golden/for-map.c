#define EB_SITES 4
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "loop.h"
#include "math.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	struct { u64 set; u64 value[1]; } map_total __attribute__((aligned(64)));
} eb_scalars SEC(".data.eb_scalars");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_HASH);
	MAP_UINT(key_size, 3);
	MAP_UINT(value_size, 1);
	MAP_UINT(max_entries, 4096);
} map_m SEC(".maps");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_HASH);
	MAP_UINT(key_size, 1);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_c SEC(".maps");
static const u8 eb_constant_1[2] SEC(".rodata.tables") __attribute__((aligned(8))) = "a\000";
static const u8 eb_constant_2[8] SEC(".rodata.tables") __attribute__((aligned(8))) = "\000\000\000\000\000\000\000\000";

struct frame_p0 {
	u64 done;
};
#line 1 "script.bt"
static long p0_loop1(void *map, const u8 *key, u8 *value, struct frame_p0 *frame) {
	u64 v0_kv[1] = {};
#line 1 "script.bt"
	{
		*(u16 *)(((u8 *)v0_kv + 0) + 0) = *(u16 *)(key + 0);
		*(u8 *)(((u8 *)v0_kv + 0) + 2) = *(u8 *)(key + 2);
		*(s8 *)(((u8 *)v0_kv + 3)) = *(s8 *)(value);
	}
	{
		u8 *t1 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t1) {
			*(u64 *)t1 = 0;
			*(u8 *)((t1 + 8) + 0) = *(u8 *)(((u8 *)v0_kv + 1) + 0);
			*(u8 *)((t1 + 8) + 1) = *(u8 *)(((u8 *)v0_kv + 1) + 1);
			bpf_ringbuf_submit(t1, EB_WAKEUP);
		} else {
			eb_fail(1, -28);
		}
	}
	{
		s64 t2 = *(s64 *)(((u8 *)&eb_scalars.map_total) + 8);
		*(s64 *)((((u8 *)&eb_scalars.map_total) + 8)) = (s64)((u64)(t2) + (u64)((s64)(*(s8 *)(((u8 *)v0_kv + 3)))));
		*(u64 *)((u8 *)&eb_scalars.map_total) = 1;
	}
	return 0;
}
#line 1 "script.bt"
static long p0_loop2(void *map, const u8 *key, u8 *value, struct frame_p0 *frame) {
	u64 v1_kv[2] = {};
#line 1 "script.bt"
	{
		*(s8 *)(((u8 *)v1_kv + 0)) = *(s8 *)(key);
		u64 t1 = 0;
		#pragma clang loop unroll(disable)
		for (u32 i2 = 0; i2 < eb_params.ncpus; i2++) {
			u8 *t3 = bpf_map_lookup_percpu_elem(&map_c, key, i2);
			if (!t3)
				break;
			t1 += *(u64 *)(t3);
		}
		u64 t4 = t1;
		*(u64 *)(((u8 *)v1_kv + 8)) = t4;
	}
	{
		u8 *t5 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t5) {
			*(u64 *)t5 = 1;
			*(u64 *)((t5 + 8)) = *(u64 *)(((u8 *)v1_kv + 8));
			bpf_ringbuf_submit(t5, EB_WAKEUP);
		} else {
			eb_fail(3, -28);
		}
	}
	return 0;
}
#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
	struct frame_p0 frame_value = {}, *frame = &frame_value;
#line 1 "script.bt"
	{
		s8 t1 = 5LL;
		u64 m2[1] = {};
		*(s8 *)(((u8 *)m2 + 0)) = 1LL;
		*(u8 *)(((u8 *)m2 + 1) + 0) = *(u8 *)((u8 *)eb_constant_1 + 0);
		*(u8 *)(((u8 *)m2 + 1) + 1) = *(u8 *)((u8 *)eb_constant_1 + 1);
		u8 *t3 = bpf_map_lookup_elem(&map_m, (u8 *)m2);
		if (t3) {
			*(s8 *)t3 = t1;
		} else {
			long t4 = bpf_map_update_elem(&map_m, (u8 *)m2, &t1, BPF_ANY);
			if (t4)
				eb_fail(0, t4);
		}
	}
	{
		bpf_for_each_map_elem(&map_m, p0_loop1, frame, 0);
		if (frame->done)
			return 0;
	}
	{
		s8 t5 = 1LL;
		u8 *t6 = bpf_map_lookup_elem(&map_c, &t5);
		if (UNLIKELY(!t6)) {
			long t7 = bpf_map_update_elem(&map_c, &t5, eb_constant_2, BPF_NOEXIST);
			t6 = bpf_map_lookup_elem(&map_c, &t5);
			if (!t6)
				eb_fail(2, t7);
		}
		if (t6) {
			(*(u64 *)(t6))++;
		}
	}
	{
		bpf_for_each_map_elem(&map_c, p0_loop2, frame, 0);
		if (frame->done)
			return 0;
	}
	return 0;
}
