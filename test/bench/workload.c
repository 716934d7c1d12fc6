/*
 * The traced program of `npm run bench`: makes CALLS system calls in a loop and says what one cost. Freestanding (no
 * libc, own _start), so that the embedded clang can build it where no C compiler is installed; x86-64 and arm64.
 *
 *   workload getppid|getpgid|prctl CALLS FILE
 *
 * getpgid is called with 0, 1, ... 1023, 0, ... as its argument and prctl to set the name. FILE gets one line: nanoseconds of CLOCK_MONOTONIC at
 * the start and at the end of the loop. Standard output stays empty: it is the tracer's.
 */
typedef unsigned long u64;
typedef long s64;

#if defined(__x86_64__)
enum { NR_WRITE = 1, NR_OPEN_AT = 257, NR_GETPPID = 110, NR_GETPGID = 121, NR_PRCTL = 157, NR_EXIT_GROUP = 231, NR_CLOCK_GETTIME = 228 };
static inline s64 syscall4(s64 number, s64 a, s64 b, s64 c, s64 d)
{
	register s64 r10 __asm__("r10") = d;
	s64 result;
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
			 : "rcx", "r11", "memory");
	return result;
}
__asm__(".globl _start\n_start:\n\tmovq %rsp, %rdi\n\tandq $-16, %rsp\n\tcall run\n");
#elif defined(__aarch64__)
enum { NR_WRITE = 64, NR_OPEN_AT = 56, NR_GETPPID = 173, NR_GETPGID = 155, NR_PRCTL = 167, NR_EXIT_GROUP = 94, NR_CLOCK_GETTIME = 113 };
static inline s64 syscall4(s64 number, s64 a, s64 b, s64 c, s64 d)
{
	register s64 x8 __asm__("x8") = number;
	register s64 x0 __asm__("x0") = a;
	register s64 x1 __asm__("x1") = b;
	register s64 x2 __asm__("x2") = c;
	register s64 x3 __asm__("x3") = d;
	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
	return x0;
}
__asm__(".globl _start\n_start:\n\tmov x0, sp\n\tbl run\n");
#else
#error "x86-64 or arm64"
#endif

static u64 now(void)
{
	s64 time[2] = { 0, 0 };
	syscall4(NR_CLOCK_GETTIME, 1, (s64)time, 0, 0);
	return (u64)time[0] * 1000000000UL + (u64)time[1];
}

static u64 number(const char *text)
{
	u64 value = 0;
	while (*text >= '0' && *text <= '9')
		value = value * 10 + (u64)(*text++ - '0');
	return value;
}

static char *put(char *at, u64 value)
{
	char digits[24];
	int count = 0;
	do
		digits[count++] = (char)('0' + value % 10);
	while ((value /= 10) != 0);
	while (count > 0)
		*at++ = digits[--count];
	return at;
}

__attribute__((noreturn, used)) void run(s64 *stack)
{
	char **arguments = (char **)(stack + 1);
	if (stack[0] != 4) {
		static const char usage[] = "usage: workload getppid|getpgid|prctl CALLS FILE\n";
		syscall4(NR_WRITE, 2, (s64)usage, sizeof(usage) - 1, 0);
		syscall4(NR_EXIT_GROUP, 2, 0, 0, 0);
	}
	const char *call = arguments[1];
	u64 calls = number(arguments[2]);
	u64 start = now();
	if (call[0] == 'p')
		for (u64 i = 0; i < calls; i++)
			syscall4(NR_PRCTL, 15 /* PR_SET_NAME */, (s64)"workload", 0, 0);
	else if (call[4] == 'g')
		for (u64 i = 0; i < calls; i++)
			syscall4(NR_GETPGID, (s64)(i & 1023), 0, 0, 0);
	else
		for (u64 i = 0; i < calls; i++)
			syscall4(NR_GETPPID, 0, 0, 0, 0);
	u64 end = now();

	char line[64];
	char *at = put(line, start);
	*at++ = ' ';
	at = put(at, end);
	*at++ = '\n';
	/* AT_FDCWD, O_WRONLY | O_CREAT | O_TRUNC */
	s64 file = syscall4(NR_OPEN_AT, -100, (s64)arguments[3], 01 | 0100 | 01000, 0644);
	syscall4(NR_WRITE, file, (s64)line, at - line, 0);
	syscall4(NR_EXIT_GROUP, file < 0, 0, 0, 0);
	__builtin_unreachable();
}
