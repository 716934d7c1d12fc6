#define EB_SITES 3
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

#line 1 "script.bt"
NOINLINE s64 p0_f0_add(s64 a0, u8 a1) {
	s64 v0_a = 0;
	v0_a = a0;
	u8 v1_b = 0;
	v1_b = a1;
#line 2 "script.bt"
	{
		v0_a = (s64)((u64)(v0_a) + (u64)((s64)(v1_b)));
	}
#line 3 "script.bt"
	{
		return v0_a;
	}
	return 0;
}
#line 13 "script.bt"
NOINLINE int p0_f1_note(s64 a0) {
	s64 v0_n = 0;
	v0_n = a0;
#line 14 "script.bt"
	{
		s64 t1 = *(s64 *)(((u8 *)&eb_scalars.map_sum) + 8);
		s64 t2 = t1;
		s64 t3 = p0_f0_add(v0_n, 1ULL);
		*(s64 *)((((u8 *)&eb_scalars.map_sum) + 8)) = (s64)((u64)(t2) + (u64)(t3));
		*(u64 *)((u8 *)&eb_scalars.map_sum) = 1;
	}
#line 15 "script.bt"
	{
		if (((s64)(v0_n) > (s64)(10LL))) {
#line 16 "script.bt"
			{
				u8 *t4 = bpf_ringbuf_reserve(&eb_ring, 8, 0);
				if (t4) {
					*(u64 *)t4 = 0;
					bpf_ringbuf_submit(t4, EB_WAKEUP);
				} else {
					eb_fail(0, -28);
				}
				eb_exit(0);
				return 1;
			}
		}
	}
#line 18 "script.bt"
	{
		u8 *t5 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t5) {
			*(u64 *)t5 = 1;
			*(s64 *)((t5 + 8)) = v0_n;
			bpf_ringbuf_submit(t5, EB_WAKEUP);
		} else {
			eb_fail(1, -28);
		}
	}
	return 0;
}
struct frame_p0_f2_first_above {
	u64 done;
	s64 v0_n __attribute__((aligned(8)));
	u64 start0;
	s64 result __attribute__((aligned(8)));
};
#line 6 "script.bt"
static long p0_f2_first_above_loop1(u64 index, struct frame_p0_f2_first_above *frame) {
	s8 v1_i = 0;
	v1_i = (s8)(frame->start0 + index);
#line 7 "script.bt"
	{
		if (((s64)((s64)((u64)((s64)(v1_i)) * (u64)((s64)(v1_i)))) > (s64)(frame->v0_n))) {
#line 8 "script.bt"
			{
				frame->result = (s64)(v1_i);
				frame->done = 1;
				return 1;
			}
		}
	}
	return 0;
}
#line 5 "script.bt"
NOINLINE s64 p0_f2_first_above(s64 a0) {
	struct frame_p0_f2_first_above frame_value = {}, *frame = &frame_value;
	frame->v0_n = 0;
	frame->v0_n = a0;
#line 6 "script.bt"
	{
		frame->v0_n += eb_unknown_zero;
		s8 t1 = 0LL;
		s8 t2 = 100LL;
		if (t1 < t2) {
			frame->start0 = t1;
			u64 rounds = (u64)t2 - (u64)t1;
			if (rounds > 8388608)
				eb_fail(2, 0);
			bpf_loop(rounds < 8388608 ? rounds : 8388608, p0_f2_first_above_loop1, frame, 0);
		}
		if (frame->done)
			return frame->result;
	}
#line 11 "script.bt"
	{
		return (-1LL);
	}
	return 0;
}
#line 20 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
#line 21 "script.bt"
	{
		s64 t1 = p0_f0_add(1LL, 2ULL);
		s64 t2 = p0_f2_first_above(t1);
		if (p0_f1_note(t2)) {
			return 0;
		}
	}
	return 0;
}

#line 1 "script.bt"
NOINLINE s64 p1_f0_add(s64 a0, u8 a1) {
	s64 v0_a = 0;
	v0_a = a0;
	u8 v1_b = 0;
	v1_b = a1;
#line 2 "script.bt"
	{
		v0_a = (s64)((u64)(v0_a) + (u64)((s64)(v1_b)));
	}
#line 3 "script.bt"
	{
		return v0_a;
	}
	return 0;
}
#line 23 "script.bt"
SEC("perf_event") int p1(u64 *ctx) {
	if (eb_stopped())
		return 0;
#line 23 "script.bt"
	{
		s64 t1 = *(s64 *)(((u8 *)&eb_scalars.map_sum) + 8);
		s64 t2 = p1_f0_add(t1, 1ULL);
		if (!(((s64)(t2) > (s64)(10LL))))
			return 0;
	}
#line 24 "script.bt"
	{
		s64 t3 = *(s64 *)(((u8 *)&eb_scalars.map_sum) + 8);
		s64 t4 = p1_f0_add(t3, 2ULL);
		*(s64 *)((((u8 *)&eb_scalars.map_sum) + 8)) = t4;
		*(u64 *)((u8 *)&eb_scalars.map_sum) = 1;
	}
	return 0;
}
