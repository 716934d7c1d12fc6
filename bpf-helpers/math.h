/*
 * Signed division: instruction set v3 divides unsigned only. Like C, the quotient is cut towards zero and the
 * remainder has the sign of the dividend. The divisor is never 0 here.
 */
#ifndef EBTRACE_MATH_H
#define EBTRACE_MATH_H

#include "ebtrace.h"

INLINE s64 eb_divide_signed(s64 a, s64 b)
{
	u64 x = a < 0 ? -(u64)a : (u64)a;
	u64 y = b < 0 ? -(u64)b : (u64)b;
	u64 q = x / y;

	return (a < 0) == (b < 0) ? (s64)q : (s64)-q;
}

INLINE s64 eb_modulo_signed(s64 a, s64 b)
{
	u64 x = a < 0 ? -(u64)a : (u64)a;
	u64 y = b < 0 ? -(u64)b : (u64)b;
	u64 r = x % y;

	return a < 0 ? (s64)-r : (s64)r;
}

#endif
