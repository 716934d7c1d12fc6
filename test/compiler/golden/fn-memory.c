#define EB_SITES 1
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
static const u8 eb_constant_1[16] SEC(".rodata.tables") __attribute__((aligned(8))) = "a\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000";
static const u8 eb_constant_2[40] SEC(".rodata.tables") __attribute__((aligned(8))) = "b\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000";

#define SCRATCH_INDEX_p0 0
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 192);
	MAP_UINT(max_entries, 1);
} scratch_p0 SEC(".maps");
#line 1 "script.bt"
NOINLINE void p0_f0_choose(u8 a2) {
	u32 scratch_index = SCRATCH_INDEX_p0;
	u8 *scratch = bpf_map_lookup_elem(&scratch_p0, &scratch_index);
	if (!scratch)
		return;
	u8 v2_second = 0;
	v2_second = a2;
#line 2 "script.bt"
	{
		HIDE(scratch);
		if (v2_second) {
#line 3 "script.bt"
			{
				HIDE(scratch);
				*(u64 *)((scratch + 0) + 0) = *(u64 *)((scratch + 56) + 0);
				*(u64 *)((scratch + 0) + 8) = *(u64 *)((scratch + 56) + 8);
				*(u64 *)((scratch + 0) + 16) = *(u64 *)((scratch + 56) + 16);
				*(u64 *)((scratch + 0) + 24) = *(u64 *)((scratch + 56) + 24);
				*(u64 *)((scratch + 0) + 32) = *(u64 *)((scratch + 56) + 32);
				return;
			}
		}
	}
#line 5 "script.bt"
	{
		HIDE(scratch);
		__builtin_memset(__builtin_assume_aligned((scratch + 0), 8), 0, 40);
		*(u64 *)((scratch + 0) + 0) = *(u64 *)((scratch + 40) + 0);
		*(u64 *)((scratch + 0) + 8) = *(u64 *)((scratch + 40) + 8);
		return;
	}
	return;
}
#line 7 "script.bt"
NOINLINE s64 p0_f1_six(s8 a0, s16 a1, s32 a2, s64 a3, u8 a4) {
	u32 scratch_index = SCRATCH_INDEX_p0;
	u8 *scratch = bpf_map_lookup_elem(&scratch_p0, &scratch_index);
	if (!scratch)
		return 0;
	s8 v0_a = 0;
	v0_a = a0;
	s16 v1_b = 0;
	v1_b = a1;
	s32 v2_c = 0;
	v2_c = a2;
	s64 v3_d = 0;
	v3_d = a3;
	u8 v4_e = 0;
	v4_e = a4;
	u16 v5_f = 0;
	v5_f = *(u16 *)((scratch + 96));
#line 8 "script.bt"
	{
		HIDE(scratch);
		return (s64)((u64)((s64)((u64)((s64)((u64)((s64)((u64)((s64)((u64)((s64)(v0_a)) + (u64)((s64)(v1_b)))) + (u64)((s64)(v2_c)))) + (u64)(v3_d))) + (u64)((s64)(v4_e)))) + (u64)((s64)(v5_f)));
	}
	return 0;
}
#line 10 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
	u32 scratch_index = SCRATCH_INDEX_p0;
	u8 *scratch = bpf_map_lookup_elem(&scratch_p0, &scratch_index);
	if (!scratch)
		return 0;
#line 11 "script.bt"
	{
		HIDE(scratch);
		u64 m1[2] = {};
		bpf_get_current_comm((u8 *)m1, 16);
		u64 m2[2] = {};
		*(u64 *)((u8 *)m2 + 0) = *(u64 *)((u8 *)m1 + 0);
		*(u64 *)((u8 *)m2 + 8) = *(u64 *)((u8 *)m1 + 8);
		*(u64 *)((scratch + 40) + 0) = *(u64 *)((u8 *)eb_constant_1 + 0);
		*(u64 *)((scratch + 40) + 8) = *(u64 *)((u8 *)eb_constant_1 + 8);
		*(u64 *)((scratch + 56) + 0) = *(u64 *)((u8 *)eb_constant_2 + 0);
		*(u64 *)((scratch + 56) + 8) = *(u64 *)((u8 *)eb_constant_2 + 8);
		*(u64 *)((scratch + 56) + 16) = *(u64 *)((u8 *)eb_constant_2 + 16);
		*(u64 *)((scratch + 56) + 24) = *(u64 *)((u8 *)eb_constant_2 + 24);
		*(u64 *)((scratch + 56) + 32) = *(u64 *)((u8 *)eb_constant_2 + 32);
		p0_f0_choose(0);
		*(u64 *)((scratch + 144) + 0) = *(u64 *)((scratch + 0) + 0);
		*(u64 *)((scratch + 144) + 8) = *(u64 *)((scratch + 0) + 8);
		*(u64 *)((scratch + 144) + 16) = *(u64 *)((scratch + 0) + 16);
		*(u64 *)((scratch + 144) + 24) = *(u64 *)((scratch + 0) + 24);
		*(u64 *)((scratch + 144) + 32) = *(u64 *)((scratch + 0) + 32);
		*(u64 *)((scratch + 40) + 0) = *(u64 *)((u8 *)m2 + 0);
		*(u64 *)((scratch + 40) + 8) = *(u64 *)((u8 *)m2 + 8);
		*(u64 *)((scratch + 56) + 0) = *(u64 *)((scratch + 144) + 0);
		*(u64 *)((scratch + 56) + 8) = *(u64 *)((scratch + 144) + 8);
		*(u64 *)((scratch + 56) + 16) = *(u64 *)((scratch + 144) + 16);
		*(u64 *)((scratch + 56) + 24) = *(u64 *)((scratch + 144) + 24);
		*(u64 *)((scratch + 56) + 32) = *(u64 *)((scratch + 144) + 32);
		p0_f0_choose(1);
		*(u64 *)((scratch + 104) + 0) = *(u64 *)((scratch + 0) + 0);
		*(u64 *)((scratch + 104) + 8) = *(u64 *)((scratch + 0) + 8);
		*(u64 *)((scratch + 104) + 16) = *(u64 *)((scratch + 0) + 16);
		*(u64 *)((scratch + 104) + 24) = *(u64 *)((scratch + 0) + 24);
		*(u64 *)((scratch + 104) + 32) = *(u64 *)((scratch + 0) + 32);
	}
#line 12 "script.bt"
	{
		HIDE(scratch);
		*(u64 *)(((scratch + 144) + 0) + 0) = *(u64 *)((scratch + 104) + 0);
		*(u64 *)(((scratch + 144) + 0) + 8) = *(u64 *)((scratch + 104) + 8);
		*(u64 *)(((scratch + 144) + 0) + 16) = *(u64 *)((scratch + 104) + 16);
		*(u64 *)(((scratch + 144) + 0) + 24) = *(u64 *)((scratch + 104) + 24);
		*(u64 *)(((scratch + 144) + 0) + 32) = *(u64 *)((scratch + 104) + 32);
		*(u16 *)((scratch + 96)) = 6ULL;
		s64 t3 = p0_f1_six(1LL, 2LL, 3LL, 4LL, 5ULL);
		*(s64 *)(((scratch + 144) + 40)) = t3;
		u8 *t4 = bpf_ringbuf_reserve(&eb_ring, 56, 0);
		if (t4) {
			*(u64 *)t4 = 0;
			*(u64 *)((t4 + 8) + 0) = *(u64 *)((scratch + 144) + 0);
			*(u64 *)((t4 + 8) + 8) = *(u64 *)((scratch + 144) + 8);
			*(u64 *)((t4 + 8) + 16) = *(u64 *)((scratch + 144) + 16);
			*(u64 *)((t4 + 8) + 24) = *(u64 *)((scratch + 144) + 24);
			*(u64 *)((t4 + 8) + 32) = *(u64 *)((scratch + 144) + 32);
			*(u64 *)((t4 + 8) + 40) = *(u64 *)((scratch + 144) + 40);
			bpf_ringbuf_submit(t4, EB_WAKEUP);
		} else {
			eb_fail(0, -28);
		}
	}
	return 0;
}
