#define EB_SITES 1
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "math.h"
#include "process.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	struct { u64 set; u64 value[1]; } map_a __attribute__((aligned(64)));
	struct { u64 set; u64 value[1]; } map_b __attribute__((aligned(64)));
	struct { u64 set; u64 value[1]; } map_c __attribute__((aligned(64)));
	struct { u64 set; u64 value[1]; } map_d __attribute__((aligned(64)));
	struct { u64 set; u64 value[1]; } map_e __attribute__((aligned(64)));
	struct { u64 set; u64 value[1]; } map_f __attribute__((aligned(64)));
	struct { u64 set; u64 value[1]; } map_g __attribute__((aligned(64)));
	struct { u64 set; u64 value[1]; } map_h __attribute__((aligned(64)));
	struct { u64 set; u64 value[1]; } map_i __attribute__((aligned(64)));
} eb_scalars SEC(".data.eb_scalars");
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 16);
	MAP_UINT(max_entries, 1);
} map_n SEC(".maps");
static const u8 eb_constant_1[4] SEC(".rodata.tables") __attribute__((aligned(8))) = "abc\000";
static const u8 eb_constant_2[8] SEC(".rodata.tables") __attribute__((aligned(8))) = "abc\000\000\000\000\000";

#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
	u64 pid_tgid = bpf_get_current_pid_tgid();
#line 2 "script.bt"
	u32 v0_x = 0;
	{
		v0_x = (u32)(pid_tgid >> 32);
	}
#line 3 "script.bt"
	{
		u64 m1[1] = {};
		*(u32 *)((u8 *)m1) = v0_x;
		*(u32 *)((((u8 *)&eb_scalars.map_a) + 8) + 0) = *(u32 *)((u8 *)m1 + 0);
		*(u64 *)((u8 *)&eb_scalars.map_a) = 1;
	}
#line 4 "script.bt"
	{
		u64 m2[1] = {};
		*(u64 *)((u8 *)m2) = (u64)(v0_x);
		*(u64 *)((((u8 *)&eb_scalars.map_b) + 8) + 0) = *(u64 *)((u8 *)m2 + 0);
		*(u64 *)((u8 *)&eb_scalars.map_b) = 1;
	}
#line 5 "script.bt"
	{
		u64 m3[1] = {};
		*(u32 *)((u8 *)m3) = v0_x;
		*(u32 *)((((u8 *)&eb_scalars.map_c) + 8)) = *(u32 *)((u8 *)m3);
		*(u64 *)((u8 *)&eb_scalars.map_c) = 1;
	}
#line 6 "script.bt"
	{
		*(u32 *)((((u8 *)&eb_scalars.map_d) + 8)) = (u32)(v0_x);
		*(u64 *)((u8 *)&eb_scalars.map_d) = 1;
	}
#line 7 "script.bt"
	{
		u64 m4[2] = {};
		bpf_get_current_comm((u8 *)m4, 16);
		*(u8 *)((((u8 *)&eb_scalars.map_e) + 8)) = ((u8 *)m4[0] != 0);
		*(u64 *)((u8 *)&eb_scalars.map_e) = 1;
	}
#line 8 "script.bt"
	{
		u64 m5[1] = {};
		*(u32 *)((u8 *)m5 + 0) = *(u32 *)((u8 *)eb_constant_1 + 0);
		*(u32 *)((((u8 *)&eb_scalars.map_f) + 8) + 0) = *(u32 *)((u8 *)m5 + 0);
		*(u64 *)((u8 *)&eb_scalars.map_f) = 1;
	}
#line 9 "script.bt"
	{
		*(u64 *)((((u8 *)&eb_scalars.map_g) + 8) + 0) = *(u64 *)((u8 *)eb_constant_2 + 0);
		*(u64 *)((u8 *)&eb_scalars.map_g) = 1;
	}
#line 10 "script.bt"
	{
		*(u64 *)((((u8 *)&eb_scalars.map_h) + 8)) = (u64)(v0_x);
		*(u64 *)((u8 *)&eb_scalars.map_h) = 1;
	}
#line 11 "script.bt"
	{
		u32 t6 = 0;
		u8 *t7 = bpf_map_lookup_elem(&map_n, &t6);
		if (t7) {
			*(u64 *)t7 = 1;
			(*(u64 *)(t7 + 8))++;
		}
	}
#line 12 "script.bt"
	{
		u32 t8 = 0;
		u64 t9 = 0;
		#pragma clang loop unroll(disable)
		for (u32 i10 = 0; i10 < eb_params.ncpus; i10++) {
			u8 *t11 = bpf_map_lookup_percpu_elem(&map_n, &t8, i10);
			if (!t11)
				break;
			t9 += *(u64 *)((t11 + 8));
		}
		u64 t12 = t9;
		*(u8 *)((((u8 *)&eb_scalars.map_i) + 8)) = (u8)(t12);
		*(u64 *)((u8 *)&eb_scalars.map_i) = 1;
	}
	return 0;
}
