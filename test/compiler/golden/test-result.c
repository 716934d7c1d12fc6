#define EB_SITES 1
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "loop.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};

struct frame_p0 {
	u64 done;
	s8 v0_last __attribute__((aligned(8)));
	u64 start0;
	u64 result __attribute__((aligned(8)));
};
#line 4 "script.bt"
static long p0_loop1(u64 index, struct frame_p0 *frame) {
	s8 v1_i = 0;
	v1_i = (s8)(frame->start0 + index);
#line 5 "script.bt"
	{
		if (((s64)((s64)(v1_i)) == (s64)(3LL))) {
#line 6 "script.bt"
			{
				frame->result = !!(v1_i);
				frame->done = 1;
				return 1;
			}
		}
	}
#line 8 "script.bt"
	{
		frame->v0_last = v1_i;
	}
	return 0;
}
#line 1 "script.bt"
SEC("xdp") int p0(u64 *ctx) {
	struct frame_p0 frame_value = {}, *frame = &frame_value;
#line 3 "script.bt"
	frame->v0_last = 0;
	{
		frame->v0_last = 0LL;
	}
#line 4 "script.bt"
	{
		frame->v0_last += eb_unknown_zero;
		s8 t1 = 0LL;
		s8 t2 = 5LL;
		if (t1 < t2) {
			frame->start0 = t1;
			u64 rounds = (u64)t2 - (u64)t1;
			if (rounds > 8388608)
				eb_fail(0, 0);
			bpf_loop(rounds < 8388608 ? rounds : 8388608, p0_loop1, frame, 0);
		}
		if (frame->done)
			return frame->result;
	}
#line 10 "script.bt"
	{
		return !!((s64)((u64)((s64)(frame->v0_last)) - (u64)(4LL)));
	}
	return 0;
}
