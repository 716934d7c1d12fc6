/*
 * A zero that the verifier does not know to be one. Variables that a loop body changes get it added before the loop:
 * a value that the verifier knows exactly and follows precisely differs in every round, so that checking the loop
 * would not come to an end before the limit of one million instructions.
 */
#ifndef EBTRACE_LOOP_H
#define EBTRACE_LOOP_H

#include "ebtrace.h"

static volatile u64 eb_unknown_zero;

#endif
