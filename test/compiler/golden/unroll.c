#define EB_SITES 1
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_HASH);
	MAP_UINT(key_size, 6);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_ SEC(".maps");
static const u8 eb_constant_1[6] SEC(".rodata.tables") __attribute__((aligned(8))) = "round\000";
static const u8 eb_constant_2[8] SEC(".rodata.tables") __attribute__((aligned(8))) = "\000\000\000\000\000\000\000\000";

#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
#line 1 "script.bt"
	{
		{
			u64 v0_x[1] = {};
			{
				*(u32 *)((u8 *)v0_x + 0) = *(u32 *)((u8 *)eb_constant_1 + 0);
				*(u16 *)((u8 *)v0_x + 4) = *(u16 *)((u8 *)eb_constant_1 + 4);
			}
			{
				u64 t1 = bpf_get_smp_processor_id();
				if (((u64)(t1) == (u64)(2ULL))) {
					goto next_2;
				}
			}
			{
				u8 *t3 = bpf_map_lookup_elem(&map_, (u8 *)v0_x);
				if (UNLIKELY(!t3)) {
					long t4 = bpf_map_update_elem(&map_, (u8 *)v0_x, eb_constant_2, BPF_NOEXIST);
					t3 = bpf_map_lookup_elem(&map_, (u8 *)v0_x);
					if (!t3)
						eb_fail(0, t4);
				}
				if (t3) {
					(*(u64 *)(t3))++;
				}
			}
			{
				u64 t5 = bpf_get_smp_processor_id();
				if (((u64)(t5) == (u64)(1ULL))) {
					goto break_6;
				}
			}
		}
		next_2:;
		{
			u64 v0_x[1] = {};
			{
				*(u32 *)((u8 *)v0_x + 0) = *(u32 *)((u8 *)eb_constant_1 + 0);
				*(u16 *)((u8 *)v0_x + 4) = *(u16 *)((u8 *)eb_constant_1 + 4);
			}
			{
				u64 t7 = bpf_get_smp_processor_id();
				if (((u64)(t7) == (u64)(2ULL))) {
					goto next_8;
				}
			}
			{
				u8 *t9 = bpf_map_lookup_elem(&map_, (u8 *)v0_x);
				if (UNLIKELY(!t9)) {
					long t10 = bpf_map_update_elem(&map_, (u8 *)v0_x, eb_constant_2, BPF_NOEXIST);
					t9 = bpf_map_lookup_elem(&map_, (u8 *)v0_x);
					if (!t9)
						eb_fail(0, t10);
				}
				if (t9) {
					(*(u64 *)(t9))++;
				}
			}
			{
				u64 t11 = bpf_get_smp_processor_id();
				if (((u64)(t11) == (u64)(1ULL))) {
					goto break_6;
				}
			}
		}
		next_8:;
		{
			u64 v0_x[1] = {};
			{
				*(u32 *)((u8 *)v0_x + 0) = *(u32 *)((u8 *)eb_constant_1 + 0);
				*(u16 *)((u8 *)v0_x + 4) = *(u16 *)((u8 *)eb_constant_1 + 4);
			}
			{
				u64 t12 = bpf_get_smp_processor_id();
				if (((u64)(t12) == (u64)(2ULL))) {
					goto next_13;
				}
			}
			{
				u8 *t14 = bpf_map_lookup_elem(&map_, (u8 *)v0_x);
				if (UNLIKELY(!t14)) {
					long t15 = bpf_map_update_elem(&map_, (u8 *)v0_x, eb_constant_2, BPF_NOEXIST);
					t14 = bpf_map_lookup_elem(&map_, (u8 *)v0_x);
					if (!t14)
						eb_fail(0, t15);
				}
				if (t14) {
					(*(u64 *)(t14))++;
				}
			}
			{
				u64 t16 = bpf_get_smp_processor_id();
				if (((u64)(t16) == (u64)(1ULL))) {
					goto break_6;
				}
			}
		}
		next_13:;
		break_6:;
	}
	return 0;
}
