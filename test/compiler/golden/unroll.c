#define EB_SITES 2
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
				u8 *t1 = bpf_map_lookup_elem(&map_, (u8 *)v0_x);
				if (UNLIKELY(!t1)) {
					long t2 = bpf_map_update_elem(&map_, (u8 *)v0_x, eb_constant_2, BPF_NOEXIST);
					t1 = bpf_map_lookup_elem(&map_, (u8 *)v0_x);
					if (!t1)
						eb_fail(0, t2);
				}
				if (t1) {
					(*(u64 *)(t1))++;
				}
			}
			{
				u64 t3 = bpf_get_smp_processor_id();
				if (((u64)(t3) == (u64)(1ULL))) {
					{
						u8 *t4 = bpf_map_lookup_elem(&map_, (u8 *)v0_x);
						if (UNLIKELY(!t4)) {
							long t5 = bpf_map_update_elem(&map_, (u8 *)v0_x, eb_constant_2, BPF_NOEXIST);
							t4 = bpf_map_lookup_elem(&map_, (u8 *)v0_x);
							if (!t4)
								eb_fail(1, t5);
						}
						if (t4) {
							(*(u64 *)(t4))++;
						}
					}
				}
			}
		}
		{
			u64 v0_x[1] = {};
			{
				*(u32 *)((u8 *)v0_x + 0) = *(u32 *)((u8 *)eb_constant_1 + 0);
				*(u16 *)((u8 *)v0_x + 4) = *(u16 *)((u8 *)eb_constant_1 + 4);
			}
			{
				u8 *t6 = bpf_map_lookup_elem(&map_, (u8 *)v0_x);
				if (UNLIKELY(!t6)) {
					long t7 = bpf_map_update_elem(&map_, (u8 *)v0_x, eb_constant_2, BPF_NOEXIST);
					t6 = bpf_map_lookup_elem(&map_, (u8 *)v0_x);
					if (!t6)
						eb_fail(0, t7);
				}
				if (t6) {
					(*(u64 *)(t6))++;
				}
			}
			{
				u64 t8 = bpf_get_smp_processor_id();
				if (((u64)(t8) == (u64)(1ULL))) {
					{
						u8 *t9 = bpf_map_lookup_elem(&map_, (u8 *)v0_x);
						if (UNLIKELY(!t9)) {
							long t10 = bpf_map_update_elem(&map_, (u8 *)v0_x, eb_constant_2, BPF_NOEXIST);
							t9 = bpf_map_lookup_elem(&map_, (u8 *)v0_x);
							if (!t9)
								eb_fail(1, t10);
						}
						if (t9) {
							(*(u64 *)(t9))++;
						}
					}
				}
			}
		}
		{
			u64 v0_x[1] = {};
			{
				*(u32 *)((u8 *)v0_x + 0) = *(u32 *)((u8 *)eb_constant_1 + 0);
				*(u16 *)((u8 *)v0_x + 4) = *(u16 *)((u8 *)eb_constant_1 + 4);
			}
			{
				u8 *t11 = bpf_map_lookup_elem(&map_, (u8 *)v0_x);
				if (UNLIKELY(!t11)) {
					long t12 = bpf_map_update_elem(&map_, (u8 *)v0_x, eb_constant_2, BPF_NOEXIST);
					t11 = bpf_map_lookup_elem(&map_, (u8 *)v0_x);
					if (!t11)
						eb_fail(0, t12);
				}
				if (t11) {
					(*(u64 *)(t11))++;
				}
			}
			{
				u64 t13 = bpf_get_smp_processor_id();
				if (((u64)(t13) == (u64)(1ULL))) {
					{
						u8 *t14 = bpf_map_lookup_elem(&map_, (u8 *)v0_x);
						if (UNLIKELY(!t14)) {
							long t15 = bpf_map_update_elem(&map_, (u8 *)v0_x, eb_constant_2, BPF_NOEXIST);
							t14 = bpf_map_lookup_elem(&map_, (u8 *)v0_x);
							if (!t14)
								eb_fail(1, t15);
						}
						if (t14) {
							(*(u64 *)(t14))++;
						}
					}
				}
			}
		}
	}
	return 0;
}
