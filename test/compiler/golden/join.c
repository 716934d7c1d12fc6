#define EB_SITES 2
#include "ebtrace.h"
#include "control.h"
#include "sites.h"
#include "process.h"
#include "read.h"
#include "ring.h"
#include "syscall.h"

const char eb_license[] SEC("license") = "GPL";
const volatile struct eb_params eb_params SEC(".rodata.params") = {};

#define SCRATCH_INDEX_p0 bpf_get_smp_processor_id()
struct {
	MAP_UINT(type, BPF_MAP_TYPE_ARRAY);
	MAP_UINT(key_size, 4);
	MAP_UINT(value_size, 32840);
	MAP_UINT(max_entries, 2);
} scratch_p0 SEC(".maps");
#line 1 "script.bt"
SEC("raw_tp") int p0(u64 *ctx) {
	u64 number = ctx[1];
	if (number != 59)
		return 0;
	if (eb_stopped())
		return 0;
	if (eb_params.filter_pid && eb_pid() != eb_params.filter_pid)
		return 0;
	u32 scratch_index = SCRATCH_INDEX_p0;
	u8 *scratch = bpf_map_lookup_elem(&scratch_p0, &scratch_index);
	if (!scratch)
		return 0;
	void *task = bpf_get_current_task_btf();
	void *registers = bpf_task_pt_regs(task);
#line 1 "script.bt"
	{
		*(u64 *)(scratch + 0) = 0;
		u64 t1 = 0;
		u64 t2 = 0;
		u64 t3 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t2, 8, (void *)(t3 + 0));
		u64 t4 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t1), 1024, (void *)(u64)(t2)), 2047);
		*(u32 *)((scratch + 0) + 8) = t4;
		t1 += t4;
		u64 t5 = 0;
		u64 t6 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t5, 8, (void *)(t6 + 8));
		u64 t7 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t1), 1024, (void *)(u64)(t5)), 2047);
		*(u32 *)((scratch + 0) + 12) = t7;
		t1 += t7;
		u64 t8 = 0;
		u64 t9 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t8, 8, (void *)(t9 + 16));
		u64 t10 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t1), 1024, (void *)(u64)(t8)), 2047);
		*(u32 *)((scratch + 0) + 16) = t10;
		t1 += t10;
		u64 t11 = 0;
		u64 t12 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t11, 8, (void *)(t12 + 24));
		u64 t13 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t1), 1024, (void *)(u64)(t11)), 2047);
		*(u32 *)((scratch + 0) + 20) = t13;
		t1 += t13;
		u64 t14 = 0;
		u64 t15 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t14, 8, (void *)(t15 + 32));
		u64 t16 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t1), 1024, (void *)(u64)(t14)), 2047);
		*(u32 *)((scratch + 0) + 24) = t16;
		t1 += t16;
		u64 t17 = 0;
		u64 t18 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t17, 8, (void *)(t18 + 40));
		u64 t19 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t1), 1024, (void *)(u64)(t17)), 2047);
		*(u32 *)((scratch + 0) + 28) = t19;
		t1 += t19;
		u64 t20 = 0;
		u64 t21 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t20, 8, (void *)(t21 + 48));
		u64 t22 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t1), 1024, (void *)(u64)(t20)), 2047);
		*(u32 *)((scratch + 0) + 32) = t22;
		t1 += t22;
		u64 t23 = 0;
		u64 t24 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t23, 8, (void *)(t24 + 56));
		u64 t25 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t1), 1024, (void *)(u64)(t23)), 2047);
		*(u32 *)((scratch + 0) + 36) = t25;
		t1 += t25;
		u64 t26 = 0;
		u64 t27 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t26, 8, (void *)(t27 + 64));
		u64 t28 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t1), 1024, (void *)(u64)(t26)), 2047);
		*(u32 *)((scratch + 0) + 40) = t28;
		t1 += t28;
		u64 t29 = 0;
		u64 t30 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t29, 8, (void *)(t30 + 72));
		u64 t31 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t1), 1024, (void *)(u64)(t29)), 2047);
		*(u32 *)((scratch + 0) + 44) = t31;
		t1 += t31;
		u64 t32 = 0;
		u64 t33 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t32, 8, (void *)(t33 + 80));
		u64 t34 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t1), 1024, (void *)(u64)(t32)), 2047);
		*(u32 *)((scratch + 0) + 48) = t34;
		t1 += t34;
		u64 t35 = 0;
		u64 t36 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t35, 8, (void *)(t36 + 88));
		u64 t37 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t1), 1024, (void *)(u64)(t35)), 2047);
		*(u32 *)((scratch + 0) + 52) = t37;
		t1 += t37;
		u64 t38 = 0;
		u64 t39 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t38, 8, (void *)(t39 + 96));
		u64 t40 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t1), 1024, (void *)(u64)(t38)), 2047);
		*(u32 *)((scratch + 0) + 56) = t40;
		t1 += t40;
		u64 t41 = 0;
		u64 t42 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t41, 8, (void *)(t42 + 104));
		u64 t43 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t1), 1024, (void *)(u64)(t41)), 2047);
		*(u32 *)((scratch + 0) + 60) = t43;
		t1 += t43;
		u64 t44 = 0;
		u64 t45 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t44, 8, (void *)(t45 + 112));
		u64 t46 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t1), 1024, (void *)(u64)(t44)), 2047);
		*(u32 *)((scratch + 0) + 64) = t46;
		t1 += t46;
		u64 t47 = 0;
		u64 t48 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t47, 8, (void *)(t48 + 120));
		u64 t49 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t1), 1024, (void *)(u64)(t47)), 2047);
		*(u32 *)((scratch + 0) + 68) = t49;
		t1 += t49;
		long t50 = bpf_ringbuf_output(&eb_ring, (scratch + 0), 72 + t1, EB_WAKEUP);
		if (t50)
			eb_fail(0, t50);
	}
	{
		HIDE(scratch);
		*(u64 *)(scratch + 0) = 1;
		u64 t51 = 0;
		u64 t52 = 0;
		u64 t53 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t52, 8, (void *)(t53 + 0));
		u64 t54 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t51), 1024, (void *)(u64)(t52)), 2047);
		*(u32 *)((scratch + 0) + 8) = t54;
		t51 += t54;
		u64 t55 = 0;
		u64 t56 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t55, 8, (void *)(t56 + 8));
		u64 t57 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t51), 1024, (void *)(u64)(t55)), 2047);
		*(u32 *)((scratch + 0) + 12) = t57;
		t51 += t57;
		u64 t58 = 0;
		u64 t59 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t58, 8, (void *)(t59 + 16));
		u64 t60 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t51), 1024, (void *)(u64)(t58)), 2047);
		*(u32 *)((scratch + 0) + 16) = t60;
		t51 += t60;
		u64 t61 = 0;
		u64 t62 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t61, 8, (void *)(t62 + 24));
		u64 t63 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t51), 1024, (void *)(u64)(t61)), 2047);
		*(u32 *)((scratch + 0) + 20) = t63;
		t51 += t63;
		u64 t64 = 0;
		u64 t65 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t64, 8, (void *)(t65 + 32));
		u64 t66 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t51), 1024, (void *)(u64)(t64)), 2047);
		*(u32 *)((scratch + 0) + 24) = t66;
		t51 += t66;
		u64 t67 = 0;
		u64 t68 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t67, 8, (void *)(t68 + 40));
		u64 t69 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t51), 1024, (void *)(u64)(t67)), 2047);
		*(u32 *)((scratch + 0) + 28) = t69;
		t51 += t69;
		u64 t70 = 0;
		u64 t71 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t70, 8, (void *)(t71 + 48));
		u64 t72 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t51), 1024, (void *)(u64)(t70)), 2047);
		*(u32 *)((scratch + 0) + 32) = t72;
		t51 += t72;
		u64 t73 = 0;
		u64 t74 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t73, 8, (void *)(t74 + 56));
		u64 t75 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t51), 1024, (void *)(u64)(t73)), 2047);
		*(u32 *)((scratch + 0) + 36) = t75;
		t51 += t75;
		u64 t76 = 0;
		u64 t77 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t76, 8, (void *)(t77 + 64));
		u64 t78 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t51), 1024, (void *)(u64)(t76)), 2047);
		*(u32 *)((scratch + 0) + 40) = t78;
		t51 += t78;
		u64 t79 = 0;
		u64 t80 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t79, 8, (void *)(t80 + 72));
		u64 t81 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t51), 1024, (void *)(u64)(t79)), 2047);
		*(u32 *)((scratch + 0) + 44) = t81;
		t51 += t81;
		u64 t82 = 0;
		u64 t83 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t82, 8, (void *)(t83 + 80));
		u64 t84 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t51), 1024, (void *)(u64)(t82)), 2047);
		*(u32 *)((scratch + 0) + 48) = t84;
		t51 += t84;
		u64 t85 = 0;
		u64 t86 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t85, 8, (void *)(t86 + 88));
		u64 t87 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t51), 1024, (void *)(u64)(t85)), 2047);
		*(u32 *)((scratch + 0) + 52) = t87;
		t51 += t87;
		u64 t88 = 0;
		u64 t89 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t88, 8, (void *)(t89 + 96));
		u64 t90 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t51), 1024, (void *)(u64)(t88)), 2047);
		*(u32 *)((scratch + 0) + 56) = t90;
		t51 += t90;
		u64 t91 = 0;
		u64 t92 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t91, 8, (void *)(t92 + 104));
		u64 t93 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t51), 1024, (void *)(u64)(t91)), 2047);
		*(u32 *)((scratch + 0) + 60) = t93;
		t51 += t93;
		u64 t94 = 0;
		u64 t95 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t94, 8, (void *)(t95 + 112));
		u64 t96 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t51), 1024, (void *)(u64)(t94)), 2047);
		*(u32 *)((scratch + 0) + 64) = t96;
		t51 += t96;
		u64 t97 = 0;
		u64 t98 = (u64)EB_REGISTER(registers, 104);
		bpf_probe_read_user(&t97, 8, (void *)(t98 + 120));
		u64 t99 = eb_stored(bpf_probe_read_user_str(((scratch + 0) + 72 + t51), 1024, (void *)(u64)(t97)), 2047);
		*(u32 *)((scratch + 0) + 68) = t99;
		t51 += t99;
		long t100 = bpf_ringbuf_output(&eb_ring, (scratch + 0), 72 + t51, EB_WAKEUP);
		if (t100)
			eb_fail(1, t100);
	}
	return 0;
}
