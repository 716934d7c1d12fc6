/*
 * Included first by every generated program: integer types, section macros, the helpers of the kernel that we call
 * (numbers from include/uapi/linux/bpf.h), and the objects shared with the runtime. No other header of the system is
 * needed, so compiling costs 10 to 20 ms. The sizes of what is shared are asserted here and
 * written with the same numbers in runtime/params.ts, runtime/sites.ts and runtime/session.ts.
 */
#ifndef EBTRACE_H
#define EBTRACE_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long long s64;

#define SEC(name) __attribute__((section(name), used))
#define INLINE static inline __attribute__((always_inline))
#define NOINLINE static __attribute__((noinline, unused))
/* The value is opaque to the optimiser: keeps it from undoing checks that the verifier needs to see. */
#define HIDE(variable) asm volatile("" : "+r"(variable))
/*
 * Limit `variable` to 0..most so that the verifier sees it: the optimiser must neither drop the test nor make it on
 * another register than the one that is used afterwards.
 */
#define LIMIT(variable, most)                     \
	do {                                      \
		HIDE(variable);                   \
		if ((variable) > (most))          \
			(variable) = (most);      \
		HIDE(variable);                   \
	} while (0)
/* A new basic block begins; no instruction. */
#define SPLIT(label)                                          \
	asm goto("" : : : "memory" : label);           \
	label:
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* Map definitions in BTF style, as libbpf reads them. */
#define MAP_UINT(name, value) int (*name)[value]
#define MAP_TYPE(name, value) typeof(value) *name

enum {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PERCPU_HASH = 5,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_LRU_PERCPU_HASH = 10,
	BPF_MAP_TYPE_RINGBUF = 27,
	BPF_ANY = 0,
	BPF_NOEXIST = 1,
	BPF_EXIST = 2,
	BPF_F_NO_PREALLOC = 1,
};

static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*const bpf_map_update_elem)(void *map, const void *key, const void *value, u64 flags) = (void *)2;
static long (*const bpf_map_delete_elem)(void *map, const void *key) = (void *)3;
static u64 (*const bpf_ktime_get_ns)(void) = (void *)5;
static u32 (*const bpf_get_prandom_u32)(void) = (void *)7;
static u32 (*const bpf_get_smp_processor_id)(void) = (void *)8;
static u64 (*const bpf_get_current_pid_tgid)(void) = (void *)14;
static u64 (*const bpf_get_current_uid_gid)(void) = (void *)15;
static long (*const bpf_get_current_comm)(void *buf, u32 size) = (void *)16;
static u64 (*const bpf_get_current_task)(void) = (void *)35;
static u64 (*const bpf_get_current_cgroup_id)(void) = (void *)80;
static u64 (*const bpf_get_numa_node_id)(void) = (void *)42;
static long (*const bpf_probe_read_user)(void *dst, u32 size, const void *src) = (void *)112;
static long (*const bpf_probe_read_kernel)(void *dst, u32 size, const void *src) = (void *)113;
static long (*const bpf_probe_read_user_str)(void *dst, u32 size, const void *src) = (void *)114;
static long (*const bpf_probe_read_kernel_str)(void *dst, u32 size, const void *src) = (void *)115;
static u64 (*const bpf_jiffies64)(void) = (void *)118;
struct bpf_pidns_info {
	u32 pid;
	u32 tgid;
};
static long (*const bpf_get_ns_current_pid_tgid)(u64 dev, u64 ino, struct bpf_pidns_info *info, u32 size) = (void *)120;
static u64 (*const bpf_ktime_get_boot_ns)(void) = (void *)125;
static long (*const bpf_ringbuf_output)(void *ring, void *data, u64 size, u64 flags) = (void *)130;
static void *(*const bpf_ringbuf_reserve)(void *ring, u64 size, u64 flags) = (void *)131;
static void (*const bpf_ringbuf_submit)(void *data, u64 flags) = (void *)132;
static long (*const bpf_for_each_map_elem)(void *map, void *callback, void *context, u64 flags) = (void *)164;
static void *(*const bpf_get_current_task_btf)(void) = (void *)158;
static u64 (*const bpf_get_func_ip)(void *ctx) = (void *)173;
static u64 (*const bpf_get_attach_cookie)(void *ctx) = (void *)174;
static void *(*const bpf_task_pt_regs)(void *task) = (void *)175;
static long (*const bpf_loop)(u32 count, void *callback, void *context, u64 flags) = (void *)181;
static long (*const bpf_get_func_ret)(void *ctx, u64 *value) = (void *)184;
static void *(*const bpf_map_lookup_percpu_elem)(void *map, const void *key, u32 cpu) = (void *)195;

/* Written by user space before loading; runtime/params.ts writes the same bytes. */
struct eb_params {
	u64 pidns_dev;   /* device of /proc/self/ns/pid, for bpf_get_ns_current_pid_tgid */
	u64 pidns_inode;
	u32 cpid;        /* child of -c, 0 without */
	u32 filter_pid;  /* process of -p, 0 without */
	u32 ncpus;       /* possible CPUs */
	u32 loop_rounds; /* most rounds of a loop without bpf_loop(), set by the loader */
	u32 typed_reads; /* 1: where the verifier knows the types, loads are used instead of helper calls; set by the loader */
	u32 unused;
};
_Static_assert(sizeof(struct eb_params) == 40, "eb_params");
extern const volatile struct eb_params eb_params;

/*
 * What is written while programs are loaded: `exit_requested` and `exit_code` by exit(), the rest by user space; each writes
 * single words into shared memory.
 */
struct eb_control {
	u32 stop;
	u32 exit_requested;
	u32 exit_code;
	u32 busy; /* flags for finished records: BPF_RB_NO_WAKEUP while user space reads anyway, else 0 */
	u64 start_ns; /* boot clock when all was loaded, before any body runs */
};
_Static_assert(sizeof(struct eb_control) == 24, "eb_control");

/* One per place in the script that can fail while running; per CPU. */
struct eb_site {
	u64 count;
	s64 code; /* return code of the last failure */
};
_Static_assert(sizeof(struct eb_site) == 16, "eb_site");

#endif
