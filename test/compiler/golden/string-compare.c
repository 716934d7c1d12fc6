#define EB_SITES 1
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "process.h"
#include "strings.h"
#include "syscall.h"
#include "ring.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_HASH);
	MAP_UINT(key_size, 1);
	MAP_UINT(value_size, 8);
	MAP_UINT(max_entries, 4096);
} map_ SEC(".maps");
static const u8 eb_constant_1[4] SEC(".rodata.tables") __attribute__((aligned(8))) = "cat\000";
static const u8 eb_constant_2[4] SEC(".rodata.tables") __attribute__((aligned(8))) = "ssh\000";
static const u8 eb_constant_3[12] SEC(".rodata.tables") __attribute__((aligned(8))) = "/etc/passwd\000";
static const u8 eb_constant_4[8] SEC(".rodata.tables") __attribute__((aligned(8))) = "\000\000\000\000\000\000\000\000";

#define SCRATCH_INDEX_p0 0
struct {
	MAP_UINT(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 1024);
	MAP_UINT(max_entries, 1);
} scratch_p0 SEC(".maps");
#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
	u64 number = ctx[1];
	if (number != 257)
		return 0;
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
	u32 scratch_index = SCRATCH_INDEX_p0;
	u8 *scratch = bpf_map_lookup_elem(&scratch_p0, &scratch_index);
	if (!scratch)
		return 0;
#line 1 "script.bt"
	{
		u64 m1[2] = {};
		bpf_get_current_comm((u8 *)m1, 16);
		u8 t2 = eb_string_equal((u8 *)m1, (u8 *)eb_constant_1, 4);
		u8 t3 = (t2) != 0;
		if (!t3) {
			u64 m4[2] = {};
			bpf_get_current_comm((u8 *)m4, 16);
			u64 t5 = !eb_string_equal((u8 *)m4, (u8 *)eb_constant_2, 3);
			t3 = (((u64)(t5) == (u64)(0ULL))) != 0;
		}
		if (!(t3))
			return 0;
	}
	void *task = bpf_get_current_task_btf();
	void *registers = bpf_task_pt_regs(task);
	{
		HIDE(scratch);
		u64 t6 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_kernel((scratch + 0), 1024, (void *)0);
		bpf_probe_read_user_str((scratch + 0), 1024, (void *)(u64)(t6));
	}
	{
		HIDE(scratch);
		u8 t7 = eb_string_equal((scratch + 0), (u8 *)eb_constant_3, 12);
		if (!t7) {
			{
				HIDE(scratch);
				s8 t8 = *(s8 *)(((scratch + 0) + 0));
				u8 *t9 = bpf_map_lookup_elem(&map_, &t8);
				if (UNLIKELY(!t9)) {
					long t10 = bpf_map_update_elem(&map_, &t8, eb_constant_4, BPF_NOEXIST);
					t9 = bpf_map_lookup_elem(&map_, &t8);
					if (!t9)
						eb_fail(0, t10);
				}
				if (t9) {
					(*(u64 *)(t9))++;
				}
			}
		}
	}
	return 0;
}
