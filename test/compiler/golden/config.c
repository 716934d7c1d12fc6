#define EB_SITES 1
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "read.h"
#include "ring.h"

const char eb_license[] SEC("license") = "Dual MIT/GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	MAP_UINT(type, BPF_MAP_TYPE_HASH);
	MAP_UINT(key_size, 16);
	MAP_UINT(value_size, 1);
	MAP_UINT(max_entries, 10);
} map_ SEC(".maps");

#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
#line 1 "script.bt"
	{
		s8 t1 = 1LL;
		u64 t2 = bpf_ktime_get_boot_ns();
		u64 m3[3] = {};
		eb_read_str((u8 *)m3, 17, (void *)(u64)(t2));
		u8 *t4 = bpf_map_lookup_elem(&map_, (u8 *)m3);
		if (t4) {
			*(s8 *)t4 = t1;
		} else {
			long t5 = bpf_map_update_elem(&map_, (u8 *)m3, &t1, BPF_ANY);
			if (t5)
				eb_fail(0, t5);
		}
	}
	return 0;
}
