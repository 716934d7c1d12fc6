#define EB_SITES 1
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "read.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	struct { u64 set; u64 value[1]; } map_here __attribute__((aligned(64)));
	struct { u64 set; u64 value[1]; } map_first __attribute__((aligned(64)));
} eb_scalars SEC(".data.eb_scalars");

#line 1 "script.bt"
SEC("perf_event") int p0(u64 *ctx) {
	if (eb_stopped())
		return 0;
#line 2 "script.bt"
	{
		u64 t1 = bpf_get_smp_processor_id();
		u64 t2 = 0;
		if (t1 < eb_params.ncpus) {
			u64 t3 = 0;
			bpf_probe_read_kernel(&t3, 8, (void *)(18446744071597727744ULL + t1 * 8));
			t2 = 18446744071597719616ULL + t3;
		}
		u64 t4 = 0;
		bpf_probe_read_kernel(&t4, sizeof(t4), (void *)(t2));
		*(u64 *)((((u8 *)&eb_scalars.map_here) + 8)) = t4;
		*(u64 *)((u8 *)&eb_scalars.map_here) = 1;
	}
#line 3 "script.bt"
	{
		u64 t5 = (u64)(s64)(0LL);
		u64 t6 = 0;
		if (t5 < eb_params.ncpus) {
			u64 t7 = 0;
			bpf_probe_read_kernel(&t7, 8, (void *)(18446744071597727744ULL + t5 * 8));
			t6 = 18446744071597719616ULL + t7;
		}
		u64 t8 = 0;
		bpf_probe_read_kernel(&t8, sizeof(t8), (void *)(t6));
		*(u64 *)((((u8 *)&eb_scalars.map_first) + 8)) = t8;
		*(u64 *)((u8 *)&eb_scalars.map_first) = 1;
	}
	return 0;
}
