/*
 * The switch that stops all bodies at once, by user space (`stop`) or by the script's own exit(). exit() also stores the
 * status here, so that it arrives even when the event ring is full.
 */
#ifndef EBTRACE_CONTROL_H
#define EBTRACE_CONTROL_H

#include "ebtrace.h"

/* A section of its own: one load instead of a map lookup on every event. */
volatile struct eb_control eb_control SEC(".data.eb_control") __attribute__((aligned(8)));

INLINE int eb_stopped(void)
{
	return *(volatile u64 *)&eb_control != 0;
}

INLINE void eb_exit(u32 status)
{
	if (eb_control.exit_requested)
		return;
	eb_control.exit_code = status & 0xff;
	eb_control.exit_requested = 1;
}

#endif
