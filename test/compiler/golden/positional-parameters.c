#define EB_SITES 1
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "hist.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 824);
	MAP_UINT(max_entries, 1);
} map_ SEC(".maps");
static const u8 eb_constant_1[5] SEC(".rodata.tables") __attribute__((aligned(8))) = "word\000";

#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
#line 1 "script.bt"
	{
		u8 *t1 = bpf_ringbuf_reserve(&eb_ring, 32, 0);
		if (t1) {
			*(u64 *)t1 = 0;
			*(s8 *)((t1 + 8)) = 100LL;
			*(u32 *)((t1 + 16) + 0) = *(u32 *)((u8 *)eb_constant_1 + 0);
			*(u8 *)((t1 + 16) + 4) = *(u8 *)((u8 *)eb_constant_1 + 4);
			*(u64 *)((t1 + 24)) = 2ULL;
			bpf_ringbuf_submit(t1, EB_WAKEUP);
		} else {
			eb_fail(0, -28);
		}
	}
	{
		s64 t2 = 5LL;
		u32 t3 = 0;
		u8 *t4 = bpf_map_lookup_elem(&map_, &t3);
		if (t4) {
			*(u64 *)t4 = 1;
			u64 t5 = eb_lhist_index((u64)(t2), 1, 0LL, 100LL, 1LL);
			LIMIT(t5, 101);
			((u64 *)(t4 + 8))[t5]++;
		}
	}
	return 0;
}
