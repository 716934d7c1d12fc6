#define EB_SITES 5
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "loop.h"
#include "read.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	struct { u64 set; u64 value[1]; } map_total __attribute__((aligned(64)));
} eb_scalars SEC(".data.eb_scalars");

struct frame_p0 {
	u64 done;
	u32 v0_number __attribute__((aligned(8)));
	u64 start0;
};
#line 8 "script.bt"
static long p0_loop1(u64 index, struct frame_p0 *frame) {
	s8 v2_i = 0;
	v2_i = (s8)(frame->start0 + index);
#line 8 "script.bt"
	{
		u64 m1[1] = {};
		u64 t2 = eb_address(&frame->v0_number);
		u32 t3 = 0;
		bpf_probe_read_kernel(&t3, sizeof(t3), (void *)(t2));
		*(u32 *)(((u8 *)m1 + 0)) = t3;
		*(s8 *)(((u8 *)m1 + 4)) = v2_i;
		u8 *t4 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t4) {
			*(u64 *)t4 = 3;
			*(u64 *)((t4 + 8) + 0) = *(u64 *)((u8 *)m1 + 0);
			bpf_ringbuf_submit(t4, EB_WAKEUP);
		} else {
			eb_fail(3, -28);
		}
	}
	return 0;
}
#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
	struct frame_p0 frame_value = {}, *frame = &frame_value;
#line 2 "script.bt"
	frame->v0_number = 0;
	{
		frame->v0_number = 7ULL;
	}
#line 3 "script.bt"
	{
		u64 t1 = eb_address(&frame->v0_number);
		u32 t2 = 0;
		bpf_probe_read_kernel(&t2, sizeof(t2), (void *)(t1));
		u8 *t3 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t3) {
			*(u64 *)t3 = 0;
			*(u32 *)((t3 + 8)) = t2;
			bpf_ringbuf_submit(t3, EB_WAKEUP);
		} else {
			eb_fail(0, -28);
		}
	}
#line 4 "script.bt"
	u64 v1_pair[1] = {};
	{
		u64 m4[1] = {};
		*(s8 *)(((u8 *)m4 + 0)) = 1LL;
		*(s8 *)(((u8 *)m4 + 1)) = 2LL;
		*(u16 *)((u8 *)v1_pair + 0) = *(u16 *)((u8 *)m4 + 0);
	}
#line 5 "script.bt"
	{
		u64 t5 = eb_address((u8 *)v1_pair);
		u64 m6[1] = {};
		bpf_probe_read_kernel((u8 *)m6, 2, (void *)(t5));
		u8 *t7 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t7) {
			*(u64 *)t7 = 1;
			*(u16 *)((t7 + 8) + 0) = *(u16 *)((u8 *)m6 + 0);
			bpf_ringbuf_submit(t7, EB_WAKEUP);
		} else {
			eb_fail(1, -28);
		}
	}
#line 6 "script.bt"
	{
		*(s8 *)((((u8 *)&eb_scalars.map_total) + 8)) = 5LL;
		*(u64 *)((u8 *)&eb_scalars.map_total) = 1;
	}
#line 7 "script.bt"
	{
		u64 t8 = eb_address(&eb_scalars.map_total.value);
		s8 t9 = 0;
		bpf_probe_read_kernel(&t9, sizeof(t9), (void *)(t8));
		u8 *t10 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t10) {
			*(u64 *)t10 = 2;
			*(s8 *)((t10 + 8)) = t9;
			bpf_ringbuf_submit(t10, EB_WAKEUP);
		} else {
			eb_fail(2, -28);
		}
	}
#line 8 "script.bt"
	{
		frame->v0_number += eb_unknown_zero;
		s8 t11 = 0LL;
		s8 t12 = 2LL;
		if (t11 < t12) {
			frame->start0 = t11;
			u64 rounds = (u64)t12 - (u64)t11;
			if (rounds > 8388608)
				eb_fail(4, 0);
			bpf_loop(rounds < 8388608 ? rounds : 8388608, p0_loop1, frame, 0);
		}
		if (frame->done)
			return 0;
	}
	return 0;
}
