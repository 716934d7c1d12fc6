#define EB_SITES 2
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "math.h"
#include "process.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_HASH);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_m SEC(".maps");
static const u8 eb_constant_1[8] SEC(".rodata.tables") __attribute__((aligned(8))) = "\000\000\000\000\000\000\000\000";

#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
	u64 pid_tgid = bpf_get_current_pid_tgid();
	{
#line 2 "script.bt"
		u64 v0_x = 0;
		{
			u64 t1 = bpf_ktime_get_boot_ns();
			v0_x = t1;
		}
		{
			u64 t2 = v0_x;
			u32 t3 = (u32)(pid_tgid >> 32);
			u8 *t4 = bpf_map_lookup_elem(&map_m, &t3);
			if (UNLIKELY(!t4)) {
				long t5 = bpf_map_update_elem(&map_m, &t3, eb_constant_1, BPF_NOEXIST);
				t4 = bpf_map_lookup_elem(&map_m, &t3);
				if (!t4)
					eb_fail(0, t5);
			}
			if (t4) {
				*(u64 *)(t4) += (u64)(t2);
			}
		}
	}
#line 3 "script.bt"
	u64 v1_v = 0;
#line 4 "script.bt"
	u32 v2_k = 0;
	{
		v2_k = 5ULL;
	}
#line 5 "script.bt"
	{
		u8 t6 = 0;
		{
			{
			}
			u32 v3_0key = 0;
			{
				v3_0key = v2_k;
			}
			u32 t7 = v3_0key;
			u8 t8 = bpf_map_lookup_elem(&map_m, &t7) != 0;
			u8 t9 = 0;
			if (t8) {
				u8 t10 = 0;
				{
					{
						u32 t11 = v3_0key;
						u64 t12 = 0;
						#pragma clang loop unroll(disable)
						for (u32 i13 = 0; i13 < eb_params.ncpus; i13++) {
							u8 *t14 = bpf_map_lookup_percpu_elem(&map_m, &t11, i13);
							if (!t14)
								break;
							t12 += *(u64 *)(t14);
						}
						u64 t15 = t12;
						v1_v = t15;
					}
					t10 = 1;
				}
				t9 = t10;
			} else {
				u8 t16 = 0;
				{
					t16 = 0;
				}
				t9 = t16;
			}
			t6 = t9;
		}
		if (t6) {
			{
				u8 *t17 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
				if (t17) {
					*(u64 *)t17 = 0;
					*(u64 *)((t17 + 8)) = v1_v;
					bpf_ringbuf_submit(t17, EB_WAKEUP);
				} else {
					eb_fail(1, -28);
				}
			}
		}
	}
	return 0;
}
