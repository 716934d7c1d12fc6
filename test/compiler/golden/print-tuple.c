#define EB_SITES 2
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "process.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
static const u8 eb_constant_1[4] SEC(".rodata.tables") __attribute__((aligned(8))) = "two\000";

#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
	u64 pid_tgid = bpf_get_current_pid_tgid();
#line 1 "script.bt"
	{
		u64 m1[3] = {};
		*(s8 *)(((u8 *)m1 + 0)) = 1LL;
		*(u8 *)(((u8 *)m1 + 1) + 0) = *(u8 *)((u8 *)eb_constant_1 + 0);
		*(u8 *)(((u8 *)m1 + 1) + 1) = *(u8 *)((u8 *)eb_constant_1 + 1);
		*(u8 *)(((u8 *)m1 + 1) + 2) = *(u8 *)((u8 *)eb_constant_1 + 2);
		*(u8 *)(((u8 *)m1 + 1) + 3) = *(u8 *)((u8 *)eb_constant_1 + 3);
		__builtin_memset(__builtin_assume_aligned(((u8 *)m1 + 8), 8), 0, 16);
		u64 t2 = bpf_get_smp_processor_id();
		*(u64 *)((((u8 *)m1 + 8) + 0)) = t2;
		*(u8 *)((((u8 *)m1 + 8) + 8)) = 1;
		u8 *t3 = bpf_ringbuf_reserve(&eb_ring, 32, 0);
		if (t3) {
			*(u64 *)t3 = 0;
			*(u64 *)((t3 + 8) + 0) = *(u64 *)((u8 *)m1 + 0);
			*(u64 *)((t3 + 8) + 8) = *(u64 *)((u8 *)m1 + 8);
			*(u64 *)((t3 + 8) + 16) = *(u64 *)((u8 *)m1 + 16);
			bpf_ringbuf_submit(t3, EB_WAKEUP);
		} else {
			eb_fail(0, -28);
		}
	}
	u64 v0_t[3] = {};
	{
		*(u32 *)(((u8 *)v0_t + 0)) = (u32)(pid_tgid >> 32);
		bpf_get_current_comm(((u8 *)v0_t + 4), 16);
	}
	{
		u8 *t4 = bpf_ringbuf_reserve(&eb_ring, 24, 0);
		if (t4) {
			*(u64 *)t4 = 1;
			*(u32 *)((t4 + 8) + 0) = *(u32 *)(((u8 *)v0_t + 4) + 0);
			*(u32 *)((t4 + 8) + 4) = *(u32 *)(((u8 *)v0_t + 4) + 4);
			*(u32 *)((t4 + 8) + 8) = *(u32 *)(((u8 *)v0_t + 4) + 8);
			*(u32 *)((t4 + 8) + 12) = *(u32 *)(((u8 *)v0_t + 4) + 12);
			bpf_ringbuf_submit(t4, EB_WAKEUP);
		} else {
			eb_fail(1, -28);
		}
	}
	return 0;
}
