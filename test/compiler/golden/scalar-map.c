#define EB_SITES 1
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	struct { u64 set; u64 value[1]; } map_x __attribute__((aligned(64)));
	struct { u64 set; u64 value[1]; } map_s __attribute__((aligned(64)));
} eb_scalars SEC(".data.eb_scalars");
static const u8 eb_constant_1[5] SEC(".rodata.tables") __attribute__((aligned(8))) = "text\000";

#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
#line 1 "script.bt"
	{
		*(s64 *)((((u8 *)&eb_scalars.map_x) + 8)) = 5LL;
		*(u64 *)((u8 *)&eb_scalars.map_x) = 1;
	}
	{
		s64 t1 = *(s64 *)(((u8 *)&eb_scalars.map_x) + 8);
		*(s64 *)((((u8 *)&eb_scalars.map_x) + 8)) = (s64)((u64)(t1) + (u64)(2LL));
		*(u64 *)((u8 *)&eb_scalars.map_x) = 1;
	}
	{
		s64 t2 = *(s64 *)(((u8 *)&eb_scalars.map_x) + 8);
		s64 t3 = t2;
		s64 t4 = (s64)((u64)t3 + 1);
		*(s64 *)((((u8 *)&eb_scalars.map_x) + 8)) = t4;
		*(u64 *)((u8 *)&eb_scalars.map_x) = 1;
		(void)(t3);
	}
	{
		*(u32 *)((((u8 *)&eb_scalars.map_s) + 8) + 0) = *(u32 *)((u8 *)eb_constant_1 + 0);
		*(u8 *)((((u8 *)&eb_scalars.map_s) + 8) + 4) = *(u8 *)((u8 *)eb_constant_1 + 4);
		*(u64 *)((u8 *)&eb_scalars.map_s) = 1;
	}
	{
		s64 t5 = *(s64 *)(((u8 *)&eb_scalars.map_x) + 8);
		*(s64 *)((((u8 *)&eb_scalars.map_x) + 8)) = (s64)((u64)(t5) * (u64)(2LL));
		*(u64 *)((u8 *)&eb_scalars.map_x) = 1;
	}
	return 0;
}
