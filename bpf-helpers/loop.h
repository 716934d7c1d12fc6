/*
 * A zero that the verifier does not know to be one. Variables that a loop body changes get it added before the loop:
 * a value that the verifier knows exactly and follows precisely differs in every round, so that checking the loop
 * would not come to an end before the limit of one million instructions.
 */
#ifndef EBTRACE_LOOP_H
#define EBTRACE_LOOP_H

#include "ebtrace.h"

static volatile u64 eb_unknown_zero;

/*
 * For kernels without bpf_loop(): calls body(0, frame), body(1, frame) ... until it returns other than 0, `count` times or
 * `most` times, which the verifier knows; `done` is declared and tells how often it has returned 0. The verifier follows each round, so
 * it must know `done`, which HIDE() keeps the optimiser from replacing by something that counts down.
 */
#define EB_BOUNDED_LOOP(done, most, count, body, frame)                          \
	u64 done = 0;                                                            \
	_Pragma("clang loop unroll(disable)")                                    \
	for (; done < (most) && done < (count); done++) {                        \
		if (body(done, frame))                                           \
			break;                                                   \
		HIDE(done);                                                      \
	}

#endif
