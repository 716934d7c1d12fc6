#define EB_SITES 2
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "loop.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 16);
	MAP_UINT(max_entries, 1);
} map_n SEC(".maps");

struct frame_p0 {
	u64 done;
	s64 v0_i __attribute__((aligned(8)));
};
#line 1 "script.bt"
static long p0_loop1(u64 index, struct frame_p0 *frame) {
#line 1 "script.bt"
	{
		if (!(((s64)(frame->v0_i) < (s64)(10LL))))
			return 1;
	}
	{
		s64 t1 = frame->v0_i;
		s64 t2 = (s64)((u64)t1 + 1);
		frame->v0_i = t2;
		(void)(t1);
	}
	{
		if (((s64)(frame->v0_i) == (s64)(5LL))) {
			return 0;
		}
	}
	{
		if (((s64)(frame->v0_i) == (s64)(8LL))) {
			return 1;
		}
	}
	{
		u32 t3 = 0;
		u8 *t4 = bpf_map_lookup_elem(&map_n, &t3);
		if (t4) {
			*(u64 *)t4 = 1;
			(*(u64 *)(t4 + 8))++;
		}
	}
	return 0;
}
#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
	struct frame_p0 frame_value = {}, *frame = &frame_value;
#line 1 "script.bt"
	frame->v0_i = 0;
	{
		frame->v0_i = 0LL;
	}
	{
		frame->v0_i += eb_unknown_zero;
		if (bpf_loop(8388608, p0_loop1, frame, 0) == 8388608)
			eb_fail(0, 0);
		if (frame->done)
			return 0;
	}
	{
		u8 *t1 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t1) {
			*(u64 *)t1 = 0;
			*(s64 *)((t1 + 8)) = frame->v0_i;
			bpf_ringbuf_submit(t1, EB_WAKEUP);
		} else {
			eb_fail(1, -28);
		}
	}
	return 0;
}
