#define EB_SITES 2
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "process.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
static const u8 eb_constant_1[5] SEC(".rodata.tables") __attribute__((aligned(8))) = "zero\000";
static const u8 eb_constant_2[4] SEC(".rodata.tables") __attribute__((aligned(8))) = "few\000";

#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
	u64 pid_tgid = bpf_get_current_pid_tgid();
#line 1 "script.bt"
	u64 v0_x = 0;
	{
		u64 t1 = bpf_get_smp_processor_id();
		v0_x = t1;
	}
	{
		if (((u64)(v0_x) == (u64)(0ULL))) {
			{
				u8 *t2 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
				if (t2) {
					*(u64 *)t2 = 0;
					*(u32 *)((t2 + 8) + 0) = *(u32 *)((u8 *)eb_constant_1 + 0);
					*(u8 *)((t2 + 8) + 4) = *(u8 *)((u8 *)eb_constant_1 + 4);
					bpf_ringbuf_submit(t2, EB_WAKEUP);
				} else {
					eb_fail(0, -28);
				}
			}
		} else {
			{
				u8 t3 = (((u64)(v0_x) < (u64)(4ULL))) != 0;
				if (t3) {
					t3 = (((u64)((u64)((u32)(pid_tgid >> 32))) != (u64)(1ULL))) != 0;
				}
				if (t3) {
					{
						u8 *t4 = bpf_ringbuf_reserve(&eb_ring, 16, 0);
						if (t4) {
							*(u64 *)t4 = 1;
							*(u32 *)((t4 + 8) + 0) = *(u32 *)((u8 *)eb_constant_2 + 0);
							bpf_ringbuf_submit(t4, EB_WAKEUP);
						} else {
							eb_fail(1, -28);
						}
					}
				} else {
					{
						v0_x = 5ULL;
					}
				}
			}
		}
	}
	return 0;
}
