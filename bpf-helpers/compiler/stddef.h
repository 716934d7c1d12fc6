/* Of the compiler, not of a library: for scripts that include headers when clang came without its own. */
#ifndef EBTRACE_STDDEF_H
#define EBTRACE_STDDEF_H
typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;
typedef __WCHAR_TYPE__ wchar_t;
typedef __WINT_TYPE__ wint_t;
typedef struct {
  long long ll __attribute__((__aligned__(__alignof__(long long))));
  long double ld __attribute__((__aligned__(__alignof__(long double))));
} max_align_t;
#endif
/* C libraries ask for single names (__need_NULL), and redefine NULL. */
#undef NULL
#define NULL ((void *)0)
#undef offsetof
#define offsetof(type, member) __builtin_offsetof(type, member)
