#define EB_SITES 3
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "loop.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};

struct frame_p0 {
	u64 done;
	s64 v0_sum __attribute__((aligned(8)));
	u64 start0;
	u64 start1;
};
#line 1 "script.bt"
static long p0_loop2(u64 index, struct frame_p0 *frame) {
	s8 v2_j = 0;
	v2_j = (s8)(frame->start1 + index);
#line 1 "script.bt"
	{
		frame->v0_sum = (s64)((u64)(frame->v0_sum) + (u64)((s64)(v2_j)));
	}
	{
		if (((s64)(frame->v0_sum) > (s64)(100LL))) {
			frame->done = 1;
			return 1;
		}
	}
	return 0;
}
#line 1 "script.bt"
static long p0_loop1(u64 index, struct frame_p0 *frame) {
	s8 v1_i = 0;
	v1_i = (s8)(frame->start0 + index);
#line 1 "script.bt"
	{
		frame->v0_sum += eb_unknown_zero;
		s8 t1 = v1_i;
		s8 t2 = 10LL;
		if (t1 < t2) {
			frame->start1 = t1;
			u64 rounds = (u64)t2 - (u64)t1;
			if (rounds > 8388608)
				eb_fail(0, 0);
			bpf_loop(rounds < 8388608 ? rounds : 8388608, p0_loop2, frame, 0);
		}
		if (frame->done)
			return 1;
	}
	return 0;
}
#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
	struct frame_p0 frame_value = {}, *frame = &frame_value;
#line 1 "script.bt"
	frame->v0_sum = 0;
	{
		frame->v0_sum = 0LL;
	}
	{
		frame->v0_sum += eb_unknown_zero;
		s8 t1 = 0LL;
		s8 t2 = 10LL;
		if (t1 < t2) {
			frame->start0 = t1;
			u64 rounds = (u64)t2 - (u64)t1;
			if (rounds > 8388608)
				eb_fail(1, 0);
			bpf_loop(rounds < 8388608 ? rounds : 8388608, p0_loop1, frame, 0);
		}
		if (frame->done)
			return 0;
	}
	{
		u8 *t3 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t3) {
			*(u64 *)t3 = 0;
			*(s64 *)((t3 + 8)) = frame->v0_sum;
			bpf_ringbuf_submit(t3, EB_WAKEUP);
		} else {
			eb_fail(2, -28);
		}
	}
	return 0;
}
