#define EB_SITES 2
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "process.h"
#include "read.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	MAP_UINT(type, BPF_MAP_TYPE_HASH);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_sizes SEC(".maps");

#line 12 "script.bt"
SEC("perf_event") int p0(u64 *ctx) {
	if (eb_stopped())
		return 0;
	u64 pid_tgid = bpf_get_current_pid_tgid();
#line 12 "script.bt"
	{
		u32 t1 = 0;
		{
#line 2 "script.bt"
			u32 v0_v_2 = 0;
			{
				v0_v_2 = (u32)(pid_tgid >> 32);
			}
			u32 t2 = 0;
			if (((u64)((u64)(v0_v_2)) > (u64)(4096ULL))) {
				t2 = 4096ULL;
			} else {
				t2 = v0_v_2;
			}
			t1 = t2;
		}
		if (!(((u64)((u64)(t1)) > (u64)(5ULL))))
			return 0;
	}
#line 13 "script.bt"
	s64 v1_v = 0;
	{
		v1_v = 3LL;
	}
#line 14 "script.bt"
	u64 v2_same = 0;
	{
		u64 t3 = eb_address(&v1_v);
		v2_same = (u64)(t3);
	}
	{
#line 6 "script.bt"
		{
			v1_v = (s64)((u64)(v1_v) + (u64)(1LL));
		}
#line 7 "script.bt"
		{
			s64 t4 = 0;
			{
#line 2 "script.bt"
				s64 v4_v_5 = 0;
				{
					s64 t5 = 0;
					{
						t5 = v1_v;
					}
					v4_v_5 = t5;
				}
				s64 t6 = 0;
				if (((s64)(v4_v_5) > (s64)(10LL))) {
					t6 = 10LL;
				} else {
					t6 = v4_v_5;
				}
				t4 = t6;
			}
			s64 t7 = t4;
			u32 t8 = 0;
			{
				u32 v3_v_3 = 0;
				{
					v3_v_3 = (u32)pid_tgid;
				}
				u32 t9 = 0;
				if (((u64)((u64)(v3_v_3)) > (u64)(7ULL))) {
					t9 = 7ULL;
				} else {
					t9 = v3_v_3;
				}
				t8 = t9;
			}
			u32 t10 = t8;
			u8 *t11 = bpf_map_lookup_elem(&map_sizes, &t10);
			if (t11) {
				*(s64 *)t11 = t7;
			} else {
				long t12 = bpf_map_update_elem(&map_sizes, &t10, &t7, BPF_ANY);
				if (t12)
					eb_fail(0, t12);
			}
		}
	}
#line 16 "script.bt"
	{
		{
			{
				v1_v = (s64)((u64)(v1_v) + (u64)(1LL));
			}
		}
		{
			{
				v1_v = (s64)((u64)(v1_v) + (u64)(1LL));
			}
		}
	}
#line 17 "script.bt"
	{
		u32 t13 = 0;
		{
			u64 t14 = 0;
			{
				t14 = v2_same;
			}
			u32 t15 = 0;
			eb_read(&t15, sizeof(t15), (void *)((u64)(t14)));
			t13 = t15;
		}
		u8 *t16 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
		if (t16) {
			*(u64 *)t16 = 0;
			*(u32 *)((t16 + 8)) = t13;
			bpf_ringbuf_submit(t16, EB_WAKEUP);
		} else {
			eb_fail(1, -28);
		}
	}
	return 0;
}
