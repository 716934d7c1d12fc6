#define EB_SITES 4
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "loop.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	struct { u64 set; u64 value[1]; } map_sum __attribute__((aligned(64)));
} eb_scalars SEC(".data.eb_scalars");

struct frame_p0_f0_total {
	u64 done;
	s64 v1_s __attribute__((aligned(8)));
	u64 start0;
	s64 result __attribute__((aligned(8)));
};
#line 4 "script.bt"
INLINE long p0_f0_total_loop1(u64 index, struct frame_p0_f0_total *frame) {
	frame->v1_s += eb_unknown_zero;
	s64 v2_i = 0;
	v2_i = (s64)(frame->start0 + index);
#line 5 "script.bt"
	{
		if (((s64)(frame->v1_s) > (s64)(20LL))) {
			{
				frame->result = frame->v1_s;
				frame->done = 1;
				return 1;
			}
		}
	}
#line 6 "script.bt"
	{
		frame->v1_s = (s64)((u64)(frame->v1_s) + (u64)(v2_i));
	}
	return 0;
}
#line 2 "script.bt"
NOINLINE s64 p0_f0_total(s64 a0) {
	struct frame_p0_f0_total frame_value = {}, *frame = &frame_value;
	s64 v0_n = 0;
	v0_n = a0;
#line 3 "script.bt"
	frame->v1_s = 0;
	{
		frame->v1_s = 0LL;
	}
#line 4 "script.bt"
	{
		frame->v1_s += eb_unknown_zero;
		s64 t1 = 0LL;
		s64 t2 = v0_n;
		if (t1 < t2) {
			frame->start0 = t1;
			u64 rounds = (u64)t2 - (u64)t1;
			EB_BOUNDED_LOOP(done3, eb_params.loop_rounds, rounds, p0_f0_total_loop1, frame)
			if (done3 == eb_params.loop_rounds && done3 < rounds)
				eb_fail(0, done3);
		}
		if (frame->done)
			return frame->result;
	}
#line 8 "script.bt"
	{
		return frame->v1_s;
	}
	return 0;
}
struct frame_p0 {
	u64 done;
	s64 v0_n __attribute__((aligned(8)));
	u64 start1;
};
#line 17 "script.bt"
INLINE long p0_loop2(u64 index, struct frame_p0 *frame) {
	frame->v0_n += eb_unknown_zero;
	s64 v1_j = 0;
	v1_j = (s64)(frame->start1 + index);
#line 17 "script.bt"
	{
		s64 t1 = *(s64 *)(((u8 *)&eb_scalars.map_sum) + 8);
		*(s64 *)((((u8 *)&eb_scalars.map_sum) + 8)) = (s64)((u64)(t1) + (u64)(v1_j));
		*(u64 *)((u8 *)&eb_scalars.map_sum) = 1;
	}
	return 0;
}
#line 13 "script.bt"
INLINE long p0_loop1(u64 index, struct frame_p0 *frame) {
	frame->v0_n += eb_unknown_zero;
#line 13 "script.bt"
	{
		if (!(((s64)(frame->v0_n) < (s64)(10LL))))
			return 1;
	}
#line 14 "script.bt"
	{
		s64 t1 = frame->v0_n;
		s64 t2 = (s64)((u64)t1 + 1);
		frame->v0_n = t2;
		(void)(t1);
	}
#line 15 "script.bt"
	{
		if (((s64)(frame->v0_n) == (s64)(3LL))) {
			return 0;
		}
	}
#line 16 "script.bt"
	{
		if (((s64)(frame->v0_n) == (s64)(7LL))) {
			return 1;
		}
	}
#line 17 "script.bt"
	{
		frame->v0_n += eb_unknown_zero;
		s64 t3 = 0LL;
		s64 t4 = frame->v0_n;
		if (t3 < t4) {
			frame->start1 = t3;
			u64 rounds = (u64)t4 - (u64)t3;
			EB_BOUNDED_LOOP(done5, eb_params.loop_rounds, rounds, p0_loop2, frame)
			if (done5 == eb_params.loop_rounds && done5 < rounds)
				eb_fail(1, done5);
		}
		if (frame->done)
			return 1;
	}
	return 0;
}
#line 11 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
	struct frame_p0 frame_value = {}, *frame = &frame_value;
#line 12 "script.bt"
	frame->v0_n = 0;
	{
		frame->v0_n = 0LL;
	}
#line 13 "script.bt"
	{
		frame->v0_n += eb_unknown_zero;
		EB_BOUNDED_LOOP(done1, eb_params.loop_rounds, 8388608, p0_loop1, frame)
		if (done1 == eb_params.loop_rounds && done1 < 8388608)
			eb_fail(2, done1);
		if (frame->done)
			return 0;
	}
#line 19 "script.bt"
	{
		s64 t2 = p0_f0_total(frame->v0_n);
		if (((s64)(t2) > (s64)(5LL))) {
			{
				u8 *t3 = bpf_ringbuf_reserve(&eb_ring, 8, 0);
				if (t3) {
					*(u64 *)t3 = 0;
					bpf_ringbuf_submit(t3, EB_WAKEUP);
				} else {
					eb_fail(3, -28);
				}
				eb_exit(0);
				return 0;
			}
		}
	}
	return 0;
}
